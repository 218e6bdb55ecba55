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
    "`pick` chooses when several entries fit: by time (`first`, `last`, `last_recorded`, `closest`), by number (`min`, "
    "`max`, `worst`), or not at all (`any`, the default). Entries that claim the same place must agree, unless `several` "
    "says what to do.",
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
            "`closest` to a day",
            "To a moment that is a whole day every time of that day is equally close, and of these the latest counts.",
            _score("{closest: case.start + 0cd}"),
            """
            kind        | code          | start            | value
            observation | loinc:70182-1 | 2026-03-09 23:59 | 6
            observation | loinc:70182-1 | 2026-03-10 11:00 | 7
            observation | loinc:70182-1 | 2026-03-10 23:00 | 8 => 8; from c
            observation | loinc:70182-1 | 2026-03-09 23:00 | 6
            observation | loinc:70182-1 | 2026-03-11 02:00 | 7 => 6; from a
            """,
        ),
        Spec(
            "`side: before`",
            "Only what was at the moment or before it; an inexact time only where all of it was.",
            _score("{closest: case.start, side: before}"),
            """
            kind        | code          | start            | value
            observation | loinc:70182-1 | 2026-03-10 08:00 | 6
            observation | loinc:70182-1 | 2026-03-10 10:01 | 7 => 6; from a; among 2
            observation | loinc:70182-1 | 2026-03-10 08:00 | 6
            observation | loinc:70182-1 | 2026-03-10 10:00 | 7 => 7; from b
            observation | loinc:70182-1 | 2026-03-10 10:01 | 7 => outside_window; from a
            observation | loinc:70182-1 | 2026-03-10       | 7 => outside_window
            observation | loinc:70182-1 |                  | 7 => no_time
            """,
        ),
        Spec(
            "`side: after`",
            "Only what was at the moment or after it.",
            _score("{closest: case.start, side: after}"),
            """
            kind        | code          | start            | value
            observation | loinc:70182-1 | 2026-03-10 09:59 | 6
            observation | loinc:70182-1 | 2026-03-10 18:00 | 7 => 7; from b
            observation | loinc:70182-1 | 2026-03-10 10:00 | 6
            observation | loinc:70182-1 | 2026-03-10 18:00 | 7 => 6; from a
            observation | loinc:70182-1 | 2026-03-10       | 7 => outside_window; from a
            observation | loinc:70182-1 | 2026-03-11       | 7 => 7
            """,
        ),
        Spec(
            "`side: either` and `tie: later`",
            "The defaults, written out.",
            _score("{closest: case.start, side: either, tie: later}"),
            """
            kind        | code          | start            | value
            observation | loinc:70182-1 | 2026-03-10 09:00 | 6
            observation | loinc:70182-1 | 2026-03-10 11:00 | 7 => 7; from b
            """,
        ),
        Spec(
            "`tie: earlier`",
            "Of two equally close the earlier.",
            _score("{closest: case.start, tie: earlier}"),
            """
            kind        | code          | start            | value
            observation | loinc:70182-1 | 2026-03-10 09:00 | 6
            observation | loinc:70182-1 | 2026-03-10 11:00 | 7 => 6; from a
            observation | loinc:70182-1 | 2026-03-10 09:00 | 6
            observation | loinc:70182-1 | 2026-03-10 10:30 | 7 => 7; from b
            """,
        ),
        Spec(
            "`tie: disagree`",
            "Two equally close must agree.",
            _score("{closest: case.start, tie: disagree}"),
            """
            kind        | code          | start            | value
            observation | loinc:70182-1 | 2026-03-10 09:00 | 6
            observation | loinc:70182-1 | 2026-03-10 11:00 | 7 => disagree; from a b
            observation | loinc:70182-1 | 2026-03-10 09:00 | 7
            observation | loinc:70182-1 | 2026-03-10 11:00 | 7 => 7; from a b
            """,
        ),
        Spec(
            "`pick: min`",
            "The lowest number, in the variable's own unit. A result that is not a number, or in a unit that cannot be "
            "compared, might be lower still: then a person decides.",
            _score("min"),
            """
            kind        | code          | start            | value
            observation | loinc:70182-1 | 2026-03-10 11:00 | 7
            observation | loinc:70182-1 | 2026-03-10 12:00 | 4
            observation | loinc:70182-1 | 2026-03-10 13:00 | 5 => 4; from b; among 3
            observation | loinc:70182-1 | 2026-03-10 11:00 | 4
            observation | loinc:70182-1 | 2026-03-10 12:00 | 4 => 4; from a b
            observation | loinc:70182-1 | 2026-03-10 11:00 | 4
            observation | loinc:70182-1 | 2026-03-10 12:00 | => not_a_number; from b
            observation | loinc:70182-1 | 2026-03-10 11:00 | 4
            observation | loinc:70182-1 | 2026-03-10 12:00 | 3 cm => wrong_unit; from b
            observation | loinc:70182-1 | 2026-03-10 11:00 | 0
            observation | loinc:70182-1 | 2026-03-10 12:00 | 4 => 0; from a
            """,
        ),
        Spec(
            "`pick: max`",
            "The highest number.",
            _score("max"),
            """
            kind        | code          | start            | value
            observation | loinc:70182-1 | 2026-03-10 11:00 | 7
            observation | loinc:70182-1 | 2026-03-10 12:00 | 4 => 7; from a; among 2
            """,
        ),
        Spec(
            "`pick: worst` and `worse: higher`",
            "The number that is worse for the patient. `worse` says which numbers are, on the variable or on the rule.",
            _score("worst", "\n    worse: higher"),
            """
            kind        | code          | start            | value
            observation | loinc:70182-1 | 2026-03-10 11:00 | 7
            observation | loinc:70182-1 | 2026-03-10 12:00 | 4 => 7; from a; among 2
            """,
        ),
        Spec(
            "`worse: lower` on a variable",
            "For all rules of the variable that do not say otherwise.",
            "worse: lower" + _score("worst"),
            """
            kind        | code          | start            | value
            observation | loinc:70182-1 | 2026-03-10 11:00 | 7
            observation | loinc:70182-1 | 2026-03-10 12:00 | 4 => 4; from b; among 2
            """,
        ),
        Spec(
            "`worse: lower` on a rule",
            "What a rule says of itself goes before what the variable says.",
            "worse: higher" + _score("worst", "\n    worse: lower"),
            """
            kind        | code          | start            | value
            observation | loinc:70182-1 | 2026-03-10 11:00 | 7
            observation | loinc:70182-1 | 2026-03-10 12:00 | 4 => 4; from b
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
            "`several: min`",
            "The lowest of them.",
            _score("{closest: case.start}", "\n    several: min"),
            """
            kind        | code          | start            | value
            observation | loinc:70182-1 | 2026-03-10 11:00 | 3
            observation | loinc:70182-1 | 2026-03-10 11:00 | 2
            observation | loinc:70182-1 | 2026-03-10 12:00 | 1 => 2; from a b
            """,
        ),
        Spec(
            "`several: worst`",
            "The worst of them, by `worse`.",
            "worse: lower" + _score("last", "\n    several: worst"),
            """
            kind        | code          | start            | value
            observation | loinc:70182-1 | 2026-03-10 11:00 | 3
            observation | loinc:70182-1 | 2026-03-10 11:00 | 2 => 2; from a b
            """,
        ),
        Spec(
            "`several: last_recorded`",
            "The one that was written last: a correction of what stood there. It goes for answers, codes and times, too.",
            _score("last", "\n    several: last_recorded"),
            """
            kind        | code          | start            | recorded         | value
            observation | loinc:70182-1 | 2026-03-10 11:00 | 2026-03-10 11:05 | 3
            observation | loinc:70182-1 | 2026-03-10 11:00 | 2026-03-10 14:00 | 2
            observation | loinc:70182-1 | 2026-03-10 10:00 | 2026-03-10 15:00 | 1 => 2; from b; among 3
            observation | loinc:70182-1 | 2026-03-10 11:00 | 2026-03-10 14:00 | 3
            observation | loinc:70182-1 | 2026-03-10 11:00 | 2026-03-10 14:00 | 2 => disagree; from a b
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
