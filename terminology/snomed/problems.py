"""What can be wrong with a release: a broken row is a Problem, a broken release is an ImportRefused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

#: A release with more broken rows than this is broken itself.
MOST_PROBLEMS: Final = 10_000


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


#: What is said of an identifier that leads nowhere.
DANGLING: Final = "no such component in the release"


def refuse_too_many(problems: Sequence[Problem]) -> None:
    """Raises ImportRefused when there are more than MOST_PROBLEMS."""
    if len(problems) <= MOST_PROBLEMS:
        return
    text = f"more than {MOST_PROBLEMS} broken rows, the first at {problems[0]}"
    if problems[-1].text.endswith(DANGLING):
        text += " (an extension is imported together with the edition that it builds on)"
    raise ImportRefused(text)
