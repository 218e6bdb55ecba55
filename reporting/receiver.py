"""The registry receiver that ships with the project: takes messages over HTTP, judges them, answers with AppRec 1.1.

It stands in for a registry in development, tests and measurements, and does what a registry must: the same message
sent again gets the very same receipt and is kept once. What it keeps lies in an SQLite file of its own. Neither its
pages nor its receipts repeat an identity number or a clinical value.
"""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, closing
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Annotated, Final
from uuid import UUID, uuid5

import msgspec
from fastapi import Depends, FastAPI, HTTPException, Query, Request, Response
from lxml import etree

from registries.codecs import apprec
from registries.codecs.content import namespace
from registries.codecs.msghead import NAMESPACE, Decoded, MessageUnreadable, decode
from registries.codecs.validation import Validator, validator
from registries.codecs.xml import LIMIT, XmlRefused, parse, refuse_unsafe, safe_parser
from registries.definition import Definition
from registries.entry import LOCAL
from registries.identity import NumberKind, kind_of
from registries.receipt import ReceiptError, Verdict
from reporting.ports import Clock

#: How many problems a receipt tells of one message.
_MOST_ERRORS: Final = 20
#: Volven 8221, the codes this receiver uses.
_TEXTS: Final = {
    "E10": "Ugyldig meldingsidentifikator",
    "E21": "Mottaker finnes ikke",
    "E31": "Pasientens fødselsnummer er feil",
    "T01": "Ikke XML / ikke 'well formed' / uleselig",
    "T02": "XML validerer ikke",
    "T10": "Støtter ikke meldingsformatet",
    "X99": "Annen feil",
}
#: Receipt ids are derived from message id and bytes, so that the same refusal of the same message has one id.
_RECEIPTS: Final = UUID("6f0a3c1e-58d5-5a52-9d0f-3f1c2b7a4e90")
_M: Final = f"{{{NAMESPACE}}}"
_TABLE: Final = """
CREATE TABLE IF NOT EXISTS message (
  place INTEGER PRIMARY KEY, message_id TEXT NOT NULL UNIQUE, registry TEXT NOT NULL, version INTEGER NOT NULL,
  case_key TEXT NOT NULL, complete INTEGER NOT NULL, corrects TEXT NOT NULL, received_at TEXT NOT NULL,
  verdict TEXT NOT NULL, digest TEXT NOT NULL, payload BLOB NOT NULL, receipt BLOB NOT NULL
)"""
_COLUMNS: Final = (
    "message_id, registry, version, case_key, complete, corrects, received_at, verdict, digest, payload, receipt"
)


class StoredMessage(msgspec.Struct, frozen=True, kw_only=True):
    """A message as it came and the receipt it got. `registry` and `case` are empty when they could not be told."""

    message_id: str
    registry: str = ""
    version: int = 0
    case: str = ""
    complete: bool = False
    corrects: str = ""
    received_at: datetime
    verdict: Verdict
    digest: str
    payload: bytes
    receipt: bytes

    def __repr__(self) -> str:
        return f"StoredMessage({self.message_id}, {self.verdict.name})"


class _Heading(msgspec.Struct, frozen=True, kw_only=True):
    """Whom to answer about what; read as far as the message can be read."""

    message_id: str
    type: str
    generated: datetime | None
    sender: apprec.Party


class _Judgement(msgspec.Struct, frozen=True, kw_only=True):
    errors: tuple[ReceiptError, ...] = ()
    definition: Definition | None = None
    said: Decoded | None = None


