"""Differences between two terminology releases: the choice of two, all lists in short, and one list page by page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from urllib.parse import urlencode

from reporting.ports import Releases
from reporting.texts import Text, text
from terminology.snomed.diff import diff
from terminology.snomed.diff.sections import Line, Names, Section, sections
from terminology.snomed.info import ReleaseInfo

#: Lines of each list where all lists are shown, and of one list on one page.
SHORT, PAGE = 10, 100


@dataclass(frozen=True, slots=True)
class ChoicePage:
    """The releases to choose from; `chosen` is the one to compare from, "" when that is to be chosen first."""

    releases: tuple[ReleaseInfo, ...]
    chosen: str


@dataclass(frozen=True, slots=True)
class ListShown:
    """A list of differences in part: `total` is how many there are, `figures` how many of each sort."""

    key: str
    slug: str
    address: str
    title: Text
    refset: int | None
    name: str
    total: int
    figures: tuple[tuple[str, int], ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Sides:
    """The two releases."""

    before: ReleaseInfo
    after: ReleaseInfo

    def address(self, **more: str) -> str:
        """Where their differences are shown, or one list of them."""
        return "/terminology/diff?" + urlencode({"a": self.before.name, "b": self.after.name} | more)

    @property
    def turned(self) -> Sides:
        """The same two the other way round."""
        return Sides(self.after, self.before)


@dataclass(frozen=True, slots=True)
class DiffPage:
    """All differences in short. `refsets` and `maps` are without lines: there may be hundreds."""

    sides: Sides
    lists: tuple[ListShown, ...]
    maps: tuple[ListShown, ...]
    refsets: tuple[ListShown, ...]
    figures: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of one list, and the addresses of the pages beside it."""

    sides: Sides
    list_: ListShown
    page: int
    previous: str | None
    next: str | None


@dataclass(frozen=True, slots=True)
class _Compared:
    sides: Sides
    sections: tuple[Section, ...]
    names: Names
    figures: tuple[tuple[str, int], ...]


class Differences:
    """Compares releases, and remembers the last few comparisons, which take seconds."""

    def __init__(self, releases: Releases) -> None:
        self._releases = releases
        self._lock = Lock()
        self._remembered: Callable[[str, str], _Compared] = lru_cache(maxsize=4)(self._compare)

    def choice(self, chosen: str = "") -> ChoicePage:
        """The releases to choose from, newest first. Raises KeyError when `chosen` is none of them."""
        listed = sorted(self._releases.listed(), key=lambda info: (info.version, info.name), reverse=True)
        if chosen and chosen not in (info.name for info in listed):
            raise KeyError(chosen)
        return ChoicePage(tuple(info for info in listed if info.name != chosen), chosen)

    def page(self, before: str, after: str) -> DiffPage:
        """All differences in short. Raises KeyError for a release that is not there."""
        found = self._compared(before, after)
        own = [section for section in found.sections if section.refset is None]
        about = {key: [one for one in found.sections if one.key == key] for key in ("maps", "refsets")}
        return DiffPage(
            sides=found.sides,
            lists=tuple(_shown(found, section, 0, SHORT) for section in own),
            maps=tuple(_shown(found, section, 0, 0) for section in about["maps"]),
            refsets=tuple(_shown(found, section, 0, 0) for section in about["refsets"]),
            figures=found.figures,
        )

    def list_page(self, before: str, after: str, slug: str, page: int) -> ListPage:
        """One page of one list. Raises KeyError for a release or a list that is not there."""
        found = self._compared(before, after)
        section = next((one for one in found.sections if one.slug == slug), None)
        if section is None:
            raise KeyError(slug)
        before, after = (found.sides.address(section=slug, page=str(number)) for number in (page - 1, page + 1))
        return ListPage(
            sides=found.sides,
            list_=_shown(found, section, (page - 1) * PAGE, page * PAGE),
            page=page,
            previous=before if page > 1 else None,
            next=after if len(section.items) > page * PAGE else None,
        )

    def _compared(self, before: str, after: str) -> _Compared:
        # One at a time: a second reader of the same page waits instead of comparing the same again.
        with self._lock:
            return self._remembered(before, after)

    def _compare(self, before: str, after: str) -> _Compared:
        first, then = self._releases.named(before), self._releases.named(after)
        found = diff(first, then)
        figures = (
            ("hierarchy.moved", found.hierarchy.moved),
            ("hierarchy.ancestors_changed", found.hierarchy.ancestors_changed),
        )
        return _Compared(Sides(first.info, then.info), sections(found), Names(first, then), figures)


def _shown(found: _Compared, section: Section, begin: int, end: int) -> ListShown:
    counted = ((what, section.count(what)) for what in ("added", "removed", "changed"))
    return ListShown(
        key=section.key,
        slug=section.slug,
        address=found.sides.address(section=section.slug),
        title=text(f"diff.{section.key}"),
        refset=section.refset,
        name="" if section.refset is None else found.names.term(section.refset),
        total=len(section.items),
        figures=tuple((what, count) for what, count in counted if count),
        lines=tuple(found.names.line(what, item) for what, item in section.items[begin:end]),
    )
