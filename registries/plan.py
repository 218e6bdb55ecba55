"""A definition bound to its catalogue, maps and terminology release: compiled once, used for every case."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar

import msgspec

from registries.catalogue import Catalogue
from registries.definition import CodeSpec, Definition, DefinitionError, Rule, Variable
from registries.entry import Kind
from registries.moments import Moment, parse_moment
from terminology.codes import SNOMED, Code
from terminology.maps import CompiledMap, compile_map
from terminology.snomed.ecl import EclError
from terminology.valuesets import CodeSet, Snomed, ValueSetError, compile_codes

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Selector:
    """One kind of entry with one set of codes; None stands for any code."""

    kind: Kind
    codes: CodeSet | None


@dataclass(frozen=True, slots=True)
class Bounds:
    """A compiled window."""

    from_: Moment | None = None
    to: Moment | None = None
    before: Moment | None = None
    covers: Moment | None = None


@dataclass(frozen=True, slots=True)
class RulePlan:
    """A rule ready to run. `selector` is None for the case's own index entries; `codes` are what it looks for."""

    name: str
    rule: Rule
    selector: int | None = None
    codes: CodeSet | None = None
    bounds: Bounds | None = None
    closest: Moment | None = None
    map: CompiledMap | None = None
    units: Mapping[str, Decimal] = field(default_factory=dict)
    parts: tuple[RulePlan, ...] = ()


@dataclass(frozen=True, slots=True)
class VariablePlan:
    """A variable with its rules, its code list turned round (normed value → registry code), and the variables that its
    rules are made from."""

    name: str
    variable: Variable
    rules: tuple[RulePlan, ...]
    code_of: Mapping[str, int]
    inputs: frozenset[str]


@dataclass(frozen=True)
class Plan:
    """Everything needed to go from entries to records. `release` is what records and submissions cite."""

    definition: Definition
    release: str
    selectors: tuple[Selector, ...]
    index: int
    variables: tuple[VariablePlan, ...]
    snomed: Snomed
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
        DefinitionError: a name in it is unknown, or a set of codes cannot be compiled; the text names the place.
    """
    compiler = _Compiler(definition, catalogue, snomed)
    index = compiler.selector("case", definition.case.select, definition.case.codes)
    variables = tuple(compiler.variable(name, variable) for name, variable in definition.variables.items())
    release = f"{definition.registry}@{definition.version}+{edition}+{_digest(definition, catalogue)}"
    return Plan(definition, release, tuple(compiler.selectors), index, variables, snomed)


def _digest(definition: Definition, catalogue: Catalogue) -> str:
    content = definition.model_dump_json().encode() + msgspec.json.encode(catalogue.fingerprint())
    return hashlib.sha256(content).hexdigest()[:12]


class _Compiler:
    def __init__(self, definition: Definition, catalogue: Catalogue, snomed: Snomed) -> None:
        self.registry = definition.registry
        self.catalogue = catalogue
        self.snomed = snomed
        self.selectors: list[Selector] = []
        self.numbers: dict[tuple[Kind, str], int] = {}
        self.sets: dict[str, CodeSet] = {}
        self.maps: dict[str, CompiledMap] = {}

    def variable(self, name: str, variable: Variable) -> VariablePlan:
        normed = self.catalogue.variables.get(variable.normed)
        if normed is None:
            raise self.error(f"variables.{name}.normed", f"the catalogue has no variable {variable.normed!r}")
        for code, meaning in (variable.codes or {}).items():
            if meaning not in normed.values:
                raise self.error(f"variables.{name}.codes.{code}", f"{variable.normed} has no value {meaning!r}")
        units = {unit: Decimal(str(factor)) for unit, factor in (variable.units or {}).items()}
        rules = tuple(self.rule(f"{name}/{n}", rule, units) for n, rule in enumerate(variable.from_, start=1))
        code_of = {meaning: code for code, meaning in reversed((variable.codes or {}).items())}
        inputs = frozenset[str]().union(*(rule.inputs for rule in variable.from_))
        return VariablePlan(name, variable, rules, code_of, inputs)

    def rule(self, name: str, rule: Rule, units: Mapping[str, Decimal]) -> RulePlan:
        selector, codes = None, None
        if rule.select == "index":
            codes = self.selectors[0].codes
        if rule.select is not None and rule.select != "index":
            selector = self.selector(name, rule.select, rule.codes)
            codes = self.selectors[selector].codes
        return RulePlan(
            name=name,
            rule=rule,
            selector=selector,
            codes=codes,
            bounds=_bounds(rule),
            closest=None if isinstance(rule.pick, str) else parse_moment(rule.pick.closest),
            map=self.map(name, rule.map) if rule.map else None,
            units=units,
            parts=tuple(self.rule(f"{name}.{n}", part, units) for n, part in enumerate(rule.all_ or (), start=1)),
        )

    def selector(self, place: str, kind: Kind, codes: CodeSpec | None) -> int:
        key = (kind, repr(codes))
        if key not in self.numbers:
            self.numbers[key] = len(self.selectors)
            self.selectors.append(Selector(kind, None if codes is None else self.codes(place, codes)))
        return self.numbers[key]

    def codes(self, place: str, spec: CodeSpec) -> CodeSet:
        key = repr(spec)
        if key not in self.sets:
            written = self.catalogue.sets.get(spec) if isinstance(spec, str) else spec
            if written is None:
                raise self.error(place, f"the catalogue has no set of codes called {spec!r}")
            self.sets[key] = self.guarded(place, lambda: compile_codes(written, self.snomed))
        return self.sets[key]

    def map(self, place: str, name: str) -> CompiledMap:
        if name not in self.maps:
            source = self.catalogue.maps.get(name)
            if source is None:
                raise self.error(place, f"the catalogue has no map {name!r}")
            self.maps[name] = self.guarded(place, lambda: compile_map(source, self.snomed))
        return self.maps[name]

    def guarded(self, place: str, make: Callable[[], T]) -> T:
        try:
            return make()
        except (ValueSetError, EclError) as error:
            raise self.error(place, str(error)) from error

    def error(self, place: str, text: str) -> DefinitionError:
        return DefinitionError(f"definition {self.registry}: {place}: {text}")


def _bounds(rule: Rule) -> Bounds | None:
    window = rule.window
    if window is None:
        return None
    moments = (window.from_, window.to, window.before, window.covers)
    return Bounds(*(parse_moment(text) if text else None for text in moments))
