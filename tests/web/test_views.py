"""Bars, summaries that lack things, rules in words, history in words."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registries.record import Reason, Tier, Value
from reporting.web.bars import LEVELS, WHOLE, bar
from reporting.web.rules import case_texts, codes_text, moment_text, variable_texts, when_texts
from reporting.web.summary import counts, levels, names, number, problems
from reporting.web.views.record import history_text, level_of
from tests.web.examples import SUMMARY, a_definition

DEFINITION = a_definition()


@given(st.fixed_dictionaries({level: st.integers(0, 10**6) for level in LEVELS}))
def test_a_bar_is_whole_and_has_no_gaps(numbers: dict[str, int]) -> None:
    segments = bar(numbers)
    if not any(numbers.values()):
        assert segments == ()
        return
    assert [segment.number for segment in segments] == [numbers[level] for level in LEVELS]
    assert segments[0].x == 0
    assert all(one.x + one.width == then.x for one, then in pairwise(segments))
    assert segments[-1].x + segments[-1].width == WHOLE


def test_a_summary_is_read() -> None:
    assert number(SUMMARY, "entries", "used") == 12044
    assert counts(SUMMARY, "skipped") == {"entered_in_error": 12, "unknown_system": 3}
    assert levels(SUMMARY, "fields") == {"automatic": 300, "proposed": 90, "manual": 60, "empty": 50}
    assert names(SUMMARY, "variables") == ("NIHSSinnkomst", "Borte")
    assert problems(SUMMARY) == (("journal.ndjson:17", "not JSON"),)


@pytest.mark.parametrize("summary", [{}, {"fields": 3, "problems": "x", "variables": None}, {"problems": [1, {}]}])
def test_a_summary_may_lack_anything(summary: dict[str, object]) -> None:
    assert number(summary, "fields", "automatic") is None
    assert counts(summary, "fields", "empty") == {}
    assert levels(summary, "fields") == dict.fromkeys(LEVELS, 0)
    assert names(summary, "variables") == ()
    assert all(problem == ("", "") for problem in problems(summary))


@pytest.mark.parametrize(
    ("value", "level"),
    [
        (Value(variable="A", tier=Tier.PROPOSED, value=0), "proposed"),
        (Value(variable="A", tier=Tier.PROPOSED, reason=Reason.NO_ENTRY), "empty"),
        (Value(variable="A", tier=Tier.MANUAL, reason=Reason.MANUAL), "manual"),
    ],
)
def test_level(value: Value, level: str) -> None:
    assert level_of(value) == level


@pytest.mark.parametrize(
    ("moment", "nb"),
    [
        ("case.start", "sakens start"),
        ("case.start - 2h", "2 timer før sakens start"),
        ("case.end + 1d", "1 dag etter sakens slutt"),
        ("something else", "something else"),
    ],
)
def test_moment(moment: str, nb: str) -> None:
    assert moment_text(moment).nb == nb


RULES = {
    "Slagdiagnose": ["the case's own events, the last recorded, gives its code, translated by the map stroke-type"],
    "NIHSSinnkomst": [
        "measurements and observations with a code in snomed 450741005; loinc 70182-1, from 2 hours before case start, "
        "until 24 hours after case start, the closest to case start, gives the measured value"
    ],
    "PreDiabetes": [
        "diagnoses with a code in snomed << 73211009, in force at case end, gives yes",
        "none found gives no, if the journal holds diagnoses",
    ],
    "TidTilSykehus": [
        "the hours from Slagdiagnose to NIHSSinnkomst, under 4 gives yes, otherwise no",
        "all of these: stays, from the same stay, gives yes + death, from 1 day before onset, gives 1, "
        "the highest of several, gives no, together give a+b → yes",
    ],
    "Transportmetode": [],
}


@pytest.mark.parametrize("name", RULES)
def test_rules_in_words(name: str) -> None:
    assert [words.en for words in variable_texts(DEFINITION.variables[name])] == RULES[name]


def test_when_a_variable_is_asked() -> None:
    (asked,) = when_texts(DEFINITION.variables["TidTilSykehus"], DEFINITION.variables)
    assert asked.nb == "spørres når PreDiabetes er ja, nei"


def test_the_case_in_words() -> None:
    assert [words.nb for words in case_texts(DEFINITION.case)] == [
        "diagnoser med kode snomed << 230690007; icd10 I61, I63, I64 under opphold av klasse IMP, EMER",
        "saken starter med oppholdet",
        "hendelser innen 28 dager er én sak",
    ]
    assert codes_text("creatinine") == "creatinine"


@pytest.mark.parametrize(
    ("what", "nb"),
    [
        ("queued", "i kø"),
        ("attempt: unreachable", "mottakeren kunne ikke nås"),
        ("attempt: refused 503", "mottakeren tok ikke imot meldingen (503)"),
        ("attempt: exploded", "exploded"),
        ("withdrawn", "withdrawn"),
    ],
)
def test_history_in_words(what: str, nb: str) -> None:
    assert history_text(what).nb == nb
