"""The transport: what each answer of a registry means."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import pytest
from fastapi import FastAPI, Request, Response

from registries.codecs import apprec
from registries.codecs.msghead import encode
from registries.receipt import Verdict
from reporting.adapters.http_transport import HttpTransport
from reporting.ports import Refused, TransportError, Unreachable
from reporting.receiver import create_receiver, stored
from tests.codecs.examples import DEFINITION, ENVELOPE, REGISTRATION
from tests.receiver.conftest import NOW, serving

MESSAGE = encode(DEFINITION, REGISTRATION, ENVELOPE)


@pytest.fixture(scope="module")
def answering() -> Iterator[str]:
    """A server that answers with the status its path names, and tells which port the caller came from."""
    app = FastAPI()

    @app.post("/{status}")
    async def answer(status: int, request: Request) -> Response:
        body = await request.body()
        told = f"{request.client.port if request.client else 0} {request.headers['content-type']} {len(body)}"
        return Response(told, status_code=status, headers={"location": "/200"} if status == 307 else None)

    with serving(app) as url:
        yield url


def test_a_message_reaches_the_receiver_and_its_receipt_comes_back(tmp_path: Path) -> None:
    store = tmp_path / "receiver.sqlite"
    app = create_receiver(store, [DEFINITION], lambda: NOW)
    with serving(app) as url, HttpTransport(f"{url}/messages") as transport:
        receipt = apprec.read(transport.send("message-1", MESSAGE))
    assert (receipt.verdict, receipt.message_id) == (Verdict.OK, "message-1")
    assert [kept.payload for kept in stored(store)] == [MESSAGE]


def test_messages_share_one_connection(answering: str) -> None:
    with HttpTransport(f"{answering}/200") as transport:
        told = {transport.send("m", b"<a/>") for _ in range(3)}
    (only,) = told
    assert only.endswith(b" application/xml 4")


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (500, Unreachable),
        (502, Unreachable),
        (503, Unreachable),
        (429, Unreachable),
        (408, Unreachable),
        (202, Unreachable),
        (400, Refused),
        (401, Refused),
        (404, Refused),
        (413, Refused),
        (307, Refused),
    ],
)
def test_an_answer_that_is_no_receipt_tells_whether_to_try_again(
    answering: str, status: int, error: type[TransportError]
) -> None:
    with HttpTransport(f"{answering}/{status}?token=secret") as transport, pytest.raises(error) as raised:
        transport.send("m", b"<secret/>")
    assert str(raised.value) == f"m: 127.0.0.1: answered {status}"


def test_nobody_there_is_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with HttpTransport(f"http://127.0.0.1:{port}/?token=secret") as transport, pytest.raises(Unreachable) as raised:
        transport.send("m", b"<secret/>")
    assert str(raised.value) == "m: 127.0.0.1: ConnectError"
    assert raised.value.__suppress_context__


def test_no_answer_in_time_is_unreachable() -> None:
    # The system accepts the connection, and nobody ever reads it.
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        with HttpTransport(url, timeout=0.05) as transport, pytest.raises(Unreachable, match=r"m: .*: ReadTimeout"):
            transport.send("m", b"<a/>")


def test_a_connection_that_breaks_off_is_unreachable() -> None:
    done = Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def break_off() -> None:
            connection, _ = server.accept()
            with connection:
                request = b""
                while not request.endswith(b"<a/>"):  # unread bytes would turn the close into a reset
                    request += connection.recv(65536)
                connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n<half")
            done.set()

        thread = Thread(target=break_off)
        thread.start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}/"
        with HttpTransport(url) as transport, pytest.raises(Unreachable, match="RemoteProtocolError"):
            transport.send("m", b"<a/>")
        thread.join()
    assert done.is_set()


@pytest.mark.parametrize("url", ["ftp://registry.example/", "registry.example/messages", "", "http:///messages"])
def test_an_address_that_is_not_http_is_a_mistake_at_once(url: str) -> None:
    with pytest.raises(ValueError, match="http"):
        HttpTransport(url)
