"""Whatever a file holds, reading it ends with a codebook or one clear refusal; and what was read can be written."""

from __future__ import annotations

import copy
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from registries.codebooks import (
    Codebook,
    CodebookError,
    openqreg,
    openqreg_reading,
    plain,
    questionnaire,
    questionnaire_reading,
)
from registries.codebooks.drafts import drafts_of
from tests.codebooks.test_openqreg import GOOD, HEADER
from tests.codebooks.test_questionnaire import STROKE

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)


def places(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inside = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [path, *(place for key, value in inside for place in places(value, (*path, key)))]


PLACES = places(STROKE)[1:]


@given(st.sampled_from(PLACES), JSON)
def test_a_questionnaire_with_anything_anywhere(place: tuple[Any, ...], value: Any) -> None:
    whole = copy.deepcopy(STROKE)
    node: Any = whole
    for key in place[:-1]:
        node = node[key]
    node[place[-1]] = value
    try:
        found = questionnaire_reading.read(json.dumps(whole).encode(), "q.json").codebook
    except CodebookError:
        return
    assert questionnaire_reading.read(questionnaire.write(found), "q.json").codebook == found
    _usable(found)


CELLS = st.sampled_from(
    ["", ";", '"', "\n", "\r\n", "x", "Ja", "Listevariabel", "2020-01-01", "'", "\0", "æ", "1,5", "-"]
)


@given(st.lists(CELLS | st.text(max_size=3), max_size=30))
def test_a_table_with_anything_in_it(pieces: list[str]) -> None:
    content = f"{HEADER}\n{''.join(pieces)}\n{GOOD}\n".encode("utf-8", "surrogatepass")
    try:
        found = openqreg_reading.read(content, "bok.csv").codebook
    except CodebookError:
        return
    _usable(found)


@given(
    st.binary(max_size=50),
    st.sampled_from([b"", HEADER.encode() + b"\n", b'{"resourceType": "Questionnaire"', b"\xef\xbb\xbf"]),
)
def test_any_bytes(content: bytes, before: bytes) -> None:
    for read in (openqreg_reading.read, questionnaire_reading.read, plain.read):
        try:
            found = read(before + content, "x").codebook
        except CodebookError:
            continue
        _usable(found)


def _usable(found: Codebook) -> None:
    openqreg.write(found)
    plain.write(found)
    drafts_of(found)
