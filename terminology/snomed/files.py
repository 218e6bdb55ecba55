"""Finds the files of an RF2 release in folders and zip archives (RF2 specification 3.3: file naming)."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, TextIO

_NAME: Final = re.compile(
    r"x?(?:sct2|der2)_(?:(?P<pattern>[a-z]*Refset)_)?(?P<content>[A-Za-z0-9]+?)_?(?P<type>Snapshot|Full|Delta)"
    r"(?:-[A-Za-z-]+)?_[A-Za-z0-9]+_(?P<version>\d{8})\.txt"
)


@dataclass(frozen=True, slots=True)
class ReleaseFile:
    """One RF2 snapshot file: where it lies and what its name says."""

    container: Path
    member: str | None
    name: str
    pattern: str
    content: str
    version: int

    @contextmanager
    def open(self) -> Iterator[TextIO]:
        """The text of the file; a byte order mark is dropped, bytes that are not UTF-8 become U+FFFD."""
        with ExitStack() as stack:
            if self.member is None:
                stream: IO[bytes] = stack.enter_context(self.container.open("rb"))
            else:
                stream = stack.enter_context(zipfile.ZipFile(self.container)).open(self.member)
            yield stack.enter_context(io.TextIOWrapper(stream, "utf-8-sig", "replace", newline="\n"))


def find(paths: Iterable[Path]) -> tuple[ReleaseFile, ...]:
    """All RF2 snapshot files below `paths` (folders, zip archives or single files), ordered by name.

    Files of type Full or Delta and files with other names are passed over.
    Raises FileNotFoundError for a path that is not there, zipfile.BadZipFile for a broken archive.
    """
    found = [file for path in paths for file in _under(Path(path))]
    return tuple(sorted(found, key=lambda file: (file.name, str(file.container), file.member or "")))


def _under(path: Path) -> Iterator[ReleaseFile]:
    if path.is_dir():
        names: Iterable[tuple[Path, str | None]] = ((file, None) for file in path.rglob("*.txt") if file.is_file())
    elif path.suffix.lower() == ".zip":
        with zipfile.ZipFile(path) as archive:
            names = [(path, member) for member in archive.namelist()]
    elif path.exists():
        names = [(path, None)]
    else:
        raise FileNotFoundError(f"no such release folder or archive: {path.name}")
    for container, member in names:
        yield from _named(container, member)


def _named(container: Path, member: str | None) -> Iterator[ReleaseFile]:
    name = Path(member).name if member else container.name
    match = _NAME.fullmatch(name)
    if match and match["type"] == "Snapshot":
        yield ReleaseFile(container, member, name, match["pattern"] or "", match["content"], int(match["version"]))