class _Ledger:
    """The SQLite file. One connection under a lock; every statement is its own transaction."""

    def __init__(self, store: Path) -> None:
        self._lock = Lock()
        self._db = sqlite3.connect(store, check_same_thread=False, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute(_TABLE)

    def keep(self, message: StoredMessage) -> StoredMessage:
        """The message kept under this id: this one, or the one that came first."""
        row = (
            *(message.message_id, message.registry, message.version, message.case, message.complete, message.corrects),
            *(message.received_at.isoformat(), message.verdict.value, message.digest, message.payload, message.receipt),
        )
        places = ", ".join("?" * len(row))
        with self._lock:
            self._db.execute(f"INSERT OR IGNORE INTO message ({_COLUMNS}) VALUES ({places})", row)  # noqa: S608
        return self.find(message.message_id) or message

    def find(self, message_id: str) -> StoredMessage | None:
        with self._lock:
            row = self._db.execute(f"SELECT {_COLUMNS} FROM message WHERE message_id = ?", (message_id,)).fetchone()  # noqa: S608
        return _message(row) if row else None

    def listing(self, offset: int, limit: int) -> list[tuple[str, str, str, int, str, str, str]]:
        with self._lock:
            return self._db.execute(
                "SELECT message_id, registry, case_key, complete, corrects, received_at, verdict FROM message "
                "ORDER BY place LIMIT ? OFFSET ?",
                (limit, offset),
            ).fetchall()

    def counts(self) -> list[tuple[str, str, int, int]]:
        """Registry, verdict, messages and distinct cases."""
        with self._lock:
            return self._db.execute(
                "SELECT registry, verdict, count(*), count(DISTINCT nullif(case_key, '')) FROM message "
                "GROUP BY registry, verdict ORDER BY registry, verdict"
            ).fetchall()

    def close(self) -> None:
        with self._lock:
            self._db.close()


class _Desk:
    """Judges messages against the definitions and keeps what it answered."""

    def __init__(self, ledger: _Ledger, definitions: Sequence[Definition], clock: Clock) -> None:
        self._ledger, self._clock = ledger, clock
        self._known: dict[str, tuple[Definition, Validator]] = {namespace(d): (d, validator(d)) for d in definitions}

    def answer(self, payload: bytes) -> bytes:
        """The receipt for a message.

        Raises:
            HTTPException: 400 when it cannot be told which message it is.
        """
        root, refusal = _read(payload)
        heading = None if root is None else _heading(root)
        if root is None or heading is None:
            raise HTTPException(400, refusal or "the document is not a message with a usable MsgId")
        digest = sha256(payload).hexdigest()
        kept = self._ledger.find(heading.message_id) or self._settle(payload, digest, root, refusal, heading)
        if kept.digest == digest:
            return kept.receipt
        other = _Judgement(errors=(_error("E10", "the MsgId has been used for another message"),))
        return self._receipt(heading, digest, other, self._clock())

    def _settle(
        self, payload: bytes, digest: str, root: etree._Element, refusal: str, heading: _Heading
    ) -> StoredMessage:
        judgement = self._judge(root) if not refusal else _Judgement(errors=(_error("T01", refusal),))
        at, definition, said = self._clock(), judgement.definition, judgement.said
        message = StoredMessage(
            message_id=heading.message_id,
            registry=definition.registry if definition else "",
            version=definition.version if definition else 0,
            case=said.case if said else "",
            complete=said.complete if said else False,
            corrects=said.corrects if said else "",
            received_at=at,
            verdict=_verdict(judgement),
            digest=digest,
            payload=payload,
            receipt=self._receipt(heading, digest, judgement, at),
        )
        return self._ledger.keep(message)

    def _judge(self, root: etree._Element) -> _Judgement:
        content = root.find(f"{_M}PatientReport/{_M}Document/{_M}RefDoc/{_M}Content/*")
        space = "" if content is None else etree.QName(content).namespace or ""
        definition, problems_of = self._known.get(space, (None, None))
        if definition is None or problems_of is None:
            return _Judgement(errors=(_error("T10", "no registry here takes this content"),))
        if problems := problems_of(root):
            return _Judgement(errors=_schema_errors(problems), definition=definition)
        try:
            said = decode(root, definition)
        except MessageUnreadable as unreadable:  # such as a year that XML has and calendars have not
            return _Judgement(errors=(_error("T02", str(unreadable)),), definition=definition)
        errors = (*_addressed(root, definition), *_identified(said), *self._corrected(said))
        return _Judgement(errors=errors, definition=definition, said=said)

    def _corrected(self, said: Decoded) -> tuple[ReceiptError, ...]:
        if not said.corrects:
            return ()
        earlier = self._ledger.find(said.corrects)
        if earlier is None:
            return (_error("X99", "korrigerer: the message to be replaced has not been received"),)
        # A message that was refused left nothing to replace; whoever corrects it is simply the first.
        same = (earlier.registry, earlier.case) == (said.registry, said.case)
        if earlier.verdict is Verdict.OK and not same:
            return (_error("X99", "korrigerer: the message to be replaced is about another case"),)
        return ()

    def _receipt(self, heading: _Heading, digest: str, judgement: _Judgement, at: datetime) -> bytes:
        message = judgement.definition.message if judgement.definition else None
        return apprec.write(
            apprec.Answer(
                id=str(uuid5(_RECEIPTS, f"{heading.message_id} {digest}")),
                generated=at,
                sender=apprec.Party(
                    name=message.receiver if message else "Registerbro mottak", her_id=message.her_id if message else ""
                ),
                receiver=heading.sender,
                verdict=_verdict(judgement),
                errors=judgement.errors,
                message_id=heading.message_id,
                message_type=heading.type,
                message_generated=heading.generated or at,
            )
        )


def create_receiver(store: Path, definitions: Sequence[Definition], clock: Clock) -> FastAPI:
    """The receiver as an application: `POST /messages`, `GET /messages`, `GET /`.

    `store` is its SQLite file, made when it is not there. A message is at most 50 MB of `application/xml`; the answer
    is 200 with a receipt, or 400, 413 or 415 when no receipt can be written.

    Raises:
        DefinitionError: no schema can be made of a definition.
    """
    ledger = _Ledger(store)
    desk = _Desk(ledger, definitions, clock)

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        yield
        ledger.close()

    app = FastAPI(title="Registerbro receiver", lifespan=life, openapi_url=None)
    _add_routes(app, desk.answer, ledger)
    return app


def stored(store: Path) -> tuple[StoredMessage, ...]:
    """Everything a receiver has kept in its file, in the order it came."""
    with closing(sqlite3.connect(store)) as db:
        return tuple(_message(row) for row in db.execute(f"SELECT {_COLUMNS} FROM message ORDER BY place"))  # noqa: S608


def _add_routes(app: FastAPI, answer: Callable[[bytes], bytes], ledger: _Ledger) -> None:
    @app.post("/messages")
    def receive(payload: Annotated[bytes, Depends(_body)]) -> Response:
        return Response(answer(payload), media_type="application/xml")

    @app.get("/messages")
    def messages(
        offset: Annotated[int, Query(ge=0)] = 0, limit: Annotated[int, Query(ge=1, le=10_000)] = 1000
    ) -> list[dict[str, object]]:
        names = ("message_id", "registry", "case", "complete", "corrects", "received_at", "verdict")
        rows = ledger.listing(offset, limit)
        return [dict(zip(names, row, strict=True)) | {"complete": bool(row[3])} for row in rows]

    @app.get("/")
    def overview() -> list[dict[str, object]]:
        names = ("registry", "verdict", "messages", "cases")
        return [dict(zip(names, row, strict=True)) for row in ledger.counts()]


async def _body(request: Request) -> bytes:
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind not in ("application/xml", "text/xml"):
        raise HTTPException(415, "a message is sent as application/xml")
    taken = bytearray()
    async for chunk in request.stream():
        taken += chunk
        if len(taken) > LIMIT:
            raise HTTPException(413, f"a message is at most {LIMIT} bytes")
    return bytes(taken)


def _read(payload: bytes) -> tuple[etree._Element | None, str]:
    """The root element, as far as it can be read, and why the message as such cannot be (empty when it can)."""
    try:
        return parse(payload), ""
    except XmlRefused as refusal:
        return _recovered(payload), str(refusal)


def _recovered(payload: bytes) -> etree._Element | None:
    try:
        refuse_unsafe(payload)
        return etree.fromstring(payload, safe_parser(recover=True))
    except (XmlRefused, etree.XMLSyntaxError):
        return None


def _heading(root: etree._Element) -> _Heading | None:
    message_id = root.findtext(f"{_M}MsgInfo/{_M}MsgId") or ""
    if root.tag != f"{_M}MsgHead" or not message_id.strip() or not message_id.isprintable() or len(message_id) > 200:
        return None
    organisation = f"{_M}MsgInfo/{_M}Sender/{_M}Organisation/{_M}"
    her_id = root.findtext(f"{organisation}Ident/{_M}Id") or ""
    kind = root.find(f"{_M}MsgInfo/{_M}Type")
    return _Heading(
        message_id=message_id,
        type=_printable("" if kind is None else str(kind.attrib.get("V", ""))),
        generated=_moment(root.findtext(f"{_M}MsgInfo/{_M}GenDate") or ""),
        sender=apprec.Party(
            name=_printable(root.findtext(f"{organisation}OrganisationName") or ""),
            her_id=her_id if her_id.isascii() and her_id.isdigit() else "",
        ),
    )


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=LOCAL)


