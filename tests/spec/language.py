"""How a spec is written: a rule in YAML, and journals as small tables with what the rule gives.

A table's first line names its columns. A blank line, or a result after `=>`, ends one journal and begins the next; a
line that holds nothing but a result is an empty journal. Rows without an `id` are called a, b, c … in each journal.

    kind      | code        | start
    condition | icd10:E11.9 | 2020-05-04 => yes; from a
    => no_entry
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from textwrap import dedent

from registries.entry import LOCAL, JournalEntry, Kind, Precision, Quantity, Standing, When
from terminology.codes import SYSTEMS, Code, code_of

#: The journal that every example stands in, unless it brings its own: one stay and the diagnosis that makes the case.
STROKE = """
    id | kind      | code        | start            | end              | recorded         | class | stay
    s1 | stay      |             | 2026-03-10 10:00 | 2026-03-14 12:00 |                  | IMP   |
    x1 | condition | icd10:I63.9 | 2026-03-10 08:00 |                  | 2026-03-10 13:00 |       | s1
"""

#: A journal with a procedure, for what differs between the case and the stay it was done in.
PROCEDURE = """
    id | kind      | code       | start            | end              | class | stay | site
    s1 | stay      |            | 2026-03-10 07:00 | 2026-03-12 15:00 | IMP   |      |
    x1 | procedure | ncsp:FNG02 | 2026-03-10 09:00 | 2026-03-10 10:30 |       | s1   | snomed:45631007
"""

#: The case rule that goes with it.
PROCEDURE_CASE = """
    select: procedure
    codes: {snomed: "<< 33367005 |Coronary angiography|", ncsp: [FNG02, FNG05]}
    start: entry
    same_case_within: 6h
"""

#: The case rule of the examples.
STROKE_CASE = """
    select: condition
    codes: {icd10: [I61, I63, I64]}
    stay_class: [IMP, ACUTE]
    start: stay
    same_case_within: 28d
"""

_FORMS = (
    ("%Y-%m-%d %H:%M", Precision.CLOCK),
    ("%Y-%m-%d", Precision.DAY),
    ("%Y-%m", Precision.MONTH),
    ("%Y", Precision.YEAR),
)


@dataclass(frozen=True, slots=True)
class Journal:
    """Entries as written, one mapping a row, and what is expected of them."""

    rows: tuple[dict[str, str], ...]
    gives: str


@dataclass(frozen=True, slots=True)
class Table:
    """Column names in the order they are written, and the journals."""

    columns: tuple[str, ...]
    journals: tuple[Journal, ...]


@dataclass(frozen=True, slots=True)
class Spec:
    """One use of one word: what it says, a variable that uses it, and what the variable becomes in some journals.

    `variable` is the YAML of one variable without what the example does not need; `earlier` of named variables that
    stand before it; `orders` and `checks` are the definition's. `frame` replaces the journal around the examples, and
    `case` the case rule.
    """

    word: str
    says: str
    variable: str
    table: str
    earlier: str = ""
    frame: str = STROKE
    case: str = STROKE_CASE
    orders: str = ""
    checks: str = ""

    @property
    def name(self) -> str:
        """What the test is called."""
        return self.word.replace(" ", "-").replace("`", "")


@dataclass(frozen=True, slots=True)
class CaseSpec:
    """A case rule and journals: which cases come of each, and why other candidates are none."""

    word: str
    says: str
    case: str
    table: str

    @property
    def name(self) -> str:
        """What the test is called."""
        return self.word.replace(" ", "-").replace("`", "")


@dataclass(frozen=True, slots=True)
class Section:
    """A chapter of the language."""

    title: str
    text: str
    specs: tuple[Spec | CaseSpec, ...]


def table(text: str) -> Table:
    """Read a table of journals, each ended by its result."""
    lines = [line.strip() for line in dedent(text).strip().splitlines()]
    columns = tuple(name.strip() for name in lines[0].split("|"))
    journals, rows = [], list[dict[str, str]]()
    for line in lines[1:]:
        written, arrow, gives = line.partition("=>")
        if written.strip():
            cells = [cell.strip() for cell in written.split("|")]
            if len(cells) > len(columns):
                raise ValueError(f"more cells than columns: {line}")
            rows.append({name: cell for name, cell in zip(columns, cells, strict=False) if cell})
        if arrow:
            journals.append(Journal(_named(rows), gives.strip()))
            rows = []
    if rows:
        raise ValueError(f"a journal without a result: {rows}")
    return Table(columns, tuple(journals))


def frame(text: str) -> tuple[dict[str, str], ...]:
    """Read a table that is one journal without a result."""
    return table(text.rstrip() + " =>").journals[0].rows


def _named(rows: list[dict[str, str]]) -> tuple[dict[str, str], ...]:
    return tuple({"id": chr(ord("a") + number), **row} for number, row in enumerate(rows))


def entry(row: dict[str, str], patient: str = "p1") -> JournalEntry:
    """The journal entry that a row writes."""
    return JournalEntry(
        source=row["id"],
        kind=Kind(row["kind"]),
        patient=patient,
        codes=codes(row.get("code", "")),
        start=when(row.get("start", "")),
        end=when(row.get("end", "")),
        recorded=when(row.get("recorded", "")),
        stay=row.get("stay"),
        standing=Standing(row.get("standing", "counts")),
        quantity=quantity(row.get("value", "")),
        value_codes=codes(row.get("answer", "")),
        value_time=when(row.get("answer_time", "")),
        site_codes=codes(row.get("site", "")),
        stay_class=row.get("class", ""),
        organisation=row.get("organisation", ""),
        rank=int(row.get("rank", "0")),
        updated=row.get("updated", ""),
    )


def codes(text: str) -> tuple[Code, ...]:
    """`icd10:I63.9, snomed:230690007` as codes; a system nobody knows gives none, as sources do."""
    parts = [part.strip().partition(":") for part in text.split(",") if part.strip()]
    return tuple(code for name, _, value in parts if (code := code_of(SYSTEMS.get(name, name), value)) is not None)


def when(text: str) -> When | None:
    """`2026-03-10 08:00`, `2026-03-10`, `2026-03` or `2026`, local; an hour that exists twice may add `+02:00`."""
    if not text:
        return None
    if "+" in text:
        return When(datetime.fromisoformat(text).astimezone(UTC))
    for form, precision in _FORMS:
        try:
            moment = datetime.strptime(text, form).replace(tzinfo=LOCAL)
        except ValueError:
            continue
        return When(moment.astimezone(UTC), precision)
    raise ValueError(f"not a time: {text}")


def quantity(text: str) -> Quantity | None:
    """`7.2 mmol/L`, `<40 umol/L`, `5..7 umol/L`, `7`."""
    if not text:
        return None
    number, _, unit = text.partition(" ")
    bare = number.lstrip("<>=")
    low, _, high = bare.partition("..")
    return Quantity(Decimal(low), unit, number.removesuffix(bare), Decimal(high) if high else None)
