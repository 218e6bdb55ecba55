"""A difference in sections, each a list of lines with terms: what a page and the command line show.

A line has one shape whatever changed, so that lists can be paged and shown alike: a concept (or another component),
its term, and what was and is said of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from terminology.snomed.diff.model import (
    AttributeLine,
    AttributesChanged,
    Changed,
    Described,
    MapChanged,
    MemberChanged,
    ParentsChanged,
    PreferredChanged,
    ReleaseDiff,
    TermChanged,
)
from terminology.snomed.map_tables import MapRow
from terminology.snomed.resolution import resolve
from terminology.snomed.view import Release

What = Literal["added", "removed", "changed"]
Item = (
    int
    | Changed
    | Described
    | TermChanged
    | PreferredChanged
    | ParentsChanged
    | AttributesChanged
    | MemberChanged
    | MapChanged
)


@dataclass(frozen=True, slots=True)
class Line:
    """One difference. `before` and `after` are empty where there is nothing to say."""

    what: What
    id: int
    term: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """One list of differences. `key` says of what; `refset` is the reference set that the list is about, if any."""

    key: str
    items: tuple[tuple[What, Item], ...]
    refset: int | None = None

    @property
    def slug(self) -> str:
        """The name of the section in an address."""
        return self.key if self.refset is None else f"{self.key}.{self.refset}"

    def count(self, what: What) -> int:
        """How many were added, removed or changed."""
        return sum(one == what for one, _ in self.items)


def sections(diff: ReleaseDiff) -> tuple[Section, ...]:
    """The sections of a difference, without those that are empty."""
    concepts, descriptions = diff.concepts, diff.descriptions
    found = [
        _section("concepts.added", "added", concepts.added),
        _section("concepts.removed", "removed", concepts.removed),
        _section("concepts.inactivated", "removed", concepts.inactivated),
        _section("concepts.reactivated", "added", concepts.reactivated),
        _section("concepts.status", "changed", concepts.status),
        _section("concepts.module", "changed", concepts.module),
        _section("hierarchy.parents", "changed", diff.hierarchy.parents),
        _section("attributes.changed", "changed", diff.attributes),
        _section("descriptions.preferred", "changed", descriptions.preferred),
        _section("descriptions.terms", "changed", descriptions.terms),
        _section("descriptions.added", "added", descriptions.added),
        _section("descriptions.removed", "removed", descriptions.removed),
        _section("descriptions.inactivated", "removed", descriptions.inactivated),
        _section("descriptions.reactivated", "added", descriptions.reactivated),
    ]
    found += [Section("maps", _map_items(one.changed), one.refset) for one in diff.maps]
    for one in diff.refsets:
        lists: tuple[tuple[What, Sequence[Item]], ...] = (
            ("added", one.added),
            ("removed", one.removed),
            ("changed", one.changed),
        )
        items = tuple((what, item) for what, listed in lists for item in listed)
        found.append(Section("refsets", items, one.refset))
    return tuple(section for section in found if section.items)


def _section(key: str, what: What, items: Iterable[Item]) -> Section:
    return Section(key, tuple((what, item) for item in items))


def _map_items(changed: Iterable[MapChanged]) -> tuple[tuple[What, Item], ...]:
    return tuple(
        ("changed" if one.before and one.after else "added" if one.after else "removed", one) for one in changed
    )


@dataclass(frozen=True, slots=True)
class Names:
    """Terms from two releases: from the later one if it has the concept."""

    before: Release
    after: Release

    def term(self, sctid: int) -> str:
        """What people call a concept, or that a description says; the identifier when neither release knows."""
        for release in (self.after, self.before):
            if found := release.preferred_term(sctid) or release.fsn(sctid):
                return found
        return str(sctid)

    def line(self, what: What, item: Item) -> Line:
        """One item as a line."""
        match item:
            case int():
                return self._presence(what, item)
            case Changed(concept, before, after):
                return Line(what, concept, self.term(concept), self.term(before), self.term(after))
            case Described(_, concept, language, term):
                said = f"{language}: {term}"
                return Line(what, concept, self.term(concept), *(("", said) if what == "added" else (said, "")))
            case TermChanged(_, concept, before, after):
                return Line(what, concept, self.term(concept), before, after)
            case PreferredChanged(_, language, concept, before, after):
                return Line(what, concept, self.term(concept), _spoken(language, before), _spoken(language, after))
            case ParentsChanged(concept, added, removed):
                return Line(what, concept, self.term(concept), self._terms(removed), self._terms(added))
            case AttributesChanged(concept, added, removed):
                return Line(what, concept, self.term(concept), self._attributes(removed), self._attributes(added))
            case MemberChanged(component, before, after):
                return Line(what, component, self.term(component), _values(before), _values(after))
        return Line(what, item.concept, self.term(item.concept), _rows(item.before), _rows(item.after))

    def _presence(self, what: What, concept: int) -> Line:
        """A concept that came or went: its full name, and of an inactive one what it is called today."""
        before, after = self.before.fsn(concept) or "", self.after.fsn(concept) or ""
        if what == "added":
            return Line(what, concept, self.term(concept), "", after)
        found = resolve(self.after, concept)
        steps = (f"{one.path[-1].kind} {self.term(one.concept)}" for one in found.candidates)
        return Line(what, concept, self.term(concept), before, "; ".join(steps))

    def _terms(self, concepts: Iterable[int]) -> str:
        return "; ".join(self.term(concept) for concept in concepts)

    def _attributes(self, lines: Iterable[AttributeLine]) -> str:
        return "; ".join(f"{self.term(line.type)} = {self._value(line.value)}" for line in lines)

    def _value(self, value: str) -> str:
        return self.term(int(value)) if value.isdigit() else value


def _spoken(language: str, term: str | None) -> str:
    return "" if term is None else f"{language}: {term}" if language else term


def _values(rows: Iterable[tuple[str, ...]]) -> str:
    return "; ".join(", ".join(row) for row in rows)


def _rows(rows: Iterable[MapRow]) -> str:
    return "; ".join(f"{row.target or '–'} ({row.rule})" if row.rule else row.target or "–" for row in rows)
