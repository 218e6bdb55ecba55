"""Values that are made from others, and checks between them."""

from __future__ import annotations

from tests.spec.language import Section, Spec

_BODY = """
Height:
  {type: decimal, decimals: 1, unit: cm, from: [{select: observation, codes: {loinc: 8302-2}, value: quantity}]}
Weight:
  {type: decimal, decimals: 1, unit: kg, from: [{select: observation, codes: {loinc: 29463-7}, value: quantity}]}
"""
_STROKE = """
Diabetes: {from: [{select: condition, codes: {icd10: [E10-E14]}, is: "yes"}]}
Fibrillation:
  from: [{select: condition, codes: {icd10: [I48]}, is: "yes"}]
  absent: {is: "no", given: [condition]}
Score: {type: integer, from: [{select: observation, codes: {loinc: 70182-1}, value: quantity}]}
"""
_TIMES = """
Onset: {type: datetime, from: [{select: observation, codes: {loinc: 11111-1}, value: start}]}
Arrival: {type: datetime, from: [{select: observation, codes: {loinc: 22222-2}, value: start}]}
Birth: {type: date, from: [{select: birth, value: start}]}
"""


def _made(expression: str, words: str = "") -> str:
    return f'{words}\nfrom:\n  - expression: "{expression}"'


SECTION = Section(
    "Values made from others",
    "An `expression` combines variables that stand before this one. It is written in the "
    "[Common Expression Language](https://cel.dev), of which it takes `==` `!=` `<` `<=` `>` `>=`, `+` `-` `*` `/`, `&&` "
    "`||` `!`, `in [..]`, `? :`, `has(..)`, `timestamp('..')` and `duration('..')`. A code is compared with its "
    "meanings in quotes; numbers are exact, as the registry gets them; times are those of the hospital. A name, a meaning "
    "or a combination that cannot be is refused when the definition is read. What it gives has the entries of its "
    "inputs as evidence, and is proposed when one of them is.",
    (
        Spec(
            "`expression` that is true or false",
            "It means `yes` or `no`. An empty input leaves it open, unless the rest settles it.",
            _made("Fibrillation == 'yes' || Score > 20"),
            """
            kind        | code          | start            | value
            condition   | icd10:I48     | 2020-05-04       | => yes = 1; from a; rule Example/1
            observation | loinc:70182-1 | 2026-03-10 12:00 | 21 => yes; from a
            observation | loinc:70182-1 | 2026-03-10 12:00 | 20 => no
            => input_empty
            """,
            earlier=_STROKE,
        ),
        Spec(
            "`has`",
            "Whether a variable has a value: so an empty one can be asked about.",
            _made("has(Score) && Score > 20"),
            """
            kind        | code          | start            | value
            observation | loinc:70182-1 | 2026-03-10 12:00 | 21 => yes
            => no
            """,
            earlier=_STROKE,
        ),
        Spec(
            "`expression` that gives a meaning",
            "The choice is made between the variable's own meanings.",
            _made("Diabetes == 'yes' && Fibrillation == 'yes' ? 'yes' : 'unknown'"),
            """
            kind      | code        | start
            condition | icd10:I48   | 2020-05-04
            condition | icd10:E11.9 | 2020-05-04 => yes = 1; from b a
            condition | icd10:E11.9 | 2020-05-04 => unknown = 9
            condition | icd10:I48   | 2020-05-04 => input_empty
            """,
            earlier=_STROKE,
        ),
        Spec(
            "`expression` that gives a number",
            "Reckoned exactly with the numbers as the registry gets them, and rounded once. There is no number where one "
            "would divide by nothing.",
            _made("Weight / (Height / 100 * (Height / 100))", "type: decimal\ndecimals: 1\nunit: kg/m2"),
            """
            kind        | code          | start      | value
            observation | loinc:8302-2  | 2026-03-09 | 180.04 cm
            observation | loinc:29463-7 | 2026-03-09 | 81 kg => 25.0; from a b
            observation | loinc:8302-2  | 2026-03-09 | 0 cm
            observation | loinc:29463-7 | 2026-03-09 | 81 kg => not_a_number
            observation | loinc:29463-7 | 2026-03-09 | 81 kg => input_empty
            """,
            earlier=_BODY,
        ),
        Spec(
            "`expression` with `bands`",
            "A number becomes a meaning.",
            """
            normed: grade
            codes: {0: normal, 1: reduced, 2: severe}
            from:
              - expression: "Score + 1"
                bands: [{below: 5, is: normal}, {below: 16, is: reduced}, {is: severe}]
            """,
            """
            kind        | code          | start            | value
            observation | loinc:70182-1 | 2026-03-10 12:00 | 4 => reduced = 1; from a
            observation | loinc:70182-1 | 2026-03-10 12:00 | 15 => severe
            """,
            earlier=_STROKE,
        ),
        Spec(
            "`expression` about times",
            "Times are compared, and what lies between them. A date without a clock is any moment of it, so that only some "
            "comparisons are decided.",
            _made("Arrival - Onset < duration('4h30m')"),
            """
            kind        | code          | start
            observation | loinc:11111-1 | 2026-03-10 08:00
            observation | loinc:22222-2 | 2026-03-10 12:29 => yes; from b a
            observation | loinc:11111-1 | 2026-03-10 08:00
            observation | loinc:22222-2 | 2026-03-10 12:30 => no
            observation | loinc:11111-1 | 2026-03-10
            observation | loinc:22222-2 | 2026-03-10 12:30 => inexact_time
            observation | loinc:11111-1 | 2026-03-09
            observation | loinc:22222-2 | 2026-03-10 12:30 => no
            """,
            earlier=_TIMES,
        ),
        Spec(
            "`expression` about dates",
            "Dates are compared as dates; a variable of type `date` is one, whatever its clock.",
            _made("Birth < timestamp('1960-01-01')"),
            """
            kind  | start
            birth | 1959-12-31 => yes; from a
            birth | 1960-01-01 => no
            """,
            earlier=_TIMES,
        ),
        Spec(
            "`expression` that gives a time",
            "A time is given as exactly as it is known.",
            _made("has(Onset) ? Onset : Arrival", "type: datetime"),
            """
            kind        | code          | start
            observation | loinc:11111-1 | 2026-03-10 08:00 => 2026-03-10T08:00
            observation | loinc:22222-2 | 2026-03-10 => 2026-03-10T00:00
            => input_empty
            """,
            earlier=_TIMES,
        ),
        Spec(
            "`expression` made from something proposed",
            "Nobody answers for more than for what it was made from.",
            _made("Told == 'yes'"),
            """
            kind      | code      | start
            condition | icd10:I48 | 2020-05-04 => yes; from a; proposed
            """,
            earlier='Told: {automation: proposed, from: [{select: condition, codes: {icd10: [I48]}, is: "yes"}]}',
        ),
        Spec(
            "rules beside an `expression`",
            "As always the first rule that gives a value wins.",
            _made("Score > 20") + "\n  - {select: condition, codes: {icd10: [I48]}, is: unknown}",
            """
            kind        | code          | start            | value
            condition   | icd10:I48     | 2020-05-04       | => unknown; rule Example/2
            condition   | icd10:I48     | 2020-05-04       |
            observation | loinc:70182-1 | 2026-03-10 12:00 | 21 => yes; rule Example/1
            """,
            earlier=_STROKE,
        ),
        Spec(
            "`checks` that are errors",
            "What must be so between variables, in the same language, with a text for those who read it. A finding is made "
            "when the `rule` is false, of each variable it names; when an input is empty nothing is found. `clause` is where "
            "the registry says so. An error holds the record.",
            "type: decimal\ndecimals: 1\nunit: kg\nfrom:\n  - {select: observation, codes: {loinc: 3141-9}, value: quantity}",
            """
            kind        | code          | start      | value
            observation | loinc:29463-7 | 2026-03-09 | 80.4 kg
            observation | loinc:3141-9  | 2026-03-10 | 80.1 kg => 80.1; no finding
            observation | loinc:29463-7 | 2026-03-09 | 80.4 kg
            observation | loinc:3141-9  | 2026-03-10 | 80.0 kg => 80.0; error check.weight-kept; clause 3
            observation | loinc:3141-9  | 2026-03-10 | 80.0 kg => 80.0; no finding
            """,
            earlier=_BODY,
            checks="""
            - name: weight-kept
              rule: "Weight - Example <= 0.3"
              severity: error
              text: {nb: Vekten er redusert, en: The weight is reduced}
              clause: "3"
            """,
        ),
        Spec(
            "`checks` that are warnings",
            "A warning holds back the values of the `variables` it is about, else of all that the rule names; a date without "
            "a clock is any moment of it.",
            "type: datetime\nfrom:\n  - {select: procedure, codes: {ncsp: [FNG]}, value: start}",
            """
            kind        | code          | start
            observation | loinc:22222-2 | 2026-03-10 10:00
            procedure   | ncsp:FNG02    | 2026-03-10 11:00 => 2026-03-10T11:00; no finding
            observation | loinc:22222-2 | 2026-03-10 10:00
            procedure   | ncsp:FNG02    | 2026-03-10 13:00 => 2026-03-10T13:00; warning check.in-time
            observation | loinc:22222-2 | 2026-03-10 10:00
            procedure   | ncsp:FNG02    | 2026-03-10 => 2026-03-10T00:00; no finding
            observation | loinc:22222-2 | 2026-03-10 10:00
            procedure   | ncsp:FNG02    | 2026-03-11 => 2026-03-11T00:00; warning check.in-time
            """,
            earlier=_TIMES,
            checks="""
            - name: in-time
              rule: "Example - Arrival < duration('2h')"
              severity: warning
              variables: [Example]
              text: {nb: Prosedyren kom sent, en: The procedure came late}
            """,
        ),
        Spec(
            "`checks` that are notes",
            "A note is told and nothing more.",
            'from:\n  - {select: condition, codes: {icd10: [E10-E14]}, is: "yes"}',
            """
            kind      | code        | start
            condition | icd10:E11.9 | 2020-05-04
            condition | icd10:I48   | 2020-05-04 => yes; note check.both
            condition | icd10:E11.9 | 2020-05-04 => yes; no finding
            """,
            earlier=_STROKE,
            checks="""
            - name: both
              rule: "!(Example == 'yes' && Fibrillation == 'yes')"
              severity: note
              text: {nb: Begge deler, en: Both}
            """,
        ),
    ),
)
