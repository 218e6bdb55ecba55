"""Norwegian identity numbers: what kind a number is, and whether its control digits hold.

Source: the 1964 rule and the rule from 2032 as the Norwegian Tax Administration describes them; synthetic kinds as
used by Tenor (month +80) and Norsk Helsenett (month +65).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

_K1: Final = (3, 7, 6, 1, 8, 9, 4, 5, 2)
_K2: Final = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)

#: Identifier systems of no-basis-Patient, and the code each has in Volven 8116 as messages use it.
FNR: Final = "urn:oid:2.16.578.1.12.4.1.4.1"
DNR: Final = "urn:oid:2.16.578.1.12.4.1.4.2"


class NumberKind(StrEnum):
    """Whose number it is: a person's, or one made for tests."""

    REAL_FORM = "real_form"
    SYNTHETIC = "synthetic"
    INVALID = "invalid"


def kind_of(number: str) -> NumberKind:
    """What kind of national number this is; never raises, never repeats the number."""
    if len(number) != 11 or not number.isascii() or not number.isdigit():
        return NumberKind.INVALID
    digits = [int(character) for character in number]
    if not _control_digits_hold(digits):
        return NumberKind.INVALID
    day, month = digits[0] * 10 + digits[1], digits[2] * 10 + digits[3]
    if not 1 <= (day - 40 if day > 40 else day) <= 31:
        return NumberKind.INVALID
    if 81 <= month <= 92 or 66 <= month <= 77:
        return NumberKind.SYNTHETIC
    return NumberKind.REAL_FORM if 1 <= month <= 12 else NumberKind.INVALID


def _control_digits_hold(digits: list[int]) -> bool:
    first = (sum(weight * digit for weight, digit in zip(_K1, digits, strict=False)) + digits[9]) % 11
    second = (sum(weight * digit for weight, digit in zip(_K2, digits, strict=False)) + digits[10]) % 11
    return second == 0 and first in (0, 1, 2, 3)
