"""Definitions and journals at random, in which every word of the language meets every other.

Plain random numbers and not Hypothesis's: what is looked for are rare meetings of many words, and these take volume.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from pydantic import BaseModel, ValidationError

from registries.catalogue import Catalogue
from registries.entry import LOCAL, JournalEntry, Kind, Precision, Quantity, Standing, When
from registries.substances import Substance
from registries.words import WINDOWS, Window
from terminology.codes import BOOLEAN, ICD10, LINKID, Code
from terminology.maps import MapRow, MapSet
from tests.registries import plans
from tests.registries.strategies import ATRIAL, DIABETES, NIHSS, STROKE, code

#: The hour around which everything happens: the clocks go forward the night after.
CENTRE = datetime(2026, 3, 28, 20, tzinfo=UTC)
#: An hour with no change of the clocks for weeks before and after it.
WINTER = datetime(2026, 1, 12, 20, tzinfo=UTC)
YES, NO, ASKED = code(BOOLEAN, "true"), code(BOOLEAN, "false"), code(LINKID, "1")
ARM = code(ICD10, "S42")

CATALOGUE = Catalogue(
    variables=plans.CATALOGUE.variables | {"figure": plans.normed("decimal")},
    sets=plans.CATALOGUE.sets,
    substances={
        "glucose": Substance.model_validate(
            {"label": {"nb": "glukose", "en": "glucose"}, "molar_mass": "180.156", "source": "PubChem"}
        )
    },
    maps={
        "told": MapSet(
            "told",
            1,
            (
                MapRow(1, {"boolean": "true", "icd10": ["E11"]}, "yes", "equivalent", "approved"),
                MapRow(2, {"boolean": ["false"], "icd10": ["I48"]}, "no", "equivalent", "approved"),
                MapRow(3, {"icd10": ["I63"]}, "no", "equivalent", "draft"),
            ),
        ),
    },
)

#: Kinds that rules select as any other, whatever they are about.
_LIKE = (
    *(Kind.MEDICATION_STATEMENT, Kind.MEDICATION_ADMINISTRATION, Kind.MEDICATION_REQUEST, Kind.MEDICATION_DISPENSE),
    *(Kind.DOCUMENT, Kind.FAMILY_HISTORY, Kind.SEX, Kind.MARITAL, Kind.BIRTH, Kind.DEATH),
)
_CODES: dict[Kind, list[Any]] = {
    Kind.CONDITION: [{"icd10": ["I48"]}, "diabetes", {"icd10": ["I60-I64", "E11.9"]}, None, None],
    Kind.OBSERVATION: [{"loinc": "70182-1"}, None],
    Kind.PROCEDURE: [{"icd10": ["I48", "I63"]}, None],
    Kind.ANSWER: [{"linkid": "1"}, None],
    Kind.STAY: [None],
    **{kind: [{"icd10": ["I48"]}, None] for kind in _LIKE},
}
_SPOKEN: dict[Kind, list[Code]] = {
    Kind.CONDITION: [STROKE, ATRIAL, DIABETES, ARM],
    Kind.OBSERVATION: [NIHSS],
    Kind.PROCEDURE: [STROKE, ATRIAL, ARM],
    Kind.ANSWER: [ASKED],
    **{kind: [ATRIAL, ARM] for kind in _LIKE},
}
_ALL = tuple(_CODES)
_OFTEN = (*[Kind.OBSERVATION] * 6, *[Kind.CONDITION, Kind.PROCEDURE, Kind.ANSWER] * 4)
_DISTANCES = ("30min", "6h", "1d", "2d", "1w", "0cd", "1cd", "2cd", "1mo", "1y")
_ANCHORS = ("case.start", "case.end", "case.onset", "case.admission", "case.discharge")
_HOURS = (-240, -48, -24, -12, -6, -6, -1, 0, 0, 1, 6, 6, 12, 24, 48)
_MEANINGS = ("yes", "no", "unknown")
_BANDS = (
    [{"below": 2, "is": "yes"}, {"is": "no"}],
    [{"below": 1, "is": "no"}, {"below": 3, "is": "yes"}],
    [{"from": 1, "below": 2, "is": "unknown"}, {"from": 2, "is": "yes"}],
)
#: How numbers may be measured: by factors of the definition, by UCUM, and of a substance.
_MEASURES: tuple[dict[str, Any], ...] = (
    {"units": {"": 1, "1": 1}},
    {"units": {"": 1, "1": 1}},
    {"unit": "mmol/L", "substance": "glucose"},
    {"unit": "mmol/L", "units": {"mmol/L": 1, "": 0.5}},
)
_UNITS = (*[""] * 12, "1", "cm", *["mmol/L"] * 2, "umol/L", "mg/dL", "g/L")
_LENGTHS = ("min", "h", "d", "w", "cd", "mo", "y")
_HEAD: dict[str, Any] = {"normed": "time", "label": {"nb": "x", "en": "x"}, "type": "datetime"}
#: Variables that many definitions have: times to count from and between.
_TIMES: dict[str, Any] = {
    "Onset": {
        **_HEAD,
        "automation": "proposed",
        "from": [{"select": "index", "pick": "first", "several": "last_recorded", "value": "start"}],
    },
    "Last": {**_HEAD, "automation": "automatic", "from": [{"select": "procedure", "pick": "last", "value": "start"}]},
}


#: Kinds of variables that expressions are made from, and by type of what they give: the kinds needed, and the text.
_TYPES = {"CODE": ("code",), "NUMBER": ("integer", "decimal"), "TIME": ("datetime",), "DATE": ("date",)}
_EXPRESSIONS: dict[str, list[tuple[tuple[str, ...], str]]] = {
    "code": [
        (("CODE",), "CODE == 'yes' || CODE == 'no'"),
        (("CODE",), "has(CODE) && CODE in ['yes']"),
        (("CODE", "NUMBER"), "NUMBER > 1 ? CODE : 'no'"),
        (("TIME",), "TIME < TIME"),
        (("TIME", "DATE"), "TIME - duration('6h') <= DATE"),
        (("DATE",), "!has(DATE)"),
    ],
    "integer": [(("NUMBER",), "NUMBER + NUMBER * 2"), (("CODE", "NUMBER"), "CODE == 'yes' ? NUMBER / 2 : 1")],
    "decimal": [(("NUMBER",), "NUMBER / 3"), (("NUMBER",), "has(NUMBER) ? NUMBER - 1 : 0")],
    "datetime": [(("TIME",), "TIME + duration('90m')"), (("TIME", "DATE"), "has(DATE) ? DATE : TIME")],
    "date": [(("DATE",), "DATE"), (("TIME", "CODE"), "CODE == 'yes' ? TIME : TIME - duration('1d')")],
}


class Dice:
    """Makes definitions and journals; the same seed makes the same.

    Of those without a `calendar` nothing depends on which day of the year it is: they are from a month in winter, and
    speak of no months, years or periods.
    """

    def __init__(self, seed: int, calendar: bool = True) -> None:
        self.random = Random(seed)
        self.one_of = self.random.choice
        self.calendar = calendar
        self.centre = CENTRE if calendar else WINTER
        self.units = _LENGTHS if calendar else _LENGTHS[:-2]
        self.distances = _DISTANCES if calendar else _DISTANCES[:-2]

    def chance(self, one_in: int) -> bool:
        """Whether a thing happens that happens once in so many times."""
        return self.random.randrange(one_in) == 0

    def clock(self) -> When:
        """An exact time around the centre."""
        return When(self.centre + timedelta(hours=self.one_of(_HOURS)))

    def time(self) -> When | None:
        """A time, often exact; none at times."""
        inexact = tuple(Precision) if self.calendar else (Precision.DAY,)
        kind = self.one_of([*["clock"] * 6, *inexact, None])
        if kind is None or kind in ("clock", Precision.CLOCK):
            return self.clock() if kind else None
        day = (self.centre + timedelta(days=self.random.randint(-4, 4))).astimezone(LOCAL)
        start = day.replace(hour=0, minute=0, second=0, fold=0)
        if kind is not Precision.DAY:
            start = start.replace(day=1) if kind is Precision.MONTH else start.replace(day=1, month=1)
        return When(start.astimezone(UTC), Precision(kind))

    def journal(self, sure: bool = True) -> list[JournalEntry]:
        """Stays, and entries of all kinds in and outside them; a `sure` one has a case, whatever makes cases."""
        entries = [self.stay(f"s{number}") for number in range(self.random.randint(1, 4))]
        entries += [self.entry(f"e{number:02}") for number in range(self.random.randint(1, 14))]
        if not sure:
            return entries
        common: dict[str, Any] = {"patient": "p1", "codes": (STROKE,), "stay": "s9"}
        return [
            *entries,
            JournalEntry(
                source="s9", kind=Kind.STAY, patient="p1", start=self.clock(), end=self.time(), stay_class="IMP"
            ),
            JournalEntry(source="x1", kind=Kind.CONDITION, start=self.clock(), **common),
            JournalEntry(source="x2", kind=Kind.PROCEDURE, start=self.clock(), **common),
        ]

    def stay(self, source: str) -> JournalEntry:
        """A stay of any sort, also one that ends before it starts."""
        return JournalEntry(
            source=source,
            kind=Kind.STAY,
            patient="p1",
            start=self.time(),
            end=self.time(),
            stay_class=self.one_of(["IMP", "IMP", "AMB"]),
            organisation=self.one_of(["", "north", "south"]),
            standing=self.one_of([Standing.COUNTS, Standing.COUNTS, Standing.PLANNED]),
        )

    def entry(self, source: str) -> JournalEntry:
        """An entry of any other kind."""
        kind = self.one_of([*_OFTEN, *sorted(_SPOKEN)])
        return JournalEntry(
            source=source,
            kind=kind,
            patient="p1",
            codes=tuple(self.random.sample(_SPOKEN[kind], min(len(_SPOKEN[kind]), self.random.randint(1, 2)))),
            start=self.time(),
            end=self.time(),
            recorded=self.time(),
            stay=self.one_of(["s9", "s9", "s0", "s1", None]),
            standing=self.one_of(
                [*[Standing.COUNTS] * 9, Standing.REFUTED, Standing.PRELIMINARY, Standing.PLANNED, Standing.ERROR]
            ),
            quantity=self.quantity() if kind in (Kind.OBSERVATION, Kind.ANSWER) else None,
            value_codes=self.one_of([(), (YES,), (YES,), (NO,), (ARM,), (NO, YES)]),
            value_time=self.time() if kind is Kind.ANSWER else None,
            site_codes=self.one_of([(), (DIABETES,), (ATRIAL,), (ATRIAL, DIABETES), (ARM,)]),
            rank=self.one_of([0, 0, 0, 1, 2]),
        )

    def quantity(self) -> Quantity | None:
        """A small number, now and then one that cannot be used."""
        if self.chance(15):
            return None
        unit, comparator = self.one_of(_UNITS), self.one_of([*[""] * 12, "<", "<=", ">", ">=", "ad"])
        value, high = Decimal(self.random.randint(0, 3)), Decimal(self.random.randint(0, 4))
        if self.chance(20):
            value = self.one_of([Decimal("1.5"), Decimal("NaN"), Decimal("Infinity")])
        return Quantity(value, unit, comparator, high if self.chance(12) else None)

    def definition(self) -> dict[str, Any]:
        """A definition as plain data."""
        case = self.case()
        return plans.data() | {"case": case, "variables": self.variables(case["select"] == "procedure")}

    def case(self) -> dict[str, Any]:
        """A case rule."""
        kind = self.one_of(["condition", "condition", "procedure", "stay"])
        rule: dict[str, Any] = {
            "select": kind,
            "start": self.one_of(["stay", "entry"]),
            "same_case_within": self.one_of(["0h", "90min", "12h", "2d", "1w"]),
            "same_case_from": self.one_of(["first", "last", "end"]),
        }
        if kind != "stay":
            rule["codes"] = {"icd10": ["I60-I64"]}
        if self.chance(2):
            rule["stay_class"] = ["IMP"]
        if self.chance(3):
            rule["begun_within"] = self.one_of(["0h", "12h", "2d"])
        if self.chance(2):
            rule["episode"] = {"gap": self.one_of(["0h", "12h", "1d"]), "transfers": self.chance(2)}
        if self.calendar and self.chance(4):
            rule["period"] = {"from": "2026-03-27", "to": "2026-03-30", "by": self.one_of(["start", "end"])}
        return rule

    def variables(self, procedures: bool) -> dict[str, Any]:
        """A few variables, which may depend on those before them."""
        made = {name: body for name, body in _TIMES.items() if self.chance(2)}
        for number in range(self.random.randint(2, 6)):
            made[f"V{number}"] = self.variable(made, procedures)
        return made

    def variable(self, earlier: dict[str, Any], procedures: bool) -> dict[str, Any]:
        """One variable with up to three rules."""
        times = [name for name, one in earlier.items() if one["normed"] == "time"]
        rules = _RuleDice(self, [*_ANCHORS, *["case.procedure"] * procedures, *(f"variable.{name}" for name in times)])
        form = self.one_of(["code", "code", "integer", "decimal", "datetime", "date"])
        body: dict[str, Any] = {
            **_HEAD,
            "normed": {"code": "answer", "integer": "number", "decimal": "figure"}.get(form, "time"),
            "type": form,
            **self.one_of(_MEASURES if form in ("code", "integer", "decimal") else [{}]),
            "worse": self.one_of(["higher", "lower"]),
            "automation": self.one_of(["automatic", "automatic", "proposed"]),
            "from": [rules.of_type(form, earlier) for _ in range(self.random.randint(1, 3))],
        }
        if form == "decimal":
            body["decimals"] = self.random.randint(1, 2)
        if form == "code":
            body["codes"] = self.one_of([{1: "yes", 2: "no", 9: "unknown"}, {0: "no", 1: "yes", 2: "unknown"}])
        if self.chance(15):
            return {word: said for word, said in body.items() if word != "from"} | {"automation": "manual"}
        if form in ("code", "integer", "decimal") and self.chance(2):
            given = self.random.sample(["condition", "answer", "observation", "document"], self.random.randint(0, 2))
            body["absent"] = {"is": "no" if form == "code" else 0, "given": given}
        asked = [name for name, one in earlier.items() if one["type"] == "code"]
        if asked and self.chance(3):
            body["when"] = {self.one_of(asked): self.one_of([["yes"], ["yes", "no"], ["unknown"]])}
        return body


def _holds(model: type[BaseModel], data: dict[str, str]) -> bool:
    try:
        model.model_validate(data)
    except ValidationError:
        return False
    return True


class _RuleDice:
    """Makes rules that may refer to some anchors."""

    def __init__(self, dice: Dice, anchors: Sequence[str]) -> None:
        self.dice = dice
        self.anchors = anchors

    def of_type(self, form: str, earlier: Mapping[str, Any]) -> dict[str, Any]:
        times = [name for name, one in earlier.items() if one["normed"] == "time"]
        if self.dice.chance(6) and (made := self.expression(form, earlier)):
            return {"expression": made}
        if form == "code":
            return self.code(times)
        if form in ("integer", "decimal"):
            return self.number(times)
        value = self.dice.one_of(["start", "start", "end", "answer_time"])
        kinds = (Kind.ANSWER,) if value == "answer_time" else _ALL
        return {**self.selection(kinds), **self.picking(numbers=False), "value": value}

    def code(self, times: Sequence[str], deep: bool = True) -> dict[str, Any]:
        one_of = self.dice.one_of
        form = one_of(["is", "is", "map", "site", "answer", "bands", "count", "all", "length", "between", "between"])
        if form == "length":
            return {**self.length(times), "bands": one_of(_BANDS)}
        if form == "between" and len(times) > 1:
            clock = one_of([{}, {"no_clock": "unknown"}])
            return {"between": self.dice.random.sample(times, 2), "bands": _BANDS[0], **clock}
        if form == "all" and deep:
            parts = [self.code(times, deep=False) for _ in range(self.dice.random.randint(1, 3))]
            return {"all": parts, "is": one_of(_MEANINGS)}
        if form == "map":
            combine = one_of([{}, {"combine": {"no+yes": "unknown"}}, {"combine": {"yes": "no"}}])
            rest = {"value": "code", "map": "told", **combine}
            return {**self.selection((Kind.CONDITION, Kind.PROCEDURE)), **self.picking(numbers=False), **rest}
        if form == "site":
            rest = {"value": "site", "map": "told"}
            return {**self.selection((Kind.PROCEDURE,)), **self.picking(numbers=False), **rest}
        if form == "answer":
            rest = {"value": "answer", "map": "told"}
            return {**self.selection((Kind.ANSWER,)), **self.picking(numbers=False), **rest}
        if form == "bands":
            rest = {"value": "quantity", "bands": one_of(_BANDS)}
            return {**self.selection((Kind.OBSERVATION, Kind.ANSWER)), **self.picking(numbers=True), **rest}
        if form == "count":
            return {**self.selection(_ALL), "value": "count", "bands": one_of(_BANDS)}
        return {**self.selection(_ALL), "is": one_of(_MEANINGS)}

    def number(self, times: Sequence[str]) -> dict[str, Any]:
        form = self.dice.one_of(["count", "length", "quantity", "quantity", "bound"])
        if form == "count":
            return {**self.selection(_ALL), "value": "count"}
        if form == "length":
            return self.length(times)
        bound = {"comparator": "bound"} if form == "bound" else {}
        kinds = (Kind.OBSERVATION, Kind.ANSWER)
        return {**self.selection(kinds), **self.picking(numbers=True), "value": "quantity", **bound}

    def length(self, times: Sequence[str]) -> dict[str, Any]:
        """A length of time: an age, or what is between two moments or variables."""
        if self.dice.calendar and self.dice.chance(3):
            return {**self.selection((Kind.BIRTH,)), **self.picking(numbers=False), "age_at": self.moment()}
        ends = [self.dice.one_of([self.moment(), *times]) for _ in range(2)]
        return {"duration": {"from": ends[0], "to": ends[1], "unit": self.dice.one_of(self.dice.units)}}

    def expression(self, form: str, earlier: Mapping[str, Any]) -> str:
        """An expression over earlier variables that gives such a value; "" when there are none to make it from."""
        of = {kind: [name for name, one in earlier.items() if one["type"] in kinds] for kind, kinds in _TYPES.items()}
        fitting = [text for needs, text in _EXPRESSIONS[form] if all(of[kind] for kind in needs)]
        if not fitting:
            return ""
        filled: str = self.dice.one_of(fitting)
        for kind, names in of.items():
            while kind in filled:
                filled = filled.replace(kind, self.dice.one_of(names), 1)
        return filled

    def selection(self, kinds: Sequence[Kind]) -> dict[str, Any]:
        """What a rule selects, without what it gives."""
        one_of = self.dice.one_of
        kind: str = one_of([*kinds, "index"] if Kind.CONDITION in kinds else list(kinds))
        rule: dict[str, Any] = {"select": str(kind), "same_stay": self.dice.chance(4)}
        if kind != "index":
            rule["codes"] = one_of(_CODES[Kind(kind)])
            rule["standing"] = one_of([*[["counts"]] * 6, ["counts", "preliminary"], ["planned"]])
        if self.dice.chance(2):
            rule["window"] = self.window()
        if self.dice.chance(8):
            rule["answers"] = one_of([{"boolean": "true"}, {"boolean": ["true", "false"]}])
        return {word: said for word, said in rule.items() if said is not None}

    def picking(self, numbers: bool) -> dict[str, Any]:
        # What is worse is said by the variable too; a rule may know better.
        worse = {"worse": self.dice.one_of(["higher", "lower"])} if self.dice.chance(2) else {}
        by_number = ["min", "max", "worst"] if numbers else []
        if numbers and self.dice.chance(3):
            return {"pick": self.dice.one_of(by_number), **worse}
        return {
            "pick": self.dice.one_of(["any", "first", "last", "last_recorded", *[self.closest()] * 4]),
            "several": self.dice.one_of(["disagree", "disagree", "last_recorded", *by_number]),
            **worse,
        }

    def closest(self) -> dict[str, str]:
        one_of = self.dice.one_of
        side, tie = one_of(["either", "before", "after"]), one_of(["later", "earlier", "disagree"])
        return {"closest": self.moment(), "side": side, "tie": tie}

    def window(self) -> Any:
        form = self.dice.one_of(["named", "covers", "bounds", "bounds", "bounds"])
        if form == "named":
            return self.dice.one_of(sorted(WINDOWS))
        if form == "covers":
            return {"covers": self.moment()}
        lower, upper = self.dice.one_of(["from", "after", ""]), self.dice.one_of(["to", "before", ""])
        made = {bound: self.moment() for bound in (lower, upper) if bound}
        return made if _holds(Window, made) else self.window()  # not upside down

    def moment(self) -> str:
        anchor = self.dice.one_of(self.anchors)
        if self.dice.chance(2):
            return anchor
        return f"{anchor} {self.dice.one_of('+-')} {self.dice.one_of(self.dice.distances)}"
