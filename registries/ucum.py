"""Reading units of the Unified Code for Units of Measure (UCUM), exactly.

Grammar and table are UCUM's own (`ucum-essence.xml`, version 2.2) as `ucumvert` packages them. Factors are fractions
here: pint, to which that package leads, counts in binary fractions and does not read all of the table (`g%`, `Cel/h`).

In four things this is stricter than UCUM, whose algebra would let clinically different quantities pass for each other:

* the mole is a dimension of its own (in UCUM it is the number 6.022e23), and so are equivalents and osmoles;
* mol per mol is a kind of its own and no percentage: HbA1c in mmol/mol is not tenths of HbA1c in %;
* logarithmic scales (pH, bel …) convert into nothing but themselves;
* units with different annotations (`ng/mL{FEU}`, `ng/mL{DDU}`) are different units; one without matches any.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from xml.etree.ElementTree import Element

if TYPE_CHECKING:
    from lark import Token, Tree

#: The longest of UCUM's example codes has 30 characters; parsing something much longer would only cost time.
LONGEST: Final = 60
_OWN: Final = ("mol", "eq", "osm")
_PER_MOL: Final = "mol/mol"
#: Scales with a zero of their own (UCUM §21–22): to kelvin by `factor * (value + shift)`.
_SCALES: Final = {
    "Cel": (Fraction(1), Fraction("273.15")),
    "[degF]": (Fraction(5, 9), Fraction("459.67")),
    "[degRe]": (Fraction(5, 4), Fraction("218.52")),
}


class UnitError(ValueError):
    """Not a UCUM unit. The text repeats the unit: that is no patient's."""


@dataclass(frozen=True, slots=True)
class Unit:
    """What a unit means: `factor * (value + shift)` in base units, whose dimensions stand with their exponents."""

    factor: Fraction
    dimensions: frozenset[tuple[str, int]] = frozenset()
    shift: Fraction = Fraction(0)
    annotations: frozenset[str] = frozenset()

    def matches(self, other: Unit) -> bool:
        """Whether neither says of itself what the other contradicts."""
        return not (self.annotations and other.annotations) or self.annotations == other.annotations


@lru_cache(maxsize=4_096)
def read_unit(code: str) -> Unit:
    """A UCUM code, case-sensitive (`mmol/L`, `10*9/L`, `mm[Hg]`), as what it means.

    Raises:
        UnitError: it is no UCUM code, or joins a scale such as degrees Celsius with other units.
    """
    if not 0 < len(code) <= LONGEST:
        raise UnitError(f"a unit has between 1 and {LONGEST} characters")
    if code == "1":
        return Unit(Fraction(1))  # without the table: scores are everywhere
    if code in _SCALES:
        factor, shift = _SCALES[code]
        return Unit(factor, frozenset({("K", 1)}), shift)
    terms = _within(code)
    dimensions = {(name, exponent) for name, exponent in terms.exponents.items() if exponent}
    if "mol" in terms.exponents and not terms.exponents["mol"]:
        dimensions.add((_PER_MOL, 1))
    told = frozenset(text.lower() for text in re.findall(r"\{([^}]+)\}", code))
    return Unit(terms.factor, frozenset(dimensions), annotations=told)


class _Terms(NamedTuple):
    """A product of base units. A dimension that cancels stays, with the exponent 0."""

    factor: Fraction = Fraction(1)
    exponents: Mapping[str, int] = Counter[str]()


@cache
def _table() -> tuple[Mapping[str, Fraction], Mapping[str, tuple[Fraction, str]]]:
    """Prefixes, and units as `factor` times another; "" for what is defined by nothing else, 0 for logarithms."""
    # Imported when first needed: it brings pint, and many runs meet no unit but the variables' own.
    from ucumvert.xml_util import root  # type: ignore[import-untyped] # noqa: PLC0415

    prefixes = {one.get("Code"): Fraction(_value(one).get("value", "")) for one in root.findall("{*}prefix")}
    units = {one.get("Code"): _line(one) for one in root.findall("{*}unit")}
    base = [one.get("Code") for one in root.findall("{*}base-unit")]
    own = dict.fromkeys([*base, *_OWN], (Fraction(1), ""))
    return prefixes, units | own | {"[iU]": (Fraction(1), "[IU]")}


def _line(unit: Element) -> tuple[Fraction, str]:
    if unit.get("isSpecial") == "yes":
        return Fraction(0), ""
    if unit.get("isArbitrary") == "yes":
        return Fraction(1), ""
    value = _value(unit)
    return Fraction(value.get("value", "")), value.get("Unit", "")


def _value(line: Element) -> Element:
    return next(line.iter("{http://unitsofmeasure.org/ucum-essence}value"))


@cache
def _parser() -> Any:
    from ucumvert.parser import get_ucum_parser  # type: ignore[import-untyped] # noqa: PLC0415

    return get_ucum_parser()


def _within(code: str) -> _Terms:
    from ucumvert.parser import InvalidUcumError, parse_ucum  # noqa: PLC0415

    try:
        return _terms(parse_ucum(code, _parser()), 1)
    except InvalidUcumError:
        raise UnitError(f"{code!r} is not a UCUM unit") from None


def _terms(node: Tree[Token] | Token, power: int) -> _Terms:
    if isinstance(node, str):  # an annotation alone is the number one
        return _Terms()
    if node.data == "simple_unit":
        return _raised(_simple(*(str(part) for part in node.children)), power)
    if node.data == "annotatable":
        unit, exponent = node.children
        return _terms(unit, power * int(str(exponent)))
    total, sign = _Terms(), 1
    for child in node.children:
        if child in (".", "/"):
            sign = -1 if child == "/" else 1
        else:
            total = _times(total, _terms(child, power * sign))
    return total


def _simple(*parts: str) -> _Terms:
    prefixes, units = _table()
    *prefix, name = parts
    if name.isdigit():
        return _Terms(Fraction(int(name)))
    if name in _SCALES:
        raise UnitError(f"{name} cannot be part of another unit")
    scale = prefixes[prefix[0]] if prefix else Fraction(1)
    factor, unit = units[name]
    if unit:
        within = _within(unit)
        return within._replace(factor=within.factor * factor * scale)
    # A decibel is no tenth of a bel: prefixed logarithms are scales of their own.
    return _Terms(scale, Counter({name: 1})) if factor else _Terms(Fraction(1), Counter({"".join(parts): 1}))


def _times(one: _Terms, other: _Terms) -> _Terms:
    exponents = Counter(one.exponents)
    exponents.update(other.exponents)
    return _Terms(one.factor * other.factor, exponents)


def _raised(terms: _Terms, power: int) -> _Terms:
    return _Terms(terms.factor**power, Counter({name: exponent * power for name, exponent in terms.exponents.items()}))
