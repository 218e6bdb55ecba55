"""A SNOMED CT release in the shape of all code systems. Postcoordinated expressions are codes too."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from functools import cached_property
from typing import Final, Literal

from terminology.codes import SNOMED
from terminology.snomed.descriptions import Description
from terminology.snomed.edition import EXTRACT_MODULE
from terminology.snomed.expressions.checking import check
from terminology.snomed.expressions.model import ConceptModel, concept_model
from terminology.snomed.expressions.parser import parse
from terminology.snomed.expressions.values import Concept, Expression
from terminology.snomed.expressions.writer import write
from terminology.snomed.view import Release
from terminology.systems import Designation, Entry

#: What people read when nothing else is asked for.
DEFAULT_LANGUAGES: Final = ("nb", "nn", "en")

_EDITIONS: Final = {
    "900000000000207008": "International Edition",
    "51000202101": "Norwegian Edition",
    str(EXTRACT_MODULE): "International Edition",  # the extract that the terminology ecosystem tests with
}
_USES: Final[dict[str, Literal["preferred", "fsn", "synonym", "definition"]]] = {
    "fsn": "fsn",
    "synonym": "synonym",
    "definition": "definition",
}
#: Norwegian is written in two ways.
_READ_AS: Final = {"no": ("nb", "nn")}
_DIALECT: Final = re.compile(r"[a-z]+-x-(?:sctlang-)?[0-9][0-9-]{4,20}[0-9]")


class SnomedSystem:
    """Satisfies `terminology.systems.CodeSystem`; `release` and `model` are there for what only SNOMED CT has."""

    def __init__(self, release: Release, name: str, version: str = "") -> None:
        """`name` is the one in the store; `version` the version URI by which somebody asked for the release."""
        self.release = release
        self._name = name
        self._version = version or version_uri(release.info.uri)

    @property
    def name(self) -> str:
        """The name in the store."""
        return self._name

    @property
    def uri(self) -> str:
        """http://snomed.info/sct."""
        return SNOMED

    @property
    def version(self) -> str:
        """The version URI of the edition (SNOMED CT URI standard 2.1)."""
        return self._version

    @property
    def edition(self) -> str:
        """What people call the edition; empty when its module has no name here."""
        return _EDITIONS.get(self.release.info.edition.rpartition("/")[2], "")

    @property
    def title(self) -> str:
        """The name in the store, which tells editions apart."""
        return f"SNOMED CT {self._name}"

    @cached_property
    def model(self) -> ConceptModel:
        """The concept model of the release; empty when it has none."""
        return concept_model(self.release)

    def codes(self) -> Iterator[str]:
        """All concept identifiers in order, inactive ones too."""
        return map(str, self.release.ids.tolist())

    def has(self, code: str) -> bool:
        """Whether the code is a concept of the release, active or not."""
        return self.ordinal(code) >= 0

    def ordinal(self, code: str) -> int:
        """The place of the concept in the release; -1 when there is none."""
        if not _may_be(code):
            return -1
        sctids, wanted = self.release.ids, int(code)
        place = int(sctids.searchsorted(wanted))
        return place if place < len(sctids) and sctids[place] == wanted else -1

    def entry(self, code: str, languages: Sequence[str]) -> Entry | None:
        """Everything about a concept; its designations are the active descriptions."""
        ordinal = self.ordinal(code)
        if ordinal < 0:
            return None
        sctid = int(code)
        return Entry(
            code=str(sctid),
            display=self.display(sctid, languages),
            active=bool(self.release.active[ordinal]),
            designations=tuple(_designation(each) for each in self.release.descriptions(sctid) if each.active),
            parents=self.parents(code),
            properties=(("inactive", str(not self.release.active[ordinal]).lower()),),
        )

    def display(self, sctid: int, languages: Sequence[str]) -> str:
        """The preferred term in the first of `languages` that has one, else in a default one, else the full name."""
        wanted = reading_order(languages, self.release.info.languages)
        return self.release.preferred_term(sctid, wanted) or self.release.fsn(sctid) or str(sctid)

    def parents(self, code: str) -> tuple[str, ...]:
        """The concepts directly above."""
        return _sorted(self.release.parents(int(code))) if self.has(code) else ()

    def children(self, code: str) -> tuple[str, ...]:
        """The concepts directly below."""
        return _sorted(self.release.children(int(code))) if self.has(code) else ()

    def descendants(self, code: str) -> frozenset[str]:
        """All concepts below, without the concept itself."""
        return frozenset(map(str, self.release.descendants(int(code)))) if self.has(code) else frozenset()

    def subsumes(self, a: str, b: str) -> bool:
        """Whether `b` is `a` or below it; False when either is not in the release."""
        return _may_be(a) and _may_be(b) and self.release.subsumes(int(a), int(b))

    def expression(self, code: str) -> Expression:
        """The postcoordinated expression that the code writes, checked against the release and its concept model.

        Raises ExpressionError when it is none, or none that may be written.
        """
        found = parse(code)
        check(self.release, self.model, found)
        return found

    def written(self, expression: Expression, languages: Sequence[str]) -> str:
        """The expression with a term beside each concept: the one written there if it is the concept's, else ours."""
        return write(expression, lambda concept: self._term(concept, languages))

    def bare(self, expression: Expression) -> str:
        """The expression without terms."""
        return write(expression)

    def _term(self, concept: Concept, languages: Sequence[str]) -> str:
        terms = {each.term for each in self.release.descriptions(concept.sctid) if each.active}
        return concept.term if concept.term in terms else self.display(concept.sctid, languages)


def _may_be(code: str) -> bool:
    """Whether it is written as an identifier is."""
    return code.isascii() and code.isdigit() and len(code) <= 18


def version_uri(uri: str) -> str:
    """The version URI of a release as others write it: unpublished editions are under xsct (URI standard 2.4)."""
    return uri.replace("/sct/", "/xsct/") if f"/{EXTRACT_MODULE}/" in uri else uri


def reading_order(languages: Sequence[str], known: Collection[str]) -> tuple[str, ...]:
    """The languages of a release (`known`) to look in, in order: those asked for, then the default ones.

    `languages` are BCP 47 tags. A tag that the release has not is read as its language; one that names a language
    reference set (`nb-x-sctlang-…`, FHIR, Using SNOMED CT) is kept.
    """
    tags = {tag.lower(): tag for tag in known}
    asked: list[str] = []
    for tag in map(str.lower, languages):
        base = tag.partition("-")[0]
        if _DIALECT.fullmatch(tag):
            asked.append(tag)
        else:
            asked += [tags[each] for each in (tag, *_READ_AS.get(base, (base,))) if each in tags]
    return tuple(dict.fromkeys((*asked, *DEFAULT_LANGUAGES)))


def _designation(description: Description) -> Designation:
    preferred = description.type == "synonym" and description.preferred_in
    use = "preferred" if preferred else _USES.get(description.type, "synonym")
    return Designation(description.language, description.term, use)


def _sorted(sctids: frozenset[int]) -> tuple[str, ...]:
    return tuple(map(str, sorted(sctids)))
