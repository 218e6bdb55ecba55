"""Release folders: imported whole or not at all, listed and opened.

A store is a folder with one folder for each release: numpy arrays, memory-mapped when opened, and `release.json`.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from terminology.codes import SNOMED
from terminology.snomed.build import Arrays, build, edition_of
from terminology.snomed.info import FILE, Counts, ReleaseInfo, read_info, write_info
from terminology.snomed.problems import ImportRefused, Problem
from terminology.snomed.rf2 import read
from terminology.snomed.rows import Progress
from terminology.snomed.view import Release

__all__ = ["ImportRefused", "ImportReport", "Problem", "Release", "import_release", "list_releases", "open_release"]

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


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
    paths: Iterable[Path], store: Path, name: str | None = None, on_progress: Progress | None = None
) -> ImportReport:
    """Imports an RF2 snapshot release into `store` under `name` (by default edition module and version).

    Completes with a report of the rows that were left out, or leaves no trace. The same content under the same
    name changes nothing. Raises ImportRefused when the release is broken (see `rf2.read`, `build.build`) or the
    name is taken by other content; FileNotFoundError and zipfile.BadZipFile as `files.find`; ValueError for a
    name that is not letters, digits, dot, dash and underscore.
    """
    started = time.perf_counter()
    snapshot, problems = read(paths, on_progress)
    module, version = edition_of(snapshot.tables), str(snapshot.version)
    name = name or f"{module}-{version}"
    if not _NAME.fullmatch(name):
        raise ValueError("a release name has letters, digits, dot, dash and underscore only")
    arrays = build(snapshot)
    edition = f"{SNOMED}/{module}"
    info = ReleaseInfo(name, edition, version, _counts(arrays), _content(arrays, edition, version))
    new = _keep(arrays, info, store)
    seconds = time.perf_counter() - started
    return ImportReport(name, edition, version, info.counts, problems, snapshot.kept_aside, new, seconds)


def open_release(folder: Path) -> Release:
    """Opens a release folder.

    Raises FileNotFoundError when it is none, ValueError when it was written in another format.
    """
    return Release(folder)


def list_releases(store: Path) -> tuple[ReleaseInfo, ...]:
    """The releases of a store by name; none when the store is not there yet."""
    folders = sorted(store.glob(f"[!.]*/{FILE}")) if store.is_dir() else []
    return tuple(read_info(file.parent) for file in folders)


def _counts(arrays: Arrays) -> Counts:
    return Counts(
        concepts=len(arrays["concept"]),
        active_concepts=int(np.count_nonzero(arrays["active"])),
        descriptions=len(arrays["description"]),
        is_a=len(arrays["parents"]),
        attributes=len(arrays["attribute_type"]),
        associations=len(arrays["history_source"]),
        members=len(arrays["member_concept"]),
        map_rows=len(arrays["map_concept"]),
    )


def _content(arrays: Arrays, edition: str, version: str) -> str:
    digest = hashlib.sha256(f"{edition} {version}".encode())
    for name in sorted(arrays):
        digest.update(f"{name} {arrays[name].shape}".encode())
        digest.update(np.ascontiguousarray(arrays[name]).tobytes())
    return digest.hexdigest()


def _keep(arrays: Arrays, info: ReleaseInfo, store: Path) -> bool:
    """Writes the release beside its place and moves it there in one step; False when it was there already."""
    target = store / info.name
    if _there(target, info):
        return False
    store.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=".importing-", dir=store))
    try:
        for name, values in arrays.items():
            np.save(beside / f"{name}.npy", values, allow_pickle=False)
        write_info(beside, info)
        beside.chmod(0o755)
        beside.rename(target)
    except OSError:
        # Somebody else may have finished the same import first: then this is a no-op too.
        if _there(target, info):
            return False
        raise
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return True


def _there(target: Path, info: ReleaseInfo) -> bool:
    if not target.exists():
        return False
    if read_info(target).content != info.content:
        raise ImportRefused(f"release {info.name} is there already, with other content: choose another name")
    return True
