"""Asks the application directly, without a server. (Starlette's own client wants another HTTP library by now.)"""

from __future__ import annotations

import asyncio

import httpx
from fastapi import FastAPI


class Client:
    """Synchronous requests to an ASGI application; faults inside it become its own 500 answer."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    def get(self, path: str, host: str = "testserver") -> httpx.Response:
        return self.request("GET", path, host)

    def request(self, method: str, path: str, host: str = "testserver") -> httpx.Response:
        return asyncio.run(self._request(method, f"http://{host}{path}"))

    def put(self, path: str, body: str, host: str = "testserver") -> httpx.Response:
        return asyncio.run(self._request("PUT", f"http://{host}{path}", body))

    async def _request(self, method: str, url: str, body: str | None = None) -> httpx.Response:
        transport = httpx.ASGITransport(app=self._app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport) as client:
            return await client.request(method, url, content=body)
