"""The arrays of a release folder: written one by one while an import goes on, memory-mapped when it is opened."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from terminology.snomed.arrays import Rows, Texts, pack
from terminology.snomed.sctid import Bools, Ints
from terminology.snomed.uuids import Halves


@dataclass(slots=True)
class Writer:
    """Writes arrays into a folder, and remembers what they hold."""

    folder: Path
    _digests: dict[str, bytes] = field(default_factory=dict)

    def put(self, name: str, values: npt.NDArray[np.generic]) -> None:
        """Writes one array."""
        values = np.ascontiguousarray(values)
        np.save(self.folder / f"{name}.npy", values, allow_pickle=False)
        digest = hashlib.sha256(f"{name} {values.dtype} {values.shape}".encode())
        digest.update(values.data if values.size else b"")
        self._digests[name] = digest.digest()

    def put_rows(self, name: str, rows: Rows) -> None:
        """Writes compressed sparse rows."""
        self.put(f"{name}_starts", rows.starts)
        self.put(name, rows.values)

    def put_texts(self, name: str, texts: pl.Series | Sequence[str]) -> None:
        """Writes packed texts."""
        packed = pack(texts)
        self.put(f"{name}_starts", packed.starts)
        self.put(name, packed.blob)

    def content(self, *also: str) -> str:
        """SHA-256 of everything written, and of `also`."""
        digest = hashlib.sha256("\n".join(also).encode())
        for name in sorted(self._digests):
            digest.update(self._digests[name])
        return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Reader:
    """The arrays of a release folder, by name."""

    folder: Path

    def ints(self, name: str) -> Ints:
        """One array of numbers."""
        return np.asarray(np.load(self.folder / f"{name}.npy", mmap_mode="r"))

    def floats(self, name: str) -> npt.NDArray[np.float64]:
        """One array of numbers with decimals."""
        return np.asarray(np.load(self.folder / f"{name}.npy", mmap_mode="r"), dtype=np.float64)

    def bools(self, name: str) -> Bools:
        """One array of truth values."""
        return np.asarray(np.load(self.folder / f"{name}.npy", mmap_mode="r"), dtype=np.bool_)

    def halves(self, name: str) -> Halves:
        """One array of UUIDs."""
        return np.asarray(np.load(self.folder / f"{name}.npy", mmap_mode="r"), dtype=np.uint64)

    def rows(self, name: str) -> Rows:
        """Compressed sparse rows."""
        return Rows(self.ints(f"{name}_starts"), self.ints(name))

    def texts(self, name: str) -> Texts:
        """Packed texts."""
        blob: npt.NDArray[np.uint8] = np.asarray(np.load(self.folder / f"{name}.npy", mmap_mode="r"), dtype=np.uint8)
        return Texts(self.ints(f"{name}_starts"), blob)
