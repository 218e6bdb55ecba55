"""How a measured number comes into a variable's unit."""

from __future__ import annotations

from tests.spec.language import Section, Spec


def _measured(words: str) -> str:
    return f"{words}\nfrom:\n  - {{select: observation, codes: {{nlk: NPU04998}}, value: quantity}}"


SECTION = Section(
    "Units",
    "A variable says its `unit`, a [UCUM](https://ucum.org) code; a number in any unit that measures the same is "
    "converted, exactly, and rounded once. Codes are case-sensitive; some other spellings that hospitals use are "
    "understood (`mmHg`, `µmol/L`, `slag/min`). Stricter than UCUM: an amount of substance (mol) is no number and no "
    "equivalent, mol per mol is no percentage, and units whose remarks in braces contradict each other are different.",
    (
        Spec(
            "`unit`",
            "What the number is in. A unit that does not measure the same, or none, is no guess.",
            _measured("type: integer\nunit: umol/L"),
            """
            kind        | code         | start      | value
            observation | nlk:NPU04998 | 2026-03-09 | 93 umol/L => 93; from a
            observation | nlk:NPU04998 | 2026-03-09 | 93 µmol/l => 93
            observation | nlk:NPU04998 | 2026-03-09 | 0.0935 mmol/L => 94
            observation | nlk:NPU04998 | 2026-03-09 | 1.05 mg/dL => wrong_unit; from a
            observation | nlk:NPU04998 | 2026-03-09 | 93 => wrong_unit
            observation | nlk:NPU04998 | 2026-03-09 | 93 mol => wrong_unit
            observation | nlk:NPU04998 | 2026-03-09 | 93 UMOL/L => wrong_unit
            observation | nlk:NPU04998 | 2026-03-09 | 93 umol/L
            observation | nlk:NPU04998 | 2026-03-09 | 0.093 mmol/L => 93; from a b
            """,
        ),
        Spec(
            "`unit` with a zero of its own",
            "Temperatures convert with their zero.",
            _measured("type: decimal\nunit: Cel\ndecimals: 1"),
            """
            kind        | code         | start      | value
            observation | nlk:NPU04998 | 2026-03-09 | 38.2 Cel => 38.2
            observation | nlk:NPU04998 | 2026-03-09 | 38.2 °C => 38.2
            observation | nlk:NPU04998 | 2026-03-09 | 100.4 [degF] => 38.0
            observation | nlk:NPU04998 | 2026-03-09 | 311.35 K => 38.2
            """,
        ),
        Spec(
            "a number without `unit`",
            "A score has no unit; `1` and a remark in braces say the same.",
            _measured("type: integer"),
            """
            kind        | code         | start      | value
            observation | nlk:NPU04998 | 2026-03-09 | 7 => 7
            observation | nlk:NPU04998 | 2026-03-09 | 7 1 => 7
            observation | nlk:NPU04998 | 2026-03-09 | 7 {score} => 7
            observation | nlk:NPU04998 | 2026-03-09 | 7 mg => wrong_unit
            """,
        ),
        Spec(
            "`unit: %`",
            "A bare number may be a share or a percentage: it is neither.",
            _measured('type: integer\nunit: "%"'),
            """
            kind        | code         | start      | value
            observation | nlk:NPU04998 | 2026-03-09 | 55 % => 55
            observation | nlk:NPU04998 | 2026-03-09 | 0.55 1 => 55
            observation | nlk:NPU04998 | 2026-03-09 | 55 => wrong_unit
            """,
        ),
        Spec(
            "`substance`",
            "What is measured: then mass and amount of substance convert by its molar mass, which stands in the catalogue "
            "with its source.",
            _measured("type: integer\nunit: umol/L\nsubstance: creatinine"),
            """
            kind        | code         | start      | value
            observation | nlk:NPU04998 | 2026-03-09 | 1.05 mg/dL => 93
            observation | nlk:NPU04998 | 2026-03-09 | 0.093 mmol/L => 93
            observation | nlk:NPU04998 | 2026-03-09 | 93 [IU]/L => wrong_unit
            """,
        ),
        Spec(
            "`substance` with an equation of its own",
            "HbA1c in mmol/mol (IFCC) and in per cent (NGSP) are two scales: they convert by the equation that ties them "
            "together, and by nothing else.",
            _measured("type: integer\nunit: mmol/mol\nsubstance: hba1c"),
            """
            kind        | code         | start      | value
            observation | nlk:NPU04998 | 2026-03-09 | 48 mmol/mol => 48
            observation | nlk:NPU04998 | 2026-03-09 | 6.5 % => 48
            observation | nlk:NPU04998 | 2026-03-09 | 6.5 %{HbA1c} => 48
            observation | nlk:NPU04998 | 2026-03-09 | 0.048 1 => wrong_unit
            """,
        ),
        Spec(
            "`units`",
            "The units that are known and their factors, where a registry decides these itself. Nothing else is converted, "
            "and they are read as they stand.",
            _measured("type: integer\nunit: umol/L\nunits: {umol/L: 1, mg/dL: 88.42}"),
            """
            kind        | code         | start      | value
            observation | nlk:NPU04998 | 2026-03-09 | 1.05 mg/dL => 93
            observation | nlk:NPU04998 | 2026-03-09 | 0.093 mmol/L => wrong_unit
            observation | nlk:NPU04998 | 2026-03-09 | 93 umol/l => wrong_unit
            """,
        ),
    ),
)
