"""What can be wrong with a release: a broken row is a Problem, a broken release is an ImportRefused."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One row that was not imported. `line` counts from 1, the header; `text` holds no value except identifiers."""

    file: str
    line: int
    column: str
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.column}: {self.text}"


class ImportRefused(Exception):
    """The release cannot be imported; nothing of it is kept."""
