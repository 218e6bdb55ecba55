"""Serving an application: in the foreground, or beside something else for as long as that lasts."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from socket import AF_INET, IPPROTO_TCP, SOCK_STREAM, socket

import uvicorn
from fastapi import FastAPI

LOOPBACK = "127.0.0.1"


def serve(app: FastAPI, port: int) -> None:
    """Serve on this machine only, until interrupted. There is no login yet: nobody else may reach it."""
    uvicorn.run(app, host=LOOPBACK, port=port, log_level="warning", server_header=False)


@contextmanager
def running(app: FastAPI) -> Iterator[str]:
    """Serve on a free port in a thread; gives the base URL. The socket listens before this returns."""
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    # With the protocol named, asyncio sends at once; without, an answer in two parts waits 40 ms for the client.
    with socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) as listener:
        listener.bind((LOOPBACK, 0))
        listener.listen(128)
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", server_header=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            yield f"http://{LOOPBACK}:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
