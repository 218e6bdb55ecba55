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
_JANUARY = """
    id | kind      | code        | start            | end              | class | stay
    s1 | stay      |             | 2026-01-31 10:00 | 2026-02-02 12:00 | IMP   |
    x1 | condition | icd10:I63.9 | 2026-01-31 10:00 |                  |       | s1
"""
_UNTIMED = """
    id | kind      | code       | start            | end              | recorded         | class | stay
    s1 | stay      |            | 2026-03-10 07:00 | 2026-03-12 15:00 |                  | IMP   |
    x1 | procedure | ncsp:FNG02 |                  |                  | 2026-03-10 12:00 |       | s1
"""
_ONSET = "Onset: {type: datetime, from: [{select: observation, codes: {loinc: 11111-1}, value: start}]}"
_ABSENT = '\nabsent: {is: "no", given: []}'


def _condition(window: str) -> str:
    return f'from:\n  - {{select: condition, codes: {{icd10: [I48]}}, window: {{{window}}}, is: "yes"}}'


def _window(word: str, says: str, window: str, table: str) -> Spec:
    if not window:  # the word itself is a window
        written = word.strip("`")
        return Spec(
            word, says, f'from:\n  - {{select: condition, codes: {{icd10: [I48]}}, {written}, is: "yes"}}', table
        )
    return Spec(word, says, _condition(window), table)


