"""The messages, judged by the official schemas."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import msgspec
import pytest
from lxml import etree

from registries.npr.message import ORD, Message, TooLarge, encode_ide, encode_ord
from registries.npr.model import PatientReport, Person
from tests.codecs.examples import synthetic
from tests.npr.examples import CONTACT, ENVELOPE, HEADING, INSTITUTION, REPORT, official


def ord_messages(*patients: PatientReport, limit: int = 50_000_000) -> list[Message]:
    return list(encode_ord(HEADING, INSTITUTION, patients, ENVELOPE, limit))


def numbered(count: int) -> list[PatientReport]:
    return [msgspec.structs.replace(REPORT, number=f"p{n}") for n in range(count)]


@pytest.mark.shared
def test_the_report_follows_the_official_schemas(shared: Path) -> None:
    (message,) = ord_messages(REPORT)
    official(shared, "ord").assertValid(etree.fromstring(message.payload))


@pytest.mark.shared
def test_who_the_patients_are_follows_the_official_schemas(shared: Path) -> None:
    people = [Person(patient=f"p{n}", number=synthetic(n), kind="1") for n in range(3)]
    (message,) = encode_ide(HEADING, INSTITUTION, people, ENVELOPE)
    root = etree.fromstring(message.payload)
    official(shared, "ide").assertValid(root)
    assert [element.get("fid") for element in root.iter("{*}PasientIdent")] == [synthetic(n) for n in range(3)]


@pytest.mark.shared
@pytest.mark.parametrize(
    "wrong",
    [
        (b' omsorgsniva="1"', b""),
        (b'<RefEnhet enhetID="1" typeEnhet="7"/>', b""),
        (b'enhetID="1" typeEnhet="7"/><Tilstand', b'enhetID="9" typeEnhet="7"/><Tilstand'),
        (b'fodselsar="1950"', b'fodselsar="50"'),
    ],
)
def test_a_broken_report_is_refused(shared: Path, wrong: tuple[bytes, bytes]) -> None:
    (message,) = ord_messages(REPORT)
    assert wrong[0] in message.payload
    assert not official(shared, "ord").validate(etree.fromstring(message.payload.replace(*wrong)))


def test_a_message_holds_no_more_than_it_may_and_no_patient_twice() -> None:
    (whole,) = ord_messages(*numbered(12))
    limit = len(whole.payload) // 3
    messages = ord_messages(*numbered(12), limit=limit)
    assert len(messages) > 3
    assert all(len(message.payload) <= limit for message in messages)
    assert [message.number for message in messages] == [7 + n for n in range(len(messages))]
    assert len({message.message_id for message in messages}) == len(messages)
    roots = [etree.fromstring(message.payload) for message in messages]
    told = [element.get("pasientNr") for root in roots for element in root.iter(f"{{{ORD}}}Objektholder")]
    assert told == [f"p{n}" for n in range(12)]
    assert sum(message.rows for message in messages) == 12
    assert all(len(list(root.iter(f"{{{ORD}}}Enhet"))) == 2 for root in roots)


def test_a_patient_who_fills_more_than_a_message_is_refused() -> None:
    with pytest.raises(TooLarge) as refused:
        ord_messages(REPORT, limit=3_000)
    assert "p1" not in str(refused.value)


def test_nobody_to_report_gives_no_message() -> None:
    assert ord_messages() == []


def test_the_same_report_gives_the_same_bytes() -> None:
    assert ord_messages(REPORT) == ord_messages(REPORT)


def test_the_envelope_names_sender_and_service_and_asks_for_a_receipt() -> None:
    root = etree.fromstring(ord_messages(REPORT)[0].payload)
    names = [element.text for element in root.iter("{*}OrganisationName")]
    assert names == ["Prøvesykehuset HF", "Helsedirektoratet", "NPR Validering"]
    assert root.find(".//{*}Ack").get("V") == "J"  # type: ignore[union-attr]
    assert root.findtext(".//{*}GenDate") == "2025-05-02T08:00:00+02:00"
    assert root.find(".//{*}Patient") is None


def test_a_time_without_a_zone_is_refused() -> None:
    envelope = msgspec.structs.replace(ENVELOPE, generated=datetime(2025, 5, 2, 6, 0))  # noqa: DTZ001
    with pytest.raises(ValueError, match="time zone"):
        list(encode_ord(HEADING, INSTITUTION, [REPORT], envelope))


def test_what_is_not_said_is_not_written() -> None:
    report = msgspec.structs.replace(REPORT, episodes=(CONTACT,))
    assert re.findall(rb'\w+="(?:None)?"', ord_messages(report)[0].payload) == []


def test_no_value_shows_in_a_log() -> None:
    assert repr(REPORT) == "<Objektholder>"
    assert repr(Person(patient="p1", number=synthetic(1), kind="1")) == "<PasientIdent>"
    assert repr(ord_messages(REPORT)[0]) == "Message(ord 7)"
