"""Whether a sentence installs the component that it names: whose object it is, and where it runs."""

from __future__ import annotations

import re

_VERB_BEFORE = re.compile(
    r"(?<![\w-])(?:install|deploy|provision|set(?:ting)? ?up|bootstrap|vendor|introduc|roll(?:ing|s)? ?out|"
    r"adopt|add|integrat|stand(?:ing)? up)(?:s|e|es|ed|ing|ting|ation of|ment of)?\b(?P<gap>(?:[^.;:!?]{0,60}"
    r"\b(?:following|these|charts|components|add-?ons|operators|releases|tools|services)[^.;:!?]{0,20}:)?[^.;:!?]{0,120})$|"
    r"\b(?:cluster|platform|stack) (?:runs|hosts|gets|includes|comprises|consists of)\b(?P<held>[^.;:!?]{0,120})$|"
    r"(?:安装|部署|引入)\s*(?P<none>)$",
    re.I,
)
# After one of these the verb speaks of the place, the means or another thing.
_AWAY = re.compile(
    r"\b(?:via|using|with|on|onto|to|into|through|by|from|for|in|inside|against|behind|under|over|of|that|which|when|so|"
    r"between|as)\b|→",
    re.I,
)
_NOUN_AFTER = re.compile(
    r"^[\s\"'(),\w.-]{0,12}?\b(?:helm (?:chart|release)|helm_release|chart|(?:is|are|will be|gets?) "
    r"(?:installed|deployed|provisioned|added|enabled|set up)|install(?:ation|ed|s)?|"
    r"deployed|deployment|stack|via helm)\b|"
    r"^\s*(?:を|が)?\s*(?:[^\s。]{0,20}に)?\s*(?:デプロイ|インストール|導入|安装)",
    re.I,
)
# For what clouds sell too: words that put it on the cluster itself.
_HERE_BEFORE = re.compile(
    r"\b(?:in-cluster|on-cluster|bitnami|self-hosted|containeri[sz]ed|(?:deploy|install)(?:s|ed|ing)?"
    r"(?: (?:a|an|the|single-node|one|local))?(?:\s+[\w.-]+(?:\s+\([^()]{0,40}\))?\s*(?:\+|,|&|,?\s+and)){0,8})\s+$",
    re.I,
)
_HERE_AFTER = re.compile(
    r"^[\s\"'(),\w.-]{0,16}?\b(?:statefulsets?|deployments?|pods?|in[- ]cluster|sub-?chart|helm chart|chart|"
    r"(?:in|on|inside|to) (?:the )?(?:cluster|kubernetes|k8s|minikube|k3s)|(?:is|are|will be) "
    r"(?:deployed|installed))\b",
    re.I,
)
# "Grafana dashboards" are made for Grafana, "the Cilium CLI" runs at a desk: before such a noun it is an adjective.
_OF_IT = re.compile(
    r"^-(?:based|driven|native|compatible|managed)\b|^\s+(?:\w+\s)?(?:dashboards?|metrics|rules?|alerts?|annotations?|labels?|ingressroutes?|middlewares?|certificates?|"
    r"(?:cluster)?issuers?|volumes?|pvcs?|storageclass\w*|polic(?:y|ies)|applications?|appprojects?|projects?|sync\w*|"
    r"components?|sidecars?|virtualservices?|realms?|clients?|roles?|paths?|schedules?|endpoints?|queries|panels?|"
    r"data ?sources?|integrations?|support|secrets?|topics?|configurations?|configmaps?|resources?|manifests?|"
    r"credentials|connections?|scrap\w+|targets?|probes?|tasks?|cli|tools?|plugins?|binar(?:y|ies)|sdk|librar(?:y|ies)|repo(?:sitory|sitories)?|urls?|"
    r"tokens?|users?|accounts?|consumers?|producers?|queues?|tables?|schemas?|migrations?)\b",
    re.I,
)
_HOSTED_BEFORE = re.compile(
    r"\b(?:neon|supabase|upstash|aiven|confluent|rds(?: for)?|aurora|elasticache(?: for)?|msk|cloud sql(?: for)?|"
    r"memorystore(?: for)?|azure (?:cache|database|managed)(?: for)?|amazon(?: mq| managed)?(?: for| service for)?|"
    r"managed(?: service for)?|hosted|external|serverless|in-memory|embedded|shared|local|bundled)\s*$",
    re.I,
)
_HOSTED_AFTER = re.compile(
    r"^\s*(?:cloud\b|atlas|serverless|as a service|-as-a-service|flexible server|"
    r"(?:\w+ )?as (?:an? )?(?:\w+ )?(?:managed )?add-?ons?\b|"
    r"(?:on|via|in|through|as) (?:aws|rds|aurora|azure|gcp|google|cloud sql|neon|supabase|elasticache|docker compose)|"
    r"\((?:already|pre-?installed|shared|provided|\w+ default|default|built[- ]?in|included|comes with|"
    r"external|managed|existing|hosted|bundled|neon|rds|elasticache|msk|atlas))",
    re.I,
)
# "Monitoring with X", "certificates are issued by X": what the platform needs, and what fills it.
_ROLE_BEFORE = re.compile(
    r"\b(?:monitoring|observability|metrics|logging|logs|tracing|alerting|ingress|tls|certificates?|dns|backups?|secrets|"
    r"autoscaling|service mesh|load balancing|policies)\s+(?:(?:is|are)\s+)?(?:\w+\s+)?"
    r"(?:with|via|through|by)\s+(?:the\s+)?$",
    re.I,
)
# What is added to a chart is not the chart.
_INTO_BEFORE = re.compile(
    r"\b(?:to|into|in|inside|of|from|within|against)\s+(?:the|our|this|its|an?)\s+(?:\w+\s+)?$", re.I
)
# A run of tests has its own cluster; what is required or supposed is somebody else's to install.
_ELSEWHERE = re.compile(
    r"\b(?:CI|e2e|testcontainers|docker[ -]compose|integration tests?|unit tests?|test suite)\b|"
    r"\b(?:requires?|requiring|needs?|expects?|assum\w+|if|when|once|unless|whether)\s+(?:the\s+|an?\s+)?$",
    re.I,
)
_SENTENCE_END = re.compile(r"[.;!?](?=\s|$)|\n\s*\n|。|；")


