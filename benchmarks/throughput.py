"""From reading to encoded messages, against a bare typed decode of the same lines."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from benchmarks import material
from reporting.adapters.fhir import resources as fhir
from reporting.adapters.fhir.source import FhirFiles
from reporting.pipeline import Setting, Summary, decisions

LIMIT = 0.30
_ROUNDS = 5
_PATIENTS = 1_000


def run(folder: Path) -> bool:
    """Print both mixes for both registries; whether the limit is kept on a hospital's mix.

    The other mix shows what a case costs: there nearly half of all patients have one.
    """
    everyone = material.journals(folder, _PATIENTS)
    hospital = material.diluted(folder, _PATIENTS // 4, 4)
    print("Reading to encoded messages, one process, share of a bare typed msgspec decode of the same lines")
    kept = [_compare("one patient in eight has a case", hospital, folder, registry) for registry in material.REGISTRIES]
    print(f"  limit {LIMIT:.0%} on this mix, a hospital's: {'kept' if all(kept) else 'NOT KEPT'}")
    for registry in material.REGISTRIES:
        _compare("every second patient has a case", everyone, folder, registry)
    print()
    return all(kept)


def _compare(mix: str, journals: Path, folder: Path, registry: str) -> bool:
    plan = material.plan(folder, registry)
    bare_times, whole_times = [], []
    for _ in range(_ROUNDS):  # in turn, so that a machine that slows down slows both
        bare_times.append(_seconds(lambda: _bare(journals)))
        whole_times.append(_seconds(lambda: _whole(journals, material.setting(plan))))
    bare, whole = min(bare_times), min(whole_times)
    lines, cases = _bare(journals), _whole(journals, material.setting(plan))
    print(
        f"  {registry:<11} {mix}: {lines} resources, {cases} cases; bare {bare:.3f} s, whole {whole:.3f} s "
        f"({lines / whole:,.0f} resources/s) = {bare / whole:.0%}"
    )
    return bare / whole >= LIMIT


def _bare(folder: Path) -> int:
    count = 0
    for path in sorted(folder.glob("*.ndjson")):
        decode = msgspec.json.Decoder(fhir.READ.get(path.stem, fhir.Typed)).decode
        with path.open("rb") as file:
            for line in file:
                decode(line)
                count += 1
    return count


def _whole(folder: Path, setting: Setting) -> int:
    return sum(1 for _ in decisions(FhirFiles(folder), setting, Summary()))


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start
