"""Release folders: imported whole or not at all, listed and opened.

A store is a folder with one folder for each release: numpy arrays, memory-mapped when opened, and `release.json`.
"""

from __future__ import annotations

import re
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Final

from terminology.codes import SNOMED
from terminology.snomed.build import build
from terminology.snomed.descriptions import read_descriptions
from terminology.snomed.folder import Reader, Writer
from terminology.snomed.holding import held, is_free
from terminology.snomed.info import FILE, Counts, OtherFormat, ReleaseInfo, read_info, write_info
from terminology.snomed.problems import ImportRefused, Problem
from terminology.snomed.rf2 import find_files
from terminology.snomed.rows import Progress
from terminology.snomed.search import build_index
from terminology.snomed.view import Release

__all__ = ["ImportRefused", "ImportReport", "Problem", "Release", "import_release", "list_releases", "open_release"]

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_VERSION: Final = re.compile(r"http://snomed\.info/x?sct/(\d{6,18})/version/(\d{8})")
_PREFIX: Final = ".importing-"


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import brought: the release, the rows left out, the files not read; `new` is False for a no-op."""

    name: str
    edition: str
    version: str
    counts: Counts
    problems: tuple[Problem, ...]
    kept_aside: tuple[str, ...]
    new: bool
    seconds: float


def import_release(
    paths: Iterable[Path],
    store: Path,
    name: str | None = None,
    on_progress: Progress | None = None,
    version: str | None = None,
) -> ImportReport:
    """Imports an RF2 release into `store` under `name` (by default edition module and version).

    `version` is a version URI for releases whose files do not say their own, as extracts and previews made for tests.
    `on_progress` is called from several threads, one after the other.

    Completes with a report of the rows that were left out, or leaves no trace. The same content under the same
    name changes nothing. Raises ImportRefused when the release is broken (see `rf2.find_files`, `build.build`) or
    the name is taken by other content; FileNotFoundError and zipfile.BadZipFile as `files.find`; ValueError for a
    name that is not letters, digits, dot, dash and underscore, and for a version that is no version URI.
    """
    started = time.perf_counter()
    if name is not None and not _NAME.fullmatch(name):
        raise ValueError("a release name has letters, digits, dot, dash and underscore only")
    stated = _VERSION.fullmatch(version) if version else None
    if version and not stated:
        raise ValueError(f"a version of SNOMED CT is written {SNOMED}/MODULE/version/YYYYMMDD")
    on_progress = _one_at_a_time(on_progress or _quiet)
    files = find_files(paths, on_progress)
    with _beside(store) as folder:
        out = Writer(folder)
        built = build(files, out)
        on_progress("search index", 0)
        _index(folder, out)
        on_progress("search index", built.counts.descriptions)
        module, date = (stated[1], stated[2]) if stated else (str(built.module), str(files.version))
        edition, name = f"{SNOMED}/{module}", name or f"{module}-{date}"
        content = out.content(edition, date, str([table.fields for table in built.tables]), str(built.tags))
        info = ReleaseInfo(name, edition, date, built.counts, content, built.tables, built.tags)
        write_info(folder, info)
        new = _keep(folder, store / name, info)
    seconds = time.perf_counter() - started
    return ImportReport(name, edition, date, info.counts, files.problems, files.kept_aside, new, seconds)


def open_release(folder: Path) -> Release:
    """Opens a release folder.

    Raises FileNotFoundError when it is none, ValueError when it was written in another format.
    """
    return Release(folder)


def list_releases(store: Path) -> tuple[ReleaseInfo, ...]:
    """The releases of a store by name, without those in another format; none when the store is not there yet."""
    folders = sorted(store.glob(f"[!.]*/{FILE}")) if store.is_dir() else []
    return tuple(info for file in folders if (info := _readable(file.parent)) is not None)


def _readable(folder: Path) -> ReleaseInfo | None:
    try:
        return read_info(folder)
    except OtherFormat:
        return None


@contextmanager
def _beside(store: Path) -> Iterator[Path]:
    """A folder in the store that nobody sees, gone at the end; nothing of the store is left that was not there."""
    made = [path for path in (store, *store.parents) if not path.exists()]
    store.mkdir(parents=True, exist_ok=True)
    with ExitStack() as at_work:
        with held(store):  # nobody cleans between making a folder and holding it
            _clean(store)
            folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=store))
            at_work.enter_context(held(folder))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            for path in made:
                if any(path.iterdir()):
                    break
                path.rmdir()


def _clean(store: Path) -> None:
    """Removes what imports that were killed have left: folders that no process holds any more."""
    for folder in store.glob(f"{_PREFIX}*"):
        if is_free(folder):
            shutil.rmtree(folder, ignore_errors=True)


def _index(folder: Path, out: Writer) -> None:
    """Adds the search index to a release folder that has everything else."""
    load = Reader(folder)
    for name, values in build_index(read_descriptions(load), load.bools("active")).items():
        out.put(name, values)


def _keep(folder: Path, target: Path, info: ReleaseInfo) -> bool:
    """Moves the release to its place in one step; False when it was there already.

    A release in another format gives way: nothing can open it any more.
    """
    if _there(target, info):
        return False
    if target.exists():
        shutil.rmtree(target)
    try:
        folder.chmod(0o755)
        folder.rename(target)
    except OSError:
        # Somebody else may have finished the same import first: then this is a no-op too.
        if _there(target, info):
            return False
        raise
    return True


def _there(target: Path, info: ReleaseInfo) -> bool:
    if target.exists() and not (target / FILE).exists():
        raise ImportRefused(f"{info.name} is there already, and no release of SNOMED CT: choose another name")
    there = _readable(target) if target.exists() else None
    if there is None:
        return False
    if there.content != info.content:
        raise ImportRefused(f"release {info.name} is there already, with other content: choose another name")
    return True


def _one_at_a_time(told: Progress) -> Progress:
    """Progress that threads may tell at once, for somebody who need not know of threads."""
    lock = Lock()

    def tell(name: str, rows: int) -> None:
        with lock:
            told(name, rows)

    return tell


def _quiet(_name: str, _rows: int) -> None:
    """Tells nobody."""
