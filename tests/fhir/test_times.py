"""Times: what a FHIR date says, how exactly, and on whose clock."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from registries.entry import Precision
from registries.plan import Plan
from reporting.adapters.fhir.values import BadTime, when
from tests.journals import condition, decided, nihss, patient, procedure, statement, stay, stroke, values, write

CLOCK, DAY, MONTH, YEAR = Precision.CLOCK, Precision.DAY, Precision.MONTH, Precision.YEAR


@pytest.mark.parametrize(
    ("text", "utc", "precision", "local"),
    [
        ("2025-03-02T14:10:00+01:00", "2025-03-02T13:10:00", CLOCK, "2025-03-02T14:10"),
        ("2025-03-02T13:10:00Z", "2025-03-02T13:10:00", CLOCK, "2025-03-02T14:10"),
        ("2025-03-02T13:10:00.123Z", "2025-03-02T13:10:00.123", CLOCK, "2025-03-02T14:10"),
        ("2025-03-02T13:10:00.123456789Z", "2025-03-02T13:10:00.123456", CLOCK, "2025-03-02T14:10"),
        ("2025-03-02T08:10:00-05:00", "2025-03-02T13:10:00", CLOCK, "2025-03-02T14:10"),
        ("2025-03-02T18:40:00+05:30", "2025-03-02T13:10:00", CLOCK, "2025-03-02T14:10"),
        ("2025-03-02T14:10:00", "2025-03-02T13:10:00", CLOCK, "2025-03-02T14:10"),
        ("2025-07-02T14:10:00", "2025-07-02T12:10:00", CLOCK, "2025-07-02T14:10"),
        ("2025-03-02T23:30:00-02:00", "2025-03-03T01:30:00", CLOCK, "2025-03-03T02:30"),
        ("2025-03-02", "2025-03-01T23:00:00", DAY, "2025-03-02"),
        ("2025-07-02", "2025-07-01T22:00:00", DAY, "2025-07-02"),
        ("2024-02-29", "2024-02-28T23:00:00", DAY, "2024-02-29"),
        ("2025-07", "2025-06-30T22:00:00", MONTH, "2025-07"),
        ("2025", "2024-12-31T23:00:00", YEAR, "2025"),
        # The clock goes from 02:00 to 03:00 on 30 March 2025, and from 03:00 to 02:00 on 26 October.
        ("2025-03-30T01:59:00", "2025-03-30T00:59:00", CLOCK, "2025-03-30T01:59"),
        ("2025-03-30T03:00:00", "2025-03-30T01:00:00", CLOCK, "2025-03-30T03:00"),
        ("2025-10-26T02:30:00+02:00", "2025-10-26T00:30:00", CLOCK, "2025-10-26T02:30"),
        ("2025-10-26T02:30:00+01:00", "2025-10-26T01:30:00", CLOCK, "2025-10-26T02:30"),
        ("9999-12-31", "9999-12-30T23:00:00", DAY, "9999-12-31"),
    ],
)
def test_a_time_is_read_as_it_is_written(text: str, utc: str, precision: Precision, local: str) -> None:
    found = when(text)
    assert found is not None
    assert (found.moment, found.precision) == (datetime.fromisoformat(utc).replace(tzinfo=UTC), precision)
    assert str(found) == local


@pytest.mark.parametrize(
    ("text", "latest"),
    [
        ("2025-03-02T13:10:00Z", "2025-03-02T13:10:00"),
        ("2025-03-02", "2025-03-02T22:59:59.999999"),
        ("2025-03-30", "2025-03-30T21:59:59.999999"),  # 23 hours
        ("2025-10-26", "2025-10-26T22:59:59.999999"),  # 25 hours
        ("2025-12", "2025-12-31T22:59:59.999999"),
        ("2024-02", "2024-02-29T22:59:59.999999"),
        ("2025", "2025-12-31T22:59:59.999999"),
        ("9999-12-31", "9999-12-31T23:59:59.999999"),
        ("9999", "9999-12-31T23:59:59.999999"),
    ],
)
def test_an_inexact_time_lasts_to_its_end(text: str, latest: str) -> None:
    found = when(text)
    assert found is not None
    assert found.latest == datetime.fromisoformat(latest).replace(tzinfo=UTC)


def test_no_time_is_none() -> None:
    assert when(None) is None


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "yesterday", "02.03.2025", "2025-3-2", "2025-13-01", "2025-02-30", "2025-02-29", "20250302",
        "2025-W10", "2025-W10-7", "2025-061", "202503021410", "2025-03-02T", "2025-03-02T24:00:00",
        "2025-03-02T14:60:00",
        "2025-03-02T14:10:00+25:00", "0000", "10000-01-01", "2025-03-02T14:10:00+01:00Z", "0001-01-01", "٢٠٢٥",
    ],
)  # fmt: skip
def test_anything_else_is_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(BadTime, match=r"^a date or time that cannot be read$"):
        when(text)


def test_systems_that_write_no_end_as_the_year_9999_are_understood(tmp_path: Path, stroke_plan: Plan) -> None:
    for number, end in enumerate(("9999-12-31", "9999-12-31T23:59:59Z", "9999-12-31T00:00:00+01:00")):
        taken = statement("s1", "B01AC06", effectivePeriod={"start": "2024-01-01", "end": end})
        staying = stay(start="2025-03-02T14:10:00+01:00", end=end)
        journal = [patient(), staying, condition(), nihss(7), taken, procedure("x", {}, performedDateTime=end)]
        (decision,), summary = decided(stroke_plan, write(tmp_path / f"{number}.ndjson", journal))
        assert summary.account.problems == []
        assert (values(decision)["PreASA"], values(decision)["NIHSSinnkomst"]) == (1, 7), end


@pytest.mark.parametrize("start", ["0001-01-01T00:00:00Z", "0001-01-02", "0002", "9999-12-31T23:59:59Z", "9999-12-31"])
def test_a_case_at_the_edge_of_time_stops_nobody(start: str, tmp_path: Path, stroke_plan: Plan) -> None:
    edge = [patient("p2"), stay("e2", "p2", start, None), condition("c2", "p2", stay="e2"), nihss(3, "o2", "p2")]
    made, _ = decided(stroke_plan, write(tmp_path / "a.ndjson", [*edge, *stroke("1")]))
    assert [decision.record.patient for decision in made] == ["Patient/p1", "Patient/p2"]


@pytest.mark.parametrize(
    ("started", "expected"),
    [("2025-10-26T02:30:00+02:00", "2025-10-26T02:30"), ("2025-03-30T01:59:00+01:00", "2025-03-30T01:59")],
)
def test_a_night_when_the_clock_changes_is_told_as_the_wall_showed_it(
    started: str, expected: str, tmp_path: Path, stroke_plan: Plan
) -> None:
    journal = [patient(), stay(start=started, end=None), condition(onsetDateTime=started)]
    (decision,), _ = decided(stroke_plan, write(tmp_path / "a.ndjson", journal))
    assert values(decision)["Innleggelsestidspunkt"] == expected
