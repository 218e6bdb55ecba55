"""What an inactive concept is called today, with every doubt kept visible.

Journals hold codes of old releases. Historical associations lead from an inactive concept, through other inactive
ones if need be, to active concepts (RF2 specification 5.2.5.1). Some say that the meaning is the same; others that it
may be one of several, or only near. All ends are shown with the path to each; one of them is `certain` only when
every step is SAME_AS or REPLACED_BY and has one way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, Protocol

from terminology.snomed.history import AMBIGUOUS, EXACT, Association

#: These say where an identifier has moved or what a description is about, not what a concept means now.
_NOT_MEANING: Final = frozenset({"MOVED_FROM", "REFERS_TO"})
_NAMESPACE: Final = "MOVED_TO"

Of = Callable[[int], tuple[Association, ...]]
Path = tuple[Association, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A concept that an inactive one leads to, and the associations on the way there."""

    concept: int
    path: Path

    @property
    def exact(self) -> bool:
        """Whether every step keeps the meaning."""
        return all(step.kind in EXACT for step in self.path)


@dataclass(frozen=True, slots=True)
class Resolution:
    """What became of a concept.

    `reason` is the concept that says why it was inactivated, if the release does. `candidates` are active, exact ones
    first; `dead_ends` are inactive concepts from which nothing leads on; `moved_to` are the namespaces it moved to.
    `certain` is the concept itself while it is active, else the one that an unambiguous chain leads to.
    """

    concept: int
    status: Literal["active", "inactive", "unknown"]
    reason: int | None = None
    candidates: tuple[Candidate, ...] = ()
    dead_ends: tuple[Candidate, ...] = ()
    moved_to: tuple[int, ...] = ()
    certain: int | None = None


class Remembers(Protocol):
    """What is asked of a release."""

    def has(self, sctid: int) -> bool:
        """Whether the concept is in the release, active or not."""

    def is_active(self, sctid: int) -> bool:
        """Whether the concept is in the release and active."""

    def history(self, sctid: int) -> tuple[Association, ...]:
        """The historical associations of a concept."""

    def inactivation_reason(self, sctid: int) -> int | None:
        """The concept that says why a concept was inactivated, if there is one."""


def resolve(release: Remembers, sctid: int) -> Resolution:
    """What became of a concept; `unknown` when the release does not hold it."""
    if release.is_active(sctid):
        return Resolution(sctid, "active", certain=sctid)
    if not release.has(sctid):
        return Resolution(sctid, "unknown")
    ends, moved_to = _ends(sctid, release.history, release.is_active)
    candidates = (Candidate(end, path) for end, path in ends.items() if release.is_active(end))
    return Resolution(
        concept=sctid,
        status="inactive",
        reason=release.inactivation_reason(sctid),
        candidates=tuple(sorted(candidates, key=lambda one: (not one.exact, len(one.path), one.concept))),
        dead_ends=tuple(Candidate(end, path) for end, path in ends.items() if not release.is_active(end)),
        moved_to=moved_to,
        certain=_certain(sctid, release.history, release.is_active),
    )


def _ends(sctid: int, of: Of, is_active: Callable[[int], bool]) -> tuple[dict[int, Path], tuple[int, ...]]:
    """Every end with a path to it, one that keeps the meaning before a shorter one that does not."""
    moved_to: dict[int, None] = {}
    # What is certain is found before what is not: then a path to an end is exact whenever one is.
    ends = _walk(sctid, of, is_active, lambda kind: kind in EXACT, moved_to)
    every = _walk(sctid, of, is_active, lambda kind: kind not in _NOT_MEANING, moved_to)
    return every | {end: path for end, path in ends.items() if end in every}, tuple(moved_to)


def _walk(
    start: int,
    of: Of,
    is_active: Callable[[int], bool],
    follows: Callable[[str], bool],
    moved_to: dict[int, None],
) -> dict[int, Path]:
    """The ends that are reached by following associations of some kinds, nearest first; a concept is met once."""
    ends: dict[int, Path] = {}
    seen = {start}
    waiting: list[tuple[int, Path]] = [(start, ())]
    for concept, path in waiting:
        steps = [step for step in of(concept) if follows(step.kind)]
        moved_to |= {step.target: None for step in steps if step.kind == _NAMESPACE}
        onward = [step for step in steps if step.kind != _NAMESPACE]
        if not onward and path:
            ends[concept] = path
        for step in onward:
            if step.target not in seen:
                seen.add(step.target)
                if is_active(step.target):
                    ends[step.target] = (*path, step)
                else:
                    waiting.append((step.target, (*path, step)))
    return ends


def _certain(concept: int, of: Of, is_active: Callable[[int], bool]) -> int | None:
    seen: set[int] = set()
    while concept not in seen:
        seen.add(concept)
        steps = of(concept)
        targets = {step.target for step in steps if step.kind in EXACT}
        if len(targets) != 1 or any(step.kind in AMBIGUOUS for step in steps):
            return None
        (concept,) = targets
        if is_active(concept):
            return concept
    return None
