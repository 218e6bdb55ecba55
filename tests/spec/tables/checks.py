"""What is checked of a value."""

from __future__ import annotations

from tests.spec.language import Section, Spec

_PROCEDURE = "type: datetime\nfrom:\n  - {select: procedure, codes: {ncsp: [FNG]}, value: start}"
_STAY = "Arrival: {type: datetime, from: [{select: procedure, codes: {ncsp: [AAA]}, value: start}]}"

SECTION = Section(
    "Checks",
    "What a value must be like is said on the variable; the findings travel with the record. An error holds the record "
    "back, a warning asks a person, a note is only told.",
    (
        Spec(
            "`range`",
            "Outside `hard` is an error, outside `plausible` a warning; the bounds are inside. `clause` is where the "
            "registry says so.",
            """
            type: integer
            unit: kg
            units: {kg: 1}
            range: {hard: [0, 250], plausible: [25, 220]}
            clause: "4.2"
            from:
              - {select: observation, codes: {loinc: 29463-7}, value: quantity}
            """,
            """
            kind        | code          | start      | value
            observation | loinc:29463-7 | 2026-03-09 | 80 kg => 80; no finding
            observation | loinc:29463-7 | 2026-03-09 | 250 kg => 250; warning plausible_range; clause 4.2
            observation | loinc:29463-7 | 2026-03-09 | 220 kg => 220; no finding
            observation | loinc:29463-7 | 2026-03-09 | 251 kg => 251; error hard_range; clause 4.2
            """,
        ),
        Spec(
            "`obligatory`",
            "An obligatory variable that is empty is noted: a person gives it.",
            'obligatory: true\nfrom:\n  - {select: condition, codes: {icd10: [I48]}, is: "yes"}',
            """
            kind      | code      | start
            condition | icd10:I48 | 2020-01-01 => yes; no finding
            => no_entry; note obligatory_missing
            """,
        ),
        Spec(
            "`orders`",
            "One time must not be later than another. Where one of them has no clock time only the dates are compared.",
            _PROCEDURE,
            """
            kind      | code       | start
            procedure | ncsp:FNG02 | 2026-03-10 09:00
            procedure | ncsp:AAA00 | 2026-03-10 10:00 => 2026-03-10T09:00; no finding
            procedure | ncsp:FNG02 | 2026-03-10 11:00
            procedure | ncsp:AAA00 | 2026-03-10 10:00 => 2026-03-10T11:00; warning dates_out_of_order; clause 7
            procedure | ncsp:FNG02 | 2026-03-10 11:00
            procedure | ncsp:AAA00 | 2026-03-10 => 2026-03-10T11:00; no finding
            procedure | ncsp:FNG02 | 2026-03-11
            procedure | ncsp:AAA00 | 2026-03-10 11:00 => 2026-03-11T00:00; warning dates_out_of_order
            """,
            earlier=_STAY,
            orders='- {first: Example, then: Arrival, severity: warning, clause: "7"}',
        ),
        Spec(
            "`orders` in the hour that comes twice",
            "Moments are compared, not what the clock showed.",
            _PROCEDURE,
            """
            kind      | code       | start
            procedure | ncsp:FNG02 | 2026-10-25 02:50+02:00
            procedure | ncsp:AAA00 | 2026-10-25 02:10+01:00 => 2026-10-25T02:50; no finding
            procedure | ncsp:FNG02 | 2026-10-25 02:10+01:00
            procedure | ncsp:AAA00 | 2026-10-25 02:50+02:00 => 2026-10-25T02:10; error dates_out_of_order
            """,
            earlier=_STAY,
            orders="- {first: Example, then: Arrival, severity: error}",
        ),
    ),
)
