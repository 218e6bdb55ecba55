"""The web application: pages that are only read, and the catalogue, which can be edited."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Final

from fastapi import FastAPI, HTTPException, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware

from registries.definition import Definition
from reporting.explaining.context import NameOf, no_name
from reporting.explaining.names import names_of
from reporting.fhir_terminology.app import mount_terminology
from reporting.fhir_terminology.library import Systems
from reporting.ports import Releases, Store
from reporting.web.catalogue import Editing, mount_catalogue
from reporting.web.rendering import render
from reporting.web.safety import SafetyHeaders, headers_for
from reporting.web.views.overview import overview
from reporting.web.views.record import record_page
from reporting.web.views.registry import registry_page
from reporting.web.views.run import run_page
from reporting.web.views.terminology_diff import Differences

#: Names this service answers to: it is not made to stand on a network yet.
HOSTS: Final = ("localhost", "127.0.0.1", "testserver")


class Pages:
    """The handlers, over a store and the definitions by registry."""

    def __init__(
        self,
        store: Store,
        definitions: Mapping[str, Definition],
        with_terminology: bool = False,
        name_of: NameOf = no_name,
    ) -> None:
        self._store = store
        self._name_of = name_of
        self._definitions = definitions
        self._with_terminology = with_terminology

    def overview(self) -> HTMLResponse:
        """Registries and the latest runs."""
        shown = overview(self._store, self._definitions)
        return _page("overview.html", page=shown, with_terminology=self._with_terminology)

    def run(self, run_id: str, page: Annotated[int, Query(ge=1, le=100_000)] = 1) -> HTMLResponse:
        """One run."""
        try:
            shown = run_page(self._store, self._definitions, run_id, page)
        except KeyError:
            raise HTTPException(404) from None
        return _page("run.html", page=shown)

    def record(self, case: str) -> HTMLResponse:
        """One record."""
        try:
            shown = record_page(self._store, self._definitions, case, self._name_of)
        except KeyError:
            raise HTTPException(404) from None
        return _page("record.html", page=shown)

    def registry(self, slug: str) -> HTMLResponse:
        """One registry's definition."""
        definition = self._definitions.get(slug)
        if definition is None:
            raise HTTPException(404)
        return _page("registry.html", page=registry_page(definition))


class TerminologyPages:
    """The handlers over terminology releases."""

    def __init__(self, releases: Releases) -> None:
        self._differences = Differences(releases)

    def diff(
        self, a: str = "", b: str = "", section: str = "", page: Annotated[int, Query(ge=1, le=100_000)] = 1
    ) -> HTMLResponse:
        """The differences between releases `a` and `b`, one list of them, or the choice of two."""
        try:
            if not (a and b):
                return _page("terminology_diff_choice.html", page=self._differences.choice(a))
            if section:
                shown = self._differences.list_page(a, b, section, page)
                return _page("terminology_diff_list.html", page=shown)
            return _page("terminology_diff.html", page=self._differences.page(a, b))
        except KeyError:
            raise HTTPException(404) from None


def create_app(
    store: Store,
    definitions: Mapping[str, Definition],
    releases: Releases | None = None,
    systems: Systems | None = None,
    editing: Editing | None = None,
) -> FastAPI:
    """The application over a store and the definitions by registry (their slug).

    With `releases`, there are pages on terminology too; with `systems`, the FHIR terminology API under /fhir, and codes
    are told by their names; with `editing`, the catalogue of normed variables under /catalogue.
    """
    name_of = names_of(systems) if systems is not None else no_name
    pages = Pages(store, definitions, with_terminology=releases is not None, name_of=name_of)
    app = FastAPI(title="Registerbro", openapi_url=None)
    routes: dict[str, Callable[..., HTMLResponse]] = {
        "/": pages.overview,
        "/runs/{run_id}": pages.run,
        "/records/{case}": pages.record,
        "/registries/{slug}": pages.registry,
    }
    if releases is not None:
        routes["/terminology/diff"] = TerminologyPages(releases).diff
    for path, handler in routes.items():
        app.add_api_route(path, handler, methods=["GET"], response_class=HTMLResponse)
    if systems is not None:
        mount_terminology(app, systems)
    if editing is not None:
        mount_catalogue(app, editing)
    app.mount("/static", StaticFiles(packages=[("reporting.web", "static")]), name="static")
    app.add_exception_handler(StarletteHTTPException, _not_served)
    app.add_exception_handler(RequestValidationError, _not_served)
    app.add_exception_handler(Exception, _failed)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(HOSTS))
    app.add_middleware(SafetyHeaders)
    return app


def _page(template: str, status: int = 200, **values: object) -> HTMLResponse:
    return HTMLResponse(render(template, **values), status_code=status)


def _not_served(_request: Request, error: Exception) -> HTMLResponse:
    status = error.status_code if isinstance(error, StarletteHTTPException) else 400
    return _page("problem.html", status, what="not_found" if status == 404 else "wrong_request")


def _failed(request: Request, _error: Exception) -> HTMLResponse:
    # Starlette answers this outside all middleware, so the headers are set here; the error's text is never shown.
    answer = _page("problem.html", 500, what="failed")
    answer.headers.update(headers_for(request.url.path))
    return answer
