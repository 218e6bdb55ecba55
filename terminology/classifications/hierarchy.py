"""Parents that codes carry in themselves, and parents that make no order.

ICD-10: I63.9 is below I63, that below the block I60-I69, that below chapter IX. Elsewhere (ATC, NCSP, ICPC-2 …) a
code is below the longest other code that it begins with: ATC by 1, 3, 4, 5 and 7 characters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from terminology.codes import ICD10

_BLOCK: Final = re.compile(r"([A-Z]\d\d)-([A-Z]\d\d)")
_CATEGORY: Final = re.compile(r"[A-Z]\d\d")

#: The chapters of ICD-10 with their first and last category (ICD-10 volume 1, list of chapters).
_CHAPTERS: Final = (
    "I:A00-B99 II:C00-D48 III:D50-D89 IV:E00-E90 V:F00-F99 VI:G00-G99 VII:H00-H59 VIII:H60-H95 IX:I00-I99 X:J00-J99 "
    "XI:K00-K93 XII:L00-L99 XIII:M00-M99 XIV:N00-N99 XV:O00-O99 XVI:P00-P96 XVII:Q00-Q99 XVIII:R00-R99 XIX:S00-T98 "
    "XX:V01-Y98 XXI:Z00-Z99 XXII:U00-U99"
)
#: Each chapter with the span of its categories.
CHAPTERS: Final[Mapping[str, tuple[str, str]]] = {
    chapter: (span[:3], span[4:]) for chapter, _, span in (one.partition(":") for one in _CHAPTERS.split())
}

#: Gives a code's parents, as the codes themselves tell it.
Parents = Callable[[str], tuple[str, ...]]


def by_prefix(system: str, codes: Iterable[str]) -> Parents:
    """Parents by the prefixes of normalised `codes` of a system whose codes carry their hierarchy."""
    known = frozenset(codes)
    return _icd10(known) if system == ICD10 else lambda code: _longest(code, known, shortest=1)


def _longest(code: str, known: frozenset[str], shortest: int) -> tuple[str, ...]:
    for length in range(len(code) - 1, shortest - 1, -1):
        if code[:length] in known:
            return (code[:length],)
    return ()


def _icd10(known: frozenset[str]) -> Parents:
    spans = {code: found.groups() for code in known if (found := _BLOCK.fullmatch(code))}
    # Blocks lie inside one another, and all in chapters: the one that ends first is the nearest, of these the shortest.
    blocks = sorted(sorted(spans, key=lambda code: spans[code][0], reverse=True), key=lambda code: spans[code][1])
    holders = [(block, spans[block]) for block in blocks]
    holders += [(chapter, span) for chapter, span in CHAPTERS.items() if chapter in known]

    def parents(code: str) -> tuple[str, ...]:
        if code in CHAPTERS:
            return ()
        above = () if code in spans else _longest(code, known, shortest=3)
        first, last = spans.get(code, (code[:3], code[:3]))
        if above or not _CATEGORY.fullmatch(first):
            return above
        holder = (name for name, (begin, end) in holders if name != code and begin <= first and last <= end)
        return tuple(holder)[:1]

    return parents


def without_loops(parents: Mapping[str, tuple[str, ...]]) -> tuple[dict[str, tuple[str, ...]], list[tuple[str, str]]]:
    """The same hierarchy without the steps that close a loop, and these steps as (code, parent).

    Codes are walked in order, so that the same steps go whatever order the file had.
    """
    done: set[str] = set()
    closing: set[tuple[str, str]] = set()
    for root in sorted(parents):
        path: dict[str, Iterator[str]] = {} if root in done else {root: iter(parents[root])}
        while path:
            code, ahead = next(reversed(path.items()))
            step = next(ahead, None)
            if step is None:
                done.add(code)
                del path[code]
            elif step in path:
                closing.add((code, step))
            elif step not in done:
                path[step] = iter(parents[step])
    kept = {code: tuple(one for one in above if (code, one) not in closing) for code, above in parents.items()}
    return kept, sorted(closing)
