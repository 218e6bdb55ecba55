"""How sets of codes are written, and what is in them."""

from __future__ import annotations

from tests.spec.language import Section, Spec


def _codes(word: str, says: str, codes: str, table: str) -> Spec:
    variable = f'from:\n  - {{select: condition, codes: {codes}, is: "yes"}}'
    return Spec(word, says, variable, table)


SECTION = Section(
    "Codes",
    "`codes` is a set of codes by system (`snomed`, `icd10`, `icpc2`, `atc`, `ncsp`, `ncmp`, `ncrp`, `nlk`, `loinc` …) or "
    "the name of a set in the catalogue. A code of a system that nobody knows is never in a set.",
    (
        _codes(
            "`codes` by name",
            "A set that the catalogue names and several registries share. Here `diabetes` is "
            '`{snomed: "<< 73211009 |Diabetes mellitus|", icd10: [E10-E14]}`.',
            "diabetes",
            """
            kind      | code            | start
            condition | icd10:E11.9     | 2020-05-04 => yes; from a
            condition | snomed:44054006 | 2020-05-04 => yes; from a
            condition | icd10:E66.0     | 2020-05-04 => no_entry
            """,
        ),
        _codes(
            "`snomed`: an expression",
            "SNOMED CT is asked in its Expression Constraint Language: `<<` is the concept and everything below it. "
            "Prediabetes is no diabetes, whatever it is called.",
            '{snomed: "<< 73211009 |Diabetes mellitus|"}',
            """
            kind      | code            | start
            condition | snomed:73211009 | 2020-05-04 => yes; code snomed:73211009
            condition | snomed:81531005 | 2020-05-04 => yes; code snomed:81531005
            condition | snomed:15777000 | 2020-05-04 => no_entry
            """,
        ),
        _codes(
            "`snomed`: with exceptions",
            "`MINUS` takes something out again.",
            '{snomed: "<< 22298006 |Myocardial infarction| MINUS << 1755008 |Old myocardial infarction|"}',
            """
            kind      | code             | start
            condition | snomed:401303003 | 2020-05-04 => yes
            condition | snomed:1755008   | 2020-05-04 => no_entry
            """,
        ),
        _codes(
            "inactive SNOMED CT concepts",
            "A retired concept counts when its history leads to exactly one member of the set (also in several steps); "
            "when it may mean one of several things it does not.",
            '{snomed: "<< 49436004 |Atrial fibrillation|"}',
            """
            kind      | code                     | start
            condition | snomed:90131000202109    | 2020-05-04 => yes; from a
            condition | snomed:90171000202106    | 2020-05-04 => no_entry
            """,
        ),
        _codes(
            "`icd10`: a code and everything below it",
            "In a classification a code stands for all codes that begin with it.",
            "{icd10: [I21]}",
            """
            kind      | code        | start
            condition | icd10:I21   | 2020-05-04 => yes
            condition | icd10:I21.4 | 2020-05-04 => yes
            condition | icd10:I22.0 | 2020-05-04 => no_entry
            """,
        ),
        _codes(
            "`icd10`: a range",
            "From the first code to the last, both with everything below them. With a dot, too.",
            "{icd10: [E10-E14, I21.0-I21.3]}",
            """
            kind      | code        | start
            condition | icd10:E10   | 2020-05-04 => yes
            condition | icd10:E14.9 | 2020-05-04 => yes
            condition | icd10:E15   | 2020-05-04 => no_entry
            condition | icd10:I21.3 | 2020-05-04 => yes
            condition | icd10:I21.4 | 2020-05-04 => no_entry
            """,
        ),
        _codes(
            "the dot in codes",
            "With or without the dot, in capitals or not, it is one code: in the rule and in the journal.",
            "{icd10: [I25.2, Z951]}",
            """
            kind      | code        | start
            condition | icd10:I25.2 | 2020-05-04 => yes; code icd10:I252
            condition | icd10:i252  | 2020-05-04 => yes; code icd10:I252
            condition | icd10:Z95.1 | 2020-05-04 => yes; code icd10:Z951
            """,
        ),
        _codes(
            "several codes of one entry",
            "The codings of one entry mean one thing: one that is in the set is enough, and it is the one that is shown.",
            "{icd10: [I48]}",
            """
            kind      | code                         | start
            condition | snomed:49436004, icd10:I48.9 | 2020-05-04 => yes; code icd10:I489
            """,
        ),
        _codes(
            "an unknown code system",
            "A code of a system that is not known matches nothing, even when the letters are the same.",
            "{icd10: [I48]}",
            """
            kind      | code       | start
            condition | local:I48  | 2020-05-04 => no_entry
            condition | snomed:I48 | 2020-05-04 => no_entry
            condition | local:I48, icd10:I48 | 2020-05-04 => yes; code icd10:I48
            """,
        ),
    ),
)
