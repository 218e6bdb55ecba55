"""SNOMED CT as an engine: filters, expression constraints, search and expressions (FHIR's page on using SNOMED CT)."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from threading import Lock
from typing import Final

import numpy as np

from reporting.fhir_terminology.engines import Filter, Name, Property, Shown, no_such_filter
from reporting.fhir_terminology.outcome import Refused, refused
from terminology.snomed.arrays import ordinals
from terminology.snomed.descriptions import Description
from terminology.snomed.ecl import ast
from terminology.snomed.ecl.evaluate import matches
from terminology.snomed.ecl.lexer import EclError
from terminology.snomed.ecl.parser import parse
from terminology.snomed.expressions.comparing import facts, is_a
from terminology.snomed.expressions.facts import is_defined, normal_form
from terminology.snomed.expressions.matching import satisfies
from terminology.snomed.expressions.values import Expression
from terminology.snomed.sctid import Bools, Ints
from terminology.snomed.search.engine import SearchOptions, search
from terminology.snomed.system import SnomedSystem, reading_order

_FSN: Final = "900000000000003001"
_TYPES: Final = {"fsn": _FSN, "synonym": "900000000000013009", "definition": "900000000000550004"}
#: What they are called where the release, as an extract, has no concepts for them.
_TYPE_NAMES: Final = dict(zip(_TYPES.values(), ("Fully specified name", "Synonym", "Definition"), strict=True))
_RELATIONS: Final[dict[str, ast.Relation]] = {
    "is-a": "<<",
    "descendent-of": "<",
    "descendant-of": "<",
    "child-of": "<!",
    "generalizes": ">>",
}
#: Properties of FHIR's page on SNOMED CT (R4 4.3.1.0.6) that take work, or say again what others say.
_ON_REQUEST: Final = ("moduleId", "sufficientlyDefined", "normalForm", "normalFormTerse")
#: How many answers to expression constraints are kept; each is one byte for every concept.
_KEPT: Final = 64


class SnomedEngine:
    """Satisfies `Engine`."""

    open = True

    def __init__(self, system: SnomedSystem) -> None:
        self.system = system
        self.release = system.release
        self._answers: OrderedDict[str, Bools] = OrderedDict()
        self._uses: dict[str, tuple[str, str, str]] = {}
        self._lock = Lock()

    @property
    def size(self) -> int:
        return len(self.release.ids)

    def place(self, code: str) -> int:
        return self.system.ordinal(code)

    def code_at(self, place: int) -> str:
        return str(int(self.release.ids[place]))

    def active(self) -> Bools:
        return self.release.active

    def filtered(self, wanted: Filter) -> Bools:
        match wanted.property, wanted.op:
            case "concept", "is-not-a":
                return ~self._named("<<", wanted)
            case "concept", op if op in _RELATIONS:
                return self._named(_RELATIONS[op], wanted)
            case "concept", "=":
                return self._listed([wanted.value])
            case "concept", "in":
                return self._in(wanted)
            case "constraint", "=":
                return self._constraint(wanted.value)
            case "expressions", "=" if wanted.value in ("true", "false"):
                return np.ones(self.size, dtype=np.bool_)
            case "inactive", "=" if wanted.value in ("true", "false"):
                return ~self.release.active if wanted.value == "true" else self.release.active
            case (("moduleId" | "module"), "="):
                return self._module(wanted)
            case attribute, "=" if self.place(attribute) >= 0 and self.place(wanted.value) >= 0:
                return matches(self.release, _attribute(attribute, wanted.value))
        raise no_such_filter(self.system.uri, wanted)

    def found(self, text: str, within: Bools, languages: Sequence[str], most: int) -> tuple[int, Ints]:
        inactive = bool((within & ~self.release.active).any())
        wanted = reading_order(languages, self.release.info.languages)
        result = search(
            self.release, text, SearchOptions(languages=wanted, within=within, active=not inactive, limit=most)
        )
        sctids = np.array([hit.concept for hit in result.hits], dtype=np.int64)
        return result.total, ordinals(self.release.ids, sctids)

    def shown(self, place: int, languages: Sequence[str]) -> Shown:
        return _shown(
            int(self.release.ids[place]),
            bool(self.release.active[place]),
            self.system.display(int(self.release.ids[place]), languages),
        )

    def each_shown(self, places: Ints, languages: Sequence[str]) -> Iterator[Shown]:
        wanted = reading_order(languages, self.release.info.languages)
        terms = self.release.preferred_terms(places, wanted)
        return map(_shown, self.release.ids[places].tolist(), self.release.active[places].tolist(), terms)

    def names(self, place: int, every: bool) -> list[Name]:
        said = self.release.descriptions(int(self.release.ids[place]))
        if every:
            return [self._name(each) for each in said]
        kept = [each for each in said if each.active and (each.type == "fsn" or each.preferred_in)]
        return [self._name(each) for each in sorted(kept, key=lambda each: (each.type != "fsn", each.type))]

    def properties(self, place: int, languages: Sequence[str], asked: Sequence[str]) -> list[Property]:
        sctid = int(self.release.ids[place])
        found = [Property("inactive", "boolean", not self.release.active[place])]
        found += self._dated(place, languages)
        found += [self._link("parent", each, languages) for each in sorted(self.release.parents(sctid))]
        found += [self._link("child", each, languages) for each in sorted(self.release.children(sctid))]
        pairs = dict.fromkeys((each.type, each.destination) for each in self.release.attributes(sctid))
        found += [self._link(str(kind), value, languages, kind) for kind, value in pairs]
        wanted = _ON_REQUEST if "*" in asked else [name for name in _ON_REQUEST if name in asked]
        return found + [self._on_request(name, place, sctid, languages) for name in wanted]

    def _on_request(self, name: str, place: int, sctid: int, languages: Sequence[str]) -> Property:
        match name:
            case "moduleId":
                return self._link(name, int(self.release.concept_module[place]), languages)
            case "sufficientlyDefined":
                return Property(name, "boolean", is_defined(self.release, sctid))
        form = normal_form(self.release, sctid)
        sign = "===" if is_defined(self.release, sctid) else "<<<"
        text = self.system.bare(form) if name == "normalFormTerse" else self.system.written(form, languages)
        return Property(name, "string", f"{sign} {text}")

    def expression(self, code: str) -> Expression | None:
        return self.system.expression(code)

    def expression_fits(self, expression: Expression, wanted: Filter) -> bool:
        match wanted.property, wanted.op:
            case "expressions", "=":
                return wanted.value == "true"
            case "constraint", "=":
                return satisfies(self.release, expression, self._parsed(wanted.value))
            case "concept", ("is-a" | "descendent-of" | "descendant-of"):
                return is_a(self.release, self._concept(wanted), facts(self.release, expression))
            case "concept", "is-not-a":
                return not is_a(self.release, self._concept(wanted), facts(self.release, expression))
        return False

    def expression_shown(self, expression: Expression, code: str, languages: Sequence[str]) -> Shown:
        return Shown(code, self.system.written(expression, languages))

    def attribute_properties(self, expression: Expression, languages: Sequence[str]) -> list[Property]:
        """The attributes that an expression states, as properties."""
        found = []
        for each in expression.refinements:
            title = self.system.display(each.name.sctid, languages)
            if isinstance(each.value, Expression):
                bare, written = self.system.bare(each.value), self.system.written(each.value, languages)
                text = written if each.value.single is None else self.system.display(each.value.single, languages)
                found.append(Property(str(each.name.sctid), "code", bare, text, title))
            else:
                found.append(Property(str(each.name.sctid), "string", str(each.value), "", title))
        return found

    def is_refset(self, code: str) -> bool:
        """Whether the code is a reference set, or has members: an extract may be without the concept."""
        if not (code.isascii() and code.isdigit() and len(code) <= 18):
            return False
        sctid = int(code)
        return (self.release.subsumes(_REFSET, sctid) and sctid != _REFSET) or bool(self.release.members(sctid))

    def _named(self, relation: ast.Relation, wanted: Filter) -> Bools:
        concept = self._concept(wanted)
        return self._kept(f"{relation} {concept}", lambda: self._related(relation, concept))

    def _related(self, relation: ast.Relation, concept: int) -> Bools:
        found = matches(self.release, ast.Related(relation, ast.Reference(concept)))
        return found | self._listed(frozenset({concept})) if relation in ("<<", ">>") else found

    def _concept(self, wanted: Filter) -> int:
        if self.place(wanted.value) < 0:
            text = (
                f"The SNOMED CT concept {wanted.value[:40]} in the filter '{wanted.property} {wanted.op}' is not known"
            )
            raise refused(422, "invalid", "vs-invalid", text, "FILTER_NOT_UNDERSTOOD")
        return int(wanted.value)

    def _in(self, wanted: Filter) -> Bools:
        found = np.zeros(self.size, dtype=np.bool_)
        for each in filter(None, map(str.strip, wanted.value.split(","))):
            if self.is_refset(each):
                found |= self._members(int(each))
            else:
                found |= self._listed([str(self._concept(Filter(wanted.property, wanted.op, each)))])
        return found

    def _members(self, refset: int) -> Bools:
        return self._listed(self.release.members(refset))

    def _listed(self, sctids: Sequence[str] | frozenset[int]) -> Bools:
        found = np.zeros(self.size, dtype=np.bool_)
        places = ordinals(self.release.ids, np.array([int(each) for each in sctids], dtype=np.int64))
        found[places[places >= 0]] = True
        return found

    def _module(self, wanted: Filter) -> Bools:
        found: Bools = self.release.concept_module == self._concept(wanted)
        return found

    def _constraint(self, text: str) -> Bools:
        try:
            return self._kept(text, lambda: matches(self.release, self._parsed(text)))
        except EclError as error:
            raise _not_ecl(text, str(error)) from None

    def _kept(self, question: str, answer: Callable[[], Bools]) -> Bools:
        """The answer of an earlier time: people turn pages and check code after code of one value set."""
        with self._lock:
            if (kept := self._answers.get(question)) is not None:
                self._answers.move_to_end(question)
                return kept
        found = answer()
        with self._lock:
            self._answers[question] = found
            if len(self._answers) > _KEPT:
                self._answers.popitem(last=False)
        return found

    def _parsed(self, text: str) -> ast.Expression:
        try:
            tree = parse(text)
        except EclError as error:
            raise _not_ecl(text, str(error)) from None
        for sctid in _named_concepts(tree):
            if self.place(str(sctid)) < 0:
                raise _not_ecl(text, f"The SNOMED CT concept {sctid} is not known")
        return tree

    def _dated(self, place: int, languages: Sequence[str]) -> list[Property]:
        time, module = str(int(self.release.concept_time[place])), int(self.release.concept_module[place])
        found = [self._link("module", module, languages)] if self.place(str(module)) >= 0 else []
        if len(time) == 8:
            found.append(Property("effectiveTime", "dateTime", f"{time[:4]}-{time[4:6]}-{time[6:]}"))
        return found

    def _link(self, name: str, sctid: int, languages: Sequence[str], kind: int | None = None) -> Property:
        title = self.system.display(kind, languages) if kind is not None else ""
        return Property(name, "code", str(sctid), self.system.display(sctid, languages), title)

    def _name(self, description: Description) -> Name:
        return Name(description.language, self._use(description.type), description.term, description.active)

    def _use(self, type_: str) -> tuple[str, str, str]:
        if (known := self._uses.get(type_)) is None:
            kind = _TYPES.get(type_, type_)
            there = self.place(kind) >= 0
            display = self.system.display(int(kind), ("en",)) if there else _TYPE_NAMES.get(kind, kind)
            known = self._uses[type_] = self.system.uri, kind, display
        return known


_REFSET: Final = 900000000000455006


def _shown(sctid: int, active: bool, display: str) -> Shown:
    return Shown(str(sctid), display, inactive=not active, status="" if active else "inactive")


def _attribute(kind: str, value: str) -> ast.Expression:
    return ast.Refined(ast.Any(), ast.Attribute(ast.Reference(int(kind)), "=", ast.Reference(int(value))))


def _not_ecl(text: str, why: str) -> Refused:
    said = f"Invalid ECL expression: '{text[:1000]}': ({why})"
    return refused(400, "invalid", "vs-invalid", said, "INVALID_ECL")


def _named_concepts(tree: object) -> list[int]:
    """The concepts that hierarchy operators, memberships and plain references of an expression name."""
    match tree:
        case ast.Reference(sctid):
            return [sctid]
        case ast.Joined(_, operands):
            return [sctid for each in operands for sctid in _named_concepts(each)]
        case ast.Minus(first, second):
            return [*_named_concepts(first), *_named_concepts(second)]
        case ast.Related(_, of) | ast.Filtered(of) | ast.Supplemented(of) | ast.Dotted(of):
            return _named_concepts(of)
        case ast.Refined(focus):
            return _named_concepts(focus)
    return []
