"""What it means that nothing was found."""

from __future__ import annotations

from tests.spec.language import Section, Spec

_INSULIN = """
automation: automatic
from:
  - {select: medication_statement, codes: {atc: [A10A]}, window: {covers: case.start}, is: "yes"}
absent: {is: "no", given: [medication_statement]}
"""

SECTION = Section(
    "Absence",
    "That nothing was found means nothing unless `absent` says so, and then only in a journal that holds such entries at "
    "all.",
    (
        Spec(
            "no `absent`",
            "The variable is empty, and says why.",
            'from:\n  - {select: condition, codes: {icd10: [I48]}, is: "yes"}',
            """
            kind      | code      | start
            => no_entry; automatic; no finding
            condition | icd10:I10 | 2020-01-01 => no_entry
            """,
        ),
        Spec(
            "`absent` and `given`",
            "A journal with a medication list but without insulin says no. A journal without any medication list says "
            "nothing. An entry outside the window, or one that does not count, is no `yes`; it is shown.",
            _INSULIN,
            """
            kind                 | code        | start      | end        | standing
            medication_statement | atc:C10AA05 | 2020-01-01 |            | => no = 2; note absence; automatic; rule Example/absent
            => no_source; automatic
            medication_statement | atc:A10AB05 | 2020-01-01 |            | => yes = 1
            medication_statement | atc:A10AB05 | 2020-01-01 | 2021-01-01 | => no; note absence; from a
            medication_statement | atc:A10AB05 | 2020-01-01 |            | not_done => no; note absence; from a
            """,
        ),
        Spec(
            "`absent` with entries nobody can read",
            "When the journal holds entries of that kind whose codes cannot be read, the absence is only proposed: a person "
            "confirms it.",
            _INSULIN,
            """
            kind                 | code            | start      | standing
            medication_statement | local:Insulatard | 2020-01-01 | => no; note absence_unreadable; proposed
            medication_statement | snomed:1000004  | 2020-01-01 | => no; note absence_unreadable; proposed
            medication_statement |                 | 2020-01-01 | => no; note absence_unreadable; proposed
            medication_statement | local:Insulatard | 2020-01-01 | entered_in_error => no; note absence; automatic
            """,
        ),
        Spec(
            "entries nobody can read where they do not matter",
            "Local codes of a laboratory make nothing uncertain but what is asked of laboratories.",
            _INSULIN,
            """
            kind                 | code            | start
            observation          | local:LAB-17    | 2020-01-01
            medication_statement | atc:C10AA05     | 2020-01-01 => no; note absence; automatic
            """,
        ),
        Spec(
            "no absence where something is wrong",
            "An entry that cannot be placed in time, or contradicts another, is no absence.",
            _INSULIN,
            """
            kind                 | code        | start
            medication_statement | atc:A10AB05 | => no_time; from a
            """,
        ),
        Spec(
            "`given` nothing",
            "With an empty list the absence always means this.",
            """
            from:
              - {select: observation, codes: {loinc: 70182-1}, is: "no"}
            absent: {is: "yes", given: []}
            """,
            """
            kind        | code          | start
            => yes = 1; note absence
            observation | loinc:70182-1 | 2026-03-10 => no = 2
            """,
        ),
    ),
)
