"""UUIDs of reference set members as two 64-bit numbers each (RFC 9562, text form: section 4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from terminology.snomed.sctid import Bools, Ints

Halves = npt.NDArray[np.uint64]

LENGTH: Final = 36
_DASHES: Final = np.array([8, 13, 18, 23])
_DIGITS: Final = np.setdiff1d(np.arange(LENGTH), _DASHES)
_NO_DIGIT: Final = 255
_VALUES: Final = np.full(256, _NO_DIGIT, dtype=np.uint8)
_VALUES[np.frombuffer(b"0123456789abcdef", dtype=np.uint8)] = np.arange(16)
_VALUES[np.frombuffer(b"ABCDEF", dtype=np.uint8)] = np.arange(10, 16)
_LETTERS: Final = np.frombuffer(b"0123456789abcdef", dtype=np.uint8)


@dataclass(frozen=True, slots=True)
class Uuids:
    """UUIDs by row; `halves` (rows x 2) are their upper and lower 64 bits."""

    halves: Halves

    def __len__(self) -> int:
        return len(self.halves)

    def __getitem__(self, row: int) -> str:
        return written(self.halves[row : row + 1])[0]

    def rows(self, text: str) -> Ints:
        """The rows with this UUID; none when the text is no UUID."""
        halves, fine = parsed(np.frombuffer(text.encode().ljust(LENGTH), dtype=np.uint8)[None, :LENGTH])
        if len(text) != LENGTH or not fine[0]:
            return np.empty(0, dtype=np.int64)
        return np.flatnonzero((self.halves == halves).all(axis=1))


def parsed(texts: npt.NDArray[np.uint8]) -> tuple[Halves, Bools]:
    """The UUIDs in `texts` (rows x 36 characters), and which of them are UUIDs."""
    digits = _VALUES[texts[:, _DIGITS]]
    fine = (digits.max(axis=1, initial=0) != _NO_DIGIT) & (texts[:, _DASHES] == ord("-")).all(axis=1)
    packed = np.ascontiguousarray(digits[:, ::2] << 4 | digits[:, 1::2])
    return packed.view(">u8").astype(np.uint64), fine


def written(halves: Halves) -> list[str]:
    """UUIDs as text, in lower case."""
    packed = halves.astype(">u8").view(np.uint8).reshape(-1, 16)
    texts = np.full((len(halves), LENGTH), ord("-"), dtype=np.uint8)
    texts[:, _DIGITS[::2]] = _LETTERS[packed >> 4]
    texts[:, _DIGITS[1::2]] = _LETTERS[packed & 15]
    joined = texts.tobytes().decode()
    return [joined[begin : begin + LENGTH] for begin in range(0, len(joined), LENGTH)]
