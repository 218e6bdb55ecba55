"""Opening what an installation stores, and the ways to its registries."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

from sqlalchemy.exc import ArgumentError, DatabaseError

from reporting.adapters.db.migrate import upgrade
from reporting.adapters.db.store import SqlStore
from reporting.adapters.http_transport import HttpTransport
from reporting.home import Home, HomeError


@contextmanager
def open_store(home: Home) -> Iterator[SqlStore]:
    """The store of a home, brought up to date, closed at the end.

    Raises:
        HomeError: the database cannot be opened.
    """
    home.prepare()
    try:
        upgrade(home.database)
        opened = SqlStore(home.database)
    except ArgumentError as error:
        raise HomeError("REGISTERBRO_DATABASE is not the URL of a database") from error
    except DatabaseError as error:
        raise HomeError(f"the database cannot be used: {error.orig}") from error
    with closing(opened) as store:
        yield store


def open_transport(home: Home, registry: str) -> HttpTransport:
    """The way to a registry, to be closed by whoever asked.

    Raises:
        HomeError: its endpoint is not an address that messages can be sent to.
    """
    try:
        return HttpTransport(home.endpoint(registry))
    except ValueError as error:
        raise HomeError(f"the endpoint of {registry} cannot be used: {error}") from error
