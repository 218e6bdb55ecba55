"""Folders that a process holds while it works on them. The system lets go of them when the process ends or is killed.

The lock is on the folder itself (flock(2)), so that none is left behind. Without such locks (Windows) nobody can tell
whether a folder is held, and it counts as held.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

try:
    import fcntl
except ImportError:  # pragma: no cover - Windows
    fcntl = None  # type: ignore[assignment]


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Holds a folder; waits while another process holds it."""
    if fcntl is None:  # pragma: no cover - Windows
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def is_free(folder: Path) -> bool:
    """Whether the folder is there and no process holds it."""
    if fcntl is None or not folder.exists():
        return False
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(handle)
    return True
