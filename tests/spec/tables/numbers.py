"""What is known of a number when it is not one number, and what lies between two times."""

from __future__ import annotations

from tests.spec.language import Section, Spec
from tests.spec.tables.values import AUTUMN, ONSET

_TROPONIN = "{select: observation, codes: {loinc: 67151-1}, value: quantity"
_GRADES = """
normed: grade
codes: {2: severe, 1: reduced, 0: normal}
unit: "%"
from:
  - select: observation
    codes: {loinc: 10230-1}
    value: quantity
    bands: [{from: 0, below: 30, is: severe}, {below: 50, is: reduced}, {below: 101, is: normal}]
"""


def _length(type_: str, words: str) -> str:
    return f"type: {type_}\nfrom:\n  - duration: {{from: Onset, to: Arrival, unit: {words}}}"


def _age(words: str) -> str:
    return f"{words}\nfrom:\n  - {{select: birth, age_at: case.start}}"


SECTION = Section(
    "Numbers that are not exact, and lengths of time",
    "A result may say less than one number: less than 5, or from 5 to 7. A time may be known by its date alone. What is "
    "made of them is decided when it is the same for all that may be meant; otherwise the reason tells why not.",
    (
        Spec(
            "numbers with a comparator",
            "Less than 5 is not 5, and from 5 to 7 is no number.",
            f"type: integer\nunit: ng/L\nfrom:\n  - {_TROPONIN}}}",
            """
            kind        | code          | start      | value
            observation | loinc:67151-1 | 2026-03-10 | <5 ng/L => not_a_number; from a
            observation | loinc:67151-1 | 2026-03-10 | 5..7 ng/L => not_a_number; from a
            observation | loinc:67151-1 | 2026-03-10 | 5..5 ng/L => 5
            """,
        ),
        Spec(
            "`comparator: bound`",
            "The limit is taken for the number, and noted. A range has two limits and is still no number.",
            f"type: integer\nunit: ng/L\nfrom:\n  - {_TROPONIN}, comparator: bound}}",
            """
            kind        | code          | start      | value
            observation | loinc:67151-1 | 2026-03-10 | <5 ng/L => 5; from a; note bound
            observation | loinc:67151-1 | 2026-03-10 | >10 ug/L => 10000; note bound
            observation | loinc:67151-1 | 2026-03-10 | 7 ng/L => 7; from a
            observation | loinc:67151-1 | 2026-03-10 | 5..7 ng/L => not_a_number
            """,
        ),
        Spec(
            "`bands` and what is not exact",
            "A comparator or a range has a meaning when one band holds all of it. `from` says where a band begins, if not at "
            "the end of the one before; what lies outside all bands has no meaning. Bands that overlap or leave a gap "
            "between them are refused.",
            _GRADES,
            """
            kind        | code          | start      | value
            observation | loinc:10230-1 | 2026-03-10 | <30 % => not_a_number; from a
            observation | loinc:10230-1 | 2026-03-10 | 20..29 % => severe = 2; from a
            observation | loinc:10230-1 | 2026-03-10 | 20..30 % => not_a_number
            observation | loinc:10230-1 | 2026-03-10 | 0.4 1 => reduced
            observation | loinc:10230-1 | 2026-03-10 | >60 % => not_a_number
            observation | loinc:10230-1 | 2026-03-10 | -1 % => not_a_number
            """,
        ),
        Spec(
            "`bands` that are open at the ends",
            "Without `from` in the first and `below` in the last there is a band for everything.",
            """
            normed: grade
            codes: {2: severe, 1: reduced, 0: normal}
            unit: "%"
            from:
              - select: observation
                codes: {loinc: 10230-1}
                value: quantity
                bands: [{below: 30, is: severe}, {below: 50, is: reduced}, {is: normal}]
            """,
            """
            kind        | code          | start      | value
            observation | loinc:10230-1 | 2026-03-10 | <30 % => severe
            observation | loinc:10230-1 | 2026-03-10 | <=30 % => not_a_number
            observation | loinc:10230-1 | 2026-03-10 | >60 % => normal
            observation | loinc:10230-1 | 2026-03-10 | >=49 % => not_a_number
            """,
        ),
        Spec(
            "`pick: max` of what is not exact",
            "A limited number takes part: it is passed over when it cannot be the highest, and is none when it might be.",
            f"type: integer\nunit: ng/L\nfrom:\n  - {_TROPONIN}, pick: max}}",
            """
            kind        | code          | start      | value
            observation | loinc:67151-1 | 2026-03-10 | <5 ng/L
            observation | loinc:67151-1 | 2026-03-11 | 7 ng/L => 7; from b
            observation | loinc:67151-1 | 2026-03-10 | >9 ng/L
            observation | loinc:67151-1 | 2026-03-11 | 17 ng/L => not_a_number; from a
            """,
        ),
        Spec(
            "`duration` in whole units",
            "A number counts complete units. Minutes, hours, days of 24 hours and weeks pass; calendar days (`cd`), months "
            "and years are counted by the dates. Without one of the times there is nothing to count; when the second comes "
            "first they disagree.",
            _length("integer", "h"),
            """
            kind        | code          | start
            observation | loinc:11111-1 | 2026-03-10 08:00
            observation | loinc:22222-2 | 2026-03-10 11:59 => 3; from a b; rule Example/1
            observation | loinc:11111-1 | 2026-03-10 08:00 => input_empty
            observation | loinc:11111-1 | 2026-03-10 08:00
            observation | loinc:22222-2 | 2026-03-10 07:00 => disagree; from a b
            """,
            earlier=ONSET,
        ),
        Spec(
            "`duration` in minutes over a change of clocks",
            "The minutes that passed, not those on the clock.",
            _length("integer", "min"),
            """
            kind        | code          | start
            observation | loinc:11111-1 | 2026-10-25 00:00
            observation | loinc:22222-2 | 2026-10-25 03:00 => 240
            """,
            earlier=ONSET,
            frame=AUTUMN,
        ),
        Spec(
            "`duration` in days of 24 hours",
            "From one evening to the next morning no day is complete; of two dates nobody knows.",
            _length("integer", "d"),
            """
            kind        | code          | start
            observation | loinc:11111-1 | 2026-03-10 20:00
            observation | loinc:22222-2 | 2026-03-11 08:00 => 0
            observation | loinc:11111-1 | 2026-03-10
            observation | loinc:22222-2 | 2026-03-12 => inexact_time; from a b
            """,
            earlier=ONSET,
        ),
        Spec(
            "`duration` in calendar days",
            "From one date to another, whatever the clocks say.",
            _length("integer", "cd"),
            """
            kind        | code          | start
            observation | loinc:11111-1 | 2026-03-10 20:00
            observation | loinc:22222-2 | 2026-03-11 08:00 => 1
            observation | loinc:11111-1 | 2026-03-10
            observation | loinc:22222-2 | 2026-03-12 => 2
            """,
            earlier=ONSET,
        ),
        Spec(
            "`duration` in weeks",
            "Decimals are of the time that passed.",
            _length("decimal\ndecimals: 2", "w"),
            """
            kind        | code          | start
            observation | loinc:11111-1 | 2026-02-02 12:00
            observation | loinc:22222-2 | 2026-02-16 12:00 => 2.00
            observation | loinc:11111-1 | 2026-02-02 12:00
            observation | loinc:22222-2 | 2026-02-12 12:00 => 1.43
            """,
            earlier=ONSET,
        ),
        Spec(
            "`duration` in months",
            "A month is complete on the same day of the next, or on the first of the one after it where there is none.",
            _length("integer", "mo"),
            """
            kind        | code          | start
            observation | loinc:11111-1 | 2026-01-31
            observation | loinc:22222-2 | 2026-02-28 => 0
            observation | loinc:11111-1 | 2026-01-31
            observation | loinc:22222-2 | 2026-03-01 => 1
            observation | loinc:11111-1 | 2026-01
            observation | loinc:22222-2 | 2026-03-31 => input_empty
            """,
            earlier=ONSET,
        ),
        Spec(
            "`duration` in years",
            "Decimals are of the year that has begun.",
            _length("decimal\ndecimals: 2", "y"),
            """
            kind        | code          | start
            observation | loinc:11111-1 | 2024-02-29
            observation | loinc:22222-2 | 2026-03-01 => 2.00; from a b
            observation | loinc:11111-1 | 2025-01-01
            observation | loinc:22222-2 | 2026-07-02 12:00 => 1.50
            """,
            earlier=ONSET,
        ),
        Spec(
            "`duration` with `bands`",
            "The band that holds all that may have passed. An end may be a moment of the case.",
            """
            from:
              - duration: {from: Onset, to: case.admission, unit: h}
                bands: [{below: 4, is: "yes"}, {is: "no"}]
            """,
            """
            kind        | code          | start
            observation | loinc:11111-1 | 2026-03-10 08:00 => yes; from a
            observation | loinc:11111-1 | 2026-03-10 05:00 => no
            observation | loinc:11111-1 | 2026-03-09 => no
            observation | loinc:11111-1 | 2026-03-10 => inexact_time; from a
            """,
            earlier=ONSET,
        ),
        Spec(
            "`duration` from a moment with a distance",
            "As in a window.",
            """
            type: integer
            from:
              - duration: {from: case.admission - 2h, to: variable.Onset + 30min, unit: min}
            """,
            """
            kind        | code          | start
            observation | loinc:11111-1 | 2026-03-10 09:00 => 90; from a
            """,
            earlier=ONSET,
        ),
        Spec(
            "`duration` to an end that has not come",
            "A stay that goes on has no length yet.",
            """
            type: integer
            from:
              - duration: {from: case.admission, to: case.discharge, unit: d}
            """,
            "=> no_time; from x1",
            frame="""
            id | kind      | code        | start            | end | class | stay
            s1 | stay      |             | 2026-03-10 10:00 |     | IMP   |
            x1 | condition | icd10:I63.9 | 2026-03-10 08:00 |     |       | s1
            """,
        ),
        Spec(
            "`between` without a clock",
            "Without `no_clock` it is decided when every moment of the date gives the same.",
            """
            from:
              - between: [Onset, Arrival]
                bands: [{below: 4, is: "yes"}, {is: "no"}]
            """,
            """
            kind        | code          | start
            observation | loinc:11111-1 | 2026-03-09
            observation | loinc:22222-2 | 2026-03-10 11:00 => no; from a b
            observation | loinc:11111-1 | 2026-03-10
            observation | loinc:22222-2 | 2026-03-10 03:59 => yes
            observation | loinc:11111-1 | 2026-03-10
            observation | loinc:22222-2 | 2026-03-10 11:00 => inexact_time; from a b
            """,
            earlier=ONSET,
        ),
        Spec(
            "`age_at`",
            "Complete years from the date of birth to a moment, by the calendar: a year is complete on the birthday, for who "
            "was born on 29 February on 1 March when there is none. Different dates of birth disagree.",
            _age("type: integer\nunit: a"),
            """
            kind  | start
            birth | 1950-03-10 => 76; from a
            birth | 1950-03-11 => 75
            birth | 1952-02-29 => 74
            birth | 1950-02 => 76
            birth | 1950 => inexact_time; from a
            birth | => no_time
            birth | 1950-03-10
            birth | 1951-03-10 => disagree
            => no_entry
            """,
        ),
        Spec(
            "`age_at` with `bands`",
            "A year of birth may be enough.",
            """
            normed: grade
            codes: {0: normal, 1: reduced}
            from:
              - {select: birth, age_at: case.start, bands: [{below: 18, is: reduced}, {is: normal}]}
            """,
            """
            kind  | start
            birth | 1950 => normal; from a
            birth | 2020 => reduced
            birth | 2008 => inexact_time
            """,
        ),
    ),
)
