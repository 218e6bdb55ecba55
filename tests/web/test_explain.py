"""What `why` tells of one value: the sentence for clinicians, then the trace. The sentences have their own tables in
`tests/explaining`."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest

from registries.record import Anchors, Evidence, MapUse, Tier, Value
from reporting.explain import context_of, explain, meaning, shown, why
from reporting.texts import Text, same
from tests.web.examples import a_definition, a_full_record, values

DEFINITION = a_definition()
VARIABLES = DEFINITION.variables
VALUES = {value.variable: value for value in values()}

#: By variable: the sentence and the trace in Norwegian, and both in English.
TOLD = {
    "NIHSSinnkomst": (
        "NIHSS ved innkomst: 7, målt 2025-03-02 14:10, 15 minutter etter innleggelse; nærmest innleggelse av 3 "
        "målinger.",
        "Regel NIHSSinnkomst/1. Fra Observation/o1 (loinc:70182-1), 2025-03-02 14:10. 3 oppføringer ble vurdert.",
        "NIHSS on arrival: 7, measured 2025-03-02 14:10, 15 minutes after admission; closest to admission of 3 "
        "measurements. Rule NIHSSinnkomst/1. From Observation/o1 (loinc:70182-1), 2025-03-02 14:10. "
        "3 entries were considered.",
    ),
    "Slagdiagnose": (
        "Slagdiagnose: infarct, diagnostisert 2025-03-02 13:50, 5 minutter før innleggelse; den eneste diagnosen som "
        "teller. Koden ICD-10 I63.9 betyr «infarct» etter oversettelsen stroke-type@2.",
        "Regel Slagdiagnose/1. Registerets kode 2. Oversatt med kartet stroke-type@2, rad icd10:I63. "
        "Fra Condition/c1 (icd10:I639), 2025-03-02 13:50. Én oppføring ble vurdert.",
        "Stroke diagnosis: infarct, diagnosed 2025-03-02 13:50, 5 minutes before admission; the only diagnosis that "
        "counts. The code ICD-10 I63.9 means “infarct” by the translation stroke-type@2. Rule Slagdiagnose/1. "
        "The registry's code 2. Translated by the map stroke-type@2, row icd10:I63. "
        "From Condition/c1 (icd10:I639), 2025-03-02 13:50. One entry was considered.",
    ),
    "Kreatinin": (
        "Kreatinin 82,0 µmol/L, målt; siste før utskrivelse av 5 målinger. En person må bekrefte.",
        "Regel Kreatinin/1. Fra Observation/k0; Observation/k1; Observation/k2; og 2 til. 5 oppføringer ble vurdert.",
        "Creatinine 82.0 µmol/L, measured; last before discharge of 5 measurements. A person must confirm it. "
        "Rule Kreatinin/1. From Observation/k0; Observation/k1; Observation/k2; and 2 more. 5 entries were considered.",
    ),
    "PreDiabetes": (
        "Kjent diabetes: nei; ingen oppføring om dette i journalen, som har diagnoser; derfor «nei» etter registerets "
        "regel.",
        "Regel PreDiabetes/absent. Registerets kode 2.",
        "Known diabetes: no; no entry on this in the journal, which holds diagnoses; so “no” by the registry's rule. "
        "Rule PreDiabetes/absent. The registry's code 2.",
    ),
    "TidTilSykehus": (
        "Under fire timer: ikke utfylt. Fant 2 oppføringer, men utenfor tidsrommet som teller.",
        "Regel TidTilSykehus/1. 2 oppføringer ble vurdert.",
        "Under four hours: empty. Found 2 entries, but outside the time that counts. Rule TidTilSykehus/1. "
        "2 entries were considered.",
    ),
    "Transportmetode": (
        "Transport: ikke utfylt. En person fyller ut denne.",
        "",
        "Transport: empty. A person fills in this one.",
    ),
}


@pytest.mark.parametrize("name", TOLD)
def test_the_sentence_comes_first_and_the_trace_after_it(name: str) -> None:
    context = context_of(a_full_record(), DEFINITION)
    sentence, trace, english = TOLD[name]
    told = explain(VALUES[name], VARIABLES[name], context)
    assert (told.sentence.nb, told.trace.nb) == (sentence, trace)
    assert why(VALUES[name], VARIABLES[name], context) == Text(nb=f"{sentence} {trace}".strip(), en=english)


def test_without_a_record_no_time_is_counted_from_anything() -> None:
    told = why(VALUES["NIHSSinnkomst"], VARIABLES["NIHSSinnkomst"]).nb
    assert told.startswith("NIHSS ved innkomst: 7, målt 2025-03-02 14:10; nærmest sakens start av 3 målinger.")


def test_the_rules_of_another_version_explain_nothing() -> None:
    record = msgspec.structs.replace(a_full_record(), release="hjerneslag@2+snomed+0123")
    context = context_of(record, DEFINITION)
    told = explain(VALUES["NIHSSinnkomst"], context.variable("NIHSSinnkomst"), context).sentence
    assert (
        told.nb == "NIHSS ved innkomst: 7, registrert 2025-03-02 14:10, 15 minutter etter innleggelse (LOINC 70182-1)."
    )
    same_version = msgspec.structs.replace(record, release="hjerneslag@3+snomed+0123")
    again = explain(VALUES["NIHSSinnkomst"], VARIABLES["NIHSSinnkomst"], context_of(same_version, DEFINITION)).sentence
    assert again.nb == TOLD["NIHSSinnkomst"][0]


def test_the_hour_that_autumn_has_twice_is_counted_right() -> None:
    """From 02:30 in summer time to 02:10 in winter time it is 40 minutes."""
    evidence = Evidence(source="Observation/o1", at="2025-10-26T02:10", fold=True, said="7")
    value = msgspec.structs.replace(VALUES["NIHSSinnkomst"], evidence=(evidence,), considered=1)
    record = msgspec.structs.replace(
        a_full_record(), start="2025-10-26T02:30", anchors=Anchors(start="2025-10-26T02:30+02:00")
    )
    told = explain(value, VARIABLES["NIHSSinnkomst"], context_of(record, DEFINITION)).sentence
    assert "målt 2025-10-26 02:10 (vintertid), 40 minutter etter innleggelse;" in told.nb


def test_a_code_is_told_by_its_name_where_one_is_known() -> None:
    context = context_of(a_full_record(), DEFINITION, {"icd10:I639": Text(nb="Hjerneinfarkt", en="Infarction")}.get)
    told = explain(VALUES["Slagdiagnose"], VARIABLES["Slagdiagnose"], context).sentence
    assert "Koden ICD-10 I63.9 (hjerneinfarkt) betyr" in told.nb
    assert "The code ICD-10 I63.9 (infarction) means" in told.en


def test_an_unknown_note_is_told_as_it_is() -> None:
    value = Value(variable="Kreatinin", tier=Tier.AUTOMATIC, value=1, note="of_yesterday")
    told = why(value, VARIABLES["Kreatinin"])
    assert (told.nb, told.en) == ("Kreatinin 1 µmol/L. of_yesterday.", "Creatinine 1 µmol/L. of_yesterday.")


def test_a_value_whose_variable_is_gone_is_still_told() -> None:
    assert why(VALUES["Utgått"]) == same("Utgått: <b>1</b>.")


def test_braces_in_a_record_are_only_words() -> None:
    value = msgspec.structs.replace(VALUES["Slagdiagnose"], map=MapUse(map="{rule}", row="{0.__class__}"))
    told = why(value, VARIABLES["Slagdiagnose"]).nb
    assert "oversettelsen {rule}." in told
    assert "kartet {rule}, rad {0.__class__}." in told


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("Slagdiagnose", 3, "3 (Uspesifisert hjerneslag)"),
        ("Slagdiagnose", "3", "3 (Uspesifisert hjerneslag)"),
        ("Slagdiagnose", 8, "8"),
        ("PreDiabetes", 1, "1 (ja)"),
        ("Kreatinin", Decimal("82.0"), "82.0 µmol/L"),
        ("Symptomdebut", "2025-03-02T12:30", "2025-03-02 12:30"),
        ("Slagdiagnose", None, ""),
    ],
)
def test_shown(name: str, value: int | str | Decimal | None, expected: str) -> None:
    assert shown(Value(variable=name, tier=Tier.AUTOMATIC, value=value), VARIABLES[name]).nb == expected


def test_a_code_outside_the_list_means_what_the_nation_says() -> None:
    value = Value(variable="Slagdiagnose", tier=Tier.AUTOMATIC, value=8, normed="unknown")
    assert meaning(value, VARIABLES["Slagdiagnose"]) == Text(nb="ukjent", en="unknown")
