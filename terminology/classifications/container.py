"""A folder of the store with classifications: `classification.json` says what they are, `arrays.bin` holds the arrays.

One import is one folder. It may hold several code systems: Volven's thousand lists are one file and one folder.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt

from terminology.classifications.content import Head
from terminology.classifications.model import Classification
from terminology.classifications.tables import NAMES, Tables, as_mapping

FILE: Final = "classification.json"
_ARRAYS: Final = "arrays.bin"
#: Raised whenever the arrays change shape or meaning.
_FORMAT: Final = 1
_ALIGNED: Final = 64

#: Type, length and offset of each array, in the order of `tables.NAMES`.
_Places = tuple[tuple[str, int, int], ...]


class StoredSystem(msgspec.Struct, frozen=True):
    """One classification of a folder."""

    name: str
    uri: str
    version: str
    title: str
    language: str
    aliases: tuple[str, ...]
    codes: int
    arrays: _Places


class Stored(msgspec.Struct, frozen=True):
    """What a folder says of itself; `content` is the SHA-256 of everything in it but names."""

    name: str
    content: str
    systems: tuple[StoredSystem, ...]
    format: int = _FORMAT


def stored_of(name: str, classifications: Sequence[Classification]) -> Stored:
    """How classifications will lie in a folder."""
    offset = 0
    systems = []
    for one in classifications:
        places = []
        for _, array in _arrays(one):
            offset += -offset % _ALIGNED
            places.append((array.dtype.str, len(array), offset))
            offset += array.nbytes
        head = one.head
        said = (one.name, head.uri, head.version, head.title, head.language, head.aliases)
        systems.append(StoredSystem(*said, len(one), tuple(places)))
    return Stored(name, _digest(classifications), tuple(systems))


def write(folder: Path, stored: Stored, classifications: Sequence[Classification]) -> None:
    """Writes a folder that is there."""
    with (folder / _ARRAYS).open("wb") as file:
        for system, one in zip(stored.systems, classifications, strict=True):
            for (_, _, offset), (_, array) in zip(system.arrays, _arrays(one), strict=True):
                file.write(b"\0" * (offset - file.tell()))
                file.write(np.ascontiguousarray(array).tobytes())
        file.write(b"\0" * _ALIGNED)  # a file without codes could not be mapped
    (folder / FILE).write_bytes(msgspec.json.encode(stored))


def read(folder: Path) -> Stored:
    """What a folder says of itself. Raises FileNotFoundError when it is none, ValueError for another format."""
    try:
        stored = msgspec.json.decode((folder / FILE).read_bytes(), type=Stored)
    except msgspec.DecodeError:
        raise ValueError(f"classification {folder.name} cannot be read: import it again") from None
    if stored.format != _FORMAT:
        raise ValueError(f"classification {folder.name} was written in another format: import it again")
    return stored


def open_one(folder: Path, system: StoredSystem) -> Classification:
    """One classification of a folder, memory-mapped. Raises ValueError when the folder is damaged."""
    mapped = np.memmap(folder / _ARRAYS, dtype=np.uint8, mode="r")
    try:
        arrays = {
            name: np.frombuffer(mapped, np.dtype(kind), count, offset)
            for name, (kind, count, offset) in zip(NAMES, system.arrays, strict=True)
        }
    except ValueError:
        raise ValueError(f"classification {system.name} is damaged: import it again") from None
    head = Head(system.uri, system.version, system.title, system.language, system.aliases)
    return Classification(system.name, head, Tables(**arrays))


def _arrays(one: Classification) -> Iterator[tuple[str, npt.NDArray[np.generic]]]:
    return iter(as_mapping(one.tables).items())


def _digest(classifications: Sequence[Classification]) -> str:
    digest = hashlib.sha256()
    for one in classifications:
        digest.update(repr(one.head).encode("utf-8", "replace"))
        for name, array in _arrays(one):
            digest.update(f"{name} {array.dtype.str} {len(array)}".encode())
            digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()
