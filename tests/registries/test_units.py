"""Units: UCUM as it stands, stricter where clinical quantities would be mixed, and exact arithmetic."""

from __future__ import annotations

import csv
import re
from decimal import Decimal
from importlib.resources import files

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from registries import units
from registries.catalogue import load_catalogue
from registries.substances import Substance
from registries.ucum import LONGEST, UnitError, read_unit
from registries.units import Conversion, conversion, factor_problems, ucum, unit_problems, unit_table

SUBSTANCES = load_catalogue().substances
#: IUPAC standard atomic weights 2021.
WEIGHTS = {"C": 12.011, "H": 1.008, "N": 14.007, "O": 15.999, "P": 30.974, "I": 126.904, "Co": 58.933}
WEIGHTS |= {"Ca": 40.078, "Mg": 24.305, "Fe": 55.845}


def converted(value: str, unit: str, into: str, substance: str = "") -> Decimal | None:
    """A value in another unit, to eight significant digits."""
    found = conversion(unit, into, SUBSTANCES.get(substance))
    return found and round(found.of(Decimal(value)), 8).normalize()


@pytest.mark.parametrize(
    ("value", "unit", "into", "substance", "result"),
    [
        ("93", "umol/L", "mmol/L", "", "0.093"),
        ("7.2", "mmol/l", "mmol/L", "", "7.2"),
        ("93", "µmol/L", "umol/L", "", "93"),  # the micro sign
        ("93", "μmol/L", "umol/L", "", "93"),  # the Greek letter
        ("1", "mg/dL", "umol/L", "creatinine", "88.40169731"),
        ("88.4", "umol/L", "mg/dL", "creatinine", "0.9999808"),
        ("5.5", "mmol/L", "mg/dL", "glucose", "99.0858"),
        ("5", "mmol/L", "mg/dL", "cholesterol", "193.332"),
        ("15", "g/dL", "mmol/L", "haemoglobin", "9.30838686"),
        ("28", "mg/dL", "mmol/L", "urea-nitrogen", "9.99500250"),
        ("2.5", "mg/mmol", "mg/g", "creatinine", "22.10042433"),
        ("48", "mmol/mol", "%", "hba1c", "6.54304"),
        ("6.5", "%", "mmol/mol", "hba1c", "47.52951465"),
        ("6.5", "%{HbA1c}", "mmol/mol{Hb}", "hba1c", "47.52951465"),
        ("120", "mmHg", "mm[Hg]", "", "120"),
        ("120", "mm Hg", "kPa", "", "15.99864"),
        ("98.6", "[degF]", "Cel", "", "37"),
        ("37", "°C", "K", "", "310.15"),
        ("72", "slag/min", "/min", "", "72"),
        ("90", "min", "h", "", "1.5"),
        ("70", "[in_i]", "cm", "", "177.8"),
        ("180", "[lb_av]", "kg", "", "81.6466266"),
        ("250", "10*9/L", "10*3/uL", "", "250"),
        ("250", "x10^9/L", "10*9/L", "", "250"),
        ("250", "10⁹/L", "10*9/L", "", "250"),
        ("1", "ukat/L", "U/L", "", "60"),
        ("15", "g%", "g/L", "", "150"),
        ("24.7", "kg/m²", "kg/m2", "", "24.7"),
        ("55", "%", "1", "", "0.55"),
        ("7", "", "", "", "7"),
        ("7", "{score}", "", "", "7"),
        ("7", "", "{score}", "", "7"),
        ("0.5", "mg/L{FEU}", "ng/mL", "", "500"),
    ],
)
def test_what_measures_the_same_converts(value: str, unit: str, into: str, substance: str, result: str) -> None:
    assert converted(value, unit, into, substance) == Decimal(result)


