"""Which kind of entry a rule looks at, and which of them count."""

from __future__ import annotations

from tests.spec.language import PROCEDURE, PROCEDURE_CASE, Section, Spec


def _of_kind(kind: str, says: str, codes: str, table: str) -> Spec:
    variable = f'from:\n  - {{select: {kind}{codes and f", codes: {codes}"}, is: "yes"}}'
    return Spec(f"`select: {kind}`", says, variable, table)


SECTION = Section(
    "Selecting entries",
    "`select` names the kind of entry. A rule sees entries of that kind only, and of these only the ones that count.",
    (
        _of_kind(
            "condition",
            "Diagnoses. A drug with the same code is no diagnosis.",
            "{icd10: [I48]}",
            """
            kind      | code      | start
            condition | icd10:I48 | 2020-05-04 => yes; from a; automatic
            procedure | icd10:I48 | 2020-05-04 => no_entry
            => no_entry
            """,
        ),
        _of_kind(
            "observation",
            "Measurements, scores, laboratory results and structured answers.",
            "{loinc: 8302-2}",
            """
            kind        | code         | start
            observation | loinc:8302-2 | 2020-05-04 => yes; from a
            """,
        ),
        _of_kind(
            "procedure",
            "Procedures that were done.",
            "{ncsp: [FNG]}",
            """
            kind      | code       | start
            procedure | ncsp:FNG02 | 2020-05-04 => yes; from a
            """,
        ),
        _of_kind(
            "medication_statement",
            "Medicines that a patient uses.",
            "{atc: [B01AC06]}",
            """
            kind                      | code        | start
            medication_statement      | atc:B01AC06 | 2020-05-04 => yes; from a
            medication_administration | atc:B01AC06 | 2020-05-04 => no_entry
            """,
        ),
        _of_kind(
            "medication_administration",
            "Medicines that were given.",
            "{atc: [B01AD02]}",
            """
            kind                      | code        | start
            medication_administration | atc:B01AD02 | 2020-05-04 => yes; from a
            """,
        ),
        _of_kind(
            "death",
            "That the patient is registered as dead. Without `codes`, any entry of the kind will do.",
            "",
            """
            kind  | start
            death | 2026-04-02 => yes; from a
            => no_entry
            """,
        ),
        _of_kind(
            "sex",
            "The patient's administrative sex.",
            "{sex: female}",
            """
            kind | code
            sex  | sex:female => yes; from a
            sex  | sex:male => no_entry
            """,
        ),
        _of_kind(
            "marital",
            "The patient's marital status.",
            "{marital: [M, T]}",
            """
            kind    | code
            marital | marital:M => yes; from a
            marital | marital:S => no_entry
            """,
        ),
        Spec(
            "`select: stay`",
            "Stays in hospital; with `same_stay` those of the case.",
            "type: datetime\nfrom:\n  - {select: stay, same_stay: true, pick: first, value: start}",
            """
            id | kind | start            | class
            s2 | stay | 2026-03-01 09:00 | IMP => 2026-03-10T10:00; from s1
            """,
        ),
        Spec(
            "`select: index`",
            "The index events of the case itself, no others: a stroke ten years ago is not looked at.",
            "type: datetime\nfrom:\n  - {select: index, pick: first, value: start}",
            """
            kind      | code        | start            | stay
            condition | icd10:I63.9 | 2016-01-01 09:00 | => 2026-03-10T08:00; from x1
            condition | icd10:I63.5 | 2026-03-10 07:00 | s1 => 2026-03-10T07:00; from a
            """,
        ),
        Spec(
            "entries that do not count",
            "An entry that is refuted, unconfirmed, planned, not done or entered in error gives no value; it is shown as "
            "the reason.",
            'from:\n  - {select: condition, codes: {icd10: [I48]}, is: "yes"}',
            """
            kind      | code      | start      | standing
            condition | icd10:I48 | 2020-05-04 | entered_in_error => does_not_count; from a
            condition | icd10:I48 | 2020-05-04 | refuted => does_not_count; from a
            condition | icd10:I48 | 2020-05-04 | unconfirmed => does_not_count; from a
            condition | icd10:I48 | 2020-05-04 | planned => does_not_count; from a
            condition | icd10:I48 | 2020-05-04 | not_done => does_not_count; from a
            condition | icd10:I48 | 2020-05-04 | refuted
            condition | icd10:I48 | 2021-05-04 | counts => yes; from b
            """,
        ),
        Spec(
            "`same_stay`",
            "Only entries that belong to a stay of the case.",
            'from:\n  - {select: condition, codes: {icd10: [I48]}, same_stay: true, is: "yes"}',
            """
            kind      | code      | start      | stay
            condition | icd10:I48 | 2026-03-11 | s1 => yes; from a
            condition | icd10:I48 | 2026-03-11 | s2 => outside_window; from a
            condition | icd10:I48 | 2026-03-11 | => outside_window
            """,
        ),
        Spec(
            "several rules",
            "Rules are tried in order and the first that gives a value wins. When none does, the reason that tells most "
            "is given. A contradiction, a wrong unit or something that is not a number stops the search.",
            """
            type: integer
            units: {"": 1}
            from:
              - {select: death, window: {to: case.end}, is: 6}
              - {select: observation, codes: {loinc: 75859-9}, window: {from: case.start}, value: quantity}
              - {select: observation, codes: {loinc: 11111-1}, value: quantity}
            """,
            """
            kind        | code          | start      | value
            death       |               | 2026-03-12 |
            observation | loinc:75859-9 | 2026-03-11 | 3 => 6; from a; rule Example/1
            death       |               | 2026-05-12 |
            observation | loinc:75859-9 | 2026-03-11 | 3 => 3; from b; rule Example/2
            observation | loinc:75859-9 | 2026-03-11 | 3 points
            observation | loinc:11111-1 | 2026-03-11 | 4 => wrong_unit; from a
            observation | loinc:75859-9 | 2020-03-11 | 3
            observation | loinc:11111-1 | 2026-03-11 | 4 => 4; from b; rule Example/3
            observation | loinc:75859-9 | 2020-03-11 | 3 => outside_window; from a
            """,
        ),
        Spec(
            "`all`",
            "Gives `is` when every part finds something, and tells which entry of each; otherwise the most telling reason "
            "of the parts that found nothing.",
            """
            from:
              - all:
                  - {select: condition, codes: {icd10: [I10-I15]}, window: {to: case.end}, is: "yes"}
                  - {select: medication_statement, codes: {atc: [C09]}, window: {covers: case.start}, is: "yes"}
                is: "yes"
            """,
            """
            kind                 | code        | start      | end
            condition            | icd10:I10   | 2015-01-01 |
            medication_statement | atc:C09AA02 | 2016-01-01 | => yes; from a b; among 2
            condition            | icd10:I10   | 2015-01-01 | => no_entry
            condition            | icd10:I10   | 2015-01-01 |
            medication_statement | atc:C09AA02 | 2016-01-01 | 2017-01-01 => outside_window; from b
            """,
        ),
        Spec(
            "a stay of another case",
            "`same_stay` follows the stay the event was done in, whatever class it has.",
            'from:\n  - {select: condition, codes: {icd10: [R57.0]}, same_stay: true, is: "yes"}',
            """
            kind      | code        | start            | stay
            condition | icd10:R57.0 | 2026-03-10 09:30 | s1 => yes; from a
            """,
            frame=PROCEDURE,
            case=PROCEDURE_CASE,
        ),
    ),
)
