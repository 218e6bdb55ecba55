"""The code systems in a folder of releases: SNOMED CT releases and classifications side by side.

A system is asked for by its URI, an OID or any alias, with or without a version; without one the newest is given.
Editions of SNOMED CT are versions of one code system (SNOMED CT URI standard 2.1; FHIR, Using SNOMED CT with FHIR).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from terminology.classifications import container
from terminology.codes import SNOMED, uri_of
from terminology.snomed.info import FILE, ReleaseInfo, read_info
from terminology.snomed.release import open_release
from terminology.snomed.system import SnomedSystem
from terminology.systems import CodeSystem

_EDITION: Final = re.compile(re.escape(SNOMED) + r"(?:/(?P<module>\d{6,18}))?(?:/version/(?P<version>\d{8}))?/?")


@dataclass(frozen=True, slots=True)
class SystemInfo:
    """One code system of a folder, not opened. `version` as in `CodeSystem.version`."""

    name: str
    uri: str
    version: str
    title: str
    kind: Literal["snomed", "classification"]


@dataclass(frozen=True, slots=True)
class _Place:
    """A code system and what opens it; `stored` is None for SNOMED CT."""

    info: SystemInfo
    folder: Path
    stored: container.StoredSystem | None
    aliases: tuple[str, ...] = ()

    def open(self) -> CodeSystem:
        if self.stored is None:
            return SnomedSystem(open_release(self.folder), self.info.name)
        return container.open_one(self.folder, self.stored)


@dataclass(frozen=True, slots=True)
class Systems:
    """All code systems of a folder; each is opened when it is first asked for, and then kept.

    `unreadable` are folders that are releases in another format or damaged, with why.
    """

    places: tuple[_Place, ...]
    unreadable: tuple[tuple[str, str], ...]
    _opened: dict[str, CodeSystem] = field(default_factory=dict)

    def all(self) -> tuple[SystemInfo, ...]:
        """What is there, by name."""
        return tuple(place.info for place in self.places)

    def named(self, name: str) -> CodeSystem | None:
        """The code system with this name in the store."""
        return next((self._open(place) for place in self.places if place.info.name == name), None)

    def only(self, name: str) -> Systems:
        """The code system with this name alone."""
        return Systems(tuple(place for place in self.places if place.info.name == name), ())

    def of(self, uri: str, version: str | None = None) -> CodeSystem | None:
        """The newest release of a code system, or the one with `version`.

        SNOMED CT is asked for as itself (newest of any edition), by edition or by edition and version; the latter two
        also as `version`, which may be the eight digits alone. `URI|VERSION` is one text for both. None when it is
        not there.
        """
        asked, bar, after = uri.partition("|")
        wanted = version or (after if bar else None)
        edition = _EDITION.fullmatch(uri_of(asked))
        found = self._snomed(edition, wanted) if edition else self._classifications(uri_of(asked), wanted)
        newest = max(found, key=_age, default=None)
        return None if newest is None else self._open(newest)

    def _snomed(self, edition: re.Match[str], wanted: str | None) -> Iterator[_Place]:
        module, date = edition["module"], edition["version"]
        if wanted and (said := _EDITION.fullmatch(wanted)):
            if module and said["module"] not in (None, module):
                return
            module, date = said["module"] or module, said["version"] or date
        elif wanted:
            date = wanted
        for place in self.places:
            its = _EDITION.fullmatch(place.info.version) if place.stored is None else None
            if its and module in (None, its["module"]) and date in (None, its["version"]):
                yield place

    def _classifications(self, uri: str, wanted: str | None) -> Iterator[_Place]:
        for place in self.places:
            if place.stored and uri in (place.info.uri, *place.aliases) and wanted in (None, place.info.version):
                yield place

    def _open(self, place: _Place) -> CodeSystem:
        # Two threads may both open it: the first to finish is kept, and both are the same.
        found = self._opened.get(place.info.name)
        return found or self._opened.setdefault(place.info.name, place.open())


def open_systems(folder: Path) -> Systems:
    """The code systems of a folder of releases; none when it is not there. Nothing is opened yet."""
    places: list[_Place] = []
    unreadable: list[tuple[str, str]] = []
    for one in sorted(folder.glob("[!.]*")) if folder.is_dir() else ():
        try:
            places += _in(one)
        except (ValueError, TypeError, KeyError) as error:
            unreadable.append((one.name, str(error)))
    return Systems(tuple(sorted(places, key=lambda place: place.info.name)), tuple(unreadable))


def _in(folder: Path) -> Iterator[_Place]:
    if (folder / FILE).is_file():
        yield _release(folder, read_info(folder))
    if (folder / container.FILE).is_file():
        for one in container.read(folder).systems:
            info = SystemInfo(one.name, one.uri, one.version, one.title, "classification")
            yield _Place(info, folder, one, one.aliases)


def _release(folder: Path, info: ReleaseInfo) -> _Place:
    return _Place(SystemInfo(info.name, SNOMED, info.uri, f"SNOMED CT {info.name}", "snomed"), folder, None)


def _age(place: _Place) -> tuple[tuple[int, int | str], ...]:
    """Versions in order: numbers in them as numbers (2.9 before 2.78); of SNOMED CT the date alone."""
    version = place.info.version.rsplit("/", 1)[-1]
    parts = re.findall(r"\d+|\D+", version)
    return tuple((1, int(part)) if part.isdecimal() else (0, part) for part in parts)
