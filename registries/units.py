"""Converting measured numbers into a variable's unit: exact, and worked out once for each pair of units."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches
from fractions import Fraction
from functools import lru_cache
from typing import Final, NamedTuple

from registries.problems import Problem, said
from registries.substances import Substance
from registries.ucum import LONGEST, Unit, UnitError, read_unit


class Conversion(NamedTuple):
    """`(value * times + plus) / over`; three numbers, so that no factor such as 1/60 is cut short."""

    times: Decimal = Decimal(1)
    plus: Decimal = Decimal(0)
    over: Decimal = Decimal(1)

    def of(self, value: Decimal) -> Decimal:
        """The value in the other unit."""
        value = value * self.times
        if self.plus:
            value += self.plus
        return value if self.over == 1 else value / self.over


SAME: Final = Conversion()
#: More spellings of units than any source has; beyond it they are worked out each time.
_KEPT: Final = 1_000


@dataclass(frozen=True, slots=True)
class UnitTable:
    """The units a variable's numbers may be in. Given `written` factors it knows these and no others; else whatever
    UCUM (and the `substance`, where declared) converts into `unit`."""

    unit: str = ""
    substance: Substance | None = None
    written: bool = False
    known: dict[str, Conversion | None] = field(default_factory=dict)

    def into(self, unit: str) -> Conversion | None:
        """How to convert from a unit as a source writes it ("" for none); None when that cannot be done."""
        try:
            return self.known[unit]
        except KeyError:
            return None if self.written else self._learn(unit)

    def _learn(self, unit: str) -> Conversion | None:
        found = conversion(unit, self.unit, self.substance)
        if len(self.known) < _KEPT:
            self.known[unit] = found
        return found


def unit_table(unit: str, units: Mapping[str, float] | None, substance: Substance | None) -> UnitTable:
    """The table of a variable, from what its definition says."""
    factors = {name: Conversion(Decimal(str(factor))) for name, factor in (units or {}).items()}
    return UnitTable(unit, substance, units is not None, dict(factors))


@lru_cache(maxsize=4_096)
def conversion(unit: str, into: str, substance: Substance | None = None) -> Conversion | None:
    """From one unit into another, each a UCUM code or one of the spellings hospitals use; "" is a bare number.

    None when they measure different things, or one is no unit. Mass and amount of a `substance` convert by its molar
    mass; where it has equations of its own only these hold.
    """
    try:
        from_, to = read_unit(ucum(unit)), read_unit(ucum(into))
    except UnitError:
        return None
    if not unit and to.factor != 1:
        return None  # a bare number is not a percentage
    if substance is not None and substance.conversions:
        return _by_equation(unit, into, substance)
    factor = _ratio(from_, to, substance)
    if factor is None or not from_.matches(to):
        return None
    return _exact(factor, from_.shift * factor - to.shift)


def unit_problems(unit: str, substance: Substance | None = None) -> Iterator[Problem]:
    """What is wrong with a unit that a definition declares."""
    if not unit:
        if substance is not None:
            yield said("a substance is measured in a `unit`", "write `unit: …`")
        return
    try:
        meant = read_unit(unit)
    except UnitError as error:
        yield said(str(error), _meant(unit), "unit")
        return
    if substance is None:
        return
    scales = sorted({scale for one in substance.conversions for scale in (one.from_, one.to)})
    if scales and bare(unit) not in scales:
        yield said(f"the substance is not measured in {unit}", f"write {' or '.join(scales)}", "unit")
    if not scales and not {name for name, _ in meant.dimensions} & {"g", "mol"}:
        yield said(f"{unit} holds neither mass nor amount of substance", "remove `substance`", "unit")


def factor_problems(unit: str, factor: float, into: str) -> Iterator[Problem]:
    """What is wrong with a factor that a definition gives, where UCUM knows better."""
    known = conversion(unit, into) if unit and into else None
    if known is None and _other_measure(unit, into):
        yield said(f"{unit} does not measure what {into} does", "remove it, or write the right `unit`", "units", unit)
    if known is None or known.plus or not read_unit(ucum(into)).dimensions:
        return  # of bare numbers and percentages the definition knows better
    right = known.of(Decimal(1))
    if abs(Decimal(str(factor)) / right - 1) >= Decimal("0.01"):
        yield said(f"1 {unit} is {right:g} {into}", f"write {right:g}", "units", unit)


def _other_measure(unit: str, into: str) -> bool:
    """Whether two units differ in more than mass and amount, which a factor may tell for one substance."""
    try:
        ours, theirs = (dict(read_unit(ucum(one)).dimensions) for one in (unit, into))
    except UnitError:
        return False
    differ = {name for name in ours.keys() | theirs.keys() if ours.get(name, 0) != theirs.get(name, 0)}
    return bool(ours and theirs and differ - {"g", "mol"})


def bare(unit: str) -> str:
    """A unit's code without annotations."""
    return re.sub(r"\{[^}]*\}", "", ucum(unit)) or "1"


