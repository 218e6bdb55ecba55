"""What every command says and ends with.

Exit codes: 0 all is well; 1 a fault of the program; 2 the command, a definition or a release cannot be used; 3 done,
but some input could not be read (each place is named); 4 done, but some messages could not be delivered.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import click

USAGE, SOME_UNREAD, SOME_UNSENT = 2, 3, 4
PATH = click.Path(path_type=Path)


def now() -> datetime:
    """The clock of the program."""
    return datetime.now(UTC)


def refuse(text: str) -> NoReturn:
    """End with a clear word on what cannot be used."""
    click.echo(f"registerbro: {text}", err=True)
    sys.exit(USAGE)


def note(text: str) -> None:
    """Tell something beside the result."""
    click.echo(text, err=True)
