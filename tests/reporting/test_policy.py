"""Policy: whose number may travel, what a message says, and what is done with a record."""

from __future__ import annotations

from typing import Literal

import pytest
from msgspec.structs import replace

from registries.definition import Definition
from registries.plan import Plan
from registries.record import Finding, Reason, RegistryRecord, Severity, Tier, Value
from reporting.journal import Identity
from reporting.policy import action, check_identity, content_of, registration
from reporting.submission import Known, State
from tests.journals import KEY, made_number

SYNTHETIC = Identity(made_number(80), "FNR")
NHN = Identity(made_number(65), "FNR")
REAL = Identity(made_number(0), "FNR")
HELP = Identity("99999999999", "FHN")
BROKEN = Identity(made_number(80)[:-1] + str((int(made_number(80)[-1]) + 1) % 10), "FNR")


def _other(one: Identity, kind: Literal["FNR", "DNR"]) -> Identity:
    month = {SYNTHETIC: 80, REAL: 0}[one]
    return Identity(made_number(month, serial=200), kind)


@pytest.mark.parametrize(
    ("identities", "mode", "expected"),
    [
        ([], "development", "no_identity"),
        ([], "production", "no_identity"),
        ([BROKEN], "development", "identity_invalid"),
        ([BROKEN], "production", "identity_invalid"),
        ([Identity("", "FNR")], "development", "identity_invalid"),
        ([Identity(" ".join(SYNTHETIC.number), "FNR")], "development", "identity_invalid"),
        ([Identity("²" * 11, "FNR")], "development", "identity_invalid"),
        ([SYNTHETIC], "development", SYNTHETIC),
        ([NHN], "development", NHN),
        ([REAL], "production", REAL),
        ([REAL], "development", "identity_not_allowed"),
        ([SYNTHETIC], "production", "identity_not_allowed"),
        ([NHN], "production", "identity_not_allowed"),
        ([BROKEN, REAL], "development", "identity_not_allowed"),
        ([HELP], "development", "identity_not_allowed"),
        ([HELP], "production", HELP),
        ([REAL, SYNTHETIC], "development", SYNTHETIC),
        ([REAL, HELP], "production", REAL),
        ([SYNTHETIC, _other(SYNTHETIC, "DNR")], "development", SYNTHETIC),
        ([SYNTHETIC, _other(SYNTHETIC, "FNR")], "development", "identity_ambiguous"),
        ([REAL, _other(REAL, "FNR")], "production", "identity_ambiguous"),
    ],
)
def test_only_the_right_kind_of_number_passes(identities: list[Identity], mode: str, expected: Identity | str) -> None:
    identity, findings = check_identity(identities, mode)
    if isinstance(expected, Identity):
        assert (identity, findings) == (expected, ())
    else:
        assert (identity, findings) == (None, (Finding(rule=expected, severity=Severity.ERROR),))


def test_a_number_shows_itself_nowhere() -> None:
    assert repr(SYNTHETIC) == str(SYNTHETIC) == f"{SYNTHETIC}" == "Identity(…)"


def a_record(*values: Value, findings: tuple[Finding, ...] = (), **more: str) -> RegistryRecord:
    named = {
        "case": "c",
        "registry": "hjerneslag",
        "release": "r1",
        "start": "2025-03-02T14:10",
        "patient": "Patient/p1",
    }
    return RegistryRecord(values=values, findings=findings, **{**named, **more})


def whole(definition: Definition, **given: Value) -> RegistryRecord:
    """A record with every variable: those given, the rest manual."""
    empty = {
        name: Value(variable=name, tier=Tier.MANUAL, reason=Reason.MANUAL) for name in definition.variables
    } | given
    return a_record(*empty.values())


def a_value(name: str = "NIHSSinnkomst", value: int | None = 7, tier: Tier = Tier.AUTOMATIC) -> Value:
    return Value(variable=name, tier=tier, value=value, reason=None if value is not None else Reason.NO_ENTRY)


