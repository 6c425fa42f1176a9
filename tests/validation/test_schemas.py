from __future__ import annotations

import json
import threading
import tomllib
from pathlib import Path

import jsonschema
import pytest

from setout.validation import schemas

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SETOUT_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def definition(schema: dict[str, object]) -> dict[str, object]:
    versions = [{"name": "v1", "schema": {"openAPIV3Schema": schema}}]
    return {"spec": {"group": "example.org", "names": {"kind": "Thing"}, "versions": versions}}


def accepts(schema: dict[str, object], spec: object) -> bool:
    ((name, converted),) = schemas.from_definition(
        definition({"type": "object", "properties": {"spec": schema, "status": {"type": "object"}}})
    )
    assert name == "example.org/thing_v1.json"
    thing = {"apiVersion": "example.org/v1", "kind": "Thing", "metadata": {"name": "x"}, "spec": spec}
    return jsonschema.Draft7Validator(converted).is_valid(thing)


def test_five_minors_are_packaged() -> None:
    assert schemas.kubernetes_minors() == ("1.33", "1.34", "1.35", "1.36", "1.37")


@pytest.mark.parametrize("minor", ["1.33", "1.34", "1.35", "1.36", "1.37"])
def test_a_minor_holds_what_every_cluster_has(minor: str) -> None:
    folder = schemas.kubernetes(minor) / f"v{minor}.0-standalone-strict"
    for name in (
        "deployment-apps-v1",
        "service-v1",
        "networkpolicy-networking-v1",
        "validatingadmissionpolicy-admissionregistration-v1",
    ):
        schema = json.loads((folder / f"{name}.json").read_text())
        jsonschema.validators.validator_for(schema).check_schema(schema)


def test_the_custom_resources_of_our_blueprints_are_packaged() -> None:
    folder = schemas.custom_resources()
    for name in (
        "argoproj.io/application_v1alpha1",
        "argoproj.io/applicationset_v1alpha1",
        "argoproj.io/appproject_v1alpha1",
        "argoproj.io/rollout_v1alpha1",
        "capsule.clastix.io/tenant_v1beta2",
        "cert-manager.io/clusterissuer_v1",
        "dapr.io/component_v1alpha1",
        "external-secrets.io/clustersecretstore_v1",
        "external-secrets.io/externalsecret_v1",
        "gateway.networking.k8s.io/gateway_v1",
        "gateway.networking.k8s.io/httproute_v1",
        "helm.toolkit.fluxcd.io/helmrelease_v2",
        "kafka.strimzi.io/kafka_v1",
        "kafka.strimzi.io/kafkanodepool_v1",
        "karpenter.k8s.aws/ec2nodeclass_v1",
        "karpenter.sh/nodepool_v1",
        "keda.sh/scaledobject_v1alpha1",
        "kustomize.toolkit.fluxcd.io/kustomization_v1",
        "monitoring.coreos.com/prometheusrule_v1",
        "monitoring.coreos.com/servicemonitor_v1",
        "notification.toolkit.fluxcd.io/alert_v1beta3",
        "policies.kyverno.io/validatingpolicy_v1",
        "postgresql.cnpg.io/cluster_v1",
        "source.toolkit.fluxcd.io/ocirepository_v1",
        "velero.io/schedule_v1",
    ):
        assert (folder / f"{name}.json").is_file(), name


def test_an_unknown_minor_names_those_there_are() -> None:
    with pytest.raises(schemas.NoSchema) as caught:
        schemas.kubernetes("1.12")
    assert "1.33" in caught.value.hint


def test_unpacked_schemas_that_were_tampered_with_are_unpacked_anew() -> None:
    folder = schemas.kubernetes("1.35")
    victim = next(folder.rglob("deployment-apps-v1.json"))
    right = victim.read_bytes()
    victim.write_text("{}")
    assert schemas.kubernetes("1.35") == folder
    assert victim.read_bytes() == right


def test_something_added_to_unpacked_schemas_does_not_stay() -> None:
    folder = schemas.custom_resources()
    (folder / "evil.example.org").mkdir()
    (folder / "evil.example.org" / "thing_v1.json").write_text("{}")
    schemas.custom_resources()
    assert not (folder / "evil.example.org").exists()


