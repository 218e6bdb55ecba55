from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminology.snomed import hierarchy
from terminology.snomed.arrays import levels, ordinals, pack, rows_of
from terminology.snomed.hierarchy import closure, hierarchy_of
from terminology.snomed.problems import ImportRefused

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
def test_levels_put_parents_first_and_leave_out_cycles_and_what_is_below(pairs: list[tuple[int, int]]) -> None:
    sources, targets = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    parents, children = rows_of(sources, targets, NODES), rows_of(targets, sources, NODES)
    level = {node: number for number, nodes in enumerate(levels(parents, children)) for node in nodes.tolist()}
    on_one = {node for node in range(NODES) if node in _naive_reach(pairs, node)}
    below = {node for node in range(NODES) if _naive_reach(pairs, node) & on_one}
    assert set(level) == set(range(NODES)) - on_one - below
    assert all(level[target] < level[source] for source, target in pairs if source in level)


@given(PAIRS)
def test_the_closure_is_every_reach(pairs: list[tuple[int, int]]) -> None:
    downward = sorted({(source, target) for source, target in pairs if source > target})
    sources, targets = np.array(downward, dtype=np.int64).reshape(-1, 2).T
    parents, children = rows_of(sources, targets, NODES), rows_of(targets, sources, NODES)
    found = closure(parents, levels(parents, children))
    assert [found.of(node).tolist() for node in range(NODES)] == [
        sorted(_naive_reach(downward, node)) for node in range(NODES)
    ]


@given(st.lists(st.text(st.characters(codec="utf-8"))))
def test_packed_texts_come_back(texts: list[str]) -> None:
    packed = pack(texts)
    assert [packed[number] for number in range(len(texts))] == texts
    assert packed.of_many(np.arange(len(texts))[::-1]) == texts[::-1]


def test_long_texts_and_the_last_ones_come_back_too() -> None:
    texts = ["", "ø" * 63, "æ" * 64, "å" * 65, "x" * 1000, "kort", *(f"nr. {number}" for number in range(50)), "ende"]
    packed = pack(texts)
    numbers = [*range(len(texts)), *range(len(texts) - 1, -1, -1)]
    assert packed.of_many(np.array(numbers)) == [texts[number] for number in numbers]


def test_a_large_shallow_hierarchy_is_closed() -> None:
    """Pairs of ordinals need more than 32 bits here."""
    count = 70_000
    sources = np.arange(1, count)
    targets = np.where(sources < 100, 0, sources % 99 + 1)
    found = hierarchy_of(np.arange(count), sources, targets)
    assert found.ancestors.of(count - 1).tolist() == [0, (count - 1) % 99 + 1]
    assert len(found.descendants.of(0)) == count - 1
    assert found.descendants.of(5).tolist() == [one for one in range(100, count) if one % 99 + 1 == 5]


def test_a_hierarchy_that_cannot_be_right_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A chain of n concepts has n squared pairs."""
    monkeypatch.setattr(hierarchy, "MOST_PAIRS", 1000)
    hierarchy_of(np.arange(45), np.arange(1, 45), np.arange(44))
    with pytest.raises(ImportRefused, match="1,000 pairs"):
        hierarchy_of(np.arange(46), np.arange(1, 46), np.arange(45))


@given(st.sets(st.integers(0, 50)), st.lists(st.integers(0, 50)))
def test_ordinals_are_places_in_a_sorted_list(ids: set[int], wanted: list[int]) -> None:
    ordered = sorted(ids)
    places = ordinals(np.array(ordered, dtype=np.int64), np.array(wanted, dtype=np.int64))
    assert places.tolist() == [ordered.index(one) if one in ids else -1 for one in wanted]
