"""What a change of answers means, in sentences; what is renamed and what is not."""

from __future__ import annotations

from typing import Any

import pytest

from setout.errors import UserError
from setout.upkeep import change
from setout.upkeep.change import Rename, Thing


def tenants(*names: str, quota: str = "small") -> dict[str, Any]:
    return {"tenants": [{"name": name, "quota": quota, "group": f"{name}:developers"} for name in names]}


def environments(**ranges: str) -> dict[str, Any]:
    return {"environments": [{"name": name, "tier": "staging", "cidr": cidr} for name, cidr in ranges.items()]}


def test_each_difference_is_a_sentence() -> None:
    old = {
        "gitops": "none",
        "summary": "a",
        "motto": "x",
        "components": [{"name": "cert-manager", "version": "v1.20.0"}],
        "decisions": [{"field": "gitops", "because": "old"}],
        **tenants("retail"),
    }
    new = {
        "gitops": "argocd",
        "summary": "a",
        "components": [{"name": "cert-manager", "version": "v1.21.1"}],
        "decisions": [{"field": "gitops", "because": "new"}],
        **tenants("retail", "org-d", quota="medium"),
    }
    assert change.compare(old, new).sentences == (
        "GitOps none → Argo CD",
        "motto is no longer asked for (it was x)",
        "+ tenant org-d",
        "tenant retail: quota small → medium",
        "cert-manager v1.20.0 → v1.21.1",
        "told anew: why gitops",
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("1.33", "1.34", ()),
        ("1.33", "1.36", ("a cluster goes up one minor version at a time: over 1.34, 1.35",)),
        ("1.35", "1.34", ("a cluster that runs does not go back a minor version: this needs a new one",)),
        ("", "1.34", ()),
    ],
)
def test_steps_that_no_cluster_takes_are_said(old: str, new: str, said: tuple[str, ...]) -> None:
    found = change.compare({"kubernetes_version": old}, {"kubernetes_version": new})
    assert found.sentences[1:] == said


def test_nothing_changed_says_nothing() -> None:
    assert change.compare(tenants("retail"), tenants("retail")) == change.Change((), (), (), ())


def test_what_goes_is_a_thing() -> None:
    found = change.compare(
        {**tenants("retail", "shops"), "blueprints": ["argocd"]}, {**tenants("shops"), "blueprints": []}
    )
    assert found.removed == (Thing("tenant", "retail"), Thing("blueprint", "argocd"))
    assert "tenant retail removed" in found.sentences


def test_the_only_one_gone_and_the_only_one_new_in_the_same_place_is_the_same() -> None:
    found = change.evident(tenants("retail", "shops"), tenants("stores", "shops"))
    assert [(item.kind, item.old, item.new) for item in found] == [("tenant", "retail", "stores")]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (tenants("retail", "shops"), tenants("shops", "stores")),  # another place
        (tenants("retail"), tenants("stores", quota="large")),  # other details
        (tenants("retail", "shops"), tenants("stores", "north")),  # two gone, two new
        (tenants("retail"), tenants()),
        (tenants(), tenants("stores")),
    ],
)
def test_without_evidence_nothing_is_renamed(old: dict[str, Any], new: dict[str, Any]) -> None:
    assert change.evident(old, new) == ()


def test_an_address_range_is_no_detail_and_is_kept() -> None:
    old, new = environments(prod="10.1.0.0/16"), environments(live="10.2.0.0/16")
    (item,) = change.evident(old, new)
    assert change.rename(old, [item])["environments"] == environments(live="10.1.0.0/16")["environments"]


def test_a_name_that_may_go_is_not_renamed() -> None:
    assert change.evident(tenants("retail"), tenants("stores"), denied=["retail"]) == ()


def test_a_stated_application_takes_its_chart_along() -> None:
    old = {"applications": [{"name": "shop"}], "charts": [{"name": "shop"}]}
    new = {"applications": [{"name": "store"}], "charts": [{"name": "store"}]}
    found = change.stated(["application:shop=store"], old, new)
    assert [(item.kind, item.new) for item in found] == [("application", "store"), ("chart", "store")]


@pytest.mark.parametrize(
    "text", ["shop=store", "application:shop", "component:a=b", "application:x=store", "application:shop=x", ""]
)
def test_what_the_answers_do_not_bear_out_cannot_be_stated(text: str) -> None:
    with pytest.raises(UserError, match="--rename"):
        change.stated([text], {"applications": [{"name": "shop"}]}, {"applications": [{"name": "store"}]})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tenants/retail/main.tf", "tenants/new/main.tf"),
        ("tenant-retail.yaml", "tenant-new.yaml"),
        ("retail-prod/x", "new-prod/x"),
        ("retailer/x", "retailer/x"),
        ("preretail", "preretail"),
    ],
)
def test_a_name_counts_only_where_it_stands_alone(text: str, expected: str) -> None:
    assert change.replaced(text, "retail", "new") == expected


def test_a_rename_says_why() -> None:
    assert str(Rename("tenant", "a", "b", "stated")) == "tenant a is now called b (stated)"