SECTION = Section(
    "Windows and times",
    "`window` says when an entry must have happened, by moments. A moment is an anchor, alone or with a distance: "
    "`case.start - 2h`. Anchors are the times of the case (`case.start`, `case.end`, `case.onset`, `case.admission`, "
    "`case.discharge`, `case.procedure`) and variables that hold a time and stand before this one (`variable.Onset`). "
    "Distances are time that passes, in minutes (`90min`), hours (`2h`), days of 24 hours (`28d`) or weeks of seven of "
    "these (`6w`), or go by the calendar, in days from midnight to midnight (`1cd`), months (`3mo`) or years (`5y`). The "
    "clock and the calendar are those of the hospital. An entry's time is its start or, if it has none, when it was "
    "recorded.",
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
            "`after`",
            "Later than this moment; the moment itself is outside.",
            "after: case.start",
            """
            kind      | code      | start
            condition | icd10:I48 | 2026-03-10 10:01 => yes
            condition | icd10:I48 | 2026-03-10 10:00 => outside_window; from a
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
            "`case.procedure`",
            "The start of the first of the procedures that make the case, also where the case starts with the stay. Only "
            "where procedures make cases; elsewhere a variable that holds the time is the anchor.",
            _condition("before: case.procedure"),
            """
            kind      | code      | start
            condition | icd10:I48 | 2026-03-10 08:59 => yes
            condition | icd10:I48 | 2026-03-10 09:00 => outside_window
            """,
            frame=PROCEDURE,
            case=PROCEDURE_CASE.replace("start: entry", "start: stay"),
        ),
        Spec(
            "`case.procedure` without a time",
            "A procedure that tells no time is no moment to count from.",
            _condition("before: case.procedure"),
            """
            kind      | code      | start
            condition | icd10:I48 | 2020-01-01 => no_time; from x1
            """,
            frame=_UNTIMED,
            case=PROCEDURE_CASE.replace("start: entry", "start: stay"),
        ),
        Spec(
            "`variable.` as an anchor",
            "The time of a variable that stands before this one. When it is empty nothing can be placed, not even an "
            "absence.",
            _condition("from: variable.Onset, to: variable.Onset + 6h") + _ABSENT,
            """
            id | kind        | code          | start
            o  | observation | loinc:11111-1 | 2026-03-01 12:00
            a  | condition   | icd10:I48     | 2026-03-01 18:00 => yes; from a
            o  | observation | loinc:11111-1 | 2026-03-01 12:00
            a  | condition   | icd10:I48     | 2026-03-01 18:01 => no; from a
            a  | condition   | icd10:I48     | 2026-03-01 18:00 => input_empty
            => input_empty
            """,
            earlier=_ONSET,
        ),
        Spec(
            "a proposed anchor",
            "Nobody answers for more than for what it was made from: what is placed by a proposed time is proposed.",
            _condition("from: variable.Onset"),
            """
            id | kind        | code          | start
            o  | observation | loinc:11111-1 | 2026-03-01 12:00
            a  | condition   | icd10:I48     | 2026-03-01 18:00 => yes; proposed
            """,
            earlier=_ONSET.replace("datetime", "datetime, automation: proposed"),
        ),
        Spec(
            "an anchor that is only a date",
            "It is all of that day: `from` and `before` take its beginning, `to` and `after` its end.",
            """
            normed: answer
            codes: {1: "yes", 2: "no", 9: unknown}
            from:
              - {select: condition, codes: {icd10: [I48]}, window: {before: variable.Onset}, is: "yes"}
              - {select: condition, codes: {icd10: [I48]}, window: {after: variable.Onset}, is: "no"}
              - {select: condition, codes: {icd10: [I48]}, window: {from: variable.Onset, to: variable.Onset}, is: unknown}
            """,
            """
            id | kind        | code          | start
            o  | observation | loinc:11111-1 | 2026-03-01
            a  | condition   | icd10:I48     | 2026-02-28 23:59 => yes
            o  | observation | loinc:11111-1 | 2026-03-01
            a  | condition   | icd10:I48     | 2026-03-01 00:00 => unknown
            o  | observation | loinc:11111-1 | 2026-03-01
            a  | condition   | icd10:I48     | 2026-03-01 23:59 => unknown
            o  | observation | loinc:11111-1 | 2026-03-01
            a  | condition   | icd10:I48     | 2026-03-02 00:00 => no
            """,
            earlier=_ONSET,
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
            "minutes and weeks",
            "`min` and `w` are time that passes: a week is seven times 24 hours.",
            "from: case.start - 2w, before: case.start - 90min",
            """
            kind      | code      | start
            condition | icd10:I48 | 2026-02-24 10:00 => yes
            condition | icd10:I48 | 2026-02-24 09:59 => outside_window
            condition | icd10:I48 | 2026-03-10 08:29 => yes
            condition | icd10:I48 | 2026-03-10 08:30 => outside_window
            """,
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
            "calendar days",
            "`cd` counts dates, and makes the moment all of that day: `case.start + 0cd` is the day that the case starts. "
            "`from` and `before` take its beginning, `to` and `after` its end.",
            "from: case.start - 1cd, to: case.start + 1cd",
            """
            kind      | code      | start
            condition | icd10:I48 | 2026-03-08 23:59 => outside_window
            condition | icd10:I48 | 2026-03-09 00:00 => yes
            condition | icd10:I48 | 2026-03-11 23:59 => yes
            condition | icd10:I48 | 2026-03-12 00:00 => outside_window
            condition | icd10:I48 | 2026-03-12 => outside_window
            condition | icd10:I48 | 2026-03-11 => yes
            """,
        ),
        _window(
            "before and after a calendar day",
            "What is before a day was before its midnight, what is after it came when it was over.",
            "after: case.start - 2cd, before: case.start + 0cd",
            """
            kind      | code      | start
            condition | icd10:I48 | 2026-03-08 23:59 => outside_window
            condition | icd10:I48 | 2026-03-09 00:00 => yes
            condition | icd10:I48 | 2026-03-09 23:59 => yes
            condition | icd10:I48 | 2026-03-10 00:00 => outside_window
            """,
        ),
        Spec(
            "calendar days when the clocks change",
            "A day is as long as it is: 29 March has 23 hours.",
            _condition("from: case.start + 0cd, to: case.start + 0cd"),
            """
            kind      | code      | start
            condition | icd10:I48 | 2026-03-28 23:59 => outside_window
            condition | icd10:I48 | 2026-03-29 00:00 => yes
            condition | icd10:I48 | 2026-03-29 23:59 => yes
            condition | icd10:I48 | 2026-03-30 00:00 => outside_window
            """,
            frame=_SPRING,
        ),
        _window(
            "months",
            "`mo` are months of the calendar; the time on the clock stays.",
            "from: case.start - 6mo",
            """
            kind      | code      | start
            condition | icd10:I48 | 2025-09-10 10:00 => yes
            condition | icd10:I48 | 2025-09-10 09:59 => outside_window
            """,
        ),
        Spec(
            "months that are shorter",
            "Where a month has no such day, its last.",
            _condition("to: case.start + 1mo"),
            """
            kind      | code      | start
            condition | icd10:I48 | 2026-02-28 10:00 => yes
            condition | icd10:I48 | 2026-02-28 10:01 => outside_window
            """,
            frame=_JANUARY,
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
            "`window: before_event`",
            "Written out: `{before: case.onset}`. What was known before the event that makes the case.",
            "",
            """
            kind      | code      | start
            condition | icd10:I48 | 2026-03-10 07:59 => yes
            condition | icd10:I48 | 2026-03-10 08:00 => outside_window
            """,
        ),
        _window(
            "`window: at_admission`",
            "Written out: `{from: case.admission - 2h, to: case.admission + 24h}`. What was found when the patient came.",
            "",
            """
            kind      | code      | start
            condition | icd10:I48 | 2026-03-10 07:59 => outside_window
            condition | icd10:I48 | 2026-03-10 08:00 => yes
            condition | icd10:I48 | 2026-03-11 10:00 => yes
            condition | icd10:I48 | 2026-03-11 10:01 => outside_window
            """,
        ),
        _window(
            "`window: during_stay`",
            "Written out: `{from: case.admission, to: case.discharge}`.",
            "",
            """
            kind      | code      | start
            condition | icd10:I48 | 2026-03-10 09:59 => outside_window
            condition | icd10:I48 | 2026-03-10 10:00 => yes
            condition | icd10:I48 | 2026-03-14 12:00 => yes
            condition | icd10:I48 | 2026-03-14 12:01 => outside_window
            """,
        ),
        _window(
            "`window: in_use_at_start`",
            "Written out: `{covers: case.start}`.",
            "",
            """
            kind      | code      | start      | end
            condition | icd10:I48 | 2026-03-01 | => yes
            condition | icd10:I48 | 2026-03-01 | 2026-03-09 => outside_window
            """,
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
            "a date, month or year after a moment",
            "An inexact time is after a moment only when all of it is.",
            "after: case.start",
            """
            kind      | code      | start
            condition | icd10:I48 | 2026-03-10 => outside_window
            condition | icd10:I48 | 2026-03-11 => yes
            condition | icd10:I48 | 2026-03 => outside_window
            condition | icd10:I48 | 2026-04 => yes
            condition | icd10:I48 | 2026 => outside_window
            condition | icd10:I48 | 2027 => yes
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
