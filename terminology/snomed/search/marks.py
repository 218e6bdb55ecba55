"""Where in a term the words of a query were found."""

from __future__ import annotations

from collections.abc import Sequence

from terminology import fold
from terminology.snomed.search.wanted import Wanted

Span = tuple[int, int]


def marks(term: str, asked: Sequence[Wanted], loose: bool) -> tuple[Span, ...]:
    """The places of `term` that answer `asked`, first and past-the-last character, in order and apart."""
    found: list[Span] = []
    for word in fold.spelled(term):
        text = fold.loose(word.text) if loose else word.text
        length = max(_length(text, word.text, wanted) for wanted in asked)
        # Two words may stand in one character: ½.
        if length and not (found and word.spans[0][0] < found[-1][1]):
            found.append((word.spans[0][0], word.spans[length - 1][1]))
    return tuple(found)


def _length(text: str, as_folded: str, wanted: Wanted) -> int:
    """How many letters of a word answer a word of the query."""
    return len(wanted.text) if text.startswith(wanted.text) else wanted.lengths.get(as_folded, 0)
