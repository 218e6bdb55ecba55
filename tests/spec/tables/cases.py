"""Which entries are index events, and which belong to one case."""

from __future__ import annotations

from tests.spec.language import PROCEDURE_CASE, STROKE_CASE, CaseSpec, Section

SECTION = Section(
    "Cases",
    "`case` says which entries are index events and which of them are one case. Every other rule refers to a case and "
    "its times: `case.start`, `case.end`, `case.onset`, `case.admission`, `case.discharge`.",
    (
        CaseSpec(
            "`select`, `codes` of a case",
            "An entry of this kind with one of these codes is an index event; anything else is not even a candidate.",
            STROKE_CASE,
            """
            id | kind      | code        | start            | end              | class | stay
            s1 | stay      |             | 2026-03-10 10:00 | 2026-03-14 12:00 | IMP   |
            a  | condition | icd10:I63.9 | 2026-03-10 08:00 |                  |       | s1
            b  | condition | icd10:I48   | 2026-03-10 08:00 |                  |       | s1 => case 1: a
            """,
        ),
        CaseSpec(
            "`stay_class`",
            "The event must belong to a stay of one of these classes. Without a stay in the journal it is no case; "
            "without `stay_class` it may be.",
            STROKE_CASE,
            """
            id | kind      | code        | start            | class | stay
            s1 | stay      |             | 2026-03-10 10:00 | AMB   |
            a  | condition | icd10:I63.9 | 2026-03-10 08:00 |       | s1
            b  | condition | icd10:I63.9 | 2026-03-10 08:00 |       |
            c  | condition | icd10:I63.9 | 2026-03-10 08:00 |       | s9 => a case.outpatient; b case.no_stay; c case.no_stay
            """,
        ),
        CaseSpec(
            "events that do not count",
            "Only entries that state a fact make a case; the others are kept, each with its reason.",
            STROKE_CASE,
            """
            id | kind      | code        | start      | class | stay | standing
            s1 | stay      |             | 2026-03-10 | IMP   |      |
            s2 | stay      |             | 2026-03-10 | IMP   |      | planned
            s3 | stay      |             | 2026-03-10 | IMP   |      | entered_in_error
            s4 | stay      |             | 2026-03-10 | IMP   |      | not_done
            a  | condition | icd10:I63.9 | 2026-03-10 |       | s1   | entered_in_error
            b  | condition | icd10:I63.9 | 2026-03-10 |       | s1   | refuted
            c  | condition | icd10:I63.9 | 2026-03-10 |       | s1   | unconfirmed
            d  | condition | icd10:I63.9 | 2026-03-10 |       | s2   |
            e  | condition | icd10:I63.9 | 2026-03-10 |       | s3   |
            f  | condition | icd10:I63.9 | 2026-03-10 |       | s4   | => a case.entered_in_error; b case.refuted; c case.unconfirmed; d case.stay_planned; e case.stay_entered_in_error; f case.stay_not_done
            """,
        ),
        CaseSpec(
            "planned and not done procedures",
            "A procedure that is planned or was not done is no event.",
            PROCEDURE_CASE,
            """
            kind      | code       | start            | standing
            procedure | ncsp:FNG02 | 2026-03-10 09:00 | planned
            procedure | ncsp:FNG02 | 2026-03-10 09:00 | not_done
            procedure | ncsp:FNG02 | 2026-03-10 09:00 | => case 1: c; a case.planned; b case.not_done
            """,
        ),
        CaseSpec(
            "`start: stay`",
            "The case starts when its first stay starts and ends when its last ends. Onset is the earliest time an index "
            "event speaks of.",
            STROKE_CASE,
            """
            id | kind      | code        | start            | end              | class | stay
            s1 | stay      |             | 2026-03-10 10:00 | 2026-03-10 18:00 | ACUTE |
            s2 | stay      |             | 2026-03-10 18:00 | 2026-03-14 12:00 | IMP   |
            a  | condition | icd10:I64   | 2026-03-10 08:00 |                  |       | s1
            b  | condition | icd10:I63.9 | 2026-03-10 07:30 |                  |       | s2 => case 1: b a; 1 start 2026-03-10T10:00; 1 end 2026-03-14T12:00; 1 onset 2026-03-10T07:30; 1 admission 2026-03-10T10:00; 1 discharge 2026-03-14T12:00
            s1 | stay      |             | 2026-03-10 10:00 |                  | IMP   |
            a  | condition | icd10:I64   | 2026-03-10 08:00 |                  |       | s1 => case 1: a; 1 end 9000-01-01T01:00
            s1 | stay      |             |                  | 2026-03-14 12:00 | IMP   |
            a  | condition | icd10:I64   | 2026-03-10 08:00 |                  |       | s1 => a case.no_time
            """,
        ),
        CaseSpec(
            "`start: entry`",
            "The case starts when its first event starts and ends when its last ends; admission and discharge are those of "
            "the stay. An event without a start is no case, nor one that only tells when it was recorded.",
            PROCEDURE_CASE,
            """
            id | kind      | code       | start            | end              | class | stay | recorded
            s1 | stay      |            | 2026-03-10 07:00 | 2026-03-12 15:00 | IMP   |      |
            a  | procedure | ncsp:FNG02 | 2026-03-10 09:00 | 2026-03-10 10:30 |       | s1   |
            b  | procedure | ncsp:FNG02 |                  |                  |       | s1   | 2026-03-10 11:00 => case 1: a; b case.no_time; 1 start 2026-03-10T09:00; 1 end 2026-03-10T10:30; 1 admission 2026-03-10T07:00; 1 discharge 2026-03-12T15:00
            a  | procedure | ncsp:FNG02 | 2026-03-10 09:00 |                  |       |      | => case 1: a; 1 end 2026-03-10T09:00; 1 admission 2026-03-10T09:00; 1 discharge 2026-03-10T09:00
            """,
        ),
        CaseSpec(
            "`same_case_within`",
            "Events that start within this time of the case's first event belong to it, the bound included. The time is "
            "counted from the first event, so a chain of events does not make one endless case.",
            PROCEDURE_CASE,
            """
            kind      | code       | start
            procedure | ncsp:FNG02 | 2026-03-10 09:00
            procedure | ncsp:FNG02 | 2026-03-10 15:00
            procedure | ncsp:FNG02 | 2026-03-10 15:01
            procedure | ncsp:FNG02 | 2026-03-10 20:00 => case 1: a b; case 2: c d
            """,
        ),
    ),
)
