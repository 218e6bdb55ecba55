"""Values made from a release when first asked for, and kept as long as the release is."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar
from weakref import WeakKeyDictionary

from terminology.snomed.view import Release

T = TypeVar("T")


def per_release(make: Callable[[Release], T]) -> Callable[[Release], T]:
    """`make`, called once for each release; two threads may both make the first value, which is the same."""
    kept: WeakKeyDictionary[Release, T] = WeakKeyDictionary()

    @wraps(make)
    def get(release: Release) -> T:
        try:
            return kept[release]
        except KeyError:
            return kept.setdefault(release, make(release))

    return get