@pytest.mark.parametrize(
    ("severity", "told"),
    [(Severity.ERROR, False), (Severity.WARNING, False), (Severity.NOTE, True)],
)
def test_a_warning_or_error_holds_back_its_value_and_a_note_does_not(
    severity: Severity, told: bool, stroke_plan: Plan
) -> None:
    definition = stroke_plan.definition
    about = Finding(rule="plausible_range", severity=severity, variable="NIHSSinnkomst")
    record = whole(definition, NIHSSinnkomst=a_value(), NIHSSikkeUtfort=a_value("NIHSSikkeUtfort", 0))
    said = registration(replace(record, findings=(about,)), definition)
    assert dict(said.values) == ({"NIHSSinnkomst": 7} if told else {}) | {"NIHSSikkeUtfort": 0}
    assert said.missing.get("NIHSSinnkomst") == (None if told else "venter")


@pytest.mark.parametrize("tier", [Tier.PROPOSED, Tier.MANUAL])
def test_only_automatic_values_leave_without_a_person(tier: Tier, stroke_plan: Plan) -> None:
    record = whole(stroke_plan.definition, NIHSSinnkomst=a_value(tier=tier))
    said = registration(record, stroke_plan.definition)
    assert (dict(said.values), said.missing["NIHSSinnkomst"], said.missing["UtskrTil"]) == ({}, "venter", "manual")


def test_a_message_is_complete_when_no_obligatory_variable_waits(stroke_plan: Plan) -> None:
    definition = stroke_plan.definition
    full = {name: a_value(name, 1) for name in definition.variables}
    assert registration(a_record(*full.values()), definition).complete
    optional = full | {"NIHSSinnkomst": a_value(value=None)}
    assert registration(a_record(*optional.values()), definition).complete
    asked = full | {"Trombolyse": a_value("Trombolyse", None)}
    assert not registration(a_record(*asked.values()), definition).complete
    waiting = full | {"Trombolyse": a_value("Trombolyse", 1, Tier.PROPOSED)}
    assert not registration(a_record(*waiting.values()), definition).complete
    idle = Value(variable="TrombolyseStarttid", tier=Tier.AUTOMATIC, reason=Reason.NOT_APPLICABLE)
    assert registration(a_record(*(full | {"TrombolyseStarttid": idle}).values()), definition).complete


def test_the_same_facts_give_the_same_content_under_any_release(stroke_plan: Plan) -> None:
    definition = stroke_plan.definition
    record = whole(definition, NIHSSinnkomst=a_value())
    content = content_of(registration(record, definition), SYNTHETIC, KEY)
    later = replace(record, release="r2", values=tuple(reversed(record.values)))
    assert content_of(registration(later, definition), SYNTHETIC, KEY) == content


@pytest.mark.parametrize("change", ["value", "reason", "number", "kind", "start", "case", "key", "nobody"])
def test_any_other_fact_gives_other_content(change: str, stroke_plan: Plan) -> None:
    definition = stroke_plan.definition
    record, key, identity = whole(definition, NIHSSinnkomst=a_value()), KEY, SYNTHETIC
    content = content_of(registration(record, definition), identity, key)
    other: Identity | None = identity
    if change == "value":
        record = whole(definition, NIHSSinnkomst=a_value(value=8))
    elif change == "reason":
        record = whole(definition, NIHSSinnkomst=a_value(value=None))
    elif change == "number":
        other = NHN
    elif change == "kind":
        other = Identity(identity.number, "DNR")
    elif change == "nobody":
        other = None
    elif change == "key":
        key = bytes(32)
    else:
        record = replace(record, **{change: "2025-03-02T14:11"})
    assert content_of(registration(record, definition), other, key) != content


def test_content_tells_nothing_without_the_key(stroke_plan: Plan) -> None:
    said = registration(whole(stroke_plan.definition), stroke_plan.definition)
    content = content_of(said, SYNTHETIC, KEY)
    assert len(content) == 64
    assert SYNTHETIC.number not in content


@pytest.mark.parametrize("state", State)
def test_what_was_sent_before_decides_between_sending_correcting_and_nothing(state: State) -> None:
    record = a_record()
    assert action(record, "now", None) == "send"
    assert action(record, "now", Known(content="now", message_id="m", state=state)) == "nothing"
    assert action(record, "now", Known(content="then", message_id="m", state=state)) == "correct"


@pytest.mark.parametrize("known", [None, Known(content="then", message_id="m", state=State.ACKNOWLEDGED)])
def test_an_error_holds_the_record_and_a_warning_does_not(known: Known | None) -> None:
    for severity, expected in ((Severity.ERROR, True), (Severity.WARNING, False), (Severity.NOTE, False)):
        record = a_record(findings=(Finding(rule="x", severity=severity),))
        assert (action(record, "now", known) == "hold") is expected
