"""Codebooks as formats can hold them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import strategies as st

from registries.codebooks import Choice, Codebook, Coding, Condition, Field, Form, Interval, number

#: Texts as they come out of a cell: no control characters, nothing empty at either end, and not a word for nothing.
TEXTS = (
    st.text(st.characters(codec="utf-8", exclude_categories=("C",)), min_size=1, max_size=12)
    .map(str.strip)
    .filter(lambda text: text not in ("", "null", "nullMangler"))
)
MAYBE = st.just("") | TEXTS | st.sampled_from(['a;"b"', "to\nlinjer", "æøå", "'", "=1+1", "a\u2028b"])
NAMES = st.from_regex(r"[A-Z][A-Z0-9_]{0,5}", fullmatch=True)
DAYS = st.dates(date(1950, 1, 1), date(2030, 1, 1))
NUMBERS = st.decimals(-10000, 10000, places=2).map(lambda value: str(number(str(value))))
WORDS = st.sampled_from(["todayYear", "birthYear"])
MOMENTS = DAYS.map(date.isoformat) | st.sampled_from(["today", "today + 30d", "regDate"])


@st.composite
def intervals(draw: st.DrawFn, values: st.SearchStrategy[str], key: type = str) -> Interval:
    """Two limits, the lower first when both can be compared."""
    low, high = draw(st.just("") | values), draw(st.just("") | values)
    if key is float and number(low) and number(high) and float(low) > float(high):
        low, high = high, low
    if key is str and low[:1].isdigit() and high[:1].isdigit() and low > high:
        low, high = high, low
    return Interval(low, high)


TYPES = st.sampled_from(
    [
        *("choice", "dynamic", "integer", "decimal", "boolean", "date", "time", "datetime", "string", "text"),
        *("status", "hidden"),
    ]
)


@st.composite
def fields(draw: st.DrawFn) -> Field:
    """A field with all that OpenQReg's codebook can say of it."""
    made = draw(
        st.builds(
            Field,
            id=NAMES,
            label=MAYBE,
            type=TYPES,
            required=st.booleans(),
            help=MAYBE,
            comment=MAYBE,
            table=MAYBE,
            column=MAYBE,
            report_name=MAYBE,
            normal=intervals(NUMBERS | WORDS, float),
            limits=intervals(NUMBERS | WORDS, float),
            normal_dates=intervals(MOMENTS),
            limit_dates=intervals(MOMENTS),
            length=st.none() | st.integers(0, 2000),
            characters=MAYBE,
            activates=st.booleans(),
            activated=st.booleans(),
            introduced=st.none() | DAYS,
            phased_out=st.none() | DAYS,
        )
    )
    if made.type == "decimal":
        made = replace(made, decimals=draw(st.none() | st.integers(1, 9)))
    if made.type != "choice":
        return made
    codes = draw(st.lists(TEXTS, unique=True, max_size=4))
    choices = tuple(Choice(code, draw(MAYBE)) for code in codes)
    if len(choices) > 1 and draw(st.booleans()):
        # Days that differ are the values' own, and then the field has none.
        days = draw(st.lists(st.none() | DAYS, min_size=len(choices), max_size=len(choices)))
        if len(set(days)) > 1:
            choices = tuple(replace(one, introduced=one_day) for one, one_day in zip(choices, days, strict=True))
            made = replace(made, introduced=None)
    return replace(made, choices=choices)


@st.composite
def codebooks(draw: st.DrawFn, title: str = "bok") -> Codebook:
    """A codebook that OpenQReg's format holds whole."""
    names = draw(st.lists(TEXTS, min_size=1, max_size=2, unique=True))
    of_a_form = st.lists(fields(), min_size=1, max_size=2, unique_by=lambda one: one.id)
    return Codebook(title, tuple(Form(name, tuple(draw(of_a_form))) for name in names))


CODINGS = st.builds(Coding, code=TEXTS, label=MAYBE, system=st.sampled_from(["", "http://loinc.org"]))


@st.composite
def rich_fields(draw: st.DrawFn, depth: int = 1) -> Field:
    """A field with all that a Questionnaire can say of it, and fields below it."""
    made = draw(fields())
    kinds = ["open-choice", "quantity", "url", "attachment", "reference"]
    if draw(st.booleans()):
        made = replace(made, type=draw(st.sampled_from(kinds)), decimals=None)  # type: ignore[arg-type]
    if made.type in ("choice", "open-choice"):
        other = st.sampled_from(["coding", "string"])
        made = replace(
            made,
            choices=tuple(
                replace(one, system="http://loinc.org")
                if draw(other) == "coding"
                else replace(one, kind="string", label="")
                for one in made.choices
            ),
            value_set="" if made.choices else draw(st.sampled_from(["", "http://example.org/vs"])),
        )
    else:
        made = replace(made, choices=())
    below = draw(st.lists(rich_fields(depth - 1), max_size=2)) if depth else []  # type: ignore[arg-type]
    if below and draw(st.booleans()):
        made = Field(made.id, made.label, "group", help=made.help, fields=tuple(below))
    else:
        made = replace(made, fields=tuple(below))
    unit = draw(st.sampled_from(["", "mg/dL", "kg"]))
    return replace(made, unit=unit, codes=tuple(draw(st.lists(CODINGS, max_size=2))), repeats=draw(st.booleans()))


CONDITIONS = st.sampled_from(
    [
        ("coding", "1", "http://loinc.org"),
        ("coding", "1", ""),
        ("boolean", "true", ""),
        ("boolean", "false", ""),
        ("integer", "-3", ""),
        ("decimal", "0.25", ""),
        ("date", "2026-01-01", ""),
        ("string", "x", ""),
    ]
)


@st.composite
def questionnaires(draw: st.DrawFn) -> Codebook:
    """A codebook that a Questionnaire holds whole: names once, conditions that name questions."""
    names = draw(st.lists(TEXTS, min_size=1, max_size=2, unique=True))
    forms = [Form(name, tuple(draw(st.lists(rich_fields(), min_size=1, max_size=2)))) for name in names]
    number_of = iter(range(1000))
    forms = [replace(form, fields=tuple(_renamed(one, number_of) for one in form.fields)) for form in forms]
    questions = [one.id for form in forms for one in form.walk() if one.type not in ("group", "display")]

    def bound(one: Field) -> Field:
        wanted = draw(st.lists(st.tuples(st.sampled_from(questions), CONDITIONS), max_size=2)) if questions else []
        when = tuple(Condition(name, "=", kind, answer, system) for name, (kind, answer, system) in wanted)  # type: ignore[arg-type]
        some = draw(st.booleans()) and len(when) > 1
        return replace(one, when=when, when_any=some, fields=tuple(bound(below) for below in one.fields))

    forms = [replace(form, fields=tuple(bound(one) for one in form.fields)) for form in forms]
    status = draw(st.sampled_from(["draft", "active", "retired", "unknown"]))
    return Codebook(draw(TEXTS), tuple(forms), draw(MAYBE), draw(st.sampled_from(["", "http://a.example/q"])), status)  # type: ignore[arg-type]


def _renamed(one: Field, numbers: object) -> Field:
    name = f"{one.id}-{next(numbers)}"  # type: ignore[call-overload]
    return replace(one, id=name, fields=tuple(_renamed(below, numbers) for below in one.fields))
