"""The vocabulary is data: every row has one meaning, and each term is found where people write it."""

from __future__ import annotations

import pytest

from setout.vocabulary import FAMILIES, catalogue, family, load


@pytest.mark.parametrize("name", FAMILIES)
def test_no_term_means_two_things(name: str) -> None:
    owners: dict[str, set[str]] = {}
    for value, row in family(name).rows.items():
        for term in (*row.get("terms", ()), *row.get("exact", ())):
            owners.setdefault(str(term), set()).add(value)
    assert {term: values for term, values in owners.items() if len(values) > 1} == {}


def test_what_delivers_a_component_is_in_the_catalogue() -> None:
    assert {row["as"] for row in load("components").values() if "as" in row} <= set(catalogue())


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("the NGINX Ingress Controller", "ingress-nginx"),
        ("Postgres", "postgresql"),
        ("CloudNativePG", "cloudnative-pg"),
        ("Kafka", "kafka"),
        ("Strimzi", "strimzi-kafka-operator"),
        ("Prometheus", "prometheus"),
        ("kube-prometheus-stack", "kube-prometheus-stack"),
        ("用Longhorn存储", "longhorn"),
        ("Grafanaを導入する", "grafana"),
    ],
)
def test_components_go_by_the_name_that_people_mean(text: str, value: str) -> None:
    words = family("components")
    assert [words.value_of(match.group()) for match in words.pattern.finditer(text)] == [value]


@pytest.mark.parametrize("text", ["Trivy scans the images", "a temporal order", "the new tempo", "kafka-client"])
def test_other_words_are_no_components(text: str) -> None:
    assert not list(family("components").pattern.finditer(text))
