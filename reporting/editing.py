"""Editing the catalogue in the service: what an installation adds to the normed variables of the files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DatabaseError

from registries.catalogue import Catalogue, load_catalogue, read_edited, with_edited
from registries.definition import DefinitionError
from reporting.adapters.db.catalogue import CatalogueStore, Change, PublishedError
from reporting.adapters.db.migrate import upgrade
from reporting.home import Home, HomeError
from reporting.ports import Clock


@dataclass(frozen=True, slots=True)
class HomeEditing:
    """Editing the catalogue of one home."""

    home: Home
    clock: Clock

    def catalogue(self) -> Catalogue:
        """The catalogue with what was edited."""
        return catalogue_of(self.home)

    def changes(self, name: str) -> tuple[Change, ...]:
        """Who edited a variable, and when."""
        return changes_of(self.home, name)

    def edit(self, text: str, by: str) -> tuple[str, ...]:
        """Keep versions; see `edit`."""
        return edit(self.home, text, by, self.clock)


def catalogue_of(home: Home) -> Catalogue:
    """The catalogue of the files, with the versions that were edited in this installation beside them.

    Raises:
        DefinitionError: what was edited does not fit the files, which may have changed since.
        HomeError: the database cannot be used.
    """
    with _opened(home) as store:
        edited = store.versions() if store else {}
    return with_edited(load_catalogue(), edited) if edited else load_catalogue()


def changes_of(home: Home, name: str) -> tuple[Change, ...]:
    """Who edited a variable in this installation, and when."""
    with _opened(home) as store:
        return store.changes(name) if store else ()


def edit(home: Home, text: str, by: str, clock: Clock, name: str = "the text") -> tuple[str, ...]:
    """Keep versions of normed variables, written like `variables.yaml`; `name@version` of each that changed.

    Checked as the catalogue's files are, and against all that is there. A draft may be kept again with another content;
    what is published never changes.

    Raises:
        DefinitionError: with every mistake, or a version is published; nothing is kept.
    """
    if not by.strip():
        raise DefinitionError("say who edits: --by PERSON")
    home.prepare()
    upgrade(home.database)
    with _opened(home) as store:
        if store is None:
            raise HomeError("the database cannot be used")
        edited = read_edited(text, name, load_catalogue(), store.versions())
        try:
            return store.keep(edited, by.strip(), clock())
        except PublishedError as error:
            raise DefinitionError(str(error)) from error


@contextmanager
def _opened(home: Home) -> Iterator[CatalogueStore | None]:
    """The store of edited versions; None where nothing was ever stored: reading makes no database."""
    try:
        url = make_url(home.database)
        if url.get_backend_name() == "sqlite" and not (home.folder / (url.database or "")).exists():
            yield None
            return
        with closing(CatalogueStore(home.database)) as store:
            yield store
    except ArgumentError as error:
        raise HomeError("REGISTERBRO_DATABASE is not the URL of a database") from error
    except DatabaseError as error:
        raise HomeError(f"the database cannot be used: {error.orig}") from error
