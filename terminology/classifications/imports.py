"""Classifications into the store: whole or not at all."""

from __future__ import annotations

import re
import shutil
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from terminology.classifications import container
from terminology.classifications.delimited import Wanted
from terminology.classifications.load import load, slug
from terminology.classifications.model import Classification
from terminology.snomed.problems import ImportRefused, Problem

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


@dataclass(frozen=True, slots=True)
class ImportedSystem:
    """One code system that an import brought; `name` is what `--release` takes."""

    name: str
    uri: str
    version: str
    title: str
    codes: int


@dataclass(frozen=True, slots=True)
class ClassificationReport:
    """What an import brought, and what was left out; `new` is False when the same was there already."""

    name: str
    systems: tuple[ImportedSystem, ...]
    problems: tuple[Problem, ...]
    new: bool
    seconds: float


def import_classification(
    paths: Iterable[Path],
    store: Path,
    name: str | None = None,
    wanted: Wanted = Wanted(),  # noqa: B008 – frozen
) -> ClassificationReport:
    """Imports all classifications that `paths` hold into one folder of `store`.

    Without a name, one code system is called after itself (`icd10-2025`) and several after the first path (Volven's
    lists: `volven`); each of
    several is called after the folder and itself (`volven-8406`). Raises FileNotFoundError; ImportRefused as `load`,
    and when a name is taken by other content; ValueError for a name that is not letters, digits, dot, dash and
    underscore. Then nothing is written.
    """
    started = time.perf_counter()
    paths = tuple(paths)
    loaded = [load(path, wanted) for path in paths]
    found = [one for each in loaded for one in each.classifications]
    name = name or _name(paths[0], found)
    if not _NAME.fullmatch(name):
        raise ValueError("a release name has letters, digits, dot, dash and underscore only")
    named = _named(name, found)
    stored = container.stored_of(name, named)
    new = _keep(store, stored, named)
    systems = tuple(ImportedSystem(one.name, one.uri, one.version, one.title, len(one)) for one in named)
    problems = tuple(problem for each in loaded for problem in each.problems)
    return ClassificationReport(name, systems, problems, new, time.perf_counter() - started)


def _name(path: Path, found: Sequence[Classification]) -> str:
    if len(found) == 1:
        return found[0].name
    return "volven" if all(one.name.startswith("volven-") for one in found) else slug(path.stem).lower()


def _named(name: str, found: Sequence[Classification]) -> list[Classification]:
    if len(found) == 1:
        return [replace(found[0], name=name)]
    taken: set[str] = set()
    return [replace(one, name=_free(slug(f"{name}-{_last(one.uri)}"), taken)) for one in found]


def _last(uri: str) -> str:
    """The part of a URI or OID that tells it from its neighbours."""
    return re.split(r"[/:.]" if uri.startswith("urn:oid:") else r"[/:]", uri.rstrip("/"))[-1]


def _free(wanted: str, taken: set[str]) -> str:
    name, number = wanted, 2
    while name in taken:
        name, number = f"{wanted[:96]}-{number}", number + 1
    taken.add(name)
    return name


def _keep(store: Path, stored: container.Stored, classifications: Sequence[Classification]) -> bool:
    """Writes the folder beside its place and moves it there in one step; False when it was there already."""
    target = store / stored.name
    if _there(target, stored):
        return False
    _refuse_taken(store, stored)
    store.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=".importing-", dir=store))
    try:
        container.write(beside, stored, classifications)
        beside.chmod(0o755)
        beside.rename(target)
    except OSError:
        # Somebody else may have finished the same import first: then this is a no-op too.
        if _there(target, stored):
            return False
        raise
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return True


def _there(target: Path, stored: container.Stored) -> bool:
    if not target.exists():
        return False
    if (target / container.FILE).exists() and container.read(target).content == stored.content:
        return True
    raise ImportRefused(f"release {stored.name} is there already, with other content: choose another name")


def _refuse_taken(store: Path, stored: container.Stored) -> None:
    """A name selects one system in the whole store."""
    wanted = {system.name for system in stored.systems}
    for folder in sorted(store.iterdir()) if store.is_dir() else ():
        taken = {folder.name}
        if not folder.name.startswith(".") and (folder / container.FILE).exists():
            taken |= {system.name for system in container.read(folder).systems}
        if both := sorted(wanted & taken):
            raise ImportRefused(f"the name {both[0]} is taken by {folder.name}: choose another name")
