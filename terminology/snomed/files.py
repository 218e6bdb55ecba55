"""Finds the files of an RF2 release in folders and zip archives (RF2 specification 3.3: file naming)."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

_NAME: Final = re.compile(
    r"x?(?:sct2|der2)_(?:(?P<pattern>[cis]*Refset)_)?(?P<content>[A-Za-z0-9_-]*?)_?(?P<type>Snapshot|Full|Delta)"
    r"(?:-(?P<language>[A-Za-z0-9-]+))?_(?P<owner>[A-Za-z0-9-]+)_(?P<version>\d{8})(?:T\d+Z)?\.txt"
)


@dataclass(frozen=True, slots=True)
class ReleaseFile:
    """One RF2 file: where it lies and what its name says. `type` is Snapshot, Full or Delta."""

    container: Path
    member: str | None
    name: str
    pattern: str
    content: str
    type: str
    language: str
    owner: str
    version: int

    @property
    def same_content(self) -> tuple[str, ...]:
        """What the files have in common that hold the same rows as Snapshot, Full and Delta."""
        return self.pattern, self.content, self.language, self.owner

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """The bytes of the file. Raises zipfile.BadZipFile when what is read from an archive is damaged."""
        if self.member is None:
            with self.container.open("rb") as stream:
                yield stream
            return
        try:
            with zipfile.ZipFile(self.container) as archive, archive.open(self.member) as stream:
                yield stream
        except (zlib.error, EOFError) as error:
            raise zipfile.BadZipFile(f"{self.name} is damaged in {self.container.name}") from error


@dataclass(frozen=True, slots=True)
class Found:
    """The files of a release that are to be read, ordered by name, and the names of those that are not."""

    files: tuple[ReleaseFile, ...]
    aside: tuple[str, ...]


def find(paths: Iterable[Path]) -> Found:
    """All files below `paths` (folders, zip archives or single files), each named path taken once.

    A Full or Delta is read only where no Snapshot of the same content and at least its version is there, a Delta
    only where no such Full is there either: what it would add is in that one already. Files whose names are not
    RF2 names are put aside. Raises FileNotFoundError for a path that is not there, zipfile.BadZipFile for a
    broken archive.
    """
    files: set[ReleaseFile] = set()
    aside: set[str] = set()
    for path in dict.fromkeys(Path(path) for path in paths):
        for container, member in _under(path):
            name = Path(member).name if member else container.name
            file = _named(container, member, name)
            if file is None:
                aside.add(name)
            else:
                files.add(file)
    ordered = sorted(files, key=lambda file: (file.name, str(file.container), file.member or ""))
    wanted = _wanted(ordered)
    aside.update(file.name for file in ordered if file not in wanted)
    return Found(tuple(file for file in ordered if file in wanted), tuple(sorted(aside)))


def _under(path: Path) -> Iterator[tuple[Path, str | None]]:
    if path.is_dir():
        yield from ((file, None) for file in path.rglob("*") if file.is_file() and not file.name.startswith("."))
    elif path.suffix.lower() == ".zip":
        if path.exists() and not zipfile.is_zipfile(path):
            raise zipfile.BadZipFile(f"{path.name} is no zip archive, or only the beginning of one: get it again")
        with zipfile.ZipFile(path) as archive:
            yield from ((path, member) for member in archive.namelist() if not member.endswith("/"))
    elif path.exists():
        yield path, None
    else:
        raise FileNotFoundError(f"no such release folder or archive: {path.name}")


def _named(container: Path, member: str | None, name: str) -> ReleaseFile | None:
    match = _NAME.fullmatch(name)
    if not match:
        return None
    pattern, language = match["pattern"] or "", match["language"] or ""
    version = int(match["version"])
    return ReleaseFile(
        container, member, name, pattern, match["content"], match["type"], language, match["owner"], version
    )


def _wanted(files: Iterable[ReleaseFile]) -> set[ReleaseFile]:
    newest: dict[tuple[str, tuple[str, ...]], int] = {}
    files = tuple(files)
    for file in files:
        key = file.type, file.same_content
        newest[key] = max(newest.get(key, 0), file.version)

    def covered(file: ReleaseFile) -> bool:
        better = {"Snapshot": (), "Full": ("Snapshot",), "Delta": ("Snapshot", "Full")}[file.type]
        return any(newest.get((kind, file.same_content), 0) >= file.version for kind in better)

    return {file for file in files if not covered(file)}
