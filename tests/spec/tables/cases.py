"""Which entries are index events, and which belong to one case."""

from __future__ import annotations

from tests.spec.language import PROCEDURE_CASE, STROKE_CASE, CaseSpec, Section

SECTION = Section(
    "Cases",
    "`case` says which entries are index events and which of them are one case. Every other rule refers to a case and "
    "its times: `case.start`, `case.end`, `case.onset`, `case.admission`, `case.discharge`, `case.procedure`.",
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
            "a procedure without a link to a stay",
            "It belongs to the first stay that it was done during; one that was done during none is history. Other "
            "kinds of event need the link: when something was written tells nothing of where it happened.",
            PROCEDURE_CASE + "    stay_class: [IMP]\n",
            """
            id | kind      | code        | start            | end              | class | stay
            s1 | stay      |             | 2026-03-10 10:00 | 2026-03-14 12:00 | IMP   |
            s2 | stay      |             | 2026-03-15 10:00 | 2026-03-15 12:00 | AMB   |
            a  | procedure | ncsp:FNG02  | 2026-03-14 12:00 |                  |       |
            b  | procedure | ncsp:FNG02  | 2018-05-05       |                  |       |
            c  | procedure | ncsp:FNG02  | 2026-03-15 11:00 |                  |       | => case 1: a; b case.no_stay; c case.no_stay; 1 admission 2026-03-10T10:00
            """,
        ),
        CaseSpec(
            "the main diagnosis of a stay",
            "Of several events in one stay that the stay ranks, the highest makes the case. Those without a rank do too.",
            STROKE_CASE,
            """
            id | kind      | code        | start            | class | stay | rank
            s1 | stay      |             | 2026-03-10 10:00 | IMP   |      |
            a  | condition | icd10:I63.9 | 2026-03-10 08:00 |       | s1   | 2
            b  | condition | icd10:I61.9 | 2026-03-10 09:00 |       | s1   | 3
            c  | condition | icd10:I64   | 2026-03-10 09:30 |       | s1   | => case 1: a c; b case.secondary
            """,
        ),
        CaseSpec(
            "`begun_within`",
            "An event that had begun longer than this before the stay it is written in is history; a date counts as "
            "late as it can be, and an event without a time belongs to its stay.",
            STROKE_CASE + "    begun_within: 28d\n",
            """
            id | kind      | code        | start            | class | stay
            s1 | stay      |             | 2026-03-28 10:00 | IMP   |
            a  | condition | icd10:I63.9 | 2026-02-28       |       | s1
            b  | condition | icd10:I61.9 | 2026-02-28 09:59 |       | s1
            c  | condition | icd10:I61.9 | 2019             |       | s1
            d  | condition | icd10:I63.9 |                  |       | s1 => case 1: d a; b case.history; c case.history
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
            b  | procedure | ncsp:FNG02 |                  |                  |       | s1   | 2026-03-10 11:00 => case 1: a; b case.no_time; 1 start 2026-03-10T09:00; 1 end 2026-03-10T10:30; 1 procedure 2026-03-10T09:00; 1 admission 2026-03-10T07:00; 1 discharge 2026-03-12T15:00
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
        CaseSpec(
            "`same_case_from: first`",
            "The default, written out.",
            PROCEDURE_CASE.replace("6h", "6h\n    same_case_from: first"),
            """
            kind      | code       | start
            procedure | ncsp:FNG02 | 2026-03-10 09:00
            procedure | ncsp:FNG02 | 2026-03-10 15:00
            procedure | ncsp:FNG02 | 2026-03-10 20:00 => case 1: a b; case 2: c
            """,
        ),
        CaseSpec(
            "`same_case_from: last`",
            "The time is counted from the case's latest event: a chain of events is one case, however long.",
            PROCEDURE_CASE.replace("6h", "6h\n    same_case_from: last"),
            """
            kind      | code       | start
            procedure | ncsp:FNG02 | 2026-03-10 09:00
            procedure | ncsp:FNG02 | 2026-03-10 15:00
            procedure | ncsp:FNG02 | 2026-03-10 20:00
            procedure | ncsp:FNG02 | 2026-03-11 02:01 => case 1: a b c; case 2: d
            """,
        ),
        CaseSpec(
            "`same_case_from: end`",
            "The time is counted from when the case had ended: a readmission within it belongs to the case. A stay without an "
            "end is not known to have lasted: it counts from its start.",
            STROKE_CASE.replace("28d", "7d\n    same_case_from: end"),
            """
            id | kind      | code        | start            | end              | class | stay
            s1 | stay      |             | 2026-03-01 10:00 | 2026-03-20 12:00 | IMP   |
            s2 | stay      |             | 2026-03-27 12:00 | 2026-03-28 12:00 | IMP   |
            s3 | stay      |             | 2026-04-04 13:01 | 2026-04-05 12:00 | IMP   |
            a  | condition | icd10:I63.9 | 2026-03-01 10:00 |                  |       | s1
            b  | condition | icd10:I63.9 | 2026-03-27 12:00 |                  |       | s2
            c  | condition | icd10:I63.9 | 2026-04-04 13:01 |                  |       | s3 => case 1: a b; case 2: c
            s1 | stay      |             | 2026-03-01 10:00 |                  | IMP   |
            s2 | stay      |             | 2026-03-27 12:00 | 2026-03-28 12:00 | IMP   |
            a  | condition | icd10:I63.9 | 2026-03-01 10:00 |                  |       | s1
            b  | condition | icd10:I63.9 | 2026-03-27 12:00 |                  |       | s2 => case 1: a; case 2: b
            """,
        ),
        CaseSpec(
            "`episode`",
            "Stays of which each begins within `gap` of the end of those before it are one episode: a transfer to another "
            "ward or hospital, also one that was not written as such, or a night at home. The case has the times of the "
            "episode, and its stays, whether or not the event is written in them; other classes of stay are left out.",
            STROKE_CASE + "    episode: {gap: 24h}",
            """
            id | kind      | code        | start            | end              | class | stay
            s1 | stay      |             | 2026-03-10 10:00 | 2026-03-11 10:00 | IMP   |
            s2 | stay      |             | 2026-03-12 10:00 | 2026-03-14 12:00 | IMP   |
            s3 | stay      |             | 2026-03-15 12:01 | 2026-03-16 12:00 | IMP   |
            a  | condition | icd10:I63.9 | 2026-03-12 10:00 |                  |       | s2 => case 1: a; 1 start 2026-03-10T10:00; 1 end 2026-03-14T12:00; 1 admission 2026-03-10T10:00; 1 discharge 2026-03-14T12:00
            s1 | stay      |             | 2026-03-10 10:00 | 2026-03-11 10:00 | AMB   |
            s2 | stay      |             | 2026-03-12 10:00 | 2026-03-14 12:00 | IMP   |
            a  | condition | icd10:I63.9 | 2026-03-12 10:00 |                  |       | s2 => case 1: a; 1 start 2026-03-12T10:00
            s1 | stay      |             | 2026-03-10 10:00 |                  | IMP   |
            s2 | stay      |             | 2026-03-12 10:00 | 2026-03-14 12:00 | IMP   |
            a  | condition | icd10:I63.9 | 2026-03-12 10:00 |                  |       | s2 => case 1: a; 1 start 2026-03-12T10:00
            """,
        ),
        CaseSpec(
            "stays inside a stay",
            "Stays at wards within one at the hospital overlap: they are one episode, whatever the gap.",
            STROKE_CASE + "    episode: {gap: 0h}",
            """
            id | kind      | code        | start            | end              | class | stay
            s1 | stay      |             | 2026-03-10 10:00 | 2026-03-14 12:00 | IMP   |
            s2 | stay      |             | 2026-03-10 10:00 | 2026-03-11 10:00 | IMP   |
            s3 | stay      |             | 2026-03-12 10:00 | 2026-03-14 12:00 | IMP   |
            a  | condition | icd10:I63.9 | 2026-03-12 10:00 |                  |       | s3 => case 1: a; 1 start 2026-03-10T10:00; 1 discharge 2026-03-14T12:00
            """,
        ),
        CaseSpec(
            "`transfers: true`",
            "The default, written out: where the next stay is does not matter.",
            STROKE_CASE + "    episode: {gap: 24h, transfers: true}",
            """
            id | kind      | code        | start            | end              | class | organisation | stay
            s1 | stay      |             | 2026-03-10 10:00 | 2026-03-11 10:00 | IMP   | Tromsø       |
            s2 | stay      |             | 2026-03-11 14:00 | 2026-03-14 12:00 | IMP   | Bodø         |
            a  | condition | icd10:I63.9 | 2026-03-12 10:00 |                  |       |              | s2 => case 1: a; 1 start 2026-03-10T10:00
            """,
        ),
        CaseSpec(
            "`transfers: false`",
            "Only stays in the same organisation follow each other; where it is not known they do not.",
            STROKE_CASE + "    episode: {gap: 24h, transfers: false}",
            """
            id | kind      | code        | start            | end              | class | organisation | stay
            s1 | stay      |             | 2026-03-10 10:00 | 2026-03-11 10:00 | IMP   | Tromsø       |
            s2 | stay      |             | 2026-03-11 14:00 | 2026-03-11 18:00 | IMP   | Bodø         |
            s3 | stay      |             | 2026-03-11 20:00 | 2026-03-14 12:00 | IMP   | Tromsø       |
            a  | condition | icd10:I63.9 | 2026-03-12 10:00 |                  |       |              | s3 => case 1: a; 1 start 2026-03-10T10:00
            s1 | stay      |             | 2026-03-10 10:00 | 2026-03-11 10:00 | IMP   |              |
            s2 | stay      |             | 2026-03-11 14:00 | 2026-03-14 12:00 | IMP   |              |
            a  | condition | icd10:I63.9 | 2026-03-12 10:00 |                  |       |              | s2 => case 1: a; 1 start 2026-03-11T14:00
            """,
        ),
        CaseSpec(
            "an episode and `start: entry`",
            "Each event starts its own case; admission and discharge are those of the episode.",
            PROCEDURE_CASE + "    episode: {gap: 24h}",
            """
            id | kind      | code       | start            | end              | class | stay
            s1 | stay      |            | 2026-03-10 07:00 | 2026-03-12 15:00 | IMP   |
            s2 | stay      |            | 2026-03-12 16:00 | 2026-03-15 10:00 | IMP   |
            a  | procedure | ncsp:FNG02 | 2026-03-10 09:00 |                  |       | s1
            b  | procedure | ncsp:FNG05 | 2026-03-13 09:00 |                  |       | s2 => case 1: a; case 2: b; 1 start 2026-03-10T09:00; 1 discharge 2026-03-15T10:00; 2 start 2026-03-13T09:00; 2 admission 2026-03-10T07:00
            """,
        ),
        CaseSpec(
            "`select: stay` of a case",
            "The stays themselves are the events: a report of activity. `stay_class` chooses among them; they have no codes.",
            """
    select: stay
    stay_class: [IMP]
    start: stay
    same_case_within: 0h
    episode: {gap: 2h}
            """,
            """
            id | kind | start            | end              | class | standing
            s1 | stay | 2026-03-10 10:00 | 2026-03-11 10:00 | IMP   |
            s2 | stay | 2026-03-11 11:00 | 2026-03-14 12:00 | IMP   |
            s3 | stay | 2026-03-20 11:00 |                  | IMP   |
            s4 | stay | 2026-03-21 11:00 | 2026-03-21 11:30 | AMB   |
            s5 | stay | 2026-05-20 11:00 |                  | IMP   | planned => case 1: s1 s2; case 2: s3; s4 case.outpatient; s5 case.planned; 1 start 2026-03-10T10:00; 1 end 2026-03-14T12:00
            """,
        ),
        CaseSpec(
            "`period`",
            "Only cases that start on these dates are reported, both included; a date that is only a month or a year when any "
            "day of it is. What began before belongs to the period before, with all its events.",
            STROKE_CASE + "    period: {from: 2026-01-01, to: 2026-03-31}",
            """
            id | kind      | code        | start            | end              | class | stay
            s1 | stay      |             | 2025-12-31 23:59 | 2026-01-14 12:00 | IMP   |
            s2 | stay      |             | 2026-01-20 10:00 | 2026-01-22 12:00 | IMP   |
            s3 | stay      |             | 2026-03-31 23:59 | 2026-04-14 12:00 | IMP   |
            s4 | stay      |             | 2026-05-01 00:00 | 2026-05-14 12:00 | IMP   |
            a  | condition | icd10:I63.9 | 2026-01-01 10:00 |                  |       | s1
            b  | condition | icd10:I63.9 | 2026-01-20 10:00 |                  |       | s2
            c  | condition | icd10:I63.9 | 2026-03-31 10:00 |                  |       | s3
            d  | condition | icd10:I63.9 | 2026-05-01 10:00 |                  |       | s4 => case 1: c; a case.outside_period; b case.outside_period; d case.outside_period
            s1 | stay      |             | 2026-03          | 2026-04-14 12:00 | IMP   |
            a  | condition | icd10:I63.9 | 2026-04-01 10:00 |                  |       | s1 => case 1: a
            """,
        ),
        CaseSpec(
            "`by: start` of a period",
            "The default, written out; a period may be open to one side.",
            STROKE_CASE + "    period: {to: 2026-03-31, by: start}",
            """
            id | kind      | code        | start            | end              | class | stay
            s1 | stay      |             | 2019-03-31 23:59 | 2026-04-14 12:00 | IMP   |
            a  | condition | icd10:I63.9 | 2026-03-31 10:00 |                  |       | s1 => case 1: a
            """,
        ),
        CaseSpec(
            "`by: end`",
            "Cases that end on these dates: discharges. A case that has not ended is not among them.",
            STROKE_CASE + "    period: {from: 2026-01-01, by: end}",
            """
            id | kind      | code        | start            | end              | class | stay
            s1 | stay      |             | 2025-12-20 10:00 | 2026-01-01 00:00 | IMP   |
            a  | condition | icd10:I63.9 | 2025-12-20 10:00 |                  |       | s1 => case 1: a
            s1 | stay      |             | 2025-12-20 10:00 | 2025-12-31 23:59 | IMP   |
            a  | condition | icd10:I63.9 | 2025-12-20 10:00 |                  |       | s1 => a case.outside_period
            s1 | stay      |             | 2026-12-20 10:00 |                  | IMP   |
            a  | condition | icd10:I63.9 | 2026-12-20 10:00 |                  |       | s1 => a case.outside_period
            """,
        ),
    ),
)
