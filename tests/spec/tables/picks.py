"""Which of several entries gives the value, and what happens when that is not one."""

from __future__ import annotations

from tests.spec.language import Section, Spec


def _score(pick: str, more: str = "") -> str:
    return f"""
type: integer
units: {{"": 1}}
from:
  - select: observation
    codes: {{loinc: 70182-1}}
    pick: {pick}{more}
    value: quantity
"""


SECTION = Section(
    "Choosing among entries",
    "`pick` chooses when several entries fit: `any` (the default), `first`, `last`, `last_recorded` or `closest`. "
    "Entries that claim the same place must agree.",
    (
        Spec(
            "`pick: any`",
            "All entries together; they must say the same.",
            _score("any"),
            """
            kind        | code          | start            | value
            observation | loinc:70182-1 | 2026-03-10 11:00 | 7
            observation | loinc:70182-1 | 2026-03-10 12:00 | 7 => 7; from a b; among 2
            observation | loinc:70182-1 | 2026-03-10 11:00 | 7
            observation | loinc:70182-1 | 2026-03-10 12:00 | 8 => disagree; from a b
            """,
        ),
        Spec(
            "`pick: first`",
            "The earliest. An entry without a time is first only where none has one.",
            _score("first"),
            """
            kind        | code          | start            | recorded         | value
            observation | loinc:70182-1 | 2026-03-10 12:00 |                  | 8
            observation | loinc:70182-1 | 2026-03-10 11:00 |                  | 7 => 7; from b; among 2
            observation | loinc:70182-1 |                  | 2026-03-10 11:00 | 7
            observation | loinc:70182-1 | 2026-03-10 12:00 |                  | 8 => 7; from a
            observation | loinc:70182-1 |                  |                  | 9
            observation | loinc:70182-1 | 2026-03-10 12:00 |                  | 8 => 8; from b
            observation | loinc:70182-1 |                  |                  | 9 => 9; from a
            """,
        ),
        Spec(
            "`pick: last`",
            "The latest. A month or a year stands at its beginning.",
            _score("last"),
            """
            kind        | code          | start            | value
            observation | loinc:70182-1 | 2026-03-10 12:00 | 8
            observation | loinc:70182-1 | 2026-03-10 11:00 | 7 => 8; from a; among 2
            observation | loinc:70182-1 | 2026-03-10 12:00 | 8
            observation | loinc:70182-1 | 2026             | 7 => 8; from a
            """,
        ),
        Spec(
            "`pick: last_recorded`",
            "The one that was written last, whatever time it speaks of.",
            _score("last_recorded"),
            """
            kind        | code          | start            | recorded         | value
            observation | loinc:70182-1 | 2026-03-10 11:00 | 2026-03-12 09:00 | 7
            observation | loinc:70182-1 | 2026-03-10 12:00 | 2026-03-10 12:30 | 8 => 7; from a
            """,
        ),
        Spec(
            "`pick: closest`",
            "The one closest to a moment, before or after it; of two equally close the later, and one with a clock time "
            "before one without.",
            _score("{closest: case.start}"),
            """
            kind        | code          | start            | value
            observation | loinc:70182-1 | 2026-03-10 08:00 | 6
            observation | loinc:70182-1 | 2026-03-10 11:00 | 7 => 7; from b
            observation | loinc:70182-1 | 2026-03-10 09:00 | 6
            observation | loinc:70182-1 | 2026-03-10 11:00 | 7 => 7; from b
            observation | loinc:70182-1 | 2026-03-10 09:30 | 6
            observation | loinc:70182-1 | 2026-03-10 11:00 | 7 => 6; from a
            observation | loinc:70182-1 | 2026-03-10       | 6
            observation | loinc:70182-1 | 2026-03-10 00:00 | 7 => 7; from b
            """,
        ),
        Spec(
            "entries at the same time",
            "Two results at the same time must agree. If they do not, a person decides.",
            _score("{closest: case.start}"),
            """
            kind        | code          | start            | value
            observation | loinc:70182-1 | 2026-03-10 11:00 | 7
            observation | loinc:70182-1 | 2026-03-10 11:00 | 7 => 7; from a b
            observation | loinc:70182-1 | 2026-03-10 11:00 | 7
            observation | loinc:70182-1 | 2026-03-10 11:00 | 9 => disagree; from a b
            """,
        ),
        Spec(
            "`several: max`",
            "Of different numbers in the same place the highest: a score for the left arm and one for the right.",
            _score("{closest: case.start}", "\n    several: max"),
            """
            kind        | code          | start            | value
            observation | loinc:70182-1 | 2026-03-10 11:00 | 0
            observation | loinc:70182-1 | 2026-03-10 11:00 | 2
            observation | loinc:70182-1 | 2026-03-10 12:00 | 4 => 2; from a b; among 3
            """,
        ),
        Spec(
            "`several: disagree`",
            "The default, written out.",
            _score("last", "\n    several: disagree"),
            """
            kind        | code          | start            | value
            observation | loinc:70182-1 | 2026-03-10 11:00 | 0
            observation | loinc:70182-1 | 2026-03-10 11:00 | 2 => disagree; from a b
            """,
        ),
        Spec(
            "versions of one entry",
            "Of several versions of one entry (the same id) the one updated last stands, also when it takes something back.",
            _score("any"),
            """
            id | kind        | code          | start            | value | updated              | standing
            o1 | observation | loinc:70182-1 | 2026-03-10 11:00 | 7     | 2026-03-10T11:00:00Z |
            o1 | observation | loinc:70182-1 | 2026-03-10 11:00 | 8     | 2026-03-10T12:00:00Z | => 8; from o1; among 1
            o1 | observation | loinc:70182-1 | 2026-03-10 11:00 | 8     | 2026-03-10T12:00:00Z | entered_in_error
            o1 | observation | loinc:70182-1 | 2026-03-10 11:00 | 7     | 2026-03-10T11:00:00Z | => does_not_count; from o1
            """,
        ),
    ),
)
