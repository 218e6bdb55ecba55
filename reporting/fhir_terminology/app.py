"""The API over HTTP: an ASGI application that can be mounted, and one that serves it alone under /fhir.

Resources are plain dictionaries, encoded once; no model is made of them, because that would cost more than the answer.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import parse_qsl

import msgspec
from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from reporting.fhir_terminology.library import Systems
from reporting.fhir_terminology.outcome import Refused, Resource, bad_request, outcome, refused
from reporting.fhir_terminology.parameters import Parameters, from_body, from_query
from reporting.fhir_terminology.service import Terminology

MEDIA_TYPE: Final = "application/fhir+json"
#: The largest body, in bytes: an inline value set of some ten thousand codes.
LARGEST_BODY: Final = 8_000_000
HOSTS: Final = ("localhost", "127.0.0.1", "testserver")
_JSON: Final = re.compile(r"json|\*/\*|application/\*|^$")
#: Operations that may take long enough for others to notice.
_SLOW: Final = ("$expand", "$batch-validate-code", "$closure", "$translate")


class TerminologyApi:
    """The ASGI application; mount it at /fhir."""

    def __init__(self, systems: Systems) -> None:
        self._terminology = Terminology(systems)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        response = await self._respond(request)
        await response(scope, receive, send)

    async def _respond(self, request: Request) -> Response:
        try:
            _check_format(request)
            return _json(200, await self._answer(request))
        except Refused as refusal:
            return _json(refusal.status, outcome(refusal.issues))
        except RecursionError:
            return _json(400, outcome(bad_request("the request nests too deep").issues))
        except Exception:
            issue = refused(500, "exception", "exception", "The service failed to answer; the request was not at fault")
            return _json(500, outcome(issue.issues))

    async def _answer(self, request: Request) -> Resource:
        path = _path(request)
        base = f"{request.url.scheme}://{request.url.netloc}{request.scope.get('root_path', '')}"
        language = request.headers.get("accept-language", "")
        query = from_query(parse_qsl(request.url.query, keep_blank_values=True))
        if request.method == "GET":
            if "$" in path:
                return await self._operate(path, query, language)
            return self._terminology.get(path, query, base)
        if request.method != "POST":
            raise refused(405, "not-supported", "not-supported", "Only GET and POST are answered")
        body = await _body(request)
        if not path:
            return await run_in_threadpool(self._terminology.batch, body, base, language)
        return await self._operate(path, from_body(path, body).with_others(query), language)

    async def _operate(self, path: str, parameters: Parameters, language: str) -> Resource:
        if path.rpartition("/")[2] in _SLOW:
            return await run_in_threadpool(self._terminology.operate, path, parameters, language)
        return self._terminology.operate(path, parameters, language)


class _At:
    """The API at the path itself; a mount answers only below it."""

    def __init__(self, path: str, api: TerminologyApi) -> None:
        self._path = path
        self._api = api

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._api({**scope, "root_path": scope.get("root_path", "") + self._path}, receive, send)


def create_terminology_app(systems: Systems) -> FastAPI:
    """An application that serves the API alone, under /fhir, to this machine."""
    app = FastAPI(title="Registerbro terminology", openapi_url=None)
    mount_terminology(app, systems)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(HOSTS))
    return app


def mount_terminology(app: FastAPI, systems: Systems, path: str = "/fhir") -> None:
    """Adds the API to an application below a path, and at the path itself, where batches are posted."""
    api = TerminologyApi(systems)
    app.router.routes.append(Route(path, _At(path, api)))
    app.mount(path, api)


def _path(request: Request) -> str:
    """The path below the mount."""
    path: str = request.scope["path"]
    return path.removeprefix(request.scope.get("root_path", "")).strip("/")


def _check_format(request: Request) -> None:
    """Raises Refused when the client reads only something other than JSON."""
    wanted = request.query_params.get("_format") or request.headers.get("accept", "")
    if not _JSON.search(wanted.lower()):
        raise refused(406, "not-supported", "not-supported", f"Only {MEDIA_TYPE} is served")
    sent = request.headers.get("content-type", "")
    if request.method == "POST" and sent and "json" not in sent.lower():
        raise refused(415, "not-supported", "not-supported", f"Only {MEDIA_TYPE} is read")


async def _body(request: Request) -> object:
    """The body as JSON. Raises Refused when it is too large or no JSON."""
    read = bytearray()
    async for piece in request.stream():
        read += piece
        if len(read) > LARGEST_BODY:
            text = f"The request is larger than {LARGEST_BODY} bytes"
            raise refused(413, "too-long", "too-costly", text)
    try:
        return msgspec.json.decode(bytes(read))
    except msgspec.DecodeError:
        raise bad_request("the body is no well-formed JSON") from None


def _json(status: int, resource: Resource) -> Response:
    return Response(msgspec.json.encode(resource), status, media_type=MEDIA_TYPE)
