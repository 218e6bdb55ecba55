"""Agreement of automatic values with the truth, on synthetic journals of several seeds."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from benchmarks import material
from fixtures.synth.generate import generate
from reporting.adapters.fhir.source import FhirFiles
from reporting.agreement import Comparison, compare, read_truth
from reporting.pipeline import Summary, decisions

#: Of each automatic variable's values, those equal to the truth; and of its cases, those where both say the same.
LIMIT = 0.99
_SEEDS = (101, 202, 303)
_PATIENTS = 1_000


def run(folder: Path) -> bool:
    """Print the lowest agreement of each variable and every kind of difference; whether the limit is kept."""
    lowest: dict[tuple[str, str], float] = {}
    kinds: Counter[tuple[str, str, str]] = Counter()
    cases = 0
    for seed in _SEEDS:
        journals = folder / f"agreement-{seed}"
        generate(journals, _PATIENTS, seed)
        for registry in material.REGISTRIES:
            comparison = _compared(folder, journals, registry)
            cases += comparison.cases
            for agreement in comparison.variables:
                if agreement.tier == "automatic":
                    key = (registry, agreement.variable)
                    lowest[key] = min(lowest.get(key, 1.0), agreement.same / agreement.cases)
            kinds.update((registry, d.variable, _kind(d.ours, d.reason)) for d in comparison.differences)
    _tell(lowest, kinds, cases)
    return min(lowest.values()) >= LIMIT


def _compared(folder: Path, journals: Path, registry: str) -> Comparison:
    setting = material.setting(material.plan(folder, registry))
    records = [decision.record for decision in decisions(FhirFiles(journals), setting, Summary())]
    return compare(records, read_truth(journals / "truth.csv", registry))


def _kind(ours: str, reason: str) -> str:
    return f"another value by {reason}" if ours else f"empty: {reason}"


def _tell(lowest: dict[tuple[str, str], float], kinds: Counter[tuple[str, str, str]], cases: int) -> None:
    print(f"Agreement with the truth: {len(_SEEDS)} seeds of {_PATIENTS} patients, {cases} cases, automatic variables")
    for (registry, variable), share in sorted(lowest.items(), key=lambda item: item[1]):
        if share < 1:
            print(f"  {registry:<11} {variable:<38} {share:.1%} in the worst seed")
    print(f"  all {sum(share == 1 for share in lowest.values())} other automatic variables: 100.0%")
    for (registry, variable, kind), count in kinds.most_common():
        print(f"    {count:>3} × {registry} {variable}: {kind}")
    print(f"  limit {LIMIT:.0%} for each variable: {'kept' if min(lowest.values()) >= LIMIT else 'NOT KEPT'}\n")