def is_installed(text: str, start: int, end: int, *, strict: bool) -> bool:
    """Whether the sentence around `start` to `end` installs what stands there.

    Args:
        strict: for databases and the like, a verb is not enough ("add PostgreSQL"): words must put it on the cluster.
    """
    before = _SENTENCE_END.split(text[max(0, start - 240) : start])[-1]
    after = _SENTENCE_END.split(text[end : end + 80], maxsplit=1)[0]
    if is_hosted(before, after) or is_of_it(after) or _ELSEWHERE.search(before) or _is_asked(text, end):
        return False
    if strict:
        return bool(_HERE_BEFORE.search(before) or _HERE_AFTER.match(after))
    if _is_object(before) or _ROLE_BEFORE.search(before):
        return True
    return bool(_NOUN_AFTER.match(after) and not _INTO_BEFORE.search(before))


def _is_asked(text: str, end: int) -> bool:
    """What a sentence asks for is not decided."""
    match = _SENTENCE_END.search(text, end, end + 160)
    return bool(match and match.group() == "?")


def is_of_it(after: str) -> bool:
    """Whether the name is only an adjective of what follows."""
    return bool(_OF_IT.match(after))


def is_hosted(before: str, after: str) -> bool:
    """A service that a vendor runs is not deployed on the cluster."""
    return bool(_HOSTED_BEFORE.search(before) or _HOSTED_AFTER.match(after))


def _is_object(before: str) -> bool:
    """A verb of installing stands before, and nothing between turns to the place, the means or another thing."""
    match = _VERB_BEFORE.search(before)
    if not match:
        return False
    gap = match["gap"] or match["held"] or ""
    outside, bracket, _ = gap.partition("(")
    if bracket and ")" not in gap and _AWAY.search(outside):
        return False  # examples in brackets belong to the noun before them
    return not _AWAY.search(gap.rsplit(",", 1)[-1])
