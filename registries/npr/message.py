"""The report as messages: `ord` with all but who, `ide` with nothing but who, each in a Hodemelding (MsgHead) 1.2.

Source: NPR message 53.1.3 and `MsgHead-v1_2.xsd`. A message is at most 50 MB, so a large report becomes several, each
with the next number; one patient is never split. Patients are written as they come: memory follows one message.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

import msgspec
from lxml import etree

from registries.codecs.msghead import NAMESPACE as HEAD
from registries.codecs.xml import LIMIT
from registries.entry import LOCAL
from registries.npr.model import Heading, Institution, Part, PatientReport, Person, Unit
from registries.npr.types import written
from registries.npr.walk import attributes, children

ORD: Final = "http://www.npr.no/xmlstds/53_1_3_ord"
IDE: Final = "http://www.npr.no/xmlstds/53_1_3_ide"
_HER: Final = {"V": "HER", "S": "2.16.578.1.12.4.1.1.9051", "DN": "HER-id"}
#: What closes a message takes less than this, in bytes.
_ENDING: Final = 1_000


class TooLarge(ValueError):
    """One patient's report is larger than a message may be. The text does not say whose."""


class Party(msgspec.Struct, frozen=True, kw_only=True):
    """A sender or receiver by name and HER-id (Volven 9051)."""

    name: str
    her_id: str


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    """Who sends what when. `receiver` is the organisation, then the service in it; `generated` is aware.

    `type` is the code of the message type in MsgInfo; which one NPR asks for is agreed with the registry.
    """

    generated: datetime
    sender: Party
    receiver: tuple[Party, ...]
    type: str = "NPR"


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """A finished message. `rows` is how many patients it is about."""

    module: str
    number: int
    message_id: str
    rows: int
    payload: bytes

    def __repr__(self) -> str:
        return f"Message({self.module} {self.number})"


def encode_ord(
    heading: Heading,
    institution: Institution,
    patients: Iterable[PatientReport],
    envelope: Envelope,
    limit: int = LIMIT,
) -> Iterator[Message]:
    """The episode report as messages of at most `limit` bytes; the same arguments give the same bytes.

    Raises:
        TooLarge: one patient's report alone is larger.
        ValueError: a text holds characters that XML cannot carry, or `generated` has no time zone.
    """
    return _batches("ord", ORD, heading, institution, institution.units, patients, envelope, limit)


def encode_ide(
    heading: Heading,
    institution: Institution,
    people: Iterable[Person],
    envelope: Envelope,
    limit: int = LIMIT,
) -> Iterator[Message]:
    """Who the serial numbers of patients stand for, as messages of their own. Arguments and errors as `encode_ord`."""
    return _batches("ide", IDE, heading, institution, (), people, envelope, limit)


def _batches(
    module: str,
    namespace: str,
    heading: Heading,
    institution: Institution,
    units: tuple[Unit, ...],
    rows: Iterable[Part],
    envelope: Envelope,
    limit: int,
) -> Iterator[Message]:
    if envelope.generated.tzinfo is None:
        raise ValueError("the time of the message has no time zone")
    waiting = _Waiting(rows, namespace)
    number = heading.number
    while waiting.more():
        numbered = msgspec.structs.replace(heading, number=number)
        message_id = _id(module, institution.id, numbered, envelope)
        payload = BytesIO()
        with _opened(payload, namespace, numbered, institution, units, envelope, message_id) as write:
            count = waiting.write(payload, write, limit - _ENDING)
        yield Message(module=module, number=number, message_id=message_id, rows=count, payload=payload.getvalue())
        number += 1


class _Waiting:
    """Rows not yet written, with the one that did not fit."""

    def __init__(self, rows: Iterable[Part], namespace: str) -> None:
        self.elements = (element_of(row, namespace) for row in rows)
        self.next = next(self.elements, None)

    def more(self) -> bool:
        return self.next is not None

    def write(self, payload: BytesIO, write: Callable[[etree._Element], None], limit: int) -> int:
        count = 0
        while self.next is not None:
            if payload.tell() + len(etree.tostring(self.next, encoding="UTF-8")) > limit:
                if count == 0:
                    raise TooLarge("one patient's report is larger than a message may be")
                break
            write(self.next)
            self.next = next(self.elements, None)
            count += 1
        return count


