"""terraform, or tofu: configurations are formatted, valid, and pass their own tests with mocked providers."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from setout import hcl
from setout.model import Finding, Severity
from setout.process import Ran
from setout.validation import configuration, providers
from setout.validation.discovery import join
from setout.validation.workbench import PROXIES, Basis, CannotLook, Check, Look, Workbench

PROGRAM = "terraform"

_FORMATTED = (".tf", ".tfvars", ".tftest.hcl", ".tfmock.hcl", ".tofu", ".tofutest.hcl")
_ERROR = re.compile(r"^Error: (.+?)\n+(?:\s+on (\S+) line (\d+).*\n)?", re.MULTILINE)
_UNFETCHED = re.compile(
    r"^Error: Failed to (?:query available|install) provider(?: packages)?\n+(.+?)(?:\n\n|\Z)", re.M | re.S
)
_FMT_FAILS = 2
# What terraform says where a provider cannot be started, or ends before its time: nothing about the configuration.
_BROKEN_PROVIDER = ("Failed to load plugin schemas", "Plugin did not respond")
_ANYWHERE, _OUTWARD = "anywhere", "outward"
_READS = (".tf", ".tofu", ".json", ".hcl")
# Sources of modules, which are followed; and functions that read a file which is not that of the module or the root.
_LOCAL_SOURCE = re.compile(r'\bsource\s*=\s*"[^"\n]*"')
_FOREIGN_FILE = re.compile(r"\b(?:file\w*|templatefile|abspath|pathexpand)\s*\((?!\s*\"\$\{path\.(?:module|root)\}/)")


@dataclass(frozen=True, slots=True)
class Ready:
    """A directory in which terraform can load its configuration: where it is, and under which environment."""

    cwd: Path
    env: Mapping[str, str]
    chosen: tuple[providers.Chosen, ...]


def formatted(bench: Workbench) -> tuple[str, ...]:
    """The whole tree, if there is anything to format in it."""
    return (".",) if _formattable(bench) else ()


def folders(bench: Workbench) -> tuple[str, ...]:
    """Every root module and every module."""
    return tuple(sorted((*bench.survey.roots, *bench.survey.modules)))


def tested(bench: Workbench) -> tuple[str, ...]:
    """Every directory with tests of its own."""
    reading = configuration.reading(bench)
    return tuple(folder for folder in folders(bench) if configuration.tests_of(reading, folder))


def fmt(bench: Workbench, _target: str) -> Look:
    """`terraform fmt` of a copy: whatever it changes there is not formatted here."""
    copy = bench.once("fmt", lambda: _unexcluded(bench))
    files = _formattable(bench)
    ran = bench.run(PROGRAM, ["fmt", "-recursive", "-list=true", "-no-color"], cwd=copy, env=_environment(bench))
    if ran.code == _FMT_FAILS or (ran.code and ran.err):
        return Look(len(files), tuple(_from_text(ran.err, ".", "terraform/syntax")) or (_unclear("fmt", ".", ran),))
    changed = ran.out.splitlines()
    if not {*files}.issuperset(changed):
        raise CannotLook(f"terraform fmt did not answer with names of files: {ran.out[:200]}")
    return Look(len(files), tuple(_unformatted(bench, copy, name) for name in changed))


def validate(bench: Workbench, folder: str) -> Look:
    """`terraform validate` of one directory, with its providers real or by their schema.

    Where schemas of several admitted versions are packaged, it has to be valid under each.
    """
    ready = _initialised(bench, folder, "terraform")
    if isinstance(ready, Look):
        return ready
    rounds = max([1, *(len(choice.schemas) for choice in ready.chosen)])
    for turn in range(rounds):
        env = {**ready.env, **_reattach(bench, ready.chosen, turn)}
        ran = bench.run(PROGRAM, ["validate", "-json", "-no-color"], cwd=ready.cwd, env=env)
        look = Look(1, _diagnostics(ran, folder, ready.chosen), label=_label(ready.chosen, turn + 1))
        if look.findings:
            break
    return look


def test(bench: Workbench, folder: str) -> Look:
    """`terraform test` of one directory. It runs only if every provider is mocked and nothing would be executed."""
    reading = configuration.reading(bench)
    _refuse_to_run(reading, folder)
    ready = _initialised(bench, folder, "terraform-test", tests=True)
    if isinstance(ready, Look):
        return ready
    env = {**ready.env, **_reattach(bench, ready.chosen, 0)}
    ran = bench.run(PROGRAM, ["test", "-json", "-no-color"], cwd=ready.cwd, env=env)
    events = [event for event in map(_event, ran.out.splitlines()) if event]
    _insist_on_answers((event["diagnostic"] for event in events if event.get("type") == "diagnostic"), ready.chosen)
    summary = next((event["test_summary"] for event in events if event.get("type") == "test_summary"), None)
    findings = tuple(_test_findings(folder, events))
    if summary is None and not findings:
        raise CannotLook(f"terraform test gave no summary: {(ran.err or ran.out)[:200]}")
    done = sum(int((summary or {}).get(key, 0)) for key in ("passed", "failed", "errored"))
    if summary and summary.get("status") != "pass" and not findings:
        findings = (_unclear("test", folder, ran),)
    look = Look(done, findings, label=_label(ready.chosen, 1))
    derived = [choice for choice in ready.chosen if choice.schemas and not choice.schemas[0].exact]
    if look.is_wrong and derived:
        raise CannotLook(f"{findings[0].message} (under a derived schema, {_label(derived, 1)}, which cannot tell)")
    return look


def memory(bench: Workbench, folder: str) -> int:
    """Megabytes that terraform takes with the providers it would use for a directory."""
    reach, _ = configuration.closure(configuration.reading(bench), folder)
    chosen = _chosen(bench, configuration.requirements(configuration.reading(bench), reach))
    return providers.REAL_PROVIDER_MEGABYTES if any(choice.real for choice in chosen) else 0


def basis_of_fmt(bench: Workbench, _target: str) -> Basis:
    """All that has a format."""
    return Basis(_formattable(bench))


def basis(bench: Workbench, folder: str) -> Basis | None:
    """The files of a directory and of all that it calls, with the providers; None if it reads something else."""
    return _basis(bench, folder, tests=False)


def basis_of_test(bench: Workbench, folder: str) -> Basis | None:
    """The same, with what its tests call."""
    return _basis(bench, folder, tests=True)


CHECKS = (
    Check("fmt", PROGRAM, "Terraform file", formatted, fmt, basis=basis_of_fmt),
    Check("validate", PROGRAM, "Terraform directory", folders, validate, memory=memory, basis=basis),
    Check("test", PROGRAM, "Terraform test", tested, test, memory=memory, basis=basis_of_test),
)


def _basis(bench: Workbench, folder: str, *, tests: bool) -> Basis | None:
    reading = configuration.reading(bench)
    reach, outside = configuration.closure(reading, folder, tests=tests)
    chosen = _chosen(bench, configuration.requirements(reading, reach))
    if outside or not all(choice.is_met for choice in chosen):
        return None
    files = bench.reach(reach)
    manners = bench.once("manners", lambda: _manners(bench))
    if any(manners.get(path) == _ANYWHERE for path in files):
        return None
    if any(manners.get(path) == _OUTWARD for path in files) or {*files} & {i.path for i in reading.unreadable}:
        files = bench.survey.files
    facts = [[choice.requirement.host, choice.label(len(choice.schemas)), _stamp(choice)] for choice in chosen]
    return Basis(files, [folder in bench.survey.modules, bench.options.providers, facts])


def _manners(bench: Workbench) -> dict[str, str]:
    """Files of configurations that read other files than those of their own folder, and how far they reach."""
    found = {}
    for path in bench.survey.files:
        text = bench.survey.text(path) if path.endswith(_READS) else ""
        if _FOREIGN_FILE.search(text):
            found[path] = _ANYWHERE
        elif "../" in _LOCAL_SOURCE.sub("", text):
            found[path] = _OUTWARD
    return found


def _stamp(choice: providers.Chosen) -> list[list[Any]]:
    return providers.stamp(choice.real) if choice.real else []


def _formattable(bench: Workbench) -> tuple[str, ...]:
    excluded = bench.survey.excluded
    is_blind = bench.has(PROGRAM) and bench.recalled(PROGRAM).name == "terraform"
    suffixes = tuple(suffix for suffix in _FORMATTED if not (is_blind and "tofu" in suffix))
    return tuple(path for path in bench.survey.files if path.endswith(suffixes) and path not in excluded)


def _unexcluded(bench: Workbench) -> Path:
    """A copy of the tree without what is excluded: told to format everything, terraform would not pass over it."""
    copy = bench.copy("terraform-fmt")
    for path in bench.survey.files:
        if path in bench.survey.excluded:
            (copy / path).unlink()
    return copy


def _environment(bench: Workbench) -> dict[str, str]:
    """What every run gets: no configuration of the user's, no telemetry, no metadata service to find credentials in."""
    empty = bench.once("terraformrc", lambda: _write(bench.folder("cli") / "empty.tfrc", "disable_checkpoint = true\n"))
    return {
        "AWS_EC2_METADATA_DISABLED": "true",
        "CHECKPOINT_DISABLE": "1",
        "TF_CLI_CONFIG_FILE": str(empty),
        "TF_IN_AUTOMATION": "1",
        "TF_INPUT": "0",
    }


