"""A definition bound to its catalogue, maps and terminology release: compiled once, used for every case."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Literal

import msgspec

from registries.catalogue import Catalogue
from registries.definition import Closest, CodeSpec, Definition, DefinitionError, Rule, Variable
from registries.derived import compile_rule, scope_of
from registries.durations import LengthUnit
from registries.entry import Kind, Standing
from registries.expressions import Expression, ExpressionError
from registries.likeness import Likeness, likeness
from registries.meanings import IN_CATALOGUE, code_problems, meaning_problems, strange_codes
from registries.moments import Moment, parse_moment
from registries.problems import Place, Problem, did_you_mean, said
from registries.units import UnitTable, conversion, factor_problems, unit_problems, unit_table
from terminology.codes import SNOMED, Code
from terminology.maps import CompiledMap, compile_map
from terminology.snomed.ecl import EclError
from terminology.valuesets import CodeSet, Snomed, ValueSetError, compile_codes


@dataclass(frozen=True, slots=True)
class Selector:
    """One kind of entry with one set of codes; None stands for any code."""

    kind: Kind
    codes: CodeSet | None


@dataclass(frozen=True, slots=True)
class Bounds:
    """A compiled window."""

    from_: Moment | None = None
    after: Moment | None = None
    to: Moment | None = None
    before: Moment | None = None
    covers: Moment | None = None


@dataclass(frozen=True, slots=True)
class Pick:
    """Which of several entries is meant, and (`several`) what to do with different values in that place.

    `worst` has become `min` or `max`. `closest` is there when `way` is `closest`.
    """

    way: Literal["any", "first", "last", "last_recorded", "min", "max", "closest"] = "any"
    several: Literal["disagree", "last_recorded", "min", "max"] = "disagree"
    closest: Moment | None = None
    side: Literal["either", "before", "after"] = "either"
    tie: Literal["later", "earlier", "disagree"] = "later"


@dataclass(frozen=True, slots=True)
class RulePlan:
    """A rule ready to run. `selector` is None for the case's own index entries; `codes` are what it looks for.

    `standings` are the ones that count; None where only facts do. `anchors` are the moments it cannot do without.
    Of the variables that an `expression` names, `days` are dates. `whole` says that the variable counts whole units of
    time.
    """

    name: str
    rule: Rule
    selector: int | None = None
    codes: CodeSet | None = None
    answers: CodeSet | None = None
    standings: frozenset[Standing] | None = None
    anchors: tuple[Moment, ...] = ()
    bounds: Bounds | None = None
    pick: Pick = Pick()
    map: CompiledMap | None = None
    units: UnitTable = field(default_factory=UnitTable)
    duration: tuple[Moment, Moment, LengthUnit] | None = None
    age_at: Moment | None = None
    expression: Expression | None = None
    days: frozenset[str] = frozenset()
    whole: bool = False
    parts: tuple[RulePlan, ...] = ()


@dataclass(frozen=True, slots=True)
class VariablePlan:
    """A variable with its rules, its code list turned round (normed value → registry code), and the variables that it
    depends on: those that its rules are made from, and those that say whether it is asked for.

    Where no entry satisfies any of the selectors in `sought`, its rules find no entry; None where a rule looks at more
    than that.
    """

    name: str
    variable: Variable
    rules: tuple[RulePlan, ...]
    code_of: Mapping[str, int]
    inputs: frozenset[str]
    sought: frozenset[int] | None = None


@dataclass(frozen=True)
class Plan:
    """Everything needed to go from entries to records. `release` is what records and submissions cite."""

    definition: Definition
    release: str
    selectors: tuple[Selector, ...]
    index: int
    variables: tuple[VariablePlan, ...]
    snomed: Snomed
    likeness: Likeness
    _memo: dict[tuple[Kind, Code], tuple[int, ...]] = field(default_factory=dict)
    _readable: dict[Code, bool] = field(default_factory=dict)

    def select(self, kind: Kind, codes: tuple[Code, ...]) -> tuple[int, ...]:
        """The selectors that an entry of this kind with these codes satisfies, in order, each once."""
        if not codes:
            return self._of_kind(kind)
        found = self._of_code(kind, codes[0])
        for code in codes[1:]:
            more = self._of_code(kind, code)
            if more and more != found:
                found = tuple(sorted({*found, *more}))
        return found

    def readable(self, codes: tuple[Code, ...]) -> bool:
        """Whether a rule can tell what these codes mean: one of them is in a classification or in the release."""
        return any(self._known(code) for code in codes)

    def _known(self, code: Code) -> bool:
        known = self._readable.get(code)
        if known is None:
            known = code.system != SNOMED or (code.value.isdigit() and self.snomed.has(int(code.value)))
            self._readable[code] = known
        return known

    def _of_code(self, kind: Kind, code: Code) -> tuple[int, ...]:
        found = self._memo.get((kind, code))
        if found is None:
            found = tuple(
                number
                for number, selector in enumerate(self.selectors)
                if selector.kind is kind and (selector.codes is None or code in selector.codes)
            )
            self._memo[(kind, code)] = found
        return found

    def _of_kind(self, kind: Kind) -> tuple[int, ...]:
        return tuple(n for n, selector in enumerate(self.selectors) if selector.kind is kind and selector.codes is None)


def compile_plan(definition: Definition, catalogue: Catalogue, snomed: Snomed, edition: str) -> Plan:
    """Bind a definition to a catalogue and a terminology release (`edition` names the latter, as records cite it).

    Raises:
        DefinitionError: names in it are unknown, or sets of codes cannot be compiled; one line each, with the place.
    """
    compiler = _Compiler(definition, catalogue, snomed)
    index = compiler.index()
    variables = tuple(compiler.variable(name, variable) for name, variable in definition.variables.items())
    if compiler.problems:
        lines = (f"definition {definition.registry}: {problem.told()}" for problem in compiler.problems)
        raise DefinitionError("\n".join(lines))
    release = f"{definition.registry}@{definition.version}+{edition}+{_digest(definition, catalogue)}"
    inputs = {plan.name: plan.inputs for plan in variables}
    alike = likeness(definition, compiler.numbers, inputs, catalogue, edition)
    return Plan(definition, release, tuple(compiler.selectors), index, variables, snomed, alike)


def binding_problems(definition: Definition, catalogue: Catalogue, snomed: Snomed) -> list[Problem]:
    """All that stands in the way of binding a definition, of which parts may be missing (see `registries.reading`)."""
    compiler = _Compiler(definition, catalogue, snomed)
    compiler.index()
    for name, variable in getattr(definition, "variables", {}).items():
        for part in compiler.parts(name, variable):
            with suppress(AttributeError):  # what is missing has been told already
                part()
    return compiler.problems


def _digest(definition: Definition, catalogue: Catalogue) -> str:
    content = definition.model_dump_json().encode() + msgspec.json.encode(catalogue.fingerprint())
    return hashlib.sha256(content).hexdigest()[:12]


class _Compiler:
    """Binds part after part. What cannot be bound goes to `problems`, and something empty takes its place."""

    def __init__(self, definition: Definition, catalogue: Catalogue, snomed: Snomed) -> None:
        self.case = getattr(definition, "case", None)
        variables = getattr(definition, "variables", {})
        self.scope = scope_of(variables)
        self.days = frozenset(name for name, one in variables.items() if getattr(one, "type", "") == "date")
        self.catalogue = catalogue
        self.snomed = snomed
        self.selectors: list[Selector] = []
        self.numbers: dict[tuple[Kind, str], int] = {}
        self.sets: dict[str, CodeSet] = {}
        self.maps: dict[str, CompiledMap] = {}
        self.problems: list[Problem] = []

    def index(self) -> int:
        kind = getattr(self.case, "select", Kind.CONDITION)
        return self.selector(("case", "codes"), kind, getattr(self.case, "codes", None))

    def variable(self, name: str, variable: Variable) -> VariablePlan:
        units, rules = self.units(name, variable), self.rules(name, variable)
        self.meanings(name, variable)
        code_of = {meaning: code for code, meaning in reversed((variable.codes or {}).items())}
        inputs = frozenset(variable.when or ()).union(*(rule.inputs for rule in variable.from_))
        made = tuple(rule(units) for rule in rules)
        return VariablePlan(name, variable, made, code_of, inputs, _sought(made))

    def parts(self, name: str, variable: Variable) -> Iterator[Callable[[], object]]:
        """What is bound of a variable, part by part: one that cannot be does not keep the others from being tried."""
        yield lambda: self.units(name, variable)
        yield lambda: self.meanings(name, variable)
        yield from (partial(rule, UnitTable()) for rule in self.rules(name, variable))

    def rules(self, name: str, variable: Variable) -> list[Callable[[UnitTable], RulePlan]]:
        return [
            partial(self.rule, f"{name}/{n + 1}", ("variables", name, "from", n), rule, variable)
            for n, rule in enumerate(variable.from_)
        ]

    def meanings(self, name: str, variable: Variable) -> None:
        found = meaning_problems(variable, self.catalogue)
        self.problems += [problem.under(("variables", name)) for problem in found]

    def units(self, name: str, variable: Variable) -> UnitTable:
        place = ("variables", name)
        substance = self.catalogue.substances.get(variable.substance or "")
        if variable.substance is not None and substance is None:
            cause = f"the catalogue has no substance {variable.substance!r}"
            self.unknown((*place, "substance"), cause, variable.substance, self.catalogue.substances)
        found = list(unit_problems(variable.unit, substance))
        for unit, factor in (variable.units or {}).items():
            found += factor_problems(unit, factor, variable.unit)
        normed = self.catalogue.find(variable.normed)
        both = normed is not None and normed.unit and variable.unit
        if normed and both and not found and conversion(normed.unit, variable.unit, substance) is None:
            cause = f"{variable.normed} is measured in {normed.unit}, which does not convert to {variable.unit}"
            found.append(said(cause, f"write `unit: {normed.unit}`", "unit"))
        self.problems += [problem.under(place) for problem in found]
        return unit_table(variable.unit, variable.units, substance)

    def expression(self, rule: Rule, variable: Variable) -> Expression | None:
        try:
            return compile_rule(rule, variable, self.scope)
        except ExpressionError:  # told when the definition was read
            return None

    def rule(self, name: str, place: Place, rule: Rule, variable: Variable, units: UnitTable) -> RulePlan:
        selector, codes = None, None
        if rule.select == "index":
            codes = self.selectors[0].codes
        if rule.select is not None and rule.select != "index":
            selector = self.selector((*place, "codes"), rule.select, rule.codes)
            codes = self.selectors[selector].codes
        return RulePlan(
            name=name,
            rule=rule,
            selector=selector,
            codes=codes,
            answers=None if rule.answers is None else self.codes((*place, "answers"), rule.answers),
            standings=None if rule.standing == [Standing.COUNTS] else frozenset(rule.standing),
            anchors=tuple(parse_moment(moment) for moment in sorted(rule.own_moments) if _may_miss(moment)),
            bounds=_bounds(rule),
            pick=_pick(rule, variable),
            map=self.map((*place, "map"), rule.map) if rule.map else None,
            units=units,
            duration=_duration(rule),
            age_at=parse_moment(rule.age_at) if rule.age_at else None,
            expression=self.expression(rule, variable),
            days=self.days,
            whole=variable.type == "integer",
            parts=tuple(
                self.rule(f"{name}.{n + 1}", (*place, "all", n), part, variable, units)
                for n, part in enumerate(rule.all_ or ())
            ),
        )

    def selector(self, place: Place, kind: Kind, codes: CodeSpec | None) -> int:
        compiled = None if codes is None else self.codes(place, codes)
        key = (kind, repr(codes))
        if key not in self.numbers:
            self.numbers[key] = len(self.selectors)
            self.selectors.append(Selector(kind, compiled))
        return self.numbers[key]

    def codes(self, place: Place, spec: CodeSpec) -> CodeSet:
        key = repr(spec)
        if key not in self.sets:
            written = self.catalogue.sets.get(spec) if isinstance(spec, str) else spec
            if written is None:
                self.unknown(
                    place, f"the catalogue has no set of codes called {spec!r}", str(spec), self.catalogue.sets
                )
                return CodeSet()
            try:
                self.sets[key] = compile_codes(written, self.snomed)
                found = [*strange_codes(written, self.snomed)]
            except (ValueSetError, EclError) as error:
                self.sets[key] = CodeSet()
                found = code_problems(written, self.snomed) or [said(str(error))]
            self.problems += [_of_set(spec, problem).under(place) for problem in found]
        return self.sets[key]

    def map(self, place: Place, name: str) -> CompiledMap | None:
        if name not in self.maps:
            source = self.catalogue.maps.get(name)
            if source is None:
                self.unknown(place, f"the catalogue has no map {name!r}", name, self.catalogue.maps)
                return None
            try:
                self.maps[name] = compile_map(source, self.snomed)
            except (ValueSetError, EclError) as error:
                self.problems.append(
                    said(f"the catalogue's map {name}: {error}", "tell who keeps the catalogue", *place)
                )
                return None
        return self.maps[name]

    def unknown(self, place: Place, cause: str, word: str, words: Collection[str]) -> None:
        self.problems.append(Problem(place, cause, did_you_mean(word, words, IN_CATALOGUE)))


def _of_set(spec: CodeSpec, problem: Problem) -> Problem:
    if not isinstance(spec, str):
        return problem
    return Problem((), f"the catalogue's set {spec}: {problem.cause}", problem.suggestion)


def _bounds(rule: Rule) -> Bounds | None:
    window = rule.window
    if window is None:
        return None
    moments = (window.from_, window.after, window.to, window.before, window.covers)
    return Bounds(*(parse_moment(text) if text else None for text in moments))


def _duration(rule: Rule) -> tuple[Moment, Moment, LengthUnit] | None:
    if rule.duration is None:
        return None
    from_, to = (parse_moment(end) for end in rule.duration.moments)
    return from_, to, rule.duration.unit


def _sought(rules: Sequence[RulePlan]) -> frozenset[int] | None:
    selectors = [rule.selector for rule in rules if rule.selector is not None and not rule.anchors]
    return frozenset(selectors) if len(selectors) == len(rules) else None


def _may_miss(moment: str) -> bool:
    # Every case starts and ends; whether a variable has a time, or any procedure, is another matter.
    return moment.startswith(("variable.", "case.procedure"))


def _pick(rule: Rule, variable: Variable) -> Pick:
    worst: Literal["min", "max"] = "min" if (rule.worse or variable.worse) == "lower" else "max"
    several = worst if rule.several == "worst" else rule.several
    if isinstance(rule.pick, Closest):
        return Pick("closest", several, parse_moment(rule.pick.closest), rule.pick.side, rule.pick.tie)
    return Pick(worst if rule.pick == "worst" else rule.pick, several)