def element_of(part: Part, namespace: str) -> etree._Element:
    """A part as an element with all below it."""
    found = etree.Element(f"{{{namespace}}}{part.element}", _said(part), nsmap={None: namespace})  # type: ignore[dict-item]  # the stubs forget the default namespace
    _fill(found, part, namespace)
    return found


def _fill(parent: etree._Element, part: Part, namespace: str) -> None:
    for child in children(part):
        _fill(etree.SubElement(parent, f"{{{namespace}}}{child.element}", _said(child)), child, namespace)


def _said(part: Part) -> dict[str, str]:
    return {name: text for name, value in attributes(part) if (text := written(value))}


def _id(module: str, institution: str, heading: Heading, envelope: Envelope) -> str:
    """A message's id is that of what it is: sending the same number again is the same message."""
    year = heading.extracted.year
    text = f"npr/{module}/{institution}/{year}/{heading.number}/{envelope.generated.isoformat()}"
    return str(uuid5(NAMESPACE_URL, text))


@contextmanager
def _opened(
    payload: BytesIO,
    namespace: str,
    heading: Heading,
    institution: Institution,
    units: tuple[Unit, ...],
    envelope: Envelope,
    message_id: str,
) -> Iterator[Callable[[etree._Element], None]]:
    """Write all that stands before the patients, then what is given, then the end."""
    with etree.xmlfile(payload, encoding="UTF-8") as untyped:
        file: Any = untyped  # the stubs do not know its methods
        file.write_declaration()
        with file.element(_head("MsgHead"), nsmap={None: HEAD}):
            file.write(_info(envelope, message_id))
            with file.element(_head("Document")), file.element(_head("RefDoc")):
                at = envelope.generated.astimezone(LOCAL).isoformat(timespec="seconds")
                file.write(etree.Element(_head("IssueDate"), V=at))
                file.write(etree.Element(_head("MsgType"), V="XML", DN="XML-instans"))
                with file.element(_head("Content")):
                    melding = (f"{{{namespace}}}{heading.element}", _said(heading))
                    with file.element(*melding, nsmap={None: namespace}):
                        for person in heading.contacts:
                            file.write(element_of(person, namespace))
                        with file.element(f"{{{namespace}}}{institution.element}", _said(institution)):
                            for unit in units:
                                file.write(element_of(unit, namespace))
                            file.flush()
                            yield lambda element: _write(file, element)


def _write(file: Any, element: etree._Element) -> None:
    file.write(element)
    file.flush()


def _info(envelope: Envelope, message_id: str) -> etree._Element:
    info = etree.Element(_head("MsgInfo"), nsmap={None: HEAD})  # type: ignore[dict-item]
    etree.SubElement(info, _head("Type"), V=envelope.type)
    at = envelope.generated.astimezone(LOCAL).isoformat(timespec="seconds")
    for name, text in (("MIGversion", "v1.2 2006-05-24"), ("GenDate", at), ("MsgId", message_id)):
        etree.SubElement(info, _head(name)).text = text
    etree.SubElement(info, _head("Ack"), V="J", DN="Ja")
    _party(etree.SubElement(info, _head("Sender")), (envelope.sender,))
    _party(etree.SubElement(info, _head("Receiver")), envelope.receiver)
    return info


def _party(parent: etree._Element, parties: tuple[Party, ...]) -> None:
    """An organisation, and in it the service that is meant."""
    for party in parties:
        parent = etree.SubElement(parent, _head("Organisation"))
        etree.SubElement(parent, _head("OrganisationName")).text = party.name
        ident = etree.SubElement(parent, _head("Ident"))
        etree.SubElement(ident, _head("Id")).text = party.her_id
        etree.SubElement(ident, _head("TypeId"), _HER)


def _head(name: str) -> str:
    return f"{{{HEAD}}}{name}"
