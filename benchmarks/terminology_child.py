"""The parts of the terminology figures that need a process of their own: for memory, first answers, a server.

`python -m benchmarks.terminology_child PART FOLDER …` prints one JSON object of figures, in seconds and bytes.
Modules are loaded where they are needed: loading them is part of what a process costs.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

Figures = dict[str, float]

NAME: Final = "large"


def scan(rf2: Path) -> Figures:
    """Reading every file of a release into columns, and nothing else: an import cannot be faster than that."""
    import polars as pl  # noqa: PLC0415

    for path in sorted(rf2.rglob("*.txt")):
        pl.read_csv(path, separator="\t", quote_char=None, infer_schema=False)
    return _spent()


def importing(rf2: Path, store: Path) -> Figures:
    """Importing a release, with its search index."""
    from terminology.snomed.release import import_release  # noqa: PLC0415

    report = import_release([rf2], store, NAME)
    return _spent() | {"problems": len(report.problems), "concepts": report.counts.concepts}


def reopening(store: Path) -> Figures:
    """The first answer of a process: loading modules, opening the release, one preferred term."""
    start = time.perf_counter()
    from fixtures.snomed.large import BROAD  # noqa: PLC0415
    from terminology.snomed.release import open_release  # noqa: PLC0415

    loaded = time.perf_counter()
    term = open_release(store / NAME).preferred_term(BROAD)
    done = time.perf_counter()
    if term is None:
        raise ValueError("the release has no term for its broadest branch")
    return {"loading": loaded - start, "opening": done - loaded}


def asking(store: Path) -> Figures:
    """Sets, lists, lookup and search in a process that has the release open."""
    from benchmarks.terminology_asking import asking as ask  # noqa: PLC0415
    from terminology.snomed.release import open_release  # noqa: PLC0415

    return ask(open_release(store / NAME))


def serving(store: Path) -> Figures:
    """Serves the terminology API at an address that it prints, until its standard input is closed."""
    from reporting.fhir_terminology.app import create_terminology_app  # noqa: PLC0415
    from reporting.serving import running  # noqa: PLC0415
    from terminology.store import open_systems  # noqa: PLC0415

    with running(create_terminology_app(open_systems(store))) as address:
        print(address, flush=True)
        sys.stdin.read()
    return {}


PARTS: Final[dict[str, Callable[..., Figures]]] = {
    part.__name__: part for part in (scan, importing, reopening, asking, serving)
}


def _spent() -> Figures:
    """Processor time and peak memory of this process and of those it started."""
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    # Not ru_maxrss: that starts with the size of the process that started this one.
    peak = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
    return {
        "processor": sum(used.ru_utime + used.ru_stime for used in both),
        "memory": (peak + both[1].ru_maxrss) * 1024,
    }


if __name__ == "__main__":
    print(json.dumps(PARTS[sys.argv[1]](*map(Path, sys.argv[2:]))))
