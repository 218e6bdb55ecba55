"""Hodemelding (MsgHead) 1.2: the envelope that carries a registration to a registry, there and back.

Source: the official schema `MsgHead-v1_2.xsd`, 2006-05-24 rev 3. `PatientReport` is the part it provides for reporting
to health registries; the patient is an identity number and nothing else. Code lists: Volven 8116 (kinds of identity
number), 9051 (kinds of organisation number), 7304 (whether a receipt is wanted).
"""

from __future__ import annotations

from copy import deepcopy
from datetime import datetime
from typing import Final, Literal

import msgspec
from lxml import etree

from registries.codecs.content import ContentError, Registration, add_content, attribute, read_content
from registries.codecs.xml import parse
from registries.definition import Definition
from registries.entry import LOCAL
from registries.record import RegistryValue

NAMESPACE: Final = "http://www.kith.no/xmlstds/msghead/2006-05-24"
#: Volven 8116, the kinds of identity number a message may carry.
IdentityKind = Literal["FNR", "DNR", "FHN"]

_KINDS: Final[dict[IdentityKind, str]] = {"FNR": "Fødselsnummer", "DNR": "D-nummer", "FHN": "Felles hjelpenummer"}
_HER: Final = '<Id/><TypeId V="HER" S="2.16.578.1.12.4.1.1.9051" DN="HER-id"/>'
_PARTY: Final = f"<Organisation><OrganisationName/><Ident>{_HER}</Ident></Organisation>"
#: Everything that is the same in every message; `encode` copies it and fills in the rest.
_SKELETON: Final = etree.fromstring(
    f"""<MsgHead xmlns="{NAMESPACE}"><MsgInfo><Type/><MIGversion>v1.2 2006-05-24</MIGversion><GenDate/><MsgId/>
    <Ack V="J" DN="Ja"/><Sender>{_PARTY}</Sender><Receiver>{_PARTY}</Receiver></MsgInfo><PatientReport><CaseNo/>
    <Document><RefDoc><MsgType V="XML" DN="XML-instans"/><Content/></RefDoc></Document>
    <Patient><Ident><Id/><TypeId S="2.16.578.1.12.4.1.1.8116"/></Ident></Patient></PatientReport></MsgHead>""",
    etree.XMLParser(remove_blank_text=True),
)


class MessageUnreadable(Exception):
    """A document that is not a message of this definition. The text repeats nothing of its content."""


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    """Who sends what when about whom. `generated` is aware; `corrects` is the id of the message that is replaced."""

    message_id: str
    generated: datetime
    sender: str
    sender_her_id: str
    identity: str
    identity_kind: IdentityKind = "FNR"
    corrects: str = ""

    def __repr__(self) -> str:
        return f"Envelope({self.message_id})"


class Decoded(msgspec.Struct, frozen=True, kw_only=True):
    """All that a message says."""

    message_id: str
    generated: datetime
    sender: str
    sender_her_id: str
    identity: str
    identity_kind: IdentityKind
    corrects: str
    registry: str
    version: int
    case: str
    release: str
    start: str
    complete: bool
    values: dict[str, RegistryValue]
    missing: dict[str, str]

    def __repr__(self) -> str:
        return f"Decoded({self.message_id})"


def encode(definition: Definition, registration: Registration, envelope: Envelope) -> bytes:
    """The message as UTF-8 XML on one line; the same arguments give the same bytes.

    Raises:
        ContentError: the registration contradicts the definition, or `generated` has no time zone.
        ValueError: a text holds characters that XML cannot carry.
    """
    if envelope.generated.tzinfo is None:
        raise ContentError("the time of the message has no time zone")
    root = deepcopy(_SKELETON)
    info, report = root
    _fill_info(info, definition, envelope)
    case_no, document, patient = report
    case_no.text = registration.case
    add_content(document[0][1], definition, registration, envelope.corrects)
    number, kind = patient[0]
    number.text = envelope.identity
    kind.set("V", envelope.identity_kind)
    kind.set("DN", _KINDS[envelope.identity_kind])
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def _fill_info(info: etree._Element, definition: Definition, envelope: Envelope) -> None:
    message = definition.message
    kind, _, generated, message_id, _, sender, receiver = info
    kind.set("V", message.type)
    generated.text = envelope.generated.astimezone(LOCAL).isoformat()
    message_id.text = envelope.message_id
    _fill_party(sender[0], envelope.sender, envelope.sender_her_id)
    _fill_party(receiver[0], message.receiver, message.her_id)


def _fill_party(organisation: etree._Element, name: str, her_id: str) -> None:
    organisation[0].text = name
    organisation[1][0].text = her_id


def decode(payload: bytes | etree._Element, definition: Definition) -> Decoded:
    """What a valid message of this definition says; use `validator` first to tell what is wrong with others.

    Raises:
        XmlRefused: the bytes are not XML that is read (see `xml.parse`).
        MessageUnreadable: it is XML but not a message of this definition.
    """
    root = parse(payload) if isinstance(payload, bytes) else payload
    try:
        return _decode(root, definition)
    except (KeyError, ValueError, ArithmeticError, AttributeError, IndexError):
        # The cause's text quotes the value that could not be read.
        raise MessageUnreadable(f"not a message of {definition.registry} version {definition.version}") from None


def _decode(root: etree._Element, definition: Definition) -> Decoded:
    info, report = root
    generated, message_id, organisation = info[2], info[3], _child(info, "Sender")[0]
    content = report[1][0][1][0]
    number, kind = report[2][0]
    said = read_content(content, definition)
    return Decoded(
        message_id=_text(message_id),
        generated=datetime.fromisoformat(_text(generated)),
        sender=_text(organisation[0]),
        sender_her_id=_text(organisation[1][0]),
        identity=_text(number),
        identity_kind=_kind(attribute(kind, "V")),
        corrects=str(content.attrib.get("korrigerer", "")),
        registry=attribute(content, "register"),
        version=int(attribute(content, "versjon")),
        case=said.case,
        release=said.release,
        start=said.start,
        complete=said.complete,
        values=dict(said.values),
        missing=dict(said.missing),
    )


def _child(parent: etree._Element, name: str) -> etree._Element:
    found = parent.find(f"{{{NAMESPACE}}}{name}")
    if found is None:
        raise KeyError(name)
    return found


def _text(element: etree._Element) -> str:
    return element.text or ""


def _kind(text: str) -> IdentityKind:
    for kind in _KINDS:
        if kind == text:
            return kind
    raise ValueError("kind of identity number")
