"""Arrays and texts of two releases, compared whole and one by one."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from terminology.snomed.arrays import pack
from terminology.snomed.diff.joins import join, join_unsorted, texts_differ

VALUES = st.lists(st.integers(0, 20), unique=True)
TEXTS = st.lists(st.sampled_from(["", "a", "b", "ab", "ba", "æ", "øå"]), min_size=1, max_size=8)


@given(VALUES, VALUES)
def test_a_join_puts_every_value_in_one_place(before: list[int], after: list[int]) -> None:
    first, then = np.array(before, dtype=np.int64), np.array(after, dtype=np.int64)
    for found, one, other in (
        (join_unsorted(first, then), first, then),
        (join(np.sort(first), np.sort(then)), np.sort(first), np.sort(then)),
    ):
        assert one[found.only_before].tolist() == sorted(set(before) - set(after))
        assert other[found.only_after].tolist() == sorted(set(after) - set(before))
        assert one[found.both_before].tolist() == other[found.both_after].tolist() == sorted(set(before) & set(after))


@given(TEXTS, TEXTS, st.data())
def test_texts_differ_where_one_by_one_they_do(before: list[str], after: list[str], data: st.DataObject) -> None:
    # Rows that follow each other are compared together, so stretches of them are drawn as well as single ones.
    pairs = data.draw(st.lists(st.tuples(st.integers(0, len(before) - 1), st.integers(0, len(after) - 1)), max_size=8))
    pairs += [(place, place) for place in range(min(len(before), len(after)))]
    rows = np.array(pairs, dtype=np.int64)
    found = texts_differ(pack(before), rows[:, 0], pack(after), rows[:, 1])
    assert found.tolist() == [before[first] != after[then] for first, then in pairs]
