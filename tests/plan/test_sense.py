"""What a sentence does with a term, one positive and one negative case a rule."""

from __future__ import annotations

import pytest

from setout.model import Sense
from setout.plan.sense import sense


def sense_of(text: str, term: str) -> Sense:
    start = text.index(term)
    return sense(text, start, start + len(term))


@pytest.mark.parametrize(
    ("text", "term", "expected"),
    [
        ("Terraform builds the network", "Terraform", Sense.ASSERTED),
        ("no Key Vault", "Key Vault", Sense.NEGATED),
        ("This is plain Kustomize, not Terraform", "Terraform", Sense.NEGATED),
        ("not only Terraform but Helm too", "Terraform", Sense.ASSERTED),
        ("Helm is out of scope", "Helm", Sense.NEGATED),
        ("migrate from Flux to Argo CD", "Flux", Sense.REPLACED),
        ("migrate from Flux to Argo CD", "Argo CD", Sense.ASSERTED),
        ("Helm instead of Kustomize", "Kustomize", Sense.REPLACED),
        ("Helm instead of Kustomize", "Helm", Sense.ASSERTED),
        ("Flux → Argo CD", "Flux", Sense.REPLACED),
        ("Velero comes in a later phase", "Velero", Sense.FUTURE),
        ("Flux now, Velero later", "Flux", Sense.ASSERTED),
        ("Flux now, Velero later", "Velero", Sense.FUTURE),
        ("Velero backs up volumes", "Velero", Sense.ASSERTED),
        ("on the existing EKS cluster", "EKS", Sense.EXISTING),
        ("Argo CD is already installed", "Argo CD", Sense.EXISTING),
        ("a new EKS cluster", "EKS", Sense.ASSERTED),
        ("a queue such as Kafka", "Kafka", Sense.MENTIONED),
        ("Kafka carries the events", "Kafka", Sense.ASSERTED),
        ("There is no budget. Terraform builds it", "Terraform", Sense.ASSERTED),
        ("in phase 2 comes Velero", "Velero", Sense.FUTURE),
        ("Phase 2: install Velero", "Velero", Sense.ASSERTED),
        ("runs in the cloud or on-premises", "on-premises", Sense.ALTERNATIVE),
        ("on-premises or cloud", "on-premises", Sense.ALTERNATIVE),
        ("on-premises, two racks", "on-premises", Sense.ASSERTED),
        ("mirrors the layout of the Azure modules", "Azure", Sense.MENTIONED),
        ("external Cloudflare buckets", "Cloudflare", Sense.MENTIONED),
        ("external access through Cloudflare", "Cloudflare", Sense.ASSERTED),
        ("runs on AWS, portable to Azure", "Azure", Sense.MENTIONED),
        ("runs on AWS, portable to Azure", "AWS", Sense.ASSERTED),
        ("a portable cluster on Azure", "Azure", Sense.ASSERTED),
        ("as senhas ficam no Vault, região sul", "Vault", Sense.ASSERTED),
        ("passwords, no Vault", "Vault", Sense.NEGATED),
        ("segredos não ficam no Vault, sem Helm", "Helm", Sense.NEGATED),
        ("follows the module patterns (Vault, Consul)", "Vault", Sense.MENTIONED),
        ("installs add-ons (Vault, Consul)", "Vault", Sense.ASSERTED),
        ("open to more (e.g., Kong, Vault)", "Vault", Sense.MENTIONED),
        ("open to more, e.g. Kong or Vault", "Kong", Sense.MENTIONED),
        ("no Consul. Vault keeps them", "Vault", Sense.ASSERTED),
        ("ohne Helm", "Helm", Sense.NEGATED),
        ("sans Helm", "Helm", Sense.NEGATED),
        ("不使用 Helm", "Helm", Sense.NEGATED),
        ("Helm は使わない", "Helm", Sense.NEGATED),
        ("使用 Helm 部署", "Helm", Sense.ASSERTED),
        ("既存の EKS を使う", "EKS", Sense.EXISTING),
    ],
)
def test_the_clause_decides(text: str, term: str, expected: Sense) -> None:
    assert sense_of(text, term) is expected
