"""Read a service from its files: every file parsed and fitted to its schema, every error found at once."""

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from jsonschema import Draft202012Validator, FormatChecker

from dugnad.catalogue.forms import misfits
from dugnad.catalogue.types import LoadedService
from dugnad.catalogue.wording import COMMON_LETTER, read_info, read_letter, read_pages
from dugnad.rulebook.located import Finding, Node, Place, UnreadableError, read, texts_by_language
from dugnad.rulebook.rates import read_rates
from dugnad.rulebook.rules.facts import read_facts
from dugnad.rulebook.rules.source import read_rules
from dugnad.rulebook.ruleset import Patch, compile_ruleset

SERVICES = Path(__file__).resolve().parents[3] / "services"
"""The shared library, beside the source: its schemas are read from there."""
NEEDED = ("service.yaml", "facts.yaml", "questions.yaml", "rules.yaml", "rates.yaml", "examples.yaml")
_SCHEMAS = {name: name.removesuffix(".yaml") for name in NEEDED}
_MAX_FILES = 60


class BrokenServiceError(ValueError):
    """The files do not make a service; `findings` says where and why."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        first = findings[0]
        more = f" (and {len(findings) - 1} more)" if len(findings) > 1 else ""
        super().__init__(f"{first.file}:{first.line}: {first.what}. {first.mend}{more}")
        self.findings = findings


def read_folder(folder: Path) -> dict[str, str]:
    """Return the canonical files of a service folder by their path in it, with line ends of one kind.

    Raises BrokenServiceError where a file is no UTF-8 text or there are more than 60 files, FileNotFoundError
    where the folder does not exist.
    """
    if not folder.is_dir():
        message = f"{folder} is no folder"
        raise FileNotFoundError(message)
    paths = [folder / name for name in (*NEEDED, "CHANGELOG.md") if (folder / name).is_file()]
    paths += sorted((folder / "letters").glob("*.yaml"))[:_MAX_FILES]
    files: dict[str, str] = {}
    for path in paths:
        name = path.relative_to(folder).as_posix()
        try:
            files[name] = path.read_text(encoding="utf-8").replace("\r\n", "\n")
        except UnicodeDecodeError:
            place = Place(name, 1, 1)
            finding = Finding.at(place, "encoding", "the file is no UTF-8 text", "Save it as UTF-8.")
            raise BrokenServiceError((finding,)) from None
    return files


def version_of(files: Mapping[str, str]) -> str:
    """Return the SHA-256 of the files, names and contents: the version's name."""
    sha = hashlib.sha256()
    for name in sorted(files):
        for part in (name.encode(), files[name].encode()):
            sha.update(len(part).to_bytes(8, "big"))
            sha.update(part)
    return sha.hexdigest()


def service_from_files(files: Mapping[str, str]) -> LoadedService:
    """Read and compile a service. Raises BrokenServiceError with every finding."""
    service, findings = examine_files(files)
    errors = tuple(one for one in findings if one.severity == "error")
    if service is None or errors:
        raise BrokenServiceError(errors)
    return service


def load_service(folder: Path) -> LoadedService | list[Finding]:
    """Read a service folder: the service, or every error in it."""
    try:
        return service_from_files(read_folder(folder))
    except BrokenServiceError as error:
        return list(error.findings)


def examine_files(files: Mapping[str, str]) -> tuple[LoadedService | None, tuple[Finding, ...]]:
    """Read the files as far as they go. No service where a file is missing, unreadable or ill-formed."""
    nodes, findings = _nodes(files)
    if any(name not in nodes for name in NEEDED) or any(one.severity == "error" for one in findings):
        return None, tuple(sorted(findings))
    book = read_facts(nodes["facts.yaml"])
    rates, wrong_rates = read_rates(nodes["rates.yaml"])
    letters = {_outcome(name): node for name, node in nodes.items() if name.startswith("letters/")}
    common = letters.pop(COMMON_LETTER, None)
    service = LoadedService(
        files=dict(files),
        version=version_of(files),
        info=read_info(nodes["service.yaml"]),
        book=book,
        pages=read_pages(nodes["questions.yaml"], book),
        source=read_rules(nodes["rules.yaml"]),
        rates=rates,
        letters={outcome: read_letter(outcome, node) for outcome, node in letters.items()},
        common={name: texts_by_language(node) for name, node in common.items()} if common else {},
        examples=nodes["examples.yaml"],
    )
    _, wrong_rules = compile_ruleset(service.source, book, rates, Patch())
    return service, tuple(sorted({*findings, *wrong_rates, *wrong_rules}))


def _outcome(name: str) -> str:
    return name.removeprefix("letters/").removesuffix(".yaml")


def _nodes(files: Mapping[str, str]) -> tuple[dict[str, Node], list[Finding]]:
    nodes: dict[str, Node] = {}
    findings = [
        Finding(
            name, 1, 1, "error", "the file is missing", f"Write {name}; see docs/tutorials.", "missing-file"
        )
        for name in NEEDED
        if name not in files
    ]
    for name, text in files.items():
        if not name.endswith(".yaml"):
            continue
        try:
            nodes[name] = read(text, file=name)
        except UnreadableError as error:
            findings.append(error.finding)
            continue
        findings.extend(fit(nodes[name], _schema_of(name)))
    return nodes, findings


def _schema_of(name: str) -> str:
    if name.startswith("letters/"):
        return "letter-common" if _outcome(name) == COMMON_LETTER else "letter"
    return _SCHEMAS.get(name, "")


def fit(node: Node, schema: str) -> list[Finding]:
    """Return what in `node` does not fit the named schema; nothing for an empty name."""
    if not schema:
        return []
    return list(misfits(node, _validator(schema).iter_errors(node.wire())))


@lru_cache(maxsize=32)
def _validator(name: str) -> Draft202012Validator:
    path = SERVICES / "schemas" / f"{name}.schema.json"
    return Draft202012Validator(json.loads(path.read_text(encoding="utf-8")), format_checker=FormatChecker())
