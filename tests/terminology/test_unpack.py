"""Many texts taken out at once are the texts taken out one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminology.snomed.arrays import Texts, pack
from terminology.snomed.unpack import WIDTH, unpack

_CLEAN = st.text(st.characters(exclude_characters="\0\n", exclude_categories=("Cs",)), max_size=30)
_ANY = st.text(st.characters(exclude_categories=("Cs",)), max_size=30)


@given(texts=st.lists(st.one_of(_CLEAN, _ANY, st.sampled_from(["", "\0", "\n", "a\nb"])), max_size=20), data=st.data())
def test_many_are_as_one_by_one(texts: list[str], data: st.DataObject) -> None:
    numbers = data.draw(st.lists(st.integers(0, len(texts) - 1), max_size=30)) if texts else []
    assert pack(texts).of_many(np.array(numbers, dtype=np.int64)) == [texts[number] for number in numbers]


@given(texts=st.lists(_CLEAN, min_size=1, max_size=20))
def test_only_texts_with_a_cut_of_their_own_are_left_to_others(texts: list[str]) -> None:
    assert _unpacked(pack(texts)) == texts
    for cut in ("\0", "\n"):
        assert _unpacked(pack([*texts, cut])) is None


@pytest.mark.parametrize("before", range(WIDTH))
@pytest.mark.parametrize("length", range(2 * WIDTH + 1))
def test_texts_begin_and_end_anywhere_in_a_word(before: int, length: int) -> None:
    for after in (0, 1, WIDTH):
        texts = ["x" * before, "abcdefghijklmnopq"[:length], "y" * after]
        assert _unpacked(pack(texts)) == texts


def _unpacked(packed: Texts) -> list[str] | None:
    return unpack(packed.blob, packed.starts[:-1], np.diff(packed.starts))
