"""What sentences, comments and Terraform call the organization's own applications, where no manifest names them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from setout.decide import workloads
from setout.model import Kind, Place, Plan, Sense, Statement, Zone
from setout.plan.sense import sense
from setout.vocabulary import family

_SILENT = frozenset({Zone.GATES, Zone.DOCUMENTS, Zone.COMPLEXITY})
_MOST = 500  # as many applications as a plan may name in sentences
_JOINTS = re.compile(r",\s+(?:and\s+)?|\s+and\s+")
_SLUG = r"[a-z][a-z0-9]{0,40}(?:-[a-z0-9]{1,40}){1,6}"
_ROLES = r"api|apis|app|service|svc|ui|web|site|frontend|backend|worker|server|gateway|processor|consumer|bot|portal"
# "auth-api, users-api, frontend, and worker": three or more names in a row, two of which say what runs.
_WORD = r"[a-z][a-z0-9]{0,40}(?:-[a-z0-9]{1,40}){0,6}"
_SERIES = re.compile(
    rf"(?<![\w/.-])(?:(?:{_WORD},\s+){{2,24}}(?:and\s+)?{_WORD}|(?:{_WORD},\s+){{0,24}}{_WORD}\s+and\s+{_WORD})(?![\w/-])"
)
_SOFTWARE = re.compile(
    r"(?i:services?\b|applications?\b|\bapps?\b|deploy|\bbuilds?\b|\bimages?\b|containers?\b|workloads?\b)"
)
_OTHER_THINGS = re.compile(
    r"(?i:\bnodes?\b|subnets?|modules?\b|security groups?|\bpools?\b|buckets?|\broles?\b|queues?|topics?)"
)
_TELLING = re.compile(rf"^(?:[a-z0-9]+-)+(?:{_ROLES})$")
_DEPLOYED = re.compile(
    rf"\b[Dd]eploy(?:s|ed|ing)?\s+(?:the\s+|an?\s+)?(?P<name>(?:[a-z0-9]{{1,40}}-){{1,6}}(?:{_ROLES}))(?![\w/.-])"
)
_PAIR = re.compile(
    r"\b(?P<one>frontend|backend|web|api|worker)\s*(?:,|/|\+|&|and)\s*(?P<other>frontend|backend|web|api|worker)\s+"
    r"(?:services?|deployments?|containers?|pods?|images?|charts?|applications?|apps?|workloads?)\b",
    re.I,
)
# What clouds call the place of a container or of a site, and the name beside it.
_PLACES = r"Cloud Run|App Runner|App Service|Container Apps?|ECS|Fargate|Pages|Lambda|Amplify|Firebase Hosting"
# "account-wide", "self-hosted": what a hyphen makes of two words of a sentence is no name.
_COMPOUNDS = (
    r"based|managed|wide|hosted|side|level|only|aware|driven|time|scale|demand|green|region|zone|account|to|end|out"
)
_PLACED = re.compile(
    rf"\b(?:{_PLACES})\s+(?:service|app|application|task|project|function|site)\s+"
    rf"(?P<name>(?!\S*-(?:{_COMPOUNDS})\b){_SLUG})(?![\w/.-])"
)
_COMMENT = re.compile(rf"^(?P<name>{_SLUG})\s+(?:service|app|application|container|task|function|site)\b")
_REPOSITORY = re.compile(
    rf"\b(?:ECR|ACR|Artifact Registry|container|image)(?:\s+(?:repo|repository|repositories|repos))?\s+"
    rf"\((?P<name>(?:[a-z0-9]+-)+(?:{_ROLES}))(?:\s+only)?\)"
)
# "Deploy the Ledger billing application": a name, and what it is.
_CALLED = re.compile(
    r"\b(?:[Dd]eploy|[Hh]ost)(?:s|ed|ing)?\s+(?:the\s+)?(?:existing\s+)?(?P<name>[A-Z][a-z][A-Za-z0-9]*)\s+"
    r"(?:[a-z][\w-]*\s+){0,3}(?:application|app)\b"
)
# What stands before "application" and is not its name.
TECHNOLOGIES = frozenset(
    [
        "python", "java", "go", "golang", "node", "nodejs", "react", "django", "flask", "fastapi", "spring", "rails",
        "next", "nextjs", "vue", "angular", "laravel", "express", "dotnet", "rust", "web", "full", "single", "sample",
        "demo", "custom", "phase", "each", "this", "all", "every", "new", "container", "containers", "static", "multi",
        "production", "docker", "google", "amazon", "internal", "external", "existing", "following", "same",
    ]
)  # fmt: skip
_RESOURCE = re.compile(
    r"resource\s+\"(?:google_cloud_run(?:_v2)?_service|aws_ecs_service|aws_apprunner_service|azurerm_container_app|"
    r"azurerm_(?:linux_)?web_app|aws_lambda_function|kubernetes_deployment(?:_v1)?)\"[^{]*\{[^}]*?"
    r"^\s*(?:name|service_name|function_name)\s*=\s*\"(?P<name>[^\"\n]{1,80})\"",
    re.M,
)
_FAMILY = re.compile(r"^(?:task (?:definition )?)?family:?\s+(?P<name>\S{1,80})$", re.I)
_VARIABLE = re.compile(r"\$\{[^{}]*\}|\{[^{}]*\}|<[^<>]*>")


def prose(plan: Plan) -> Iterator[tuple[str, Place]]:
    """Names that sentences, Terraform and comments give to what is deployed, each once."""
    seen = set[str]()
    for statement in plan.statements:
        for name, offset in _in_statement(statement):
            if name not in seen and len(seen) < _MOST:
                seen.add(name)
                yield name, Place(statement.line_at(offset))
    for entry in plan.entries:
        for match in _found(entry.comment, (_COMMENT, _REPOSITORY, _PLACED)):
            yield match["name"], entry.place


def _in_statement(statement: Statement) -> Iterator[tuple[str, int]]:
    """Names, and where in the statement they stand."""
    text = statement.text
    if statement.kind is Kind.CODE:
        yield from ((_bare(match["name"]), match.start("name")) for match in _found(text, (_RESOURCE,), _bare))
    elif statement.zone not in _SILENT:
        yield from _in_sentences(text)
        if statement.kind is not Kind.CELL:
            yield from _in_series(text)
        shown = f"{statement.key} {text}" if statement.kind is Kind.FIELD else text
        yield from ((_bare(match["name"]), 0) for match in _found(shown, (_FAMILY,), _bare))


def _in_sentences(text: str) -> Iterator[tuple[str, int]]:
    for match in _found(text, (_DEPLOYED, _PLACED, _REPOSITORY, _CALLED)):
        name = match["name"].lower()
        verdict = sense(text, match.start("name"), match.end("name"))
        if verdict is Sense.ASSERTED and _is_name(name):
            yield name, match.start("name")
    for match in _PAIR.finditer(text):
        yield from ((match[part].lower(), match.start(part)) for part in ("one", "other"))


def _in_series(text: str) -> Iterator[tuple[str, int]]:
    """Names in a row: all of them, where two say by their ending that they run."""
    for match in _SERIES.finditer(text):
        before, after = text[max(0, match.start() - 100) : match.start()], text[match.end() : match.end() + 30]
        if _OTHER_THINGS.search(before + after) or not _SOFTWARE.search(before + after):
            continue
        names = _JOINTS.split(match.group())
        if sum(bool(_TELLING.match(name)) for name in names) > 1 and all(map(workloads.is_own, names)):
            yield from ((name, match.start()) for name in names)


def _found(
    text: str, patterns: tuple[re.Pattern[str], ...], name: Callable[[str], str] = str
) -> Iterator[re.Match[str]]:
    """The matches of the patterns, the most telling first, whose name can be that of an application."""
    for pattern in patterns:
        for match in pattern.finditer(text):
            if workloads.is_own(name(match["name"]).lower()):
                yield match


def _is_name(name: str) -> bool:
    """Whether a word is neither what the application is written in nor what it runs on."""
    return not any(name in words for words in (family("distributions").values, family("clouds").values, TECHNOLOGIES))


def _bare(name: str) -> str:
    """The name without what differs from environment to environment."""
    return _VARIABLE.sub("", name).strip("-_./")
