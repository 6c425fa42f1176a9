"""What gets another name keeps its edits, and what goes is never gone silently."""

from __future__ import annotations

import pytest

from setout.errors import UserError
from setout.upkeep.intent import Wish
from tests.day_two.conftest import Site
from tests.day_two.workshop import commit, state


def test_a_tenant_under_a_new_name_keeps_its_edits_and_what_lies_beside(site: Site) -> None:
    site.edit("tenants/retail/namespace.yaml", "quota: small", "quota: small\n    person: was here")
    (site.repo / "tenants" / "retail" / "mine.yaml").write_text("mine\n")
    commit(site.repo)
    site.tenants(stores="small", shops="medium")
    done = site.update()
    assert done.outcome == "updated", done.reasons
    assert done.proposal is not None
    assert done.proposal.moved == (
        ("tenants/retail/mine.yaml", "tenants/stores/mine.yaml"),
        ("tenants/retail/namespace.yaml", "tenants/stores/namespace.yaml"),
    )
    assert any(sentence.startswith("tenant retail is now called stores") for sentence in done.proposal.meaning)
    text = site.read("tenants/stores/namespace.yaml")
    assert "name: stores\n" in text
    assert "person: was here" in text
    assert not (site.repo / "tenants" / "retail").exists()


def test_an_environment_under_a_new_name_keeps_its_address_range(site: Site) -> None:
    site.environments("prod")
    assert site.update(Wish(deletions=("dev",))).outcome == "updated"  # the first range is free from now on
    site.edit("environments/prod/main.tf", "copies = 1", "copies = 9")
    site.environments("production")
    done = site.update()
    assert done.outcome == "updated", done.reasons
    text = site.read("environments/production/main.tf")
    assert '"10.1.0.0/16"' in text
    assert "copies = 9" in text


def test_a_rename_that_does_not_show_can_be_stated(site: Site) -> None:
    site.edit("tenants/retail/namespace.yaml", "apiVersion: v1", "# person\napiVersion: v1")
    site.tenants(shops="medium", stores="medium")
    refused = site.update()
    assert refused.outcome == "refused"
    assert any("tenant retail would go" in reason for reason in refused.reasons)
    done = site.update(Wish(renames=("tenant:retail=stores",)))
    assert done.outcome == "updated", done.reasons
    assert "# person" in site.read("tenants/stores/namespace.yaml")
    assert "quota: medium" in site.read("tenants/stores/namespace.yaml")


@pytest.mark.parametrize(
    "text", ["retail=stores", "tenant:retail", "cluster:a=b", "tenant:nobody=stores", "tenant:shops=retail"]
)
def test_a_rename_that_cannot_be_is_refused_in_one_line(site: Site, text: str) -> None:
    with pytest.raises(UserError, match="--rename"):
        site.update(Wish(renames=(text,)))


def test_a_denied_rename_is_a_removal_and_an_addition(site: Site) -> None:
    site.tenants(stores="small", shops="medium")
    done = site.update(Wish(deletions=("retail",)))
    assert done.outcome == "updated", done.reasons
    assert done.proposal is not None
    assert done.proposal.deleted == ("tenants/retail/namespace.yaml",)
    assert done.proposal.added == ("tenants/stores/namespace.yaml",)


def test_removal_says_what_goes_and_what_stays_in_the_world(site: Site) -> None:
    (site.repo / "environments" / "prod" / "mine.tf").write_text("# mine\n")
    (site.repo / "docs" / "runbooks").mkdir(parents=True)
    (site.repo / "docs" / "runbooks" / "teardown.md").write_text("How to.\n")
    commit(site.repo)
    site.environments("dev")
    before = state(site.repo)
    done = site.update()
    assert state(site.repo) == before
    assert done.reasons == (
        "environment prod would go: 2 files; what people put beside them stays (environments/prod/mine.tf); "
        "left in the world: the Terraform state s3://demo-tfstate/prod/terraform.tfstate and the cloud resources in it"
        "; follow docs/runbooks/teardown.md first; consent with --allow-delete prod",
    )
    done = site.update(Wish(deletions=("prod",)))
    assert done.outcome == "updated"
    assert site.read("environments/prod/mine.tf") == "# mine\n"
    assert not (site.repo / "environments" / "prod" / "main.tf").exists()
    assert done.proposal is not None
    assert any("s3://demo-tfstate/prod/terraform.tfstate" in note for note in done.proposal.notes)


