"""What a rule takes from an entry, and how it becomes the registry's value."""

from __future__ import annotations

from tests.spec.language import PROCEDURE, PROCEDURE_CASE, STROKE, Section, Spec

ONSET = """
Onset: {type: datetime, from: [{select: observation, codes: {loinc: 11111-1}, value: start}]}
Arrival: {type: datetime, from: [{select: observation, codes: {loinc: 22222-2}, value: start}]}
"""
AUTUMN = """
    id | kind      | code        | start            | end              | class | stay
    s1 | stay      |             | 2026-10-25 12:00 | 2026-10-30 12:00 | IMP   |
    x1 | condition | icd10:I63.9 | 2026-10-25 01:00 |                  |       | s1
"""


def _hours(no_clock: str) -> str:
    return f"""
from:
  - between: [Onset, Arrival]
    bands: [{{below: 4, is: "yes"}}, {{is: "no"}}]{no_clock}
"""


_CREATININE = """
type: integer
unit: umol/L
units: {umol/L: 1, mg/dL: 88.42, mmol/L: 1000}
from:
  - {select: observation, codes: {nlk: NPU04998}, value: quantity}
"""

SECTION = Section(
    "Values",
    "A rule says what it gives: something fixed (`is`), or what the entry holds (`value`), through a `map`, `bands` or "
    "`units` where needed. A meaning becomes the registry's own code by the variable's `codes`.",
    (
        Spec(
            "`codes` of a variable",
            "The registry's code for each meaning. Meanings are shared by registries, codes are not. When a meaning has two "
            "codes the first is used.",
            'codes: {1: "yes", 3: "yes", 2: "no"}\nfrom:\n  - {select: condition, codes: {icd10: [I48]}, is: "yes"}',
            """
            kind      | code      | start
            condition | icd10:I48 | 2020-05-04 => yes = 1; among 1; rule Example/1
            """,
        ),
        Spec(
            "`is`",
            "A fixed meaning, or a number, when anything is found.",
            "type: integer\nfrom:\n  - {select: death, window: {to: case.start + 120d}, is: 6}",
            """
            kind  | start
            death | 2026-04-02 => 6; from a
            """,
        ),
        Spec(
            "`value: start`",
            "When the entry began. A day is enough; a month or a year is not a date, and when it was recorded is no start.",
            "type: date\nfrom:\n  - {select: procedure, codes: {ncsp: [FNG]}, pick: first, value: start}",
            """
            kind      | code       | start            | recorded
            procedure | ncsp:FNG02 | 2026-03-10 23:30 | => 2026-03-10; from a
            procedure | ncsp:FNG02 | 2026-03-10       | => 2026-03-10
            procedure | ncsp:FNG02 | 2026-03          | => no_time; from a
            procedure | ncsp:FNG02 | 2026             | => no_time
            procedure | ncsp:FNG02 |                  | 2026-03-10 23:30 => no_time
            """,
        ),
        Spec(
            "`value: end`",
            "When it ended. What has not ended has no such time.",
            "type: datetime\nfrom:\n  - {select: procedure, codes: {ncsp: [FNG]}, pick: last, value: end}",
            """
            kind      | code       | start            | end
            procedure | ncsp:FNG02 | 2026-03-10 23:30 | 2026-03-11 00:10 => 2026-03-11T00:10; from a
            procedure | ncsp:FNG02 | 2026-03-10 23:30 | => no_time; from a
            """,
        ),
        Spec(
            "`value: answer_time`",
            "The date or time that an answer gives, not the one when it was given.",
            "type: date\nfrom:\n  - {select: answer, codes: {linkid: debut}, pick: last, value: answer_time}",
            """
            kind   | code         | start      | answer_time      | answer
            answer | linkid:debut | 2026-06-01 | 2026-03-09       | => 2026-03-09; from a
            answer | linkid:debut | 2026-06-01 | 2026-03-09 22:00 | => 2026-03-09
            answer | linkid:debut | 2026-06-01 | 2026-03          | => no_time; from a
            answer | linkid:debut | 2026-06-01 |                  | boolean:true => no_time
            """,
        ),
        Spec(
            "`value: count`",
            "How many entries there are. That there are none is 0 only where `absent` says so.",
            """
            type: integer
            from:
              - {select: condition, codes: {icd10: [I63]}, window: {before: case.onset}, value: count}
            absent: {is: 0, given: [condition]}
            """,
            """
            kind      | code        | start      | standing
            condition | icd10:I63.9 | 2019-01-01 |
            condition | icd10:I63.4 | 2021-01-01 | => 2; from a b; among 2; rule Example/1
            condition | icd10:I63.9 | 2019-01-01 | refuted
            condition | icd10:I63.4 | 2021-01-01 | => 1; from b
            => 0; note absence; from x1; rule Example/absent
            """,
        ),
        Spec(
            "`value: count` without `absent`",
            "Then there is no number.",
            "type: integer\nfrom:\n  - {select: condition, codes: {icd10: [I48]}, value: count}",
            """
            kind      | code      | start
            => no_entry
            condition | icd10:I48 | 2019-01-01 => 1
            """,
        ),
        Spec(
            "`value: count` and `bands`",
            "The number of entries becomes a meaning.",
            """
            from:
              - select: condition
                codes: {icd10: [I48]}
                value: count
                bands: [{below: 2, is: "no"}, {is: "yes"}]
            """,
            """
            kind      | code      | start
            condition | icd10:I48 | 2019-01-01 => no; among 1
            condition | icd10:I48 | 2019-01-01
            condition | icd10:I48 | 2021-01-01 => yes; among 2
            """,
        ),
        Spec(
            "`type: datetime`",
            "Local time. 00:00 is how these registries write that the clock time is not known. Different times in the same "
            "place disagree.",
            "type: datetime\nfrom:\n  - {select: procedure, codes: {ncsp: [FNG]}, value: start}",
            """
            kind      | code       | start
            procedure | ncsp:FNG02 | 2026-03-10 23:30 => 2026-03-10T23:30
            procedure | ncsp:FNG02 | 2026-03-10 => 2026-03-10T00:00
            procedure | ncsp:FNG02 | 2026-10-25 02:30+01:00 => 2026-10-25T02:30
            procedure | ncsp:FNG02 | 2026-03-10 11:00
            procedure | ncsp:FNG02 | 2026-03-10 12:00 => disagree; from a b
            """,
        ),
        Spec(
            "`value: code` and `map`",
            "The entry's own code, translated by a map that people approved. Entries whose codes the map does not hold do "
            "not take part; a row that is only a draft does not translate.",
            """
            normed: smoking
            codes: {0: never, 1: current, 2: former, 9: unknown}
            from:
              - {select: condition, codes: {snomed: "<< 365981007 |Tobacco behaviour|"}, pick: last, value: code, map: smoking}
            """,
            """
            kind      | code             | start
            condition | snomed:8517006   | 2020-05-04 => former = 2; from a; map smoking@1 row 2
            condition | snomed:65568007  | 2020-05-04 => current = 1; map smoking@1 row 4
            condition | snomed:8517006   | 2020-05-04
            condition | snomed:8392000   | 2021-05-04 => former; from a; among 2
            condition | snomed:8392000   | 2021-05-04 => unmapped_code; from a
            condition | snomed:8517006   | 2021-05-04
            condition | snomed:77176002  | 2021-05-04 => disagree; from a b
            """,
        ),
        Spec(
            "`value: answer`",
            "The coded answer of an observation. The entry is picked first and then translated: an older answer never stands "
            "in for one that the map does not hold.",
            """
            normed: smoking
            codes: {0: never, 1: current, 2: former, 9: unknown}
            from:
              - {select: observation, codes: {loinc: 72166-2}, pick: last, value: answer, map: smoking}
            """,
            """
            kind        | code          | start      | answer
            observation | loinc:72166-2 | 2020-05-04 | snomed:266919005
            observation | loinc:72166-2 | 2024-05-04 | snomed:59978006 => current = 1; from b; code snomed:59978006
            observation | loinc:72166-2 | 2020-05-04 | snomed:266919005
            observation | loinc:72166-2 | 2024-05-04 | snomed:160614008 => unmapped_code; from b
            observation | loinc:72166-2 | 2024-05-04 | => unmapped_code
            """,
        ),
        Spec(
            "`value: site`",
            "The body site of a procedure.",
            "normed: site\ncodes: {1: femoral, 2: radial}\nfrom:\n  - {select: index, value: site, map: site}",
            """
            kind      | code       | start            | site
            => radial = 2; from x1; map site@1 row 2
            procedure | ncsp:FNG05 | 2026-03-10 09:10 | snomed:69833005 => disagree; from x1 a
            procedure | ncsp:FNG05 | 2026-03-10 09:10 | snomed:45631007 => radial; from x1 a
            """,
            frame=PROCEDURE,
            case=PROCEDURE_CASE,
        ),
        Spec(
            "`combine`",
            "What several meanings together mean, in alphabetical order with `+` between.",
            """
            normed: imaging
            codes: {2: ct, 3: mri, 4: both}
            from:
              - select: procedure
                codes: {snomed: "<< 363679005 |Imaging|"}
                value: code
                map: imaging
                combine: {ct: ct, mri: mri, ct+mri: both}
            """,
            """
            kind      | code             | start
            procedure | snomed:34227000  | 2026-03-10 => ct = 2; map imaging@3 row 1
            procedure | snomed:34227000  | 2026-03-10
            procedure | snomed:816077007 | 2026-03-11 => both = 4; from a b
            """,
        ),
        Spec(
            "`combine` with something left out",
            "A meaning that stands alone means itself, where it is not listed; when the registry has no code for it, it is "
            "not sent. Several that are not listed together disagree.",
            """
            normed: imaging
            codes: {2: ct, 3: mri}
            from:
              - select: procedure
                codes: {snomed: "<< 363679005 |Imaging|"}
                value: code
                map: imaging
                combine: {ct: ct}
            """,
            """
            kind      | code             | start
            procedure | snomed:816077007 | 2026-03-11 => mri = 3; from a
            procedure | snomed:34227000  | 2026-03-10
            procedure | snomed:816077007 | 2026-03-11 => disagree; from a b
            """,
        ),
        Spec(
            "`combine` and a meaning the registry does not have",
            "What is combined has a code, what stands alone has none.",
            """
            normed: imaging
            codes: {4: both}
            from:
              - {select: procedure, codes: {snomed: "<< 363679005 |Imaging|"}, value: code, map: imaging, combine: {ct+mri: both}}
            """,
            """
            kind      | code             | start
            procedure | snomed:816077007 | 2026-03-11 => unmapped_code; from a
            procedure | snomed:34227000  | 2026-03-10
            procedure | snomed:816077007 | 2026-03-11 => both = 4; from a b
            """,
        ),
        Spec(
            "a code the registry does not have",
            "A map may know more than a registry asks about: such a meaning has no code, and is not sent.",
            """
            normed: imaging
            codes: {2: ct}
            from:
              - {select: procedure, codes: {snomed: "<< 363679005 |Imaging|"}, value: code, map: imaging}
            """,
            """
            kind      | code             | start
            procedure | snomed:816077007 | 2026-03-11 => unmapped_code; from a
            """,
        ),
        Spec(
            "`value: quantity` and `units`",
            "A number in one of the units the variable knows, multiplied into its own; another unit, or none where none is "
            "expected, is no guess. A converted value is rounded.",
            _CREATININE,
            """
            kind        | code         | start      | value
            observation | nlk:NPU04998 | 2026-03-09 | 93 umol/L => 93; from a
            observation | nlk:NPU04998 | 2026-03-09 | 1.05 mg/dL => 93
            observation | nlk:NPU04998 | 2026-03-09 | 0.0935 mmol/L => 94
            observation | nlk:NPU04998 | 2026-03-09 | 93 g/L => wrong_unit; from a
            observation | nlk:NPU04998 | 2026-03-09 | 93 => wrong_unit
            observation | nlk:NPU04998 | 2026-03-09 | 93 umol/l => wrong_unit
            observation | nlk:NPU04998 | 2026-03-09 | 93 umol/L
            observation | nlk:NPU04998 | 2026-03-09 | 0.093 mmol/L => 93; from a b
            """,
        ),
        Spec(
            "results that are not numbers",
            '"Less than 40" is not 40, and a result without a number is none.',
            _CREATININE,
            """
            kind        | code         | start      | value
            observation | nlk:NPU04998 | 2026-03-09 | <40 umol/L => not_a_number; from a
            observation | nlk:NPU04998 | 2026-03-09 | => not_a_number
            observation | nlk:NPU04998 | 2026-03-09 | Infinity umol/L => not_a_number
            observation | nlk:NPU04998 | 2026-03-09 | NaN umol/L => not_a_number
            observation | nlk:NPU04998 | 2026-03-09 | 1E+90 umol/L => not_a_number
            """,
        ),
        Spec(
            "`type: integer`",
            "A score without a unit (or with unit `1`) that is not whole is no score.",
            'type: integer\nunits: {"": 1}\nfrom:\n  - {select: observation, codes: {loinc: 70182-1}, value: quantity}',
            """
            kind        | code          | start      | value
            observation | loinc:70182-1 | 2026-03-10 | 7 => 7
            observation | loinc:70182-1 | 2026-03-10 | 7.0 => 7
            observation | loinc:70182-1 | 2026-03-10 | 7.5 => not_a_number; from a
            """,
        ),
        Spec(
            "`type: decimal` and `decimals`",
            "Rounded to so many decimals, half upwards.",
            """
            type: decimal
            unit: cm
            units: {cm: 1, "[in_i]": 2.54}
            decimals: 1
            from:
              - {select: observation, codes: {loinc: 8302-2}, value: quantity}
            """,
            """
            kind        | code         | start      | value
            observation | loinc:8302-2 | 2026-03-09 | 181 cm => 181.0
            observation | loinc:8302-2 | 2026-03-09 | 181.25 cm => 181.3
            observation | loinc:8302-2 | 2026-03-09 | 70 [in_i] => 177.8
            """,
        ),
        Spec(
            "`bands`",
            "A number becomes the meaning of the first band it is below. Without a last band that leaves `below` out, higher "
            "numbers have no meaning.",
            """
            normed: grade
            codes: {2: severe, 1: reduced, 0: normal}
            units: {"%": 1}
            from:
              - select: observation
                codes: {loinc: 10230-1}
                value: quantity
                bands: [{below: 30, is: severe}, {below: 50, is: reduced}, {below: 101, is: normal}]
            """,
            """
            kind        | code          | start      | value
            observation | loinc:10230-1 | 2026-03-09 | 29.9 % => severe = 2; from a
            observation | loinc:10230-1 | 2026-03-09 | 30 % => reduced
            observation | loinc:10230-1 | 2026-03-09 | 55 % => normal
            observation | loinc:10230-1 | 2026-03-09 | 101 % => not_a_number; from a
            """,
        ),
        Spec(
            "`between`",
            "The hours from one variable to another that stands before this one, with the entries of both. Without one of "
            "them there is nothing to count; when the second comes first they disagree.",
            _hours(""),
            """
            kind        | code          | start
            observation | loinc:11111-1 | 2026-03-10 08:00
            observation | loinc:22222-2 | 2026-03-10 11:59 => yes; from a b; code loinc:11111-1; among 2; rule Example/1
            observation | loinc:11111-1 | 2026-03-10 08:00
            observation | loinc:22222-2 | 2026-03-10 12:00 => no
            observation | loinc:11111-1 | 2026-03-10 08:00 => input_empty
            observation | loinc:11111-1 | 2026-03-10 08:00
            observation | loinc:22222-2 | 2026-03-10 07:00 => disagree; from a b
            """,
            earlier=ONSET,
            frame=STROKE,
        ),
        Spec(
            "`between` over a change of clocks",
            "The hours that passed, not those on the clock.",
            _hours(""),
            """
            kind        | code          | start
            observation | loinc:11111-1 | 2026-10-25 00:00
            observation | loinc:22222-2 | 2026-10-25 03:00 => no
            """,
            earlier=ONSET,
            frame=AUTUMN,
        ),
        Spec(
            "`no_clock`",
            "What it means when one of the times is only a date.",
            _hours("\n    no_clock: unknown"),
            """
            kind        | code          | start
            observation | loinc:11111-1 | 2026-03-10
            observation | loinc:22222-2 | 2026-03-10 11:00 => unknown = 9
            observation | loinc:11111-1 | 2026-03-10 10:00
            observation | loinc:22222-2 | 2026-03-10 11:00 => yes
            """,
            earlier=ONSET,
        ),
    ),
)
