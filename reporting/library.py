"""What an installation knows: its registry definitions, its catalogue and its terminology releases."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import registries
from registries.catalogue import load_catalogue
from registries.definition import Definition, DefinitionError, load_definition
from registries.plan import Plan, compile_plan
from reporting.home import Home
from terminology.snomed.bound import BoundRelease
from terminology.snomed.info import ReleaseInfo
from terminology.snomed.release import import_release, list_releases, open_release

_SHIPPED = Path(registries.__file__).parent / "definitions"
#: The example release lies beside the packages in a checkout; an installation without it must import a real one.
EXAMPLE = Path(registries.__file__).parent.parent / "fixtures" / "snomed"


class NoRelease(Exception):
    """There is no terminology release to work with; the text says what to do."""


def definitions(home: Home) -> tuple[dict[str, Definition], tuple[DefinitionError, ...]]:
    """All definitions by slug, the installation's own before those that ship, and the files that cannot be used."""
    found: dict[str, Definition] = {}
    broken: list[DefinitionError] = []
    for folder in (_SHIPPED, home.definitions):
        for path in sorted(folder.glob("*/*.yaml")):
            try:
                definition = load_definition(path)
            except DefinitionError as error:
                broken.append(error)
                found.pop(path.stem, None)  # a broken own definition must not fall back to another's rules
            else:
                found[definition.registry] = definition
    return found, tuple(broken)


def definition_of(home: Home, name: str) -> Definition:
    """The definition of a registry by slug, or in a file.

    Raises:
        DefinitionError: there is none, or it is wrong.
    """
    if name.endswith((".yaml", ".yml")):
        return load_definition(Path(name))
    for folder in (home.definitions, _SHIPPED):
        path = folder / name / f"{name}.yaml"
        if path.is_file():
            return load_definition(path)
    known = ", ".join(sorted(path.stem for path in _SHIPPED.glob("*/*.yaml")))
    raise DefinitionError(f"there is no registry called {name!r}; known are {known}")


def release_of(home: Home, name: str | None = None, say: Callable[[str], None] = lambda _: None) -> BoundRelease:
    """A release by name, or the newest. Without any, in development, the example release is imported first.

    Raises:
        NoRelease: there is none of that name, or none at all in production.
    """
    found = {info.name: info for info in list_releases(home.releases)}
    if name is not None and name not in found:
        raise NoRelease(f"there is no release called {name!r}; imported are: {', '.join(sorted(found)) or 'none'}")
    if not found:
        found = {info.name: info for info in _import_example(home, say)}
    chosen = name or max(found, key=lambda key: (found[key].version, key))
    return BoundRelease(open_release(home.releases / chosen))


def _import_example(home: Home, say: Callable[[str], None]) -> tuple[ReleaseInfo, ...]:
    packages = sorted(EXAMPLE.glob("SnomedCT_*"))
    if home.mode == "production" or not packages:
        raise NoRelease("no terminology release: import one with `registerbro terminology import PATH`")
    say("no terminology release imported yet: using the small example release that ships with the program")
    home.prepare()
    import_release(packages, home.releases)
    return list_releases(home.releases)


def plan_of(definition: Definition, release: BoundRelease) -> Plan:
    """A definition bound to the catalogue and a release. Raises DefinitionError."""
    return compile_plan(definition, load_catalogue(), release, release.cited)
