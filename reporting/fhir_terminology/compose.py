"""What a value set holds (FHIR R4 4.9.7 and 4.9.8): includes, excludes, filters, enumerated codes, other value sets."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import Final

import numpy as np

from reporting.fhir_terminology.engines import Engine, Filter
from reporting.fhir_terminology.implicit import implicit_value_set
from reporting.fhir_terminology.jsonvalues import text, texts, thing, things, truth
from reporting.fhir_terminology.library import Library
from reporting.fhir_terminology.outcome import Resource, refused
from terminology.snomed.expressions.values import Expression, ExpressionError
from terminology.snomed.expressions.writer import write
from terminology.snomed.sctid import Bools

_Test = Callable[[Expression], bool]
_DEEPEST: Final = 20
#: Each part is an array as long as its code system, so a small request could ask for a lot of memory.
_MOST_PARTS: Final = 200


@dataclass(frozen=True, slots=True)
class Listed:
    """What an enumeration says of a code itself."""

    display: str = ""
    designations: tuple[Resource, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """Codes of one version of one system. `order` are places in the order of an enumeration, None for the system's.

    `expressions` are enumerated codes that the system's grammar makes; `test` says which others belong. `open` is
    set where such codes belong that cannot be listed.
    """

    engine: Engine
    chosen: Bools
    order: tuple[int, ...] | None = None
    listed: dict[int, Listed] = field(default_factory=dict)
    expressions: tuple[str, ...] = ()
    test: _Test | None = None
    open: bool = False

    def holds(self, expression: Expression) -> bool:
        """Whether an expression belongs: an enumerated one, or one that the filters let in."""
        mine = write(expression)
        if any(write(each) == mine for each in self._enumerated()):
            return True
        return self.test is not None and self.test(expression)

    def _enumerated(self) -> Iterable[Expression]:
        return (found for code in self.expressions if (found := self.engine.expression(code)) is not None)


@dataclass(frozen=True, slots=True)
class Members:
    """What a value set holds, and the value sets it took it from."""

    parts: tuple[Part, ...]
    used: tuple[str, ...] = ()


def members(value_set: Resource, library: Library, active_only: bool = False) -> Members:
    """The codes of a value set. Raises Refused for what cannot be resolved or understood."""
    return _Composer(library).members(value_set, (), active_only)


def resolve(canonical: str, library: Library) -> Resource:
    """The value set with this URL: from the request, or one that its URL defines. Raises Refused when there is none."""
    found = library.value_set(canonical) or implicit_value_set(canonical, library)
    if found is None:
        text_ = f"A definition for the value Set '{canonical}' could not be found"
        raise refused(404, "not-found", "not-found", text_, "Unable_to_resolve_value_Set_")
    return found


class _Composer:
    def __init__(self, library: Library) -> None:
        self._library = library
        self._used: dict[str, list[Part]] = {}
        self._made = 0

    def members(self, value_set: Resource, above: tuple[str, ...], active_only: bool) -> Members:
        compose = thing(value_set, "compose")
        if not things(compose, "include"):
            compose = _expanded(value_set)
        parts = [part for include in things(compose, "include") for part in self._include(include, above)]
        without = [part for exclude in things(compose, "exclude") for part in self._include(exclude, above)]
        if active_only or truth(compose, "inactive") is False:
            parts = [replace(part, chosen=part.chosen & part.engine.active()) for part in parts]
        return Members(tuple(_minus(part, without) for part in parts), tuple(self._used))

    def _include(self, include: Resource, above: tuple[str, ...]) -> list[Part]:
        imported = [self._imported(canonical, above) for canonical in texts(include, "valueSet")]
        system = text(include, "system")
        sets = [[self._of_system(include, system)]] if system else []
        if not system and not imported:
            raise refused(422, "invalid", "vs-invalid", "An include has neither a system nor a value set")
        found = _common([*sets, *imported])
        self._made += len(found)
        if self._made > _MOST_PARTS:
            text_ = f"The value set has more than {_MOST_PARTS} includes and excludes, with those that it imports"
            raise refused(422, "too-costly", "too-costly", text_, "VALUESET_TOO_COSTLY")
        return found

    def _imported(self, canonical: str, above: tuple[str, ...]) -> list[Part]:
        found = resolve(canonical, self._library)
        name = _canonical(found)
        if name in above or len(above) > _DEEPEST:
            chain = ", ".join((*above, name))
            text_ = f"Cyclic reference detected when including {name} via [{chain}]"
            raise refused(422, "processing", "vs-invalid", text_, "VALUESET_CIRCULAR_REFERENCE")
        if name not in self._used:
            self._used[name] = []  # named before those that it imports itself
            self._used[name] = list(self.members(found, (*above, name), active_only=False).parts)
        return self._used[name]

    def _of_system(self, include: Resource, system: str) -> Part:
        engine = self._library.engine(system, text(include, "version"), "expand")
        filters = [_filter(each) for each in things(include, "filter")]
        concepts = things(include, "concept")
        if concepts and not filters:
            return _enumerated(engine, concepts)
        sets = [engine.filtered(wanted) for wanted in filters]
        chosen = reduce(np.logical_and, sets) if sets else np.ones(engine.size, dtype=np.bool_)
        closed = any(wanted == Filter("expressions", "=", "false") for wanted in filters)
        grammar = engine.open and not closed
        return Part(engine, chosen, test=_all_fit(engine, filters) if grammar else None, open=grammar)


def _enumerated(engine: Engine, concepts: list[Resource]) -> Part:
    """The codes that are there, in the order they are listed in; unknown ones are left out."""
    listed: dict[int, Listed] = {}
    expressions: list[str] = []
    for concept in concepts:
        code = text(concept, "code")
        place = engine.place(code)
        if place >= 0:
            listed[place] = Listed(text(concept, "display"), tuple(things(concept, "designation")))
        elif _is_expression(engine, code):
            expressions.append(code)
    chosen = np.zeros(engine.size, dtype=np.bool_)
    chosen[list(listed)] = True
    return Part(engine, chosen, tuple(listed), listed, tuple(expressions))


def _is_expression(engine: Engine, code: str) -> bool:
    try:
        return engine.expression(code) is not None
    except ExpressionError:
        return False


def _filter(said: Resource) -> Filter:
    wanted = Filter(text(said, "property"), text(said, "op"), text(said, "value"))
    if not (wanted.property and wanted.op and wanted.value):
        text_ = f"The filter '{wanted.property} {wanted.op}' has no property, operation or value"
        raise refused(422, "invalid", "vs-invalid", text_, "UNABLE_TO_HANDLE_SYSTEM_FILTER_WITH_NO_VALUE")
    return wanted


def _all_fit(engine: Engine, filters: list[Filter]) -> _Test:
    return lambda expression: all(engine.expression_fits(expression, wanted) for wanted in filters)


def _minus(part: Part, without: list[Part]) -> Part:
    """The part without what the others hold of the same version of the system."""
    mine = [other for other in without if other.engine is part.engine]
    if not mine:
        return part
    chosen = part.chosen & ~np.logical_or.reduce([other.chosen for other in mine])
    test = part.test
    kept = test and (lambda expression: test(expression) and not any(each.holds(expression) for each in mine))
    gone = {code for other in mine for code in other.expressions}
    return replace(part, chosen=chosen, test=kept, expressions=tuple(c for c in part.expressions if c not in gone))


def _common(sets: list[list[Part]]) -> list[Part]:
    """What is in all of the sets; the order is that of the first."""
    first, *others = sets
    for other in others:
        first = [both for part in first if (both := _both(part, other)) is not None]
    return first


def _both(part: Part, others: list[Part]) -> Part | None:
    mine = [other for other in others if other.engine is part.engine]
    if not mine:
        return None
    chosen = part.chosen & np.logical_or.reduce([other.chosen for other in mine])
    test = part.test
    kept = test and (lambda expression: test(expression) and any(each.holds(expression) for each in mine))
    both = {code for other in mine for code in other.expressions}
    grammar = part.open and any(each.open for each in mine)
    return replace(
        part, chosen=chosen, test=kept, open=grammar, expressions=tuple(c for c in part.expressions if c in both)
    )


def _expanded(value_set: Resource) -> Resource:
    """An expansion without a definition, read as an enumeration."""
    by_system: dict[tuple[str, str], list[Resource]] = {}
    going = things(thing(value_set, "expansion"), "contains")[::-1]
    while going:
        each = going.pop()
        if text(each, "code") and text(each, "system"):
            by_system.setdefault((text(each, "system"), text(each, "version")), []).append(each)
        going += things(each, "contains")[::-1]
    include = [{"system": uri, "version": version, "concept": said} for (uri, version), said in by_system.items()]
    return {"include": include}


def _canonical(value_set: Resource) -> str:
    version = text(value_set, "version")
    return f"{text(value_set, 'url')}|{version}" if version else text(value_set, "url")
