"""The defining attributes of concepts, concrete values among them (RF2 specification 4.2.3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from terminology.snomed.arrays import Texts, starts_of
from terminology.snomed.folder import Reader, Writer
from terminology.snomed.sctid import Bools, Ints
from terminology.snomed.values import Value, value_of


@dataclass(frozen=True, slots=True)
class Attributes:
    """All attributes, sorted by concept; concepts are ordinals. A role is one attribute group of one concept.

    `target` is -1 where the value is concrete; then it is in one of `number` (else NaN), `text` (a row of
    `Release.concrete_texts`, else -1) and `truth` (0 or 1, else -1). An attribute of group 0 stands alone, so each
    is a role of its own.
    """

    starts: Ints
    source: Ints
    group: Ints
    type: Ints
    target: Ints
    number: npt.NDArray[np.float64]
    text: Ints
    truth: Ints
    role: Ints
    role_concept: Ints


@dataclass(frozen=True, slots=True)
class Triples:
    """Attributes before they are sorted: source, group and type, and target (-1 where the value is concrete)."""

    source: Ints
    group: Ints
    type: Ints
    target: Ints


def write_attributes(relations: Triples, concrete: Triples, written: pl.Series, count: int, out: Writer) -> None:
    """Writes the attributes of `count` concepts; `written` are the values of the concrete ones, as RF2 has them."""
    values = [_value(one) for one in written]
    number, text, truth = _values(len(relations.source), values)
    source, group, kind, target = (
        np.concatenate((getattr(relations, name), getattr(concrete, name)))
        for name in ("source", "group", "type", "target")
    )
    order = np.lexsort((truth, text, number, target, kind, group, source))
    source, group = source[order], group[order]
    role, role_concept = _roles(source, group)
    out.put("attribute_starts", starts_of(source, count))
    columns = (source, kind[order], target[order], text[order], role, role_concept)
    for name, column in zip(("source", "type", "target", "text", "role", "role_concept"), columns, strict=True):
        out.put(f"attribute_{name}", column.astype(np.int32))
    out.put("attribute_group", group)
    out.put("attribute_number", number[order])
    out.put("attribute_truth", truth[order])
    out.put_texts("attribute_texts", [value.text for value in values if value.text is not None])


def read_attributes(folder: Reader) -> tuple[Attributes, Texts]:
    """The attributes of a release folder, and the texts among their values."""
    starts, source, group, kind, target, text, truth, role, role_concept = (
        folder.ints(f"attribute_{name}")
        for name in ("starts", "source", "group", "type", "target", "text", "truth", "role", "role_concept")
    )
    number = folder.floats("attribute_number")
    rows = Attributes(starts, source, group, kind, target, number, text, truth, role, role_concept)
    return rows, folder.texts("attribute_texts")


def _values(before: int, values: Sequence[Value]) -> tuple[npt.NDArray[np.float64], Ints, Ints]:
    """Number, row among the texts, and truth of each value, after `before` rows that have none."""
    size = before + len(values)
    number, text, truth = np.full(size, np.nan), np.full(size, -1), np.full(size, -1, dtype=np.int8)
    is_text = np.array([value.text is not None for value in values], dtype=np.bool_)
    number[before:] = [np.nan if value.number is None else value.number for value in values]
    text[before:][is_text] = np.arange(np.count_nonzero(is_text))
    truth[before:] = [-1 if value.truth is None else value.truth for value in values]
    return number, text, truth


def _value(written: str) -> Value:
    value = value_of(written)
    if value is None:
        raise ValueError("a concrete value that the reader let through")
    return value


def _roles(source: Ints, group: Ints) -> tuple[Ints, Ints]:
    """The role of each attribute, and the concept of each role."""
    new: Bools = np.ones(len(source), dtype=np.bool_)
    new[1:] = (source[1:] != source[:-1]) | (group[1:] != group[:-1]) | (group[1:] == 0)
    return np.cumsum(new) - 1, source[new]