def _initialised(bench: Workbench, folder: str, purpose: str, *, tests: bool = False) -> Ready | Look:
    """A directory after `terraform init` without its backend, or what init found wrong.

    Raises:
        CannotLook: it calls a module that is not in the tree, or no provider will do.
    """
    reading = configuration.reading(bench)
    reach, outside = configuration.closure(reading, folder, tests=tests)
    for call in outside:
        raise CannotLook(
            f"{call.path}:{call.line} calls {call.source or 'nothing'}, which is not in this tree and is not fetched"
        )
    chosen = _chosen(bench, configuration.requirements(reading, reach))
    _insist(bench, chosen)
    copy = bench.copy(purpose)
    _supply_aliases(bench, reading, folder, copy)
    env = {
        **_environment(bench),
        **_provider_environment(bench, chosen),
        "TF_DATA_DIR": str(bench.folder("data", purpose, folder.replace("/", "__"))),
    }
    attached = {**env, **_reattach(bench, chosen, 0)}
    ran = bench.run(PROGRAM, ["init", "-backend=false", "-input=false", "-no-color"], cwd=copy / folder, env=attached)
    unfetched = _UNFETCHED.search(_plain(ran.err))
    if ran.code and unfetched:
        raise CannotLook(" ".join(unfetched[1].split()))
    if ran.code:
        found = tuple(_from_text(ran.err, folder, "terraform/init")) or (_unclear("init", folder, ran),)
        return Look(1, tuple(finding for finding in found if finding.line) or found)
    return Ready(copy / folder, env, chosen)


