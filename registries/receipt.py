"""What a registry answers to a message."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Verdict(StrEnum):
    """The receiver's word on a message (Volven 8258: 1 OK, 2 rejected, 3 OK with an error in a part)."""

    OK = "1"
    REJECTED = "2"
    PARTLY = "3"


class ReceiptError(msgspec.Struct, frozen=True, kw_only=True):
    """One error in a receipt: its code, code system OID, text and detail."""

    code: str
    system: str = ""
    text: str = ""
    detail: str = ""


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """What the registry answered to the message `message_id`, kept whole in `raw`."""

    id: str
    message_id: str
    verdict: Verdict
    errors: tuple[ReceiptError, ...] = ()
    raw: bytes = b""

    def __repr__(self) -> str:
        return f"Receipt({self.id}, {self.verdict.name})"
