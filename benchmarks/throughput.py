"""From reading to checked records and to encoded messages, against a bare typed decode of the same lines."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import msgspec

from benchmarks import material
from registries.plan import Plan
from reporting.adapters.fhir import resources as fhir
from reporting.adapters.fhir.source import FhirFiles
from reporting.journal import Account
from reporting.pipeline import Setting, Summary, decisions, records_for

ENCODED, CHECKED, TEN = 0.30, 0.40, 1.5
_ROUNDS = 5
_PATIENTS = 1_000


def run(folder: Path) -> bool:
    """Print all shares on both mixes; whether the limits are kept on a hospital's mix.

    The other mix shows what a case costs: there nearly half of all patients have one.
    """
    mixes = {
        "one patient in eight has a case": material.diluted(folder, _PATIENTS // 4, 4),
        "every second patient has a case": material.journals(folder, _PATIENTS),
    }
    plans = [material.plan(folder, registry) for registry in material.REGISTRIES]
    kept = []
    print("One process, share of a bare typed msgspec decode of the same lines")
    for mix, journals in mixes.items():
        print(f"  {mix}: {_bare(journals)} resources")
        kept += [_checked(journals, plans), _ten(journals, folder), *(_encoded(journals, plan) for plan in plans)]
    hospital = all(kept[: len(kept) // 2])
    print(f"  all limits on the first mix, a hospital's: {'kept' if hospital else 'NOT KEPT'}\n")
    return hospital


def _checked(journals: Path, plans: Sequence[Plan]) -> bool:
    """Both registries at once, from lines to checked records."""
    bare, whole = _best(lambda: _bare(journals), lambda: _records(journals, plans))
    print(
        f"    to checked records, both registries at once: {_records(journals, plans)} records; "
        f"bare {bare:.3f} s, whole {whole:.3f} s = {bare / whole:.0%}, limit {CHECKED:.0%}"
    )
    return bare / whole >= CHECKED


def _ten(journals: Path, folder: Path) -> bool:
    """What ten registries cost against one. The limit is for those that share what they ask; the others show what it
    costs that they do not: each of ten times as many values is then worked out on its own."""
    one = [material.plan(folder, "hjerneslag")]
    times = {}
    for name, plans in material.tens(folder).items():
        single, ten = _best(partial(_records, journals, one), partial(_records, journals, plans))
        times[name] = ten / single
        limit = f", limit {TEN} ×" if len(times) == 1 else ""
        print(f"    ten registries ÷ one, {name}: {_records(journals, plans)} records, {ten / single:.2f} ×{limit}")
    return next(iter(times.values())) <= TEN


def _encoded(journals: Path, plan: Plan) -> bool:
    """One registry, to encoded and validated messages."""
    bare, whole = _best(lambda: _bare(journals), lambda: _messages(journals, material.setting(plan)))
    print(
        f"    to encoded messages, {plan.definition.registry}: {_messages(journals, material.setting(plan))} cases; "
        f"whole {whole:.3f} s = {bare / whole:.0%}, limit {ENCODED:.0%}"
    )
    return bare / whole >= ENCODED


def _best(*works: Callable[[], object]) -> list[float]:
    """The best of several rounds, in turn, so that a machine that slows down slows all."""
    rounds = [[_seconds(work) for work in works] for _ in range(_ROUNDS)]
    return [min(times) for times in zip(*rounds, strict=True)]


def _records(folder: Path, plans: Sequence[Plan]) -> int:
    return sum(1 for _ in records_for(FhirFiles(folder), plans, b"k" * 32, Account()))


def _bare(folder: Path) -> int:
    count = 0
    for path in sorted(folder.glob("*.ndjson")):
        decode = msgspec.json.Decoder(fhir.READ.get(path.stem, fhir.Typed)).decode
        with path.open("rb") as file:
            for line in file:
                decode(line)
                count += 1
    return count


def _messages(folder: Path, setting: Setting) -> int:
    return sum(1 for _ in decisions(FhirFiles(folder), setting, Summary()))


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start