def _chosen(bench: Workbench, needed: Sequence[providers.Requirement]) -> tuple[providers.Chosen, ...]:
    mirrors = bench.once("mirrors", providers.at_hand)
    return providers.choose(needed, bench.options.providers, mirrors, _host(bench))


def _host(bench: Workbench) -> str:
    """The registry that the program means where a configuration names none."""
    return providers.REGISTRIES[bench.has(PROGRAM) and bench.recalled(PROGRAM).name == "tofu"]


def _insist(bench: Workbench, chosen: Sequence[providers.Chosen]) -> None:
    """Raise CannotLook for a provider that is neither at hand nor packaged, unless it may be downloaded."""
    lacking = [choice.requirement for choice in chosen if not choice.is_met]
    if lacking and bench.options.providers != "real":
        names = ", ".join(f"{item.source} {', '.join(item.constraints)}".strip() for item in lacking)
        raise CannotLook(f"{names}: no schema is packaged and no mirror has it; --providers real downloads it")


def _provider_environment(bench: Workbench, chosen: Sequence[providers.Chosen]) -> dict[str, str]:
    network = bench.options.providers == "real"
    text = providers.configuration(chosen, network=network)
    config = bench.once(("tfrc", text), lambda: _write(bench.folder("cli") / f"{abs(hash(text)):x}.tfrc", text))
    env = {"TF_CLI_CONFIG_FILE": str(config)}
    if network:
        env |= {name: os.environ.get(name, "") for name in PROXIES}
    return env


def _reattach(bench: Workbench, chosen: tuple[providers.Chosen, ...], turn: int) -> dict[str, str]:
    """The variable that leads terraform to the schemas whose turn it is; none if every provider is real."""
    if not any(choice.schemas for choice in chosen):
        return {}
    server = bench.once("server", lambda: _server(bench))
    return {"TF_REATTACH_PROVIDERS": bench.alone(lambda: server.reattach(chosen, _host(bench), turn))}


def _server(bench: Workbench) -> providers.Server:
    server = providers.Server(configuration.types(configuration.reading(bench)), bench.folder("s"))
    bench.closing(server.close)
    return server


def _label(chosen: Sequence[providers.Chosen], rounds: int) -> str:
    return " · ".join(choice.label(rounds) for choice in chosen)


def _diagnostics(ran: Ran, folder: str, chosen: Sequence[providers.Chosen]) -> tuple[Finding, ...]:
    try:
        diagnostics = json.loads(ran.out)["diagnostics"]
        _insist_on_answers(diagnostics, chosen)
        return tuple(_diagnosed(item, folder, "terraform/validate") for item in diagnostics)
    except (ValueError, KeyError, TypeError) as error:
        raise CannotLook(f"terraform validate did not answer in JSON: {(ran.err or ran.out)[:200]}") from error


