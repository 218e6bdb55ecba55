"""The terminology engine on a release of half a million concepts: import, opening, sets, search, lookup.

`python -m benchmarks.terminology [--concepts N]` runs this part alone; the limits are those for half a million.
"""

from __future__ import annotations

import argparse
import http.client
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from benchmarks.terminology_child import NAME, Figures
from fixtures.snomed.large import CONCEPTS
from terminology.snomed.release import open_release

_OPENINGS: Final = 5
_REQUESTS: Final = 500
_MILLI: Final = 1e-3
_MICRO: Final = 1e-6


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of the table: a value in a unit, and the most it may be; None when it is told and not judged."""

    name: str
    value: float
    unit: str
    most: float | None = None

    @property
    def kept(self) -> bool:
        return self.most is None or self.value <= self.most

    def __str__(self) -> str:
        text = f"  {self.name:<62} {self.value:10.3f} {self.unit:<3}"
        if self.most is None:
            return text
        return f"{text} limit {self.most:6g}  {'kept' if self.kept else 'NOT KEPT'}"


def run(folder: Path, concepts: int = CONCEPTS) -> bool:
    """Print every figure beside its limit; whether all limits are kept."""
    print(f"Terminology, a synthetic release of {concepts:,} concepts")
    rows = [*_imported(folder, concepts), *_reopened(folder), *_asked(folder), *_served(folder)]
    for row in rows:
        print(row)
    kept = all(row.kept for row in rows)
    print(f"  all limits: {'kept' if kept else 'NOT KEPT'}\n")
    return kept


def _imported(folder: Path, concepts: int) -> list[_Row]:
    rf2, store = folder / "rf2", folder / "store"
    # In a process of its own: what it needed would count as memory of those that this one starts later.
    _run(["-m", "fixtures.snomed.large", "--out", str(rf2), "--concepts", str(concepts)])
    _, bare = _child("scan", rf2)
    wall, spent = _child("importing", rf2, store)
    if spent["problems"] or spent["concepts"] != concepts:
        raise ValueError("the import left rows out")
    stored = sum(path.stat().st_size for path in store.rglob("*") if path.is_file())
    return [
        _Row("import with search index, wall clock", wall, "s", 30),
        _Row("import with search index, processor", spent["processor"], "s"),
        _Row("import with search index, peak memory", spent["memory"] / 1e9, "GB", 2.5),
        _Row("import ÷ a bare scan of the same files, processor", spent["processor"] / bare["processor"], "×", 12),
        _Row("release folder", stored / 1e9, "GB"),
    ]


def _reopened(folder: Path) -> list[_Row]:
    figures = [_child("reopening", folder / "store")[1] for _ in range(_OPENINGS)]
    return [
        _Row("opening and a first term, fresh process", min(one["opening"] for one in figures), "s", 0.3),
        _Row("loading the modules before that", min(one["loading"] for one in figures), "s"),
    ]


def _asked(folder: Path) -> list[_Row]:
    took = _child("asking", folder / "store")[1]
    to_walk, to_scan = took["set"] / took["walk"], took["search median"] / took["scan"]
    many, some = (f"{int(took[name]):,}" for name in ("in set", "in refined"))
    return [
        _Row(f"<< X, {many} concepts, as a set", took["set"] / _MILLI, "ms", 1),
        _Row("<< X, the first time in a process", took["first set"] / _MILLI, "ms"),
        _Row(f"<< X, {many} concepts, as a list with preferred terms", took["list"] / _MILLI, "ms", 60),
        _Row(f"<< X : site = << Y, {some} concepts", took["refined"] / _MILLI, "ms", 30),
        _Row("<< X : site = << Y, the first time in a process", took["first refined"] / _MILLI, "ms"),
        _Row("<< X ÷ the same set by walking dictionaries, in a thousand", to_walk * 1000, "‰", 10),
        _Row("search, three letters and more, 99th percentile", took["search"] / _MILLI, "ms", 10),
        _Row("search, three letters and more, median", took["search median"] / _MILLI, "ms"),
        _Row("search, one letter, 99th percentile", took["letter"] / _MILLI, "ms", 20),
        _Row("search, the first time in a process", took["first search"] / _MILLI, "ms"),
        _Row("search ÷ looking through all terms, in a thousand", to_scan * 1000, "‰", 10),
        _Row("lookup: has, preferred term, parents", took["lookup"] / _MICRO, "µs", 20),
    ]


def _served(folder: Path) -> list[_Row]:
    """One client on one connection, wall clock: that is what it waits."""
    ids = open_release(folder / "store" / NAME).ids.tolist()
    wanted = random.Random(1).choices(ids, k=_REQUESTS)
    with _server(folder / "store") as address:
        connection = http.client.HTTPConnection(address)
        times = [_request(connection, sctid) for sctid in wanted]
        connection.close()
    return [_Row("CodeSystem/$lookup through HTTP, median", statistics.median(times) / _MILLI, "ms", 2)]


def _request(connection: http.client.HTTPConnection, sctid: int) -> float:
    start = time.perf_counter()
    connection.request("GET", f"/fhir/CodeSystem/$lookup?system=http://snomed.info/sct&code={sctid}")
    answer = connection.getresponse()
    body = answer.read()
    took = time.perf_counter() - start
    if answer.status != 200:
        raise ValueError(f"$lookup of {sctid} answers {answer.status}: {body[:200]!r}")
    return took


@contextmanager
def _server(store: Path) -> Iterator[str]:
    """Host and port of a server in a process of its own, which ends with this."""
    command = [sys.executable, "-m", "benchmarks.terminology_child", "serving", str(store)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        if process.stdout is None:
            raise ValueError("the server has no output")
        try:
            yield urlsplit(process.stdout.readline().strip()).netloc
        finally:
            process.communicate()


def _child(part: str, *folders: Path) -> tuple[float, Figures]:
    """Wall clock of a process from start to end, and the figures that it gives."""
    start = time.perf_counter()
    said = _run(["-m", "benchmarks.terminology_child", part, *map(str, folders)])
    figures: Figures = json.loads(said)
    return time.perf_counter() - start, figures


def _run(arguments: list[str]) -> str:
    return subprocess.run([sys.executable, *arguments], stdout=subprocess.PIPE, check=True, text=True).stdout


def main() -> int:
    """Run this part alone; 1 when a limit is not kept."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.terminology", description=main.__doc__)
    parser.add_argument("--concepts", type=int, default=CONCEPTS)
    concepts = parser.parse_args().concepts
    with tempfile.TemporaryDirectory() as folder:
        return 0 if run(Path(folder), concepts) else 1


if __name__ == "__main__":
    sys.exit(main())
