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
            "medication_request",
            "Medicines that were prescribed: whether they were taken is another question.",
            "{atc: [B01AC06]}",
            """
            kind                 | code        | start
            medication_request   | atc:B01AC06 | 2026-03-14 => yes; from a
            medication_statement | atc:B01AC06 | 2026-03-14 => no_entry
            """,
        ),
        _of_kind(
            "medication_dispense",
            "Medicines that a pharmacy handed out.",
            "{atc: [B01AC06]}",
            """
            kind                | code        | start
            medication_dispense | atc:B01AC06 | 2026-03-20 => yes; from a
            medication_request  | atc:B01AC06 | 2026-03-14 => no_entry
            """,
        ),
        _of_kind(
            "answer",
            "Answers in questionnaires, by the question's code or by what the questionnaire calls it (`linkid`), alone or "
            "after the questionnaire's address and `#`. Several questionnaires may call a question the same.",
            '{linkid: "http://example.org/eq5d#1", loinc: 95376-0}',
            """
            kind   | code                                           | start
            answer | linkid:1, linkid:http://example.org/eq5d#1     | 2026-06-01 => yes; from a
            answer | linkid:1, linkid:http://example.org/other#1    | 2026-06-01 => no_entry
            answer | loinc:95376-0                                  | 2026-06-01 => yes
            """,
        ),
        _of_kind(
            "document",
            "That a document of some type was written, and when. What it says is not read.",
            "{loinc: 18842-5}",
            """
            kind     | code          | start
            document | loinc:18842-5 | 2026-03-14 => yes; from a
            document | loinc:11506-3 | 2026-03-14 => no_entry
            """,
        ),
        _of_kind(
            "family_history",
            "What a relative has or had, with the relationship as its answer. It is never the patient's own diagnosis.",
            "{icd10: [I21]}",
            """
            kind           | code      | start
            family_history | icd10:I21 | 2020-01-01 => yes; from a
            condition      | icd10:I21 | 2020-01-01 => no_entry
            """,
        ),
        Spec(
            "`select: birth`",
            "The patient's birth; it starts on the date of birth.",
            "type: date\nfrom:\n  - {select: birth, value: start}",
            """
            kind  | start
            birth | 1950-05-17 => 1950-05-17; from a
            birth | 1950 => no_time; from a
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
            "An entry that is preliminary, refuted, unconfirmed, planned, not done or entered in error gives no value; it is "
            "shown as the reason.",
            'from:\n  - {select: condition, codes: {icd10: [I48]}, is: "yes"}',
            """
            kind      | code      | start      | standing
            condition | icd10:I48 | 2020-05-04 | preliminary => does_not_count; from a
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
            "`standing`",
            "Asks for entries that do not count otherwise: those listed, and no others.",
            'from:\n  - {select: procedure, codes: {ncsp: [FNG]}, standing: [planned], is: "yes"}',
            """
            kind      | code       | start      | standing
            procedure | ncsp:FNG02 | 2026-05-04 | planned => yes; from a
            procedure | ncsp:FNG02 | 2026-05-04 | => does_not_count; from a
            procedure | ncsp:FNG02 | 2026-05-04 | entered_in_error => does_not_count
            """,
        ),
        Spec(
            "`standing` with what counts",
            "A preliminary result where there is no final one is asked for by a rule of its own; together they are two "
            "results.",
            """
            type: integer
            units: {"": 1}
            from:
              - {select: observation, codes: {loinc: 70182-1}, value: quantity}
              - {select: observation, codes: {loinc: 70182-1}, standing: [counts, preliminary], value: quantity}
            """,
            """
            kind        | code          | start            | value | standing
            observation | loinc:70182-1 | 2026-03-10 11:00 | 7     | preliminary => 7; from a; rule Example/2
            observation | loinc:70182-1 | 2026-03-10 11:00 | 7     | preliminary
            observation | loinc:70182-1 | 2026-03-10 12:00 | 8     | => 8; from b; rule Example/1
            """,
        ),
        Spec(
            "`answers`",
            "Only entries whose coded answer is in this set: question and answer are one statement, and the patient who "
            "answered no said something. An answer that nobody can read may have been the one.",
            """
            from:
              - {select: answer, codes: {linkid: smokes}, answers: {boolean: "true"}, is: "yes"}
              - {select: answer, codes: {linkid: smokes}, answers: {boolean: "false"}, is: "no"}
            """,
            """
            kind   | code          | start      | answer
            answer | linkid:smokes | 2026-06-01 | boolean:true => yes; from a; rule Example/1
            answer | linkid:smokes | 2026-06-01 | boolean:false => no; from a; rule Example/2
            answer | linkid:smokes | 2026-06-01 | local:perhaps => unmapped_code; from a
            answer | linkid:smokes | 2026-06-01 | snomed:77176002 => no_entry; from a
            => no_entry
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
            "precedence",
            "Which of two code systems is believed is a matter of order: a rule for each. Here the diagnosis in SNOMED CT "
            "goes before the one in ICD-10, also when it was recorded earlier.",
            """
            normed: smoking
            codes: {0: never, 1: current, 2: former, 9: unknown}
            from:
              - {select: condition, codes: {snomed: "<< 365981007 |Tobacco behaviour|"}, pick: last, value: code, map: smoking}
              - {select: condition, codes: {icd10: [F17]}, is: current}
            """,
            """
            kind      | code            | start
            condition | snomed:8517006  | 2020-05-04
            condition | icd10:F17.2     | 2024-05-04 => former; from a; rule Example/1
            condition | icd10:F17.2     | 2024-05-04 => current; from a; rule Example/2
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
