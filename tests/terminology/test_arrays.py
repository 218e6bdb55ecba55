from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from terminology.snomed.arrays import on_cycle, ordinals, pack, rows_of
from terminology.snomed.rows import numbers_of

NODES = 12
PAIRS = st.lists(st.tuples(st.integers(0, NODES - 1), st.integers(0, NODES - 1)), max_size=30)


def _naive_reach(pairs: list[tuple[int, int]], start: int) -> set[int]:
    reached: set[int] = set()
    waiting = {start}
    while waiting:
        waiting = {target for source, target in pairs if source in waiting} - reached
        reached |= waiting
    return reached


@given(PAIRS, st.lists(st.integers(0, NODES - 1), max_size=4, unique=True))
def test_reach_is_one_step_or_more_from_any_start(pairs: list[tuple[int, int]], starts: list[int]) -> None:
    sources, targets = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    found = rows_of(sources, targets, NODES).reach(np.array(starts, dtype=np.int64))
    assert set(np.flatnonzero(found)) == set().union(*(_naive_reach(pairs, start) for start in starts))


@given(PAIRS)
def test_a_cycle_is_found_whenever_a_node_reaches_itself(pairs: list[tuple[int, int]]) -> None:
    sources, targets = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    found = on_cycle(rows_of(sources, targets, NODES), rows_of(targets, sources, NODES))
    on_one = {node for node in range(NODES) if node in _naive_reach(pairs, node)}
    assert bool(len(found)) == bool(on_one)
    assert on_one <= set(found)


@given(st.lists(st.text(st.characters(codec="utf-8"))))
def test_packed_texts_come_back(texts: list[str]) -> None:
    packed = pack(texts)
    assert [packed[number] for number in range(len(texts))] == texts


@given(st.sets(st.integers(0, 50)), st.lists(st.integers(0, 50)))
def test_ordinals_are_places_in_a_sorted_list(ids: set[int], wanted: list[int]) -> None:
    ordered = sorted(ids)
    places = ordinals(np.array(ordered, dtype=np.int64), np.array(wanted, dtype=np.int64))
    assert places.tolist() == [ordered.index(one) if one in ids else -1 for one in wanted]


@given(
    st.lists(st.integers(0, 10**18 - 1).map(str) | st.sampled_from(["", "00", "012", "x", "-1", "1 2", "٣", "9" * 19]))
)
def test_texts_are_numbers_only_in_their_plain_form(values: list[str]) -> None:
    plain = [value.isascii() and value.isdigit() and str(int(value)) == value and len(value) < 19 for value in values]
    expected = [int(value) if good else -1 for value, good in zip(values, plain, strict=True)]
    assert numbers_of(values).tolist() == expected
