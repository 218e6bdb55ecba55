"""The receiver: judges, answers, keeps once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import msgspec
import pytest

from registries.codecs import apprec
from registries.codecs.msghead import Envelope, encode
from registries.receipt import Receipt, Verdict
from reporting.receiver import stored
from tests.codecs.examples import DEFINITION, ENVELOPE, REGISTRATION, VALUES, WIDE, define, synthetic
from tests.receiver.conftest import NOW

MESSAGE = encode(DEFINITION, REGISTRATION, ENVELOPE)
COMPLETE = msgspec.structs.replace(REGISTRATION, complete=True, values=VALUES | {"Royker": 0, "Antall": 3}, missing={})


def post(client: httpx.Client, payload: bytes) -> Receipt:
    """The receipt a message gets."""
    answer = client.post("/messages", content=payload)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/xml")
    return apprec.read(answer.content)


def another(message_id: str, corrects: str = "", case: str = "case-1") -> bytes:
    """A complete message under another id."""
    envelope: Envelope = msgspec.structs.replace(ENVELOPE, message_id=message_id, corrects=corrects)
    return encode(DEFINITION, msgspec.structs.replace(COMPLETE, case=case), envelope)


def test_a_valid_message_is_kept_whole_and_acknowledged(client: httpx.Client, store: Path) -> None:
    receipt = post(client, MESSAGE)
    assert (receipt.verdict, receipt.message_id, receipt.errors) == (Verdict.OK, "message-1", ())
    (kept,) = stored(store)
    assert (kept.payload, kept.receipt) == (MESSAGE, receipt.raw)
    assert (kept.registry, kept.version, kept.case, kept.complete) == ("proving", 1, "case-1", False)
    assert (kept.received_at, kept.verdict, kept.corrects) == (NOW, Verdict.OK, "")


def test_the_same_message_again_gets_the_very_same_receipt(client: httpx.Client, store: Path) -> None:
    assert post(client, MESSAGE) == post(client, MESSAGE)
    assert len(stored(store)) == 1


def test_many_copies_at_once_are_kept_once(client: httpx.Client, store: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        receipts = set(pool.map(lambda payload: post(client, payload).raw, [MESSAGE] * 40))
    assert len(receipts) == len(stored(store)) == 1


def test_two_messages_with_one_id_at_once_give_one_that_is_kept(client: httpx.Client, store: Path) -> None:
    other = another("message-1")
    with ThreadPoolExecutor(8) as pool:
        receipts = list(pool.map(lambda payload: post(client, payload), [MESSAGE, other] * 20))
    (kept,) = stored(store)
    accepted = {receipt.raw for receipt in receipts if receipt.verdict is Verdict.OK}
    assert accepted == {kept.receipt}
    assert sum(receipt.verdict is Verdict.REJECTED for receipt in receipts) == 20


def test_an_id_that_was_used_for_another_message_is_rejected(client: httpx.Client, store: Path) -> None:
    post(client, MESSAGE)
    receipt = post(client, another("message-1"))
    assert (receipt.verdict, [error.code for error in receipt.errors]) == (Verdict.REJECTED, ["E10"])
    assert [kept.payload for kept in stored(store)] == [MESSAGE]
    assert post(client, MESSAGE).verdict is Verdict.OK


def test_a_rejected_message_is_kept_and_rejected_again_in_the_same_words(client: httpx.Client, store: Path) -> None:
    wrong = MESSAGE.replace(b"<Poeng>17", b"<Poeng>4711").replace(b"<Diagnose>2", b"<Diagnose>4712")
    receipt = post(client, wrong)
    assert [(error.code, error.system) for error in receipt.errors] == [("T02", apprec.ERRORS)] * 2
    assert receipt.errors[1].detail == "line 2: element Poeng: above the highest permitted value"
    assert b"471" not in receipt.raw
    assert ENVELOPE.identity.encode() not in receipt.raw
    assert post(client, wrong) == receipt
    (kept,) = stored(store)
    assert (kept.verdict, kept.registry, kept.case) == (Verdict.REJECTED, "proving", "")


def test_a_receipt_tells_at_most_twenty_problems(client: httpx.Client) -> None:
    many = msgspec.structs.replace(COMPLETE, values=dict.fromkeys(WIDE.variables, 99))
    errors = post(client, encode(WIDE, many, ENVELOPE)).errors
    assert [error.code for error in errors] == ["T02"] * 21
    assert errors[-1].detail == "and 5 more"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b'<Type V="PROVEREG"', b'<Type V="OTHER"', "T10"),
        (b"<Id>8140000</Id>", b"<Id>8140001</Id>", "E21"),
        (ENVELOPE.identity.encode(), synthetic(2)[:-1].encode() + b"0", "E31"),
        (b"proving:1", b"unknown:1", "T10"),
        (b"proving:1", b"another:1", "T02"),
        (b"<GenDate>2025", b"<GenDate>12025", "T02"),
    ],
)
def test_what_a_schema_cannot_see_is_judged_too(client: httpx.Client, old: bytes, new: bytes, code: str) -> None:
    assert old in MESSAGE
    receipt = post(client, MESSAGE.replace(old, new))
    assert (receipt.verdict, [error.code for error in receipt.errors]) == (Verdict.REJECTED, [code])
    assert new not in receipt.raw


def test_a_common_help_number_has_no_date_to_check(client: httpx.Client) -> None:
    helped = msgspec.structs.replace(ENVELOPE, identity="81234567890", identity_kind="FHN")
    assert post(client, encode(DEFINITION, REGISTRATION, helped)).verdict is Verdict.OK


def test_a_correction_is_kept_as_one_of_the_message_it_replaces(client: httpx.Client, store: Path) -> None:
    post(client, MESSAGE)
    assert post(client, another("message-2", corrects="message-1")).verdict is Verdict.OK
    assert [(kept.message_id, kept.corrects) for kept in stored(store)] == [
        ("message-1", ""),
        ("message-2", "message-1"),
    ]


def test_a_correction_of_something_else_is_rejected(client: httpx.Client) -> None:
    post(client, MESSAGE)
    for message in (another("message-2", "message-0"), another("message-3", "message-1", case="case-2")):
        receipt = post(client, message)
        assert [error.code for error in receipt.errors] == ["X99"]


def test_whoever_corrects_a_rejected_message_is_the_first(client: httpx.Client) -> None:
    post(client, MESSAGE.replace(b"<Poeng>17", b"<Poeng>99"))
    assert post(client, another("message-2", "message-1")).verdict is Verdict.OK


def test_a_damaged_message_whose_id_can_be_read_is_rejected(client: httpx.Client, store: Path) -> None:
    receipt = post(client, MESSAGE[:-50])
    assert (receipt.verdict, receipt.message_id) == (Verdict.REJECTED, "message-1")
    assert [error.code for error in receipt.errors] == ["T01"]
    assert [kept.registry for kept in stored(store)] == [""]


@pytest.mark.parametrize(
    ("payload", "text"),
    [
        (b"", "not well-formed"),
        (b"no XML at all", "not well-formed"),
        (b"<a/>", "no message|not a message"),
        (MESSAGE[:200], "not well-formed"),
        (MESSAGE.replace(b"<MsgId>message-1", b"<MsgId>"), "MsgId"),
        (MESSAGE.replace(b"<MsgId>message-1", b"<MsgId>a&#10;b"), "MsgId"),
        (MESSAGE.replace(b"<MsgId>message-1", b"<MsgId>" + b"m" * 201), "MsgId"),
        (MESSAGE.replace(b"<MsgHead", b"<!DOCTYPE MsgHead><MsgHead"), "DOCTYPE"),
        (MESSAGE.decode().replace("UTF-8", "UTF-16").encode("utf-16"), "encoding"),
    ],
)
def test_what_names_no_message_gets_no_receipt(client: httpx.Client, store: Path, payload: bytes, text: str) -> None:
    answer = client.post("/messages", content=payload)
    assert answer.status_code == 400
    assert any(part in answer.json()["detail"] for part in text.split("|"))
    assert stored(store) == ()


def test_only_xml_is_taken(client: httpx.Client) -> None:
    for kind in ("application/json", "text/plain; charset=utf-8", ""):
        assert client.post("/messages", content=MESSAGE, headers={"content-type": kind}).status_code == 415
    with_charset = {"content-type": "Application/XML; charset=utf-8"}
    assert client.post("/messages", content=MESSAGE, headers=with_charset).status_code == 200


def test_a_message_above_fifty_megabytes_is_not_taken(client: httpx.Client, store: Path) -> None:
    answer = client.post("/messages", content=b" " * 50_000_001)
    assert answer.status_code == 413
    assert stored(store) == ()


def test_the_pages_count_and_list_without_saying_who(client: httpx.Client) -> None:
    other = msgspec.structs.replace(ENVELOPE, message_id="message-3")
    post(client, MESSAGE)
    post(client, another("message-2", corrects="message-1"))
    post(client, encode(define("another"), REGISTRATION, other))
    post(client, MESSAGE.replace(b"<MsgId>message-1", b"<MsgId>message-4").replace(b"<Poeng>17", b"<Poeng>99"))
    assert client.get("/").json() == [
        {"registry": "another", "verdict": "1", "messages": 1, "cases": 1},
        {"registry": "proving", "verdict": "1", "messages": 2, "cases": 1},
        {"registry": "proving", "verdict": "2", "messages": 1, "cases": 0},
    ]
    listed = client.get("/messages").json()
    assert listed[1] == {
        "message_id": "message-2",
        "registry": "proving",
        "case": "case-1",
        "complete": True,
        "corrects": "message-1",
        "received_at": NOW.isoformat(),
        "verdict": "1",
    }
    assert [entry["message_id"] for entry in client.get("/messages?offset=1&limit=2").json()] == [
        "message-2",
        "message-3",
    ]
    assert ENVELOPE.identity not in client.get("/messages").text


def test_nothing_of_the_patient_shows_in_a_log(client: httpx.Client, store: Path) -> None:
    post(client, MESSAGE)
    assert repr(stored(store)) == "(StoredMessage(message-1, OK),)"