def test_many_at_once_unpack_one_good_copy(cache: Path) -> None:
    found: list[Path] = []
    threads = [threading.Thread(target=lambda: found.append(schemas.custom_resources())) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 6
    assert len(set(found)) == 1
    assert [path.name for path in (cache / "schemas").iterdir()] == [found[0].name]


def test_a_cache_that_cannot_be_written_to_is_said_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("SETOUT_CACHE", str(tmp_path / "file" / "cache"))
    with pytest.raises(schemas.NoSchema, match="cannot write to the cache") as caught:
        schemas.kubernetes("1.35")
    assert caught.value.hint == "point SETOUT_CACHE at a folder you can write to"


def test_a_damaged_package_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    index = {name: {**entry, "sha256": "0" * 64} for name, entry in schemas._index().items()}
    monkeypatch.setattr(schemas, "_index", lambda: index)
    with pytest.raises(schemas.NoSchema, match="damaged"):
        schemas.kubernetes("1.35")


def test_packing_is_the_same_bytes_for_the_same_files() -> None:
    files = {"b/x.json": b"{}", "a.json": b"[]"}
    assert schemas.pack(files) == schemas.pack(dict(reversed(files.items())))


def test_the_package_stays_small() -> None:
    folder = Path(schemas.__file__).parent.parent / "data" / "schemas"
    assert sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) < 3_000_000


def test_a_field_that_is_not_declared_is_refused() -> None:
    assert accepts({"type": "object", "properties": {"a": {"type": "string"}}}, {"a": "x"})
    assert not accepts({"type": "object", "properties": {"a": {"type": "string"}}}, {"b": "x"})


def test_a_field_called_properties_is_a_field() -> None:
    schema = {
        "type": "object",
        "properties": {"properties": {"type": "object", "additionalProperties": {"type": "string"}}},
    }
    assert accepts(schema, {"properties": {"anything": "x"}})
    assert not accepts(schema, {"anything": "x"})


def test_unknown_fields_that_are_preserved_are_accepted() -> None:
    schema = {"type": "object", "x-kubernetes-preserve-unknown-fields": True, "properties": {"a": {"type": "string"}}}
    assert accepts(schema, {"a": "x", "b": 1})
    assert not accepts(schema, {"a": 1})


def test_int_or_string_is_either() -> None:
    schema = {"x-kubernetes-int-or-string": True, "type": "object"}
    assert accepts(schema, 80)
    assert accepts(schema, "http")
    assert not accepts(schema, {})


def test_nullable_may_be_null() -> None:
    assert accepts({"type": "string", "nullable": True, "enum": ["a"]}, None)
    assert not accepts({"type": "string", "enum": ["a"]}, None)


def test_a_choice_among_parts_does_not_close_them() -> None:
    schema = {
        "type": "object",
        "properties": {"a": {"type": "string"}, "b": {"type": "string"}},
        "oneOf": [{"required": ["a"], "properties": {"a": {}}}, {"required": ["b"], "properties": {"b": {}}}],
    }
    assert accepts(schema, {"a": "x"})
    assert not accepts(schema, {"a": "x", "b": "x"})


def test_an_embedded_resource_may_say_what_it_is() -> None:
    schema = {"type": "object", "x-kubernetes-embedded-resource": True, "properties": {"spec": {"type": "object"}}}
    assert accepts(schema, {"apiVersion": "v1", "kind": "Pod", "metadata": {"labels": {}}, "spec": {}})
    assert not accepts(schema, {"apiVersion": "v1", "other": 1})


def test_formats_that_only_kubernetes_knows_are_left_to_it() -> None:
    assert accepts({"type": "integer", "format": "int64"}, 3)
    assert accepts({"type": "string", "format": "duration"}, "2w")


def test_what_is_packaged_is_what_the_sources_name() -> None:
    sources = tomllib.loads((ROOT / "scripts" / "schemas" / "sources.toml").read_text())
    assert tuple(sources["kubernetes"]["minors"]) == schemas.kubernetes_minors()
    named = {schemas.Provider(item["source"], item["version"], item["exact"]) for item in sources["providers"]}
    assert named == set(schemas.providers())


def test_every_group_of_custom_resources_says_where_it_comes_from() -> None:
    packaged = {folder.name for folder in schemas.custom_resources().iterdir()}
    assert {group.name for group in schemas.groups()} == packaged
    assert all(group.kinds and group.sources for group in schemas.groups())


def test_the_contents_name_minors_groups_and_providers() -> None:
    page = "\n".join(schemas.contents())
    assert "1.33, 1.34, 1.35, 1.36, 1.37" in page
    assert "github.com/argoproj/argo-cd/v3@" in page
    assert "derived" in page