@pytest.mark.parametrize(
    ("unit", "into", "substance"),
    [
        ("mg/dL", "umol/L", ""),
        ("mg/dL", "cm", "creatinine"),
        ("mmol/mol", "%", ""),  # a share of molecules is no percentage of mass or number
        ("umol/mol", "%", "hba1c"),
        ("meq/L", "mmol/L", ""),  # twice as many for calcium
        ("mosm/kg", "mmol/kg", ""),
        ("mmol/L", "10*9/L", ""),  # UCUM's mole is a number
        ("[IU]/L", "U/L", ""),
        ("[pH]", "nmol/L", ""),
        ("dB", "B", ""),
        ("ng/mL{FEU}", "ng/mL{DDU}", ""),
        ("", "%", ""),
        ("", "mmol/L", ""),
        ("MMOL/L", "mmol/L", ""),  # units are case-sensitive: mm and Mm differ by a thousand million
        ("Cel/h", "K/h", ""),
        ("rubbish", "mmol/L", ""),
        ("mmol/L", "rubbish", ""),
        ("x" * (LONGEST + 1), "mmol/L", ""),
    ],
)
def test_what_does_not_is_refused(unit: str, into: str, substance: str) -> None:
    assert converted("1", unit, into, substance) is None


def test_all_of_ucums_own_examples_are_read() -> None:
    lines = files("ucumvert").joinpath("vendor/ucum_examples.tsv").read_text(encoding="utf-8").splitlines()
    codes = [row["UCUM_CODE"] for row in csv.DictReader(lines, delimiter="\t")]
    assert len(codes) > 800
    assert [code for code in codes if not _read(code)] == ["Torr"]  # which is not in UCUM's table


def _read(code: str) -> bool:
    try:
        read_unit(code)
    except UnitError:
        return False
    return True


def test_spellings_are_of_units_and_hide_none() -> None:
    assert all(_read(code) for code in [*units._SPELT.values(), *units._USUAL])
    assert not [text for text in units._SPELT if _read(text)]


def test_molar_masses_are_those_of_their_formulas() -> None:
    for name, substance in SUBSTANCES.items():
        if substance.formula:
            parts = re.findall(r"([A-Z][a-z]?)(\d*)", substance.formula)
            mass = sum(WEIGHTS[element] * int(count or 1) for element, count in parts)
            assert abs(float(substance.molar_mass or 0) - mass) < 0.003, name


_COMMENSURABLE = (
    *(("umol/L", "mmol/L"), ("mg/dL", "g/L"), ("min", "h"), ("[in_i]", "cm"), ("mm[Hg]", "kPa"), ("[degF]", "Cel")),
    *(("Cel", "K"), ("ukat/L", "U/L"), ("10*3/uL", "10*9/L"), ("d", "mo"), ("[lb_av]", "kg")),
)
_BY_SUBSTANCE = tuple(("mg/dL", "umol/L", name) for name, one in SUBSTANCES.items() if one.molar_mass)
pairs = st.sampled_from([*((*pair, "") for pair in _COMMENSURABLE), *_BY_SUBSTANCE, ("mmol/mol", "%", "hba1c")])
values = st.decimals(min_value=0, max_value=10**6, places=4)


def _both(pair: tuple[str, str, str]) -> tuple[Conversion, Conversion]:
    unit, into, name = pair
    there, back = conversion(unit, into, SUBSTANCES.get(name)), conversion(into, unit, SUBSTANCES.get(name))
    assert there is not None
    assert back is not None
    return there, back


@given(pairs, values)
def test_there_and_back_is_where_it_began(pair: tuple[str, str, str], value: Decimal) -> None:
    there, back = _both(pair)
    assert round(back.of(there.of(value)), 12) == value
    assert round(there.of(back.of(value)), 12) == value


@given(pairs, values, values)
def test_more_stays_more(pair: tuple[str, str, str], one: Decimal, other: Decimal) -> None:
    assume(one < other)
    there, _ = _both(pair)
    assert there.of(one) < there.of(other)


@given(st.sampled_from(units._USUAL), st.sampled_from(units._USUAL), st.sampled_from(units._USUAL), values)
def test_by_way_of_a_third_unit_is_the_same(a: str, b: str, c: str, value: Decimal) -> None:
    first, second, straight = conversion(a, b), conversion(b, c), conversion(a, c)
    if first is not None and second is not None and straight is not None:
        assert abs(second.of(first.of(value)) - straight.of(value)) <= abs(straight.of(value)) * Decimal("1e-20")


