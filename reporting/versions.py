"""The versions of registry definitions in files, and the ledger of decisions beside them.

A registry has one folder, with one file for each version: `<slug>.yaml`, `<slug>.v2.yaml` or any other name. Those of
the installation are in `home.definitions`, each going before the one of the same number that ships with the program.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

import registries
from registries.definition import Definition, DefinitionError, load_definition, load_yaml
from registries.lifecycle import Event, Ledger, LifecycleError, Stage, digest_of
from registries.problems import explain
from reporting.home import Home

SHIPPED = Path(registries.__file__).parent / "definitions"
LEDGER = "versions.yaml"


@dataclass(frozen=True, slots=True)
class Version:
    """One version: its definition, its file, and where it is in its life. `since` is the first day it is active;
    `changed` says, of an active one, that its file is no longer what was activated."""

    definition: Definition
    path: Path
    own: bool
    digest: str
    stage: Stage
    since: date | None = None
    changed: str = ""

    @property
    def number(self) -> int:
        """The number of the version."""
        return self.definition.version


@dataclass(frozen=True, slots=True)
class Broken:
    """A file that cannot be read as a definition. `number` and `draft` say which version it
    is and that it is a draft, as far as the file can tell."""

    path: Path
    error: DefinitionError
    number: int | None
    draft: bool


class _Event(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)
    version: int
    what: Literal["approve", "activate", "retire"]
    by: str
    at: datetime
    digest: str
    from_: date | None = Field(None, alias="from")


class _Ledger(BaseModel):
    model_config = ConfigDict(extra="forbid")
    registry: str
    events: list[_Event]


def read_ledger(home: Home, slug: str) -> Ledger:
    """The decisions about a registry's versions; none where there is no file.

    Raises:
        DefinitionError: the file cannot be read.
    """
    path = home.definitions / slug / LEDGER
    if not path.exists():
        return Ledger(slug)
    try:
        written = _Ledger.model_validate(load_yaml(path))
    except ValidationError as error:
        raise DefinitionError(explain(path, error, ("registry", "events", *_Event.model_fields))) from error
    events = tuple(Event(one.version, one.what, one.by, one.at, one.digest, one.from_) for one in written.events)
    return Ledger(written.registry, events)


def write_ledger(home: Home, ledger: Ledger) -> None:
    """Keep the ledger: the whole file, or the one that was there before."""
    path = home.definitions / ledger.registry / LEDGER
    path.parent.mkdir(parents=True, exist_ok=True)
    text = yaml.safe_dump(_plain(ledger), sort_keys=False, allow_unicode=True, width=120)
    beside = path.with_suffix(".new")
    beside.write_text(
        f"# Written by `registerbro registry approve`, `activate` and `retire`.\n{text}", encoding="utf-8"
    )
    beside.replace(path)


def _plain(ledger: Ledger) -> dict[str, object]:
    events = [
        {"version": one.version, "what": one.what, "by": one.by, "at": one.at, "digest": one.digest}
        | ({"from": one.from_} if one.from_ else {})
        for one in ledger.events
    ]
    return {"registry": ledger.registry, "events": events}


def slugs(home: Home) -> list[str]:
    """The registries that have a folder."""
    found = {path.parent.name for folder in (SHIPPED, home.definitions) for path in _files(folder.glob("*/*.yaml"))}
    return sorted(found)


def files_of(home: Home, slug: str) -> tuple[Path, ...]:
    """The files of a registry: the installation's own, else those that ship."""
    own = _files((home.definitions / slug).glob("*.yaml"))
    return tuple(own or _files((SHIPPED / slug).glob("*.yaml")))


def versions_of(home: Home, slug: str, on: date) -> tuple[tuple[Version, ...], tuple[Broken, ...]]:
    """The versions of a registry by number, each with its stage on a day, and the files that cannot be read.

    Raises:
        DefinitionError: the ledger cannot be read, or a number stands in two files.
    """
    ledger = read_ledger(home, slug)
    found: dict[int, Version] = {}
    broken: list[Broken] = []
    for own, folder in ((False, SHIPPED / slug), (True, home.definitions / slug)):
        for path in _files(folder.glob("*.yaml")):
            try:
                version = _version(home, path, own, ledger, on)
            except DefinitionError as error:
                broken.append(_broken(path, error, ledger))
                continue
            before = found.get(version.number)
            if version.definition.registry != slug:
                continue
            if before is not None and before.own == own:
                raise DefinitionError(
                    f"{path}: version {version.number} stands in {before.path.name} too; give it another"
                )
            found[version.number] = version
    return tuple(found[number] for number in sorted(found)), tuple(broken)


def _files(found: Iterator[Path]) -> list[Path]:
    return sorted(path for path in found if path.name != LEDGER)


def _version(home: Home, path: Path, own: bool, ledger: Ledger, on: date) -> Version:
    definition, digest = load_definition(path), content_digest(path)
    if not ledger.of(definition.version) and not (own and home.mode == "production"):
        return Version(definition, path, own, digest, Stage(definition.status))
    since = ledger.since(definition.version)
    try:
        return Version(definition, path, own, digest, ledger.stage(definition.version, digest, on), since)
    except LifecycleError as error:
        return Version(definition, path, own, digest, Stage.ACTIVE, since, str(error))


def content_digest(path: Path) -> str:
    """The digest of a definition file's content. Raises DefinitionError."""
    content = load_yaml(path)
    return digest_of(content if isinstance(content, Mapping) else {})


def _broken(path: Path, error: DefinitionError, ledger: Ledger) -> Broken:
    try:
        content = load_yaml(path)
    except DefinitionError:
        content = None
    given = content.get("version") if isinstance(content, Mapping) else None
    number = given if isinstance(given, int) else None
    draft = isinstance(content, Mapping) and content.get("status") == "draft" and number is not None
    return Broken(path, error, number, draft and ledger.last(number or 0, "activate") is None)
