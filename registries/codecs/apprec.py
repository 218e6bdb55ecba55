"""Applikasjonskvittering (AppRec): written strictly as 1.1, read tolerantly as 1.0 or 1.1.

Source: the official schemas `apprec-v1.1.xsd` (2012-02-15, its types from `kith.xsd`) and `apprec-v1.0.xsd`
(2004-11-21). Code lists: Volven 8258 (status), 8221 (errors in a receipt).
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

import msgspec
from lxml import etree

from registries.codecs.xml import XmlRefused, parse
from registries.entry import LOCAL
from registries.receipt import Receipt, ReceiptError, Verdict

NAMESPACE: Final = "http://www.kith.no/xmlstds/apprec/2012-02-15"
NAMESPACE_1_0: Final = "http://www.kith.no/xmlstds/apprec/2004-11-21"
#: Volven 8221: errors in application receipts.
ERRORS: Final = "2.16.578.1.12.4.1.1.8221"
#: The largest receipt that is read, in bytes.
LIMIT: Final = 5_000_000

_STATUS: Final = {Verdict.OK: "OK", Verdict.REJECTED: "Avvist", Verdict.PARTLY: "OK, feil i delmelding"}
_OID = re.compile(r"\d+(\.\d+){3,}")


class ReceiptUnreadable(Exception):
    """An answer that is no receipt, or says nothing that can be acted on. The text repeats nothing of its content."""


class Party(msgspec.Struct, frozen=True, kw_only=True):
    """An institution by name and HER-id."""

    name: str
    her_id: str


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """A receipt to be written: about which message (its id, type and time), from whom to whom. Times are aware."""

    id: str
    generated: datetime
    sender: Party
    receiver: Party
    verdict: Verdict
    errors: tuple[ReceiptError, ...] = ()
    message_id: str
    message_type: str
    message_generated: datetime


def write(answer: Answer) -> bytes:
    """The receipt as AppRec 1.1, UTF-8; the same answer gives the same bytes.

    Raises:
        ValueError: a time without zone, or a text holds characters that XML cannot carry.
    """
    root = etree.Element(f"{{{NAMESPACE}}}AppRec", nsmap={None: NAMESPACE})  # type: ignore[dict-item]
    _sub(root, "MsgType", V="APPREC", DN="Applikasjonskvittering")
    _sub(root, "MIGversion").text = "v1.1 2012-02-15"
    _sub(root, "GenDate").text = _local(answer.generated)
    _sub(root, "Id").text = answer.id
    _party(_sub(root, "Sender"), answer.sender)
    _party(_sub(root, "Receiver"), answer.receiver)
    _sub(root, "Status", V=answer.verdict.value, DN=_STATUS[answer.verdict])
    for error in answer.errors:
        _sub(root, "Error", V=error.code, S=error.system, DN=error.text, OT=error.detail)
    original = _sub(root, "OriginalMsgId")
    _sub(original, "MsgType", V=answer.message_type)
    _sub(original, "IssueDate").text = _local(answer.message_generated)
    _sub(original, "Id").text = answer.message_id
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def read(payload: bytes) -> Receipt:
    """A receipt of version 1.0 or 1.1, with what optional parts it has.

    Senders are known to swap code and code system in `Error` and to leave blanks in attributes; both are put right.

    Raises:
        ReceiptUnreadable: not XML that is read, not an AppRec, an unknown status, or no id or original message id.
    """
    try:
        root = parse(payload, LIMIT)
    except XmlRefused as refusal:
        raise ReceiptUnreadable(f"the receipt cannot be read: {refusal}") from refusal
    name = etree.QName(root)
    if name.localname != "AppRec" or name.namespace not in (NAMESPACE, NAMESPACE_1_0):
        raise ReceiptUnreadable("the answer is not an application receipt (AppRec 1.0 or 1.1)")
    space = f"{{{name.namespace}}}"
    return Receipt(
        id=_required(root, f"{space}Id", "Id"),
        message_id=_required(root, f"{space}OriginalMsgId/{space}Id", "OriginalMsgId/Id"),
        verdict=_verdict(root.find(f"{space}Status")),
        errors=tuple(_error(element) for element in root.iterfind(f"{space}Error")),
        raw=payload,
    )


def _verdict(status: etree._Element | None) -> Verdict:
    found = "" if status is None else _attribute(status, "V")
    try:
        return Verdict(found)
    except ValueError:
        raise ReceiptUnreadable("the receipt's status is not one of Volven 8258: 1, 2 or 3") from None


def _error(element: etree._Element) -> ReceiptError:
    code, system = _attribute(element, "V"), _attribute(element, "S")
    if _OID.fullmatch(code) and not _OID.fullmatch(system):
        code, system = system, code
    return ReceiptError(code=code, system=system, text=_attribute(element, "DN"), detail=_attribute(element, "OT"))


def _attribute(element: etree._Element, name: str) -> str:
    return str(element.attrib.get(name, "")).strip()


def _required(root: etree._Element, path: str, name: str) -> str:
    text = (root.findtext(path) or "").strip()
    if not text:
        raise ReceiptUnreadable(f"the receipt has no {name}")
    return text


def _party(parent: etree._Element, party: Party) -> None:
    institution = _sub(_sub(parent, "HCP"), "Inst")
    if party.name:
        _sub(institution, "Name").text = party.name
    if party.her_id:
        _sub(institution, "Id").text = party.her_id
        _sub(institution, "TypeId", V="HER", DN="HER-id")


def _local(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise ValueError("a time in a receipt has no time zone")
    return moment.astimezone(LOCAL).isoformat()


def _sub(parent: etree._Element, tag: str, **attributes: str) -> etree._Element:
    filled = {name: text for name, text in attributes.items() if text}
    return etree.SubElement(parent, f"{{{NAMESPACE}}}{tag}", filled)