def test_what_argo_cd_has_of_a_tenant_is_named_before_and_after_it_goes(site: Site) -> None:
    project = "apiVersion: argoproj.io/v1alpha1\nkind: {kind}\nmetadata:\n  name: {name}\n"
    texts = [project.format(kind=kind, name=name) for kind, name in (
        ("AppProject", "tenant-{{ tenant.name }}"), ("Application", "{{ tenant.name }}-site"),
        ("Application", "{{ tenant.name }}-jobs"), ("ApplicationSet", "previews"))]  # fmt: skip
    folder = "{{ 'tenants' if tenants else '' }}/{% yield tenant from tenants %}{{ tenant.name }}{% endyield %}"
    site.template.files[f"{folder}/argocd.yaml.jinja"] = "---\n".join(texts)
    site.template.release()
    assert site.update().outcome == "updated"
    site.tenants(retail="small")
    left = (
        "the Argo CD applications shops-jobs and shops-site in their cluster",
        "the Argo CD application set previews in its cluster",
        "the Argo CD project tenant-shops in its cluster",
        "the namespace shops in its cluster",
    )
    refused = site.update()
    assert f"left in the world: {', '.join(left)}; consent with --allow-delete shops" in refused.reasons[0]
    done = site.update(Wish(deletions=("shops",)))
    assert done.outcome == "updated", done.reasons
    told = {note.removeprefix("left in the world: ") for note in done.proposal.notes}  # type: ignore[union-attr]
    assert told == {*left}, "also what another tenant has a namesake of"


def test_what_a_changed_file_no_longer_speaks_of_stays_in_the_world_too(site: Site) -> None:
    namespaces = (
        "{% for tenant in tenants %}---\nkind: Namespace\nmetadata:\n  name: team-{{ tenant.name }}\n{% endfor %}"
    )
    script = "{% for tenant in tenants %}component agent-{{ tenant.name }} monitoring chart\n{% endfor %}"
    site.template.files |= {"all.yaml.jinja": namespaces, "deploy.sh.jinja": script}
    site.template.release()
    assert site.update().outcome == "updated"
    site.tenants(retail="small")
    left = (
        "the Helm release agent-shops in its cluster, the namespaces shops and team-shops in their cluster"
        "; consent with --allow-delete shops"
    )
    assert site.update().reasons[0].endswith(f"left in the world: {left}")
    done = site.update(Wish(deletions=("shops",)))
    assert "left in the world: the Helm release agent-shops in its cluster" in done.proposal.notes  # type: ignore[union-attr]


def test_what_keeps_its_old_name_in_the_world_is_listed(site: Site) -> None:
    site.tenants(stores="small", shops="medium")
    done = site.update()
    assert any(note.endswith("moves it: the namespace retail in its cluster") for note in done.proposal.notes)  # type: ignore[union-attr]


def test_consent_to_a_removal_is_no_consent_to_lose_what_people_wrote(site: Site) -> None:
    site.edit("tenants/shops/namespace.yaml", "metadata:", "metadata: # person")
    site.tenants(retail="small")
    done = site.update(Wish(deletions=("shops",)))
    assert done.outcome == "refused"
    assert done.reasons[0].startswith(
        "tenants/shops/namespace.yaml: it would go, and one line that people wrote with it"
    )
    done = site.update(Wish(deletions=("shops", "tenants/shops")))
    assert done.outcome == "updated"
    assert not (site.repo / "tenants" / "shops").exists()
