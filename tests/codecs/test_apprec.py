"""Receipts: strict in what is written, tolerant in what is read."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from registries.codecs.apprec import ERRORS, NAMESPACE, NAMESPACE_1_0, Answer, Party, ReceiptUnreadable, read, write
from registries.receipt import Receipt, ReceiptError, Verdict

SHARED = Path(__file__).resolve().parents[3] / "shared/data/norway/msghead-apprec"
REFUSED = ReceiptError(code="E10", system=ERRORS, text="Ugyldig meldingsidentifikator", detail="used before")
ANSWER = Answer(
    id="receipt-1",
    generated=datetime(2025, 3, 3, 6, 0, tzinfo=UTC),
    sender=Party(name="Prøveregisteret", her_id="8140000"),
    receiver=Party(name="Prøvesykehuset HF", her_id="123459"),
    verdict=Verdict.REJECTED,
    errors=(REFUSED,),
    message_id="message-1",
    message_type="PROVEREG",
    message_generated=datetime(2025, 3, 3, 5, 0, tzinfo=UTC),
)
_TEXT = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1, max_size=20)
ANSWERS = st.builds(
    Answer,
    id=_TEXT,
    generated=st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    sender=st.builds(Party, name=_TEXT | st.just(""), her_id=st.just("") | st.integers(1).map(str)),
    receiver=st.builds(Party, name=_TEXT, her_id=st.integers(1).map(str)),
    verdict=st.sampled_from(Verdict),
    errors=st.lists(st.builds(ReceiptError, code=_TEXT, system=st.just(ERRORS), text=_TEXT, detail=_TEXT)).map(tuple),
    message_id=_TEXT,
    message_type=_TEXT | st.just(""),
    message_generated=st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)


def receipt(body: str, space: str = NAMESPACE) -> bytes:
    """A receipt with this body."""
    return f'<AppRec xmlns="{space}">{body}</AppRec>'.encode()


ORIGINAL = "<OriginalMsgId><Id> message-1 </Id></OriginalMsgId>"


@given(ANSWERS)
def test_what_is_written_is_read_again(answer: Answer) -> None:
    written = write(answer)
    assert read(written) == Receipt(
        id=answer.id, message_id=answer.message_id, verdict=answer.verdict, errors=answer.errors, raw=written
    )
    assert write(answer) == written


@pytest.mark.parametrize("space", [NAMESPACE, NAMESPACE_1_0])
def test_a_receipt_without_its_optional_parts_is_read(space: str) -> None:
    bare = receipt(f'<Id>r1</Id><Status V=" 1"/><Error/>{ORIGINAL}', space)
    assert read(bare) == Receipt(
        id="r1", message_id="message-1", verdict=Verdict.OK, errors=(ReceiptError(code=""),), raw=bare
    )


def test_a_code_and_code_system_that_were_swapped_are_put_right() -> None:
    swapped = receipt(f'<Id>r1</Id><Status V="2"/><Error V="{ERRORS}" S=" X99" DN="Annen feil"/>{ORIGINAL}')
    assert read(swapped).errors == (ReceiptError(code="X99", system=ERRORS, text="Annen feil"),)


@pytest.mark.parametrize(
    ("payload", "text"),
    [
        (receipt(f'<Id>r1</Id><Status V="73"/>{ORIGINAL}'), "status"),
        (receipt(f"<Id>r1</Id>{ORIGINAL}"), "status"),
        (receipt(f'<Status V="1"/>{ORIGINAL}'), "no Id"),
        (receipt('<Id>r1</Id><Status V="1"/>'), "no OriginalMsgId"),
        (receipt(f'<Id>r1</Id><Status V="1"/>{ORIGINAL}', "urn:other"), "not an application receipt"),
        (b"<html/>", "not an application receipt"),
        (b"Service unavailable", "not well-formed"),
        (write(ANSWER)[:-20], "not well-formed"),
        (write(ANSWER).decode().encode("utf-16"), "encoding"),
        (write(ANSWER).decode().encode("latin-1"), "not well-formed"),
        (b'<!DOCTYPE AppRec [<!ENTITY a "aaa">]>' + receipt("<Id>&a;</Id>"), "DOCTYPE"),
        (b'<!DOCTYPE AppRec [<!ENTITY a SYSTEM "file:///etc/hostname">]>' + receipt("<Id>&a;</Id>"), "DOCTYPE"),
        (b"", "not well-formed"),
        (b" " * 5_000_001, "limit"),
    ],
)
def test_what_cannot_be_acted_on_is_unreadable_in_clear_words(payload: bytes, text: str) -> None:
    with pytest.raises(ReceiptUnreadable, match=text):
        read(payload)


def test_a_time_without_a_zone_is_not_written() -> None:
    with pytest.raises(ValueError, match="zone"):
        write(msgspec.structs.replace(ANSWER, generated=datetime(2025, 3, 3)))  # noqa: DTZ001


@pytest.fixture(scope="module")
def official() -> etree.XMLSchema:
    """The official AppRec 1.1 schema."""
    return etree.XMLSchema(etree.parse(SHARED / "xsd/apprec-v1.1.xsd"))


@pytest.mark.shared
@given(ANSWERS)
def test_the_official_schema_accepts_our_receipts(official: etree.XMLSchema, answer: Answer) -> None:
    assert official.validate(etree.fromstring(write(answer))), official.error_log


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "verdict", "codes"),
    [
        ("all-data", Verdict.OK, []),
        ("example-ok", Verdict.OK, []),
        ("example-avvist", Verdict.REJECTED, ["E21"]),
        ("example-ok-feil-i-delmelding", Verdict.PARTLY, ["07", "16"]),
    ],
)
def test_the_samples_are_read(name: str, verdict: Verdict, codes: list[str]) -> None:
    found = read((SHARED / f"samples/{name}.xml").read_bytes())
    assert (found.verdict, [error.code for error in found.errors]) == (verdict, codes)
    assert len(found.message_id) == len(found.id) == 36


@pytest.mark.shared
def test_the_sample_with_an_unknown_status_is_unreadable() -> None:
    with pytest.raises(ReceiptUnreadable, match="status"):
        read((SHARED / "samples/unknown-status.xml").read_bytes())
