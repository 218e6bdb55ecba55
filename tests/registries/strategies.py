"""Entries and charts for property tests: one vocabulary, in which everything can meet everything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import msgspec
from hypothesis import strategies as st

from registries.chart import Chart, chart_of
from registries.entry import JournalEntry, Kind, Precision, Quantity, Standing, When
from registries.plan import Plan
from terminology.codes import ATC, ICD10, LOINC, SNOMED, Code, code_of

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
KEY = b"test"


def code(system: str, value: str) -> Code:
    """A code that is one."""
    found = code_of(system, value)
    assert found is not None
    return found


STROKE, ATRIAL, DIABETES = code(ICD10, "I63.9"), code(ICD10, "I48"), code(ICD10, "E11.9")
NIHSS, INSULIN, SMOKES = code(LOINC, "70182-1"), code(ATC, "A10AB05"), code(SNOMED, "77176002")

clocks = st.integers(-60, 60).map(lambda half_days: When(NOON + timedelta(hours=12 * half_days)))
days = st.integers(-30, 30).map(lambda n: When(NOON + timedelta(days=n, hours=-13), Precision.DAY))
years = st.integers(2020, 2026).map(lambda year: When(datetime(year - 1, 12, 31, 23, tzinfo=UTC), Precision.YEAR))
times = st.one_of(st.none(), clocks, days, years)
quantities = st.one_of(
    st.none(),
    st.builds(Quantity, st.integers(0, 6).map(Decimal), st.sampled_from(["", "1"]), st.sampled_from(["", "<"])),
)
_SPOKEN = {
    Kind.CONDITION: [STROKE, ATRIAL, DIABETES],
    Kind.OBSERVATION: [NIHSS],
    Kind.MEDICATION_STATEMENT: [INSULIN],
}


@st.composite
def entries(draw: st.DrawFn, kinds: tuple[Kind, ...] = tuple(_SPOKEN)) -> JournalEntry:
    """An entry about something that the plan of `tests.registries.plans` asks about."""
    kind = draw(st.sampled_from(kinds))
    return JournalEntry(
        source=draw(st.uuids()).hex,
        kind=kind,
        patient="p1",
        codes=tuple(draw(st.lists(st.sampled_from(_SPOKEN[kind]), min_size=1, max_size=2, unique=True))),
        start=draw(times),
        end=draw(times),
        recorded=draw(times),
        stay=draw(st.sampled_from([None, "s1", "s2"])),
        standing=draw(st.sampled_from([Standing.COUNTS, Standing.COUNTS, Standing.COUNTS, Standing.REFUTED])),
        quantity=draw(quantities),
    )


def stays() -> list[JournalEntry]:
    """Two stays that entries may belong to, and the diagnosis that makes a case of the first."""
    first, second = When(NOON), When(NOON + timedelta(days=3))
    return [
        JournalEntry(source="s1", kind=Kind.STAY, patient="p1", start=first, end=second, stay_class="IMP"),
        JournalEntry(source="s2", kind=Kind.STAY, patient="p1", start=second, end=None, stay_class="AMB"),
        JournalEntry(source="x1", kind=Kind.CONDITION, patient="p1", codes=(STROKE,), start=first, stay="s1"),
    ]


def marked(found: Iterable[JournalEntry], plan: Plan) -> list[JournalEntry]:
    """Entries with the selectors they satisfy, as a source marks them."""
    return [msgspec.structs.replace(one, selectors=plan.select(one.kind, one.codes)) for one in found]


def chart(found: Iterable[JournalEntry], plan: Plan) -> Chart:
    """A chart as a source makes it of readable entries."""
    listed = marked(found, plan)
    return chart_of("p1", listed, Counter(one.kind for one in listed), {})
