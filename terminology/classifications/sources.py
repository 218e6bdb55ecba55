"""The files of a classification: as they lie, or inside a zip archive."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, TextIO

from terminology.snomed.problems import ImportRefused

#: The largest file that is read, in bytes after unpacking. LOINC's largest table is some 100 MB.
LIMIT: Final = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Source:
    """One file; `member` is its name inside the archive `path`, when it is in one."""

    path: Path
    member: str | None = None

    @property
    def name(self) -> str:
        """The file's name, without folders."""
        return Path(self.member).name if self.member else self.path.name

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """The bytes of the file, as they are read.

        Raises ImportRefused when it is larger than LIMIT, or in a broken or encrypted archive.
        """
        if self.member is None:
            self._refuse_large(self.path.stat().st_size)
            with self.path.open("rb") as stream:
                yield stream
        else:
            with self._unpacked(self.member) as stream:
                yield stream

    @contextmanager
    def _unpacked(self, member: str) -> Iterator[IO[bytes]]:
        try:
            with zipfile.ZipFile(self.path) as archive:
                found = archive.getinfo(member)
                self._refuse_large(found.file_size)
                if found.flag_bits & 1:
                    raise ImportRefused(f"{self.name} is encrypted")
                with archive.open(found) as stream:
                    yield stream
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError):
            raise ImportRefused(f"{self.path.name} is a broken archive") from None

    def _refuse_large(self, size: int) -> None:
        if size > LIMIT:
            raise ImportRefused(f"{self.name} is larger than {LIMIT} bytes")

    def head(self, count: int = 65_536) -> bytes:
        """The first bytes."""
        with self.open() as stream:
            return stream.read(count)

    @contextmanager
    def text(self) -> Iterator[TextIO]:
        """The text: UTF-8 with or without a byte order mark, else Windows-1252, which older national files have."""
        encoding = "utf-8-sig" if self._is_utf8() else "cp1252"
        with self.open() as stream:
            yield io.TextIOWrapper(stream, encoding, "replace", newline="")

    def _is_utf8(self) -> bool:
        with self.open() as stream:
            lines = io.TextIOWrapper(stream, "utf-8", "strict")
            try:
                while lines.read(1_000_000):
                    pass
            except UnicodeDecodeError:
                return False
        return True


def sources(path: Path) -> tuple[Source, ...]:
    """All files of a folder, a zip archive or the file itself, by name.

    Raises FileNotFoundError when there is none, ImportRefused for a broken archive.
    """
    if path.is_dir():
        return tuple(Source(file) for file in sorted(path.rglob("*")) if file.is_file())
    if not path.exists():
        raise FileNotFoundError(f"no such file or folder: {path.name}")
    if not zipfile.is_zipfile(path):
        if path.suffix.lower() == ".zip":
            raise ImportRefused(f"{path.name} is no zip archive, or only the beginning of one: get it again")
        return (Source(path),)
    try:
        with zipfile.ZipFile(path) as archive:
            members = sorted(one.filename for one in archive.infolist() if not one.is_dir())
    except zipfile.BadZipFile:
        raise ImportRefused(f"{path.name} is a broken archive") from None
    return tuple(Source(path, member) for member in members)
