"""Carries messages to a registry over HTTP and brings the receipts back."""

from __future__ import annotations

from types import TracebackType
from typing import Final

import httpx

from reporting.ports import Refused, Transport, Unreachable

#: Answers after which the same message may be sent again: too many requests, and a server that gave up waiting.
_AGAIN: Final = frozenset({408, 429})


class HttpTransport(Transport):
    """Posts XML to one address, keeping the connection open between messages. Safe to use from several threads.

    Args:
        url: the registry's address, http or https.
        timeout: seconds to wait for each of: connecting, sending, the answer.

    Raises:
        ValueError: the address is not http or https.
    """

    def __init__(self, url: str, timeout: float = 30.0) -> None:
        try:
            address = httpx.URL(url)
        except httpx.InvalidURL:
            address = httpx.URL("")
        if address.scheme not in ("http", "https") or not address.host:
            raise ValueError("a registry's address begins with http:// or https:// and names a host")
        self._url = address
        self._client = httpx.Client(timeout=timeout, headers={"content-type": "application/xml"})

    def send(self, message_id: str, payload: bytes) -> bytes:
        """The answer's body.

        Raises:
            Unreachable: no connection, no answer in time, or an answer of 408, 429, 5xx or 2xx without a receipt.
            Refused: any other answer. Neither text holds anything of the message or the address's query.
        """
        try:
            answer = self._client.post(self._url, content=payload)
        except httpx.HTTPError as error:
            # The library's text and its chain name the whole address.
            raise Unreachable(f"{message_id}: {self._url.host}: {type(error).__name__}") from None
        status = answer.status_code
        if status == 200:
            return answer.content
        text = f"{message_id}: {self._url.host}: answered {status}"
        if status >= 500 or status in _AGAIN or 200 <= status < 300:
            raise Unreachable(text)
        raise Refused(text)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def __enter__(self) -> HttpTransport:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
