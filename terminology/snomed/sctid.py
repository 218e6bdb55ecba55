"""SNOMED CT identifiers: check digit, kinds and formats (SNOMED CT RF2 specification, chapter 6: SCTID)."""

from __future__ import annotations

from enum import Enum
from typing import Final

import numpy as np
import numpy.typing as npt

#: Identifiers are int64; ordinals, rows and times may be int32.
Ints = npt.NDArray[np.signedinteger]
Bools = npt.NDArray[np.bool_]

# Verhoeff's dihedral group D5 and its permutation, as in appendix B of the specification.
_MULTIPLY: Final = (
    (0, 1, 2, 3, 4, 5, 6, 7, 8, 9),
    (1, 2, 3, 4, 0, 6, 7, 8, 9, 5),
    (2, 3, 4, 0, 1, 7, 8, 9, 5, 6),
    (3, 4, 0, 1, 2, 8, 9, 5, 6, 7),
    (4, 0, 1, 2, 3, 9, 5, 6, 7, 8),
    (5, 9, 8, 7, 6, 0, 4, 3, 2, 1),
    (6, 5, 9, 8, 7, 1, 0, 4, 3, 2),
    (7, 6, 5, 9, 8, 2, 1, 0, 4, 3),
    (8, 7, 6, 5, 9, 3, 2, 1, 0, 4),
    (9, 8, 7, 6, 5, 4, 3, 2, 1, 0),
)
_PERMUTE: Final = (
    (0, 1, 2, 3, 4, 5, 6, 7, 8, 9),
    (1, 5, 7, 6, 2, 8, 3, 0, 9, 4),
    (5, 8, 0, 3, 7, 9, 6, 1, 4, 2),
    (8, 9, 1, 6, 0, 4, 3, 5, 2, 7),
    (9, 4, 5, 3, 1, 2, 6, 8, 7, 0),
    (4, 2, 8, 6, 5, 7, 3, 9, 0, 1),
    (2, 7, 9, 3, 8, 0, 6, 4, 1, 5),
    (7, 0, 4, 6, 9, 1, 3, 2, 5, 8),
)
_INVERSE: Final = (0, 4, 3, 2, 1, 5, 6, 7, 8, 9)


class Kind(Enum):
    """What an identifier names, by the last digit of its partition."""

    CONCEPT = 0
    DESCRIPTION = 1
    RELATIONSHIP = 2


def check(sctid: str) -> bool:
    """Whether `sctid` is well formed: 6 to 18 ASCII digits, a known partition and a right check digit."""
    return _digits(sctid) and kind(sctid) is not None and _verhoeff(sctid) == 0


def kind(sctid: str) -> Kind | None:
    """What `sctid` names, by its partition; None when the partition is unknown. Does not check the check digit."""
    partition = sctid[-3:-1]
    return Kind(int(partition[1])) if partition in _PARTITIONS else None


def make(item: int, partition: str, namespace: int | None = None) -> str:
    """An identifier with its check digit.

    `partition` is two digits: 00, 01, 02 without and 10, 11, 12 with a seven-digit `namespace`.
    Raises ValueError when partition and namespace disagree or the result has not 6 to 18 digits.
    """
    if partition not in _PARTITIONS or (namespace is not None) != partition.startswith("1"):
        raise ValueError(f"partition {partition} does not go with namespace {namespace}")
    body = f"{item}{'' if namespace is None else f'{namespace:07}'}{partition}"
    made = body + str(_INVERSE[_verhoeff(body + "0")])
    if not check(made):
        raise ValueError(f"item {item} does not make an identifier of 6 to 18 digits")
    return made


def check_many(sctids: Ints, wanted: Kind) -> Bools:
    """Which of `sctids` (any length, int64) are well-formed identifiers of the `wanted` kind."""
    partition = sctids // 10 % 100
    right_kind = (partition % 10 == wanted.value) & (partition // 10 <= 1)
    right_size = (sctids >= 10**5) & (sctids < 10**18)
    good: Bools = right_kind & right_size & (_verhoeff_many(sctids) == 0)
    return good


_PARTITIONS: Final = frozenset({"00", "01", "02", "10", "11", "12"})


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit() and 6 <= len(text) <= 18 and text[0] != "0"


def _verhoeff(digits: str) -> int:
    return _product(digits, 0)


def _product_table(first: int, whole: bool) -> npt.NDArray[np.uint8]:
    """The product of the four digits of each number below 10,000, the last digit at place `first`.

    Without `whole` the zeros in front are no digits of the number.
    """
    return np.array(
        [_product(f"{number:04}" if whole else str(number or ""), first) for number in range(10_000)], np.uint8
    )


def _product(digits: str, first: int) -> int:
    product = 0
    for position, digit in enumerate(reversed(digits), first):
        product = _MULTIPLY[product][_PERMUTE[position % 8][int(digit)]]
    return product


_FOUR: Final = 10_000
_WHOLE: Final = tuple(_product_table(first, whole=True) for first in (0, 4))
_LAST: Final = tuple(_product_table(first, whole=False) for first in (0, 4))
_GROUP: Final = np.array(_MULTIPLY, dtype=np.uint8).ravel()


def _verhoeff_many(numbers: Ints) -> npt.NDArray[np.uint8]:
    """The remainders, four digits at a time: the group is associative, so products of digits can be looked up."""
    remainder = np.zeros(len(numbers), dtype=np.uint8)
    rest, turn = numbers, 0
    while len(rest) and rest.max() > 0:
        above = rest // _FOUR
        four = rest - above * _FOUR
        product = np.where(above > 0, _WHOLE[turn][four], _LAST[turn][four])
        remainder = _GROUP[remainder * np.uint8(10) + product]
        rest, turn = above, 1 - turn
    return remainder
