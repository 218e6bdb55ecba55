"""What an installation knows: its registry definitions, its catalogue and its terminology releases."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal

import registries
from registries.definition import Definition, DefinitionError, load_definition
from registries.lifecycle import Stage
from registries.mistakes import mistakes_of
from registries.plan import Plan, compile_plan
from reporting.editing import catalogue_of
from reporting.home import Home
from reporting.versions import Broken, Version, slugs, versions_of
from terminology.snomed.bound import BoundRelease
from terminology.snomed.info import ReleaseInfo
from terminology.snomed.release import import_release, list_releases, open_release

#: The example release lies beside the packages in a checkout; an installation without it must import a real one.
EXAMPLE = Path(registries.__file__).parent.parent / "fixtures" / "snomed"


class NoRelease(Exception):
    """There is no terminology release to work with; the text says what to do."""


def definitions(home: Home) -> tuple[dict[str, Definition], tuple[DefinitionError, ...]]:
    """The definition of each registry that counts today, by slug, and the files that cannot be used."""
    found: dict[str, Definition] = {}
    broken: list[DefinitionError] = []
    for slug in slugs(home):
        try:
            versions, unread = versions_of(home, slug, today())
            broken += [one.error for one in unread]
            found[slug] = _chosen(slug, versions, unread, None).definition
        except DefinitionError as error:
            if error not in broken:
                broken.append(error)
    return found, tuple(broken)


def today() -> date:
    """The day by which versions are active."""
    return datetime.now(UTC).date()


def version_of(home: Home, name: str, version: int | Literal["draft"] | None = None, at: date | None = None) -> Version:
    """A version of a registry by slug: the one that is active on a day (today when left out; of several the newest),
    the newest draft (`draft`), or the one of a number. Without an active one, the newest that may become active.

    A name that ends as a file does is a file, whose `status` is its word.

    Raises:
        DefinitionError: there is none, or it cannot be used, or it is active and was changed.
    """
    if name.endswith((".yaml", ".yml")):
        definition = load_definition(Path(name))
        return Version(definition, Path(name), False, "", Stage(definition.status))
    versions, broken = versions_of(home, name, at or today())
    if not versions and not broken:
        known = ", ".join(slugs(home))
        raise DefinitionError(f"there is no registry called {name!r}; known are {known}")
    return _chosen(name, versions, broken, version)


def definition_of(
    home: Home, name: str, version: int | Literal["draft"] | None = None, at: date | None = None
) -> Definition:
    """The definition of a registry by slug, or in a file; see `version_of`."""
    return version_of(home, name, version, at).definition


def _chosen(
    name: str, versions: Sequence[Version], broken: Sequence[Broken], wanted: int | Literal["draft"] | None
) -> Version:
    drafts = [one for one in versions if one.stage in (Stage.DRAFT, Stage.APPROVED)]
    active = [one for one in versions if one.stage is Stage.ACTIVE]
    if wanted is None:
        # A draft that cannot be read stops nobody; any other file that cannot be read may be the one that counts.
        candidates, unread = active or drafts, [one for one in broken if not (one.draft and active)]
    elif wanted == "draft":
        candidates, unread = drafts, list(broken)
    else:
        candidates = [one for one in versions if one.number == wanted]
        own = any(one.own for one in candidates)
        unread = [one for one in broken if not own and one.number in (wanted, None)]
    if unread:
        raise unread[-1].error
    if not candidates:
        there = ", ".join(f"{one.number} ({one.stage})" for one in versions)
        raise DefinitionError(f"{name} has no {_called(wanted)}; there is {there or 'none'}")
    found = max(candidates, key=lambda one: (one.since or date.min if one in active else date.min, one.number))
    if found.changed:
        raise DefinitionError(f"{found.path}: {found.changed}")
    return found


def _called(wanted: int | str | None) -> str:
    return "version that is active" if wanted is None else wanted if wanted == "draft" else f"version {wanted}"


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


def plan_of(home: Home, definition: Definition, release: BoundRelease) -> Plan:
    """A definition bound to the installation's catalogue and a release. Raises DefinitionError."""
    return compile_plan(definition, catalogue_of(home), release, release.cited)


def plan_in(home: Home, version: Version, release: BoundRelease) -> Plan:
    """A version bound to the catalogue and a release.

    Raises:
        DefinitionError: it cannot be; one line per mistake, with file, line, cause and suggestion.
    """
    try:
        return plan_of(home, version.definition, release)
    except DefinitionError as error:
        found = mistakes_of(version.path, catalogue_of(home), release)
        raise DefinitionError("\n".join(mistake.told(version.path) for mistake in found)) from error
