"""Opening what an installation stores."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

from reporting.adapters.db.migrate import upgrade
from reporting.adapters.db.store import SqlStore
from reporting.home import Home


@contextmanager
def open_store(home: Home) -> Iterator[SqlStore]:
    """The store of a home, brought up to date, closed at the end."""
    home.folder.mkdir(parents=True, exist_ok=True)
    upgrade(home.database)
    with closing(SqlStore(home.database)) as store:
        yield store
