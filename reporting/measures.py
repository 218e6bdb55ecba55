"""Measures of agreement between two registrations of the same cases. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence


def share(holds: Sequence[bool]) -> float | None:
    """The share that holds; None of nothing."""
    return sum(holds) / len(holds) if holds else None


def kappa(pairs: Sequence[tuple[str, str]]) -> float | None:
    """Cohen's kappa: agreement beyond what chance gives, 1 at most (Cohen 1960).

    None without pairs, and when both sides always say the same one thing: chance then explains all agreement.
    """
    if not pairs:
        return None
    total = len(pairs)
    equal = sum(a == b for a, b in pairs) / total
    first, then = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    chance = sum(first[code] * then[code] for code in first) / total**2
    return None if chance == 1 else (equal - chance) / (1 - chance)
