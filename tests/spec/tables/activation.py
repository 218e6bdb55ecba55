"""When a variable applies, and who answers for its value."""

from __future__ import annotations

from tests.spec.language import Section, Spec

_DIABETES = """
Diabetes:
  automation: AUTOMATION
  from:
    - {select: condition, codes: diabetes, window: {to: case.end}, is: "yes"}
  absent: {is: "no", given: [condition]}
"""
_INSULIN = """
when: {Diabetes: ["yes"]}
from:
  - {select: medication_statement, codes: {atc: [A10A]}, window: {covers: case.start}, is: "yes"}
absent: {is: "no", given: [medication_statement]}
"""

SECTION = Section(
    "Who and when",
    "`automation` says who answers for a value, `when` for which patients there is a question at all.",
    (
        Spec(
            "`when`",
            "The variable applies when an earlier one has one of these meanings. For other patients it is empty, and "
            "nobody is asked.",
            _INSULIN,
            """
            kind                 | code        | start
            condition            | icd10:E11.9 | 2020-01-01
            medication_statement | atc:A10AB05 | 2020-01-01 => yes
            medication_statement | atc:A10AB05 | 2020-01-01 => not_applicable; no finding
            """,
            earlier=_DIABETES.replace("AUTOMATION", "automatic"),
        ),
        Spec(
            "`when` with an empty input",
            "When the earlier variable is itself empty it is not known whether this one applies.",
            _INSULIN,
            """
            kind                 | code        | start
            medication_statement | atc:A10AB05 | 2020-01-01 => input_empty
            """,
            earlier="Diabetes: {automation: manual}",
        ),
        Spec(
            "`when` after `when`",
            "What depends on a variable that does not apply does not apply either.",
            'when: {Insulin: ["yes"]}\nfrom:\n  - {select: observation, codes: {loinc: 33333-3}, is: "yes"}',
            """
            kind                 | code        | start
            condition            | icd10:E11.9 | 2020-01-01
            medication_statement | atc:A10AB05 | 2020-01-01 => no_entry
            medication_statement | atc:A10AB05 | 2020-01-01 => not_applicable
            """,
            earlier=_DIABETES.replace("AUTOMATION", "automatic") + "Insulin:" + _INSULIN.replace("\n", "\n  "),
        ),
        Spec(
            "`when` on a proposed variable",
            "Whether the question applies is itself only proposed, and so is its answer.",
            _INSULIN,
            """
            kind                 | code        | start
            condition            | icd10:E11.9 | 2020-01-01
            medication_statement | atc:A10AB05 | 2020-01-01 => yes; proposed
            """,
            earlier=_DIABETES.replace("AUTOMATION", "proposed"),
        ),
        Spec(
            "`automation: automatic`",
            "The rules answer for the value.",
            'automation: automatic\nfrom:\n  - {select: condition, codes: {icd10: [I48]}, is: "yes"}',
            """
            kind      | code      | start
            condition | icd10:I48 | 2020-01-01 => yes; automatic
            """,
        ),
        Spec(
            "`automation: proposed`",
            "The rules propose, a person confirms.",
            'automation: proposed\nfrom:\n  - {select: condition, codes: {icd10: [I48]}, is: "yes"}',
            """
            kind      | code      | start
            condition | icd10:I48 | 2020-01-01 => yes; proposed
            """,
        ),
        Spec(
            "`automation: manual`",
            "A person fills it in; there are no rules.",
            "automation: manual",
            """
            kind      | code      | start
            condition | icd10:I48 | 2020-01-01 => manual; manual; no finding
            """,
        ),
    ),
)
