"""The catalogue of normed variables as JSON, and the one way to edit it: `PUT /catalogue?by=PERSON` with YAML.

A page of another site cannot send it: PUT needs that site to be permitted first, and no site is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, Protocol

import msgspec
from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse

from registries.catalogue import Catalogue, NormedVariable
from registries.catalogue.search import search
from registries.definition import DefinitionError

#: A body longer than this is not read: the whole catalogue is a tenth of it.
LONGEST: Final = 1_000_000


class Editing(Protocol):
    """What the routes need of an installation."""

    def catalogue(self) -> Catalogue:
        """The catalogue with what was edited."""

    def changes(self, name: str) -> Sequence[object]:
        """Who edited a variable, and when."""

    def edit(self, text: str, by: str) -> tuple[str, ...]:
        """Keep versions; raises DefinitionError with every mistake."""


def mount_catalogue(app: FastAPI, editing: Editing) -> None:
    """Add the routes: list or search (`?q=`), one variable with all versions and changes, and edit."""

    def listed(q: str = "") -> JSONResponse:
        whole = editing.catalogue()
        names = [one.name for one in search(whole, q)] if q else list(whole.variables)
        return _json([plain(name, whole.variables[name]) for name in names])

    def one(name: str) -> JSONResponse:
        versions = editing.catalogue().history(name)
        if not versions:
            raise HTTPException(404)
        changes = msgspec.to_builtins(editing.changes(name))
        return _json({"name": name, "versions": [plain(name, each) for each in versions], "changes": changes})

    async def edit(request: Request, by: str = "") -> JSONResponse:
        body = bytearray()
        async for part in request.stream():
            body += part
            if len(body) > LONGEST:
                raise HTTPException(413)
        try:
            return _json({"kept": editing.edit(bytes(body).decode("utf-8"), by)})
        except UnicodeDecodeError:
            return _json({"mistakes": ["the body is not UTF-8"]}, 422)
        except DefinitionError as error:
            return _json({"mistakes": str(error).splitlines()}, 422)

    routes: dict[tuple[str, str], Callable[..., Any]] = {
        ("GET", "/catalogue"): listed,
        ("GET", "/catalogue/{name}"): one,
        ("PUT", "/catalogue"): edit,
    }
    for (method, path), handler in routes.items():
        app.add_api_route(path, handler, methods=[method], response_class=JSONResponse)


def plain(name: str, variable: NormedVariable) -> dict[str, Any]:
    """A version as plain data, with its name."""
    return {"name": name, **variable.model_dump(mode="json", by_alias=True, exclude_none=True)}


def _json(content: object, status: int = 200) -> JSONResponse:
    return JSONResponse(content, status)
