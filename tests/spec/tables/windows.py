"""When an entry must have happened, and what an inexact time can mean."""

from __future__ import annotations

from tests.spec.language import PROCEDURE, PROCEDURE_CASE, Section, Spec

#: Winter time ends at 02:00 on 29 March 2026; summer time at 03:00 on 25 October.
_SPRING = """
    id | kind      | code        | start            | end              | class | stay
    s1 | stay      |             | 2026-03-29 01:00 | 2026-03-30 12:00 | IMP   |
    x1 | condition | icd10:I63.9 | 2026-03-29 01:00 |                  |       | s1
"""
_AUTUMN = """
    id | kind      | code        | start                     | end              | class | stay
    s1 | stay      |             | 2026-10-25 02:30+02:00    | 2026-10-30 12:00 | IMP   |
    x1 | condition | icd10:I63.9 | 2026-10-25 01:00          |                  |       | s1
"""
_LEAP = """
    id | kind      | code        | start            | end              | class | stay
    s1 | stay      |             | 2024-02-29 10:00 | 2024-03-02 12:00 | IMP   |
    x1 | condition | icd10:I63.9 | 2024-02-29 10:00 |                  |       | s1
"""
_OPEN = """
    id | kind      | code        | start            | class | stay
    s1 | stay      |             | 2026-03-10 10:00 | IMP   |
    x1 | condition | icd10:I63.9 | 2026-03-10 08:00 |       | s1
"""
_DAY = """
    id | kind      | code        | start      | end        | class | stay
    s1 | stay      |             | 2026-03-10 | 2026-03-14 | IMP   |
    x1 | condition | icd10:I63.9 | 2026-03-10 |            |       | s1
"""


def _condition(window: str) -> str:
    return f'from:\n  - {{select: condition, codes: {{icd10: [I48]}}, window: {{{window}}}, is: "yes"}}'


def _window(word: str, says: str, window: str, table: str) -> Spec:
    return Spec(word, says, _condition(window), table)