def _printable(text: str) -> str:
    # A damaged message may hold characters that no receipt can carry.
    return text if text.isprintable() else ""


def _schema_errors(problems: tuple[str, ...]) -> tuple[ReceiptError, ...]:
    told = tuple(_error("T02", problem) for problem in problems[:_MOST_ERRORS])
    more = len(problems) - len(told)
    return (*told, _error("T02", f"and {more} more")) if more else told


def _addressed(root: etree._Element, definition: Definition) -> tuple[ReceiptError, ...]:
    found: list[ReceiptError] = []
    kind = root.find(f"{_M}MsgInfo/{_M}Type")
    if kind is None or kind.attrib.get("V") != definition.message.type:
        found.append(_error("T10", "Type: not the message type of this registry"))
    if root.findtext(f"{_M}MsgInfo/{_M}Receiver/{_M}Organisation/{_M}Ident/{_M}Id") != definition.message.her_id:
        found.append(_error("E21", "Receiver: not the HER-id of this registry"))
    return tuple(found)


def _identified(said: Decoded) -> tuple[ReceiptError, ...]:
    # Common help numbers (FHN) hold no date, so the rule for the others does not apply to them.
    if said.identity_kind == "FHN" or kind_of(said.identity) is not NumberKind.INVALID:
        return ()
    return (_error("E31", "Patient: the date or the control digits do not hold"),)


def _error(code: str, detail: str) -> ReceiptError:
    return ReceiptError(code=code, system=apprec.ERRORS, text=_TEXTS[code], detail=detail)


def _verdict(judgement: _Judgement) -> Verdict:
    return Verdict.REJECTED if judgement.errors else Verdict.OK


def _message(row: tuple[str, str, int, str, int, str, str, str, str, bytes, bytes]) -> StoredMessage:
    message_id, registry, version, case, complete, corrects, received_at, verdict, digest, payload, receipt = row
    return StoredMessage(
        message_id=message_id,
        registry=registry,
        version=version,
        case=case,
        complete=bool(complete),
        corrects=corrects,
        received_at=datetime.fromisoformat(received_at),
        verdict=Verdict(verdict),
        digest=digest,
        payload=payload,
        receipt=receipt,
    )