@given(st.text(max_size=80))
def test_any_text_is_a_unit_or_is_not(text: str) -> None:
    assert conversion(text, "mmol/L") is None or read_unit(ucum(text))


@pytest.mark.parametrize(
    ("unit", "substance", "problem"),
    [
        ("mmol/L", "", ""),
        ("mm[Hg]", "", ""),
        ("", "", ""),
        ("mmHg", "", "'mmHg' is not a UCUM unit; did you mean `mm[Hg]`?"),
        ("µmol/L", "", "'µmol/L' is not a UCUM unit; did you mean `umol/L`?"),
        ("Celsius", "", "'Celsius' is not a UCUM unit; did you mean `Cel`?"),
        ("???", "", "'???' is not a UCUM unit; write a UCUM code, such as `mmol/L`"),
        ("Cel/h", "", "Cel cannot be part of another unit; did you mean"),
        ("cm", "creatinine", "cm holds neither mass nor amount of substance; remove `substance`"),
        ("g/L", "hba1c", "the substance is not measured in g/L; write % or mmol/mol"),
        ("mmol/mol", "hba1c", ""),
    ],
)
def test_what_is_wrong_with_a_declared_unit_is_said(unit: str, substance: str, problem: str) -> None:
    told = [one.told() for one in unit_problems(unit, SUBSTANCES.get(substance))]
    assert len(told) == bool(problem)
    assert not problem or told[0].startswith(f"unit: {problem}")


def test_a_substance_without_a_unit_cannot_be_converted() -> None:
    assert [one.told() for one in unit_problems("", SUBSTANCES["urea"])] == [
        "a substance is measured in a `unit`; write `unit: …`"
    ]


@pytest.mark.parametrize(
    ("unit", "factor", "into", "problem"),
    [
        ("m", 100, "cm", ""),
        ("m", 10, "cm", "units.m: 1 m is 100 cm; write 100"),
        ("mg/dL", 88.42, "umol/L", ""),  # UCUM does not know what is measured
        ("1", 1, "%", ""),  # some write percentages so
        ("", 1, "cm", ""),
    ],
)
def test_a_factor_that_contradicts_ucum_is_told(unit: str, factor: float, into: str, problem: str) -> None:
    assert [one.told() for one in factor_problems(unit, factor, into)] == [problem] * bool(problem)


def test_a_variable_with_factors_knows_these_units_alone() -> None:
    table = unit_table("umol/L", {"umol/L": 1, "mg/dL": 88.42}, None)
    assert table.into("mg/dL") == Conversion(Decimal("88.42"))
    assert table.into("mmol/L") is None


def test_a_source_with_endless_units_fills_no_memory() -> None:
    table = unit_table("g", None, None)
    for number in range(2 * units._KEPT):
        assert table.into(f"{number + 1}.g") is not None
    assert len(table.known) == units._KEPT


def test_a_substance_says_how_it_converts() -> None:
    label = {"nb": "x", "en": "x"}
    for wrong in ({}, {"molar_mass": "1"}, {"molar_mass": 1.5, "source": "x"}, {"molar_mass": "0", "source": "x"}):
        with pytest.raises(ValueError, match="1 validation error"):
            Substance.model_validate({"label": label, **wrong})


@pytest.mark.parametrize(
    ("unit", "into", "told"),
    [
        ("mmol/L", "kg", "mmol/L does not measure what kg does"),
        ("mmHg", "cm", "mmHg does not measure what cm does"),
        ("mmol/L", "mg/dL", ""),  # for one substance a factor tells
        ("{score}", "kg", ""),  # what a bare number means, the definition knows
    ],
)
def test_a_factor_is_refused_between_units_that_measure_different_things(unit: str, into: str, told: str) -> None:
    assert "".join(problem.cause for problem in factor_problems(unit, 2, into)) == told