SECTION = Section(
    "Windows and times",
    "`window` says when an entry must have happened, from moments of the case: `case.start`, `case.end`, `case.onset`, "
    "`case.admission` or `case.discharge`, and a distance in hours (`2h`), days of 24 hours (`28d`) or calendar years "
    "(`5y`). An entry's time is its start or, if it has none, when it was recorded.",
    (
        _window(
            "`from`",
            "Not before this moment; the moment itself is inside.",
            "from: case.start - 2h",
            """
            kind      | code      | start
            condition | icd10:I48 | 2026-03-10 08:00 => yes
            condition | icd10:I48 | 2026-03-10 07:59 => outside_window; from a
            condition | icd10:I48 | 2030-01-01 00:00 => yes
            """,
        ),
        _window(
            "`to`",
            "Not after this moment; the moment itself is inside.",
            "to: case.start + 24h",
            """
            kind      | code      | start
            condition | icd10:I48 | 2026-03-11 10:00 => yes
            condition | icd10:I48 | 2026-03-11 10:01 => outside_window
            condition | icd10:I48 | 1999-01-01 00:00 => yes
            """,
        ),
        _window(
            "`before`",
            "Earlier than this moment; the moment itself is outside.",
            "before: case.start",
            """
            kind      | code      | start
            condition | icd10:I48 | 2026-03-10 09:59 => yes
            condition | icd10:I48 | 2026-03-10 10:00 => outside_window
            """,
        ),
        _window(
            "`from` and `to`",
            "Both must hold.",
            "from: case.start, to: case.end",
            """
            kind      | code      | start
            condition | icd10:I48 | 2026-03-10 09:59 => outside_window
            condition | icd10:I48 | 2026-03-12 00:00 => yes
            condition | icd10:I48 | 2026-03-14 12:00 => yes
            condition | icd10:I48 | 2026-03-14 12:01 => outside_window
            """,
        ),
        Spec(
            "`covers`",
            "The entry's own period includes the moment: a medicine in use. A period without an end goes on; one without "
            "a start counts from when it was recorded; an end that is a date lasts to the end of that day.",
            """
            from:
              - {select: medication_statement, codes: {atc: [B01AC06]}, window: {covers: case.start}, is: "yes"}
            """,
            """
            kind                 | code        | start            | end              | recorded
            medication_statement | atc:B01AC06 | 2020-01-01       |                  | => yes
            medication_statement | atc:B01AC06 | 2020-01-01       | 2026-03-09       | => outside_window
            medication_statement | atc:B01AC06 | 2020-01-01       | 2026-03-10       | => yes
            medication_statement | atc:B01AC06 | 2026-03-10 10:00 | 2026-03-10 10:00 | => yes
            medication_statement | atc:B01AC06 | 2026-03-10 10:01 |                  | => outside_window
            medication_statement | atc:B01AC06 |                  |                  | 2026-03-01 => yes
            medication_statement | atc:B01AC06 |                  | 2026-12-31       | 2026-03-11 => outside_window
            """,
        ),
        _window(
            "an entry's time",
            "Its start, also when it was written down long after; only an entry without a start counts from then.",
            "from: case.start, to: case.end",
            """
            kind      | code      | start            | recorded
            condition | icd10:I48 | 2026-03-11 10:00 | 2026-06-01 10:00 => yes
            condition | icd10:I48 | 2020-01-01       | 2026-03-11 10:00 => outside_window
            condition | icd10:I48 |                  | 2026-03-11 10:00 => yes
            """,
        ),
        _window(
            "entries without a time",
            "With a window, an entry that tells no time cannot be placed, and is not guessed about.",
            "to: case.end",
            """
            kind      | code      | start | recorded
            condition | icd10:I48 |       | => no_time; from a
            condition | icd10:I48 |       | 2026-03-11 10:00 => yes
            """,
        ),
        _window(
            "`case.onset`",
            "The earliest time an index event speaks of; the case's start when none is earlier.",
            "before: case.onset",
            """
            kind      | code      | start
            condition | icd10:I48 | 2026-03-10 07:59 => yes
            condition | icd10:I48 | 2026-03-10 08:00 => outside_window
            """,
        ),
        Spec(
            "`case.admission`",
            "The start of the stay, also where the case starts with a procedure.",
            _condition("from: case.admission, to: case.start"),
            """
            kind      | code      | start
            condition | icd10:I48 | 2026-03-10 06:59 => outside_window
            condition | icd10:I48 | 2026-03-10 07:00 => yes
            condition | icd10:I48 | 2026-03-10 09:01 => outside_window
            """,
            frame=PROCEDURE,
            case=PROCEDURE_CASE,
        ),
        Spec(
            "`case.discharge`",
            "The end of the stay, also where the case ends with a procedure.",
            _condition("from: case.end, to: case.discharge"),
            """
            kind      | code      | start
            condition | icd10:I48 | 2026-03-10 10:29 => outside_window
            condition | icd10:I48 | 2026-03-10 10:30 => yes
            condition | icd10:I48 | 2026-03-12 15:00 => yes
            condition | icd10:I48 | 2026-03-12 15:01 => outside_window
            """,
            frame=PROCEDURE,
            case=PROCEDURE_CASE,
        ),
        Spec(
            "a stay that has not ended",
            "Goes on: everything after its start is before its end.",
            _condition("from: case.start, to: case.end"),
            """
            kind      | code      | start
            condition | icd10:I48 | 2027-01-01 10:00 => yes
            """,
            frame=_OPEN,
        ),
        _window(
            "days",
            "A day is 24 hours, not a date: 28 days before 10:00 is 10:00.",
            "from: case.start - 28d",
            """
            kind      | code      | start
            condition | icd10:I48 | 2026-02-10 10:00 => yes
            condition | icd10:I48 | 2026-02-10 09:59 => outside_window
            """,
        ),
        _window(
            "years",
            "Years are those of the calendar.",
            "from: case.start - 5y",
            """
            kind      | code      | start
            condition | icd10:I48 | 2021-03-10 10:00 => yes
            condition | icd10:I48 | 2021-03-10 09:59 => outside_window
            """,
        ),
        Spec(
            "years from 29 February",
            "A year without one has the 28th instead.",
            _condition("from: case.start - 1y"),
            """
            kind      | code      | start
            condition | icd10:I48 | 2023-02-28 10:00 => yes
            condition | icd10:I48 | 2023-02-28 09:59 => outside_window
            """,
            frame=_LEAP,
        ),
        _window(
            "a date, month or year before a moment",
            "An inexact time is before a moment only when all of it is: what was found on the day of the admission may "
            "have been found after it.",
            "before: case.start",
            """
            kind      | code      | start
            condition | icd10:I48 | 2026-03-09 => yes
            condition | icd10:I48 | 2026-03-10 => outside_window
            condition | icd10:I48 | 2026-02 => yes
            condition | icd10:I48 | 2026-03 => outside_window
            condition | icd10:I48 | 2025 => yes
            condition | icd10:I48 | 2026 => outside_window
            """,
        ),
        _window(
            "a date, month or year in a window",
            "An inexact time is inside when any moment of it is.",
            "from: case.start, to: case.end",
            """
            kind      | code      | start
            condition | icd10:I48 | 2026-03-09 => outside_window
            condition | icd10:I48 | 2026-03-10 => yes
            condition | icd10:I48 | 2026-03-14 => yes
            condition | icd10:I48 | 2026-03-15 => outside_window
            condition | icd10:I48 | 2026-03 => yes
            condition | icd10:I48 | 2026-04 => outside_window
            condition | icd10:I48 | 2026 => yes
            condition | icd10:I48 | 2025 => outside_window
            """,
        ),
        Spec(
            "a case whose times are dates",
            "It starts when its first day starts and ends when its last day ends.",
            _condition("from: case.start, to: case.end"),
            """
            kind      | code      | start
            condition | icd10:I48 | 2026-03-10 00:00 => yes
            condition | icd10:I48 | 2026-03-09 23:59 => outside_window
            condition | icd10:I48 | 2026-03-14 23:59 => yes
            condition | icd10:I48 | 2026-03-15 00:00 => outside_window
            """,
            frame=_DAY,
        ),
        Spec(
            "when summer time begins",
            "Hours are hours that pass: two hours after 01:00 the clock shows 04:00.",
            _condition("from: case.start, to: case.start + 2h"),
            """
            kind      | code      | start
            condition | icd10:I48 | 2026-03-29 04:00 => yes
            condition | icd10:I48 | 2026-03-29 04:01 => outside_window
            """,
            frame=_SPRING,
        ),
        Spec(
            "when summer time ends",
            "The hour that comes twice is told apart by what the journal says about the zone.",
            _condition("from: case.start, to: case.start + 1h"),
            """
            kind      | code      | start
            condition | icd10:I48 | 2026-10-25 02:29+02:00 => outside_window
            condition | icd10:I48 | 2026-10-25 02:10+01:00 => yes
            condition | icd10:I48 | 2026-10-25 02:31+01:00 => outside_window
            """,
            frame=_AUTUMN,
        ),
    ),
)