@lru_cache(maxsize=4_096)
def ucum(unit: str) -> str:
    """The UCUM code of a unit as hospitals write it; the text itself when it is one, or is not known."""
    if len(unit) > LONGEST:
        return unit
    plain = re.sub(r"\s*/\s*", "/", unit.strip().translate(_LETTERS))
    plain = re.sub(r"^[xX*]?\s*10\s*(?:\^|\*{1,2}|[eE])\s*(\d)", r"10*\1", plain)
    if not plain or _is_unit(plain):
        return plain or "1"
    parts = "/".join(_SPELT.get(part, part) for part in plain.split("/"))
    return _SPELT.get(plain) or parts


def _is_unit(code: str) -> bool:
    try:
        read_unit(code)
    except UnitError:
        return False
    return True


def _ratio(from_: Unit, to: Unit, substance: Substance | None) -> Fraction | None:
    factor = from_.factor / to.factor
    if from_.dimensions == to.dimensions:
        return factor
    if substance is None or substance.molar_mass is None:
        return None
    more = dict(from_.dimensions)
    for name, exponent in to.dimensions:
        more[name] = more.get(name, 0) - exponent
    differ = {name: exponent for name, exponent in more.items() if exponent}
    if differ == {"g": 1, "mol": -1}:
        return factor / Fraction(substance.molar_mass)
    return factor * Fraction(substance.molar_mass) if differ == {"g": -1, "mol": 1} else None


def _by_equation(unit: str, into: str, substance: Substance) -> Conversion | None:
    from_, to = bare(unit), bare(into)
    if from_ == to:
        return SAME
    for one in substance.conversions:
        scale, offset = Fraction(one.scale), Fraction(one.offset)
        if (one.from_, one.to) == (from_, to):
            return _exact(scale, offset)
        if (one.to, one.from_) == (from_, to):
            return _exact(1 / scale, -offset / scale)
    return None


def _exact(scale: Fraction, offset: Fraction) -> Conversion:
    over = scale.denominator * offset.denominator
    if not Fraction(10**18) % over:  # ends as a decimal number: one multiplication
        return Conversion(_decimal(scale), _decimal(offset))
    return Conversion(Decimal(int(scale * over)), Decimal(int(offset * over)), Decimal(over))


def _decimal(number: Fraction) -> Decimal:
    return Decimal(number.numerator) / Decimal(number.denominator)


def _meant(unit: str) -> str:
    code = ucum(unit)
    if _is_unit(code):
        return f"did you mean `{code}`?"
    near = get_close_matches(code, _USUAL, n=1, cutoff=0.5)
    return f"did you mean `{near[0]}`?" if near else "write a UCUM code, such as `mmol/L`"


_LETTERS: Final = str.maketrans(
    {"µ": "u", "μ": "u", "×": "x", "·": ".", "²": "2", "³": "3", "⁶": "^6", "⁹": "^9", "¹": "^1", "℃": "°C", "º": "°"}
)
#: What hospitals write and UCUM does not. None of these is a UCUM code: `dag` for day is not here, it is ten grams.
_SPELT: Final = {
    "mmHg": "mm[Hg]",
    "mm Hg": "mm[Hg]",
    "cmH2O": "cm[H2O]",
    "cm H2O": "cm[H2O]",
    "°C": "Cel",
    "°F": "[degF]",
    "bpm": "/min",
    "slag/min": "/min",
    "beats/min": "/min",
    "prosent": "%",
    "promille": "[ppth]",
    "ppm": "[ppm]",
    "IU": "[IU]",
    "IE": "[IU]",
    "mIU": "m[IU]",
    "mIE": "m[IU]",
    "kIU": "k[IU]",
    "uIU": "u[IU]",
    "mcg": "ug",
    "mcmol": "umol",
    "cc": "mL",
    "liter": "L",
    "sek": "s",
    "sec": "s",
    "minutt": "min",
    "minutter": "min",
    "minutes": "min",
    "time": "h",
    "timer": "h",
    "hours": "h",
    "døgn": "d",
    "dager": "d",
    "days": "d",
    "uker": "wk",
    "weeks": "wk",
    "mnd": "mo",
    "måneder": "mo",
    "months": "mo",
    "år": "a",
    "years": "a",
    "Kg": "kg",
    "KG": "kg",
    "CM": "cm",
    "in": "[in_i]",
    "inch": "[in_i]",
    "lb": "[lb_av]",
    "lbs": "[lb_av]",
    "score": "{score}",
    "poeng": "{score}",
}
#: Units to suggest when one is misspelt.
_USUAL: Final = (
    *("mmol/L", "umol/L", "nmol/L", "pmol/L", "mg/dL", "g/dL", "g/L", "mg/L", "ug/L", "mg/mmol", "mmol/mol", "U/L"),
    *("[IU]/L", "10*9/L", "10*12/L", "/min", "%", "mm[Hg]", "kPa", "Cel", "kg", "g", "mg", "cm", "mm", "m", "kg/m2"),
    *("mL", "L", "mL/min", "mL/min/{1.73_m2}", "L/min", "ms", "s", "min", "h", "d", "wk", "mo", "a", "1", "{score}"),
)
