"""Why a value is what it is. A table: the value, the Norwegian sentence, the English one."""

from __future__ import annotations

import msgspec
import pytest

from registries.record import MapUse, Reason, Tier, Value
from reporting.explain import meaning, shown, why
from reporting.texts import Text, same, text
from tests.web.examples import a_definition, values

VARIABLES = a_definition().variables
VALUES = {value.variable: value for value in values()}

SENTENCES = {
    "NIHSSinnkomst": (
        "NIHSS ved innkomst: 7. Fra Observation/o1 (loinc:70182-1), 2025-03-02 14:10, valgt blant 3 oppføringer. "
        "Regel NIHSSinnkomst/1.",
        "NIHSS on arrival: 7. From Observation/o1 (loinc:70182-1), 2025-03-02 14:10, chosen among 3 entries. "
        "Rule NIHSSinnkomst/1.",
    ),
    "Slagdiagnose": (
        "Slagdiagnose: 2 (infarct). Fra Condition/c1 (icd10:I639), 2025-03-02 13:50, den eneste oppføringen. "
        "Oversatt med kartet stroke-type@2, rad icd10:I63. Regel Slagdiagnose/1.",
        "Stroke diagnosis: 2 (infarct). From Condition/c1 (icd10:I639), 2025-03-02 13:50, the only entry. "
        "Translated by the map stroke-type@2, row icd10:I63. Rule Slagdiagnose/1.",
    ),
    "Kreatinin": (
        "Kreatinin: 82.0 µmol/L. Fra Observation/k0; Observation/k1; Observation/k2; og 2 til, "
        "valgt blant 5 oppføringer. Regel Kreatinin/1.",
        "Creatinine: 82.0 µmol/L. From Observation/k0; Observation/k1; Observation/k2; and 2 more, "
        "chosen among 5 entries. Rule Kreatinin/1.",
    ),
    "PreDiabetes": (
        "Kjent diabetes: 2 (nei). Ingen oppføring funnet blant diagnoser; lest som nei. Regel PreDiabetes/absent.",
        "Known diabetes: 2 (no). No entry found among diagnoses; read as no. Rule PreDiabetes/absent.",
    ),
    "TidTilSykehus": (
        "Under fire timer: ikke utfylt. Oppføringene ligger utenfor tidsrommet som teller. "
        "2 oppføringer ble vurdert. Regel TidTilSykehus/1.",
        "Under four hours: empty. The entries fall outside the time that counts. "
        "2 entries were considered. Rule TidTilSykehus/1.",
    ),
    "Transportmetode": (
        "Transport: ikke utfylt. En person fyller ut denne.",
        "Transport: empty. A person fills in this one.",
    ),
}


@pytest.mark.parametrize("name", SENTENCES)
def test_why(name: str) -> None:
    told = why(VALUES[name], VARIABLES[name])
    assert (told.nb, told.en) == SENTENCES[name]


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_is_told_in_plain_words(reason: Reason) -> None:
    told = why(Value(variable="Kreatinin", tier=Tier.PROPOSED, reason=reason), VARIABLES["Kreatinin"])
    assert told.nb == f"Kreatinin: ikke utfylt. {text(f'reason.{reason}').nb}."


def test_absence_among_codes_that_no_rule_reads_is_only_proposed() -> None:
    value = Value(variable="PreDiabetes", tier=Tier.PROPOSED, value=2, normed="no", note="absence_unreadable")
    told = why(value, VARIABLES["PreDiabetes"]).nb
    assert "blant diagnoser, men noen av dem har koder som ingen regel kan lese. Foreslått som nei" in told


def test_an_unknown_note_is_told_as_it_is() -> None:
    value = Value(variable="Kreatinin", tier=Tier.PROPOSED, value=1, note="of_yesterday")
    assert why(value, VARIABLES["Kreatinin"]) == same("Kreatinin: 1 µmol/L. of_yesterday").model_copy(
        update={"en": "Creatinine: 1 µmol/L. of_yesterday"}
    )


def test_a_value_whose_variable_is_gone_is_still_told() -> None:
    assert why(VALUES["Utgått"]) == same("Utgått: <b>1</b>.")


def test_one_considered_entry_is_told_in_the_singular() -> None:
    value = msgspec.structs.replace(VALUES["TidTilSykehus"], considered=1)
    assert "Én oppføring ble vurdert." in why(value, VARIABLES["TidTilSykehus"]).nb


def test_braces_in_a_record_are_only_words() -> None:
    value = msgspec.structs.replace(VALUES["Slagdiagnose"], map=MapUse(map="{rule}", row="{0.__class__}"))
    assert "kartet {rule}, rad {0.__class__}." in why(value, VARIABLES["Slagdiagnose"]).nb


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("Slagdiagnose", 3, "3 (Uspesifisert hjerneslag)"),
        ("Slagdiagnose", "3", "3 (Uspesifisert hjerneslag)"),
        ("Slagdiagnose", 8, "8"),
        ("PreDiabetes", 1, "1 (ja)"),
        ("Symptomdebut", "2025-03-02T12:30", "2025-03-02 12:30"),
        ("Slagdiagnose", None, ""),
    ],
)
def test_shown(name: str, value: int | str | None, expected: str) -> None:
    assert shown(Value(variable=name, tier=Tier.AUTOMATIC, value=value), VARIABLES[name]).nb == expected


def test_a_code_outside_the_list_means_what_the_nation_says() -> None:
    value = Value(variable="Slagdiagnose", tier=Tier.AUTOMATIC, value=8, normed="unknown")
    assert meaning(value, VARIABLES["Slagdiagnose"]) == Text(nb="ukjent", en="unknown")
