"""Registrations to messages and back."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from lxml import etree

from registries.codecs.content import ContentError, Registration, text_of
from registries.codecs.msghead import Decoded, Envelope, MessageUnreadable, decode, encode
from registries.codecs.validation import validator
from registries.codecs.xml import XmlRefused
from tests.codecs.examples import DEFINITION, ENVELOPE, REGISTRATION, VALUES, define, envelopes, registrations

PROBLEMS = validator(DEFINITION)
MESSAGE = encode(DEFINITION, REGISTRATION, ENVELOPE)


def said(registration: Registration, envelope: Envelope) -> Decoded:
    """What the message of these must say."""
    fields: dict[str, Any] = {}
    for part in (envelope, registration):
        fields.update(msgspec.structs.asdict(part))
    return Decoded(registry=DEFINITION.registry, version=DEFINITION.version, **fields)


@given(registrations(), envelopes())
def test_a_message_says_what_was_put_into_it(registration: Registration, envelope: Envelope) -> None:
    message = encode(DEFINITION, registration, envelope)
    assert decode(message, DEFINITION) == said(registration, envelope)
    assert PROBLEMS(message) == ()
    assert encode(DEFINITION, registration, envelope) == message


def test_the_content_lists_variables_then_what_is_missing_in_the_order_of_the_definition() -> None:
    content = etree.fromstring(MESSAGE).find(".//{*}Registrering")
    assert content is not None
    told = [(etree.QName(child).localname, child.text or dict(child.items())) for child in content]
    assert told == [
        ("Diagnose", "2"),
        ("Poeng", "17"),
        ("Vekt", "71.5"),
        ("Dato", "2025-03-02"),
        ("Innlagt", "2025-03-02T14:10:00"),
        ("Mangler", {"variabel": "Royker", "grunn": "venter"}),
        ("Mangler", {"variabel": "Antall", "grunn": "no_entry"}),
    ]
    assert dict(content.attrib) == {
        "register": "proving",
        "versjon": "1",
        "utgave": "release-1",
        "sak": "case-1",
        "hendelse": "2025-03-02T14:10:00",
        "komplett": "false",
    }


def test_the_patient_is_an_identity_number_and_nothing_else() -> None:
    patient = etree.fromstring(MESSAGE).find(".//{*}Patient")
    assert patient is not None
    told = [(etree.QName(e).localname, e.text, dict(e.attrib)) for e in patient.iter()]
    kind = {"V": "FNR", "S": "2.16.578.1.12.4.1.1.8116", "DN": "Fødselsnummer"}
    assert told == [
        ("Patient", None, {}),
        ("Ident", None, {}),
        ("Id", ENVELOPE.identity, {}),
        ("TypeId", None, kind),
    ]


def test_messages_do_not_share_what_was_filled_in() -> None:
    full = msgspec.structs.replace(REGISTRATION, values=VALUES | {"Royker": 1, "Antall": 3}, missing={})
    before = encode(DEFINITION, full, ENVELOPE)
    encode(DEFINITION, REGISTRATION, msgspec.structs.replace(ENVELOPE, corrects="m0", sender="Another"))
    assert encode(DEFINITION, full, ENVELOPE) == before
    assert b"korrigerer" not in before


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("1E+2"), "100"),
        (Decimal("1E-7"), "0.0000001"),
        (Decimal("12.50"), "12.50"),
        (7, "7"),
        ("2025-03-02T14:10", "2025-03-02T14:10:00"),
        ("2025-03-02T14:10:30", "2025-03-02T14:10:30"),
        ("2025-03-02", "2025-03-02"),
    ],
)
def test_values_are_written_without_exponent_and_to_the_second(value: int | Decimal | str, text: str) -> None:
    assert text_of(value) == text


@pytest.mark.parametrize("value", [Decimal("NaN"), Decimal("-Infinity")])
def test_a_number_that_is_none_is_not_written(value: Decimal) -> None:
    with pytest.raises(ContentError, match="not finite"):
        text_of(value)


@pytest.mark.parametrize(
    ("values", "missing", "named"),
    [
        (VALUES, {"Royker": "venter"}, "Antall"),
        (VALUES | {"Antall": 3}, REGISTRATION.missing, "Antall"),
        (VALUES | {"Ukjent": 3}, REGISTRATION.missing, "Ukjent"),
    ],
)
def test_every_variable_is_accounted_for_once(
    values: dict[str, int | Decimal | str], missing: dict[str, str], named: str
) -> None:
    wrong = msgspec.structs.replace(REGISTRATION, values=values, missing=missing)
    with pytest.raises(ContentError, match=f"these do not: {named}$"):
        encode(DEFINITION, wrong, ENVELOPE)


def test_a_time_without_a_zone_is_not_written() -> None:
    naive = msgspec.structs.replace(ENVELOPE, generated=datetime(2025, 3, 3))  # noqa: DTZ001
    with pytest.raises(ContentError, match="zone"):
        encode(DEFINITION, REGISTRATION, naive)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<Poeng>17", b"<Poeng>seventeen"),
        (b"<Vekt>71.5", b"<Vekt>secret"),
        (b"<Poeng>17</Poeng>", b"<Ukjent>17</Ukjent>"),
        (b' sak="case-1"', b""),
        (b'V="FNR"', b'V="PASS"'),
        (b"<Sender>", b"<Sender2>"),
        (b"<GenDate>2025", b"<GenDate>12025"),
    ],
)
def test_what_is_no_message_of_this_definition_is_unreadable(old: bytes, new: bytes) -> None:
    changed = MESSAGE.replace(old, new).replace(b"</Sender>", b"</Sender2>" if b"2>" in new else b"</Sender>")
    assert changed != MESSAGE
    with pytest.raises(MessageUnreadable) as unreadable:
        decode(changed, DEFINITION)
    assert str(unreadable.value) == "not a message of proving version 1"
    assert unreadable.value.__suppress_context__


def test_another_registrys_message_is_unreadable() -> None:
    with pytest.raises(MessageUnreadable):
        decode(MESSAGE, define("another-registry"))
    with pytest.raises(MessageUnreadable):
        decode(b"<a/>", DEFINITION)


def test_a_message_with_a_doctype_is_refused() -> None:
    with pytest.raises(XmlRefused):
        decode(b"<!DOCTYPE a><a/>", DEFINITION)


def test_nothing_of_the_patient_shows_in_a_log() -> None:
    shown = f"{ENVELOPE!r} {REGISTRATION!r} {decode(MESSAGE, DEFINITION)!r}"
    assert shown == "Envelope(message-1) Registration(case-1) Decoded(message-1)"