def _insist_on_answers(diagnostics: Iterable[Mapping[str, Any]], chosen: Sequence[providers.Chosen]) -> None:
    """Raise CannotLook where a provider could not be asked: that says nothing about the configuration."""
    for item in diagnostics:
        if item.get("summary") in _BROKEN_PROVIDER:
            said = " ".join(str(item.get("detail", "")).split()).rpartition("to obtain schema: ")[2]
            reason = said.partition(" This usually means")[0]
            raise CannotLook(f"{_label(chosen, 1)} does not work on this machine: {reason}; --providers schema may do")


def _supply_aliases(bench: Workbench, reading: hcl.Reading, folder: str, copy: Path) -> None:
    """Stand in for the caller of a module that expects provider configurations: validated alone, it would lack them."""
    wanted = configuration.aliases(configuration.blocks_of(reading, folder))
    if wanted and folder in bench.survey.modules:
        text = "".join(f'provider "{name}" {{\n  alias = "{alias}"\n}}\n' for name, alias in wanted)
        _write(copy / folder / "setout_caller.tf", text)


def _refuse_to_run(reading: hcl.Reading, folder: str) -> None:
    """Raise CannotLook if running the tests would start a program or talk to a cloud."""
    reach, _ = configuration.closure(reading, folder, tests=True)
    for here in reach:
        for block in configuration.executed(configuration.blocks_of(reading, here)):
            raise CannotLook(f"{block.path}:{block.line} would run a program on this machine, so its tests are not run")
    tests = configuration.tests_of(reading, folder)
    for path, provider in configuration.unmocked(tests, configuration.requirements(reading, reach)):
        raise CannotLook(f"{path} does not mock {provider}, and tests are not run against a cloud")


def _write(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def _unformatted(bench: Workbench, copy: Path, name: str) -> Finding:
    before = bench.survey.text(name).splitlines()
    after = (copy / name).read_text("utf-8", "replace").splitlines()
    pairs = enumerate(zip(before, after, strict=False), 1)
    line = next((number for number, (ours, theirs) in pairs if ours != theirs), min(len(before), len(after)))
    remedy = f"{bench.recalled(PROGRAM).name} fmt {name}"
    return Finding("terraform/fmt", "not formatted, from this line on", remedy, name, line)


def _event(line: str) -> dict[str, Any] | None:
    try:
        event = json.loads(line) if line.startswith("{") else None
    except ValueError:
        return None
    return event if isinstance(event, dict) else None


def _test_findings(folder: str, events: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    for event in events:
        if event.get("type") == "diagnostic":
            finding = _diagnosed(event["diagnostic"], folder, "terraform/test")
            at = str(event.get("@testfile", ""))
            if at and not event["diagnostic"].get("range"):
                finding = Finding(finding.rule, finding.message, finding.remedy, join(folder, at), 1, finding.severity)
            yield finding


def _diagnosed(diagnostic: Mapping[str, Any], folder: str, rule: str) -> Finding:
    """A diagnostic of terraform's as a finding; its file is relative to the directory that was looked at."""
    place = diagnostic.get("range") or {}
    path = join(folder, str(place["filename"])) if place.get("filename") else folder
    message = ": ".join(text for text in (diagnostic.get("summary"), diagnostic.get("detail")) if text)
    severity = Severity.WARNING if diagnostic.get("severity") == "warning" else Severity.ERROR
    line = int(place.get("start", {}).get("line", 0))
    return Finding(rule, " ".join(message.split()), "correct the configuration", path, line, severity)


def _from_text(text: str, folder: str, rule: str) -> Iterator[Finding]:
    """The errors in what terraform prints for people; not every version can say them in JSON."""
    plain = _plain(text)
    found = list(_ERROR.finditer(plain))
    for number, match in enumerate(found):
        end = found[number + 1].start() if number + 1 < len(found) else len(plain)
        detail = " ".join(line for line in plain[match.end() : end].splitlines() if not re.match(r"\s+\d+:", line))
        path, line = (join(folder, match[2]), int(match[3])) if match[2] else _mentioned(detail, folder)
        if not match[1].startswith(("Terraform encountered problems", "OpenTofu encountered problems")):
            yield Finding(rule, " ".join(f"{match[1]}: {detail}".split()), "correct the configuration", path, line)


def _plain(text: str) -> str:
    """The text without the frame that terraform draws around an error."""
    return re.sub(r"^[│╷╵] ?", "", text, flags=re.MULTILINE)


def _mentioned(detail: str, folder: str) -> tuple[str, int]:
    named = re.search(r"at (\S+\.(?:tf|tofu)):(\d+)", detail)
    return (join(folder, named[1]), int(named[2])) if named else (folder, 0)


def _unclear(verb: str, folder: str, ran: Ran) -> Finding:
    said = " ".join((ran.err or ran.out).split())[-300:]
    return Finding(f"terraform/{verb}", f"exit code {ran.code}: {said}", f"run terraform {verb} there", folder)
