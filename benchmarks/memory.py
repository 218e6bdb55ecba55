"""Peak memory of a run: at one and at ten times the input, where the rest is of no interest to the registry."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

from benchmarks import material
from reporting.adapters.fhir.source import FhirFiles
from reporting.pipeline import Summary, decisions

#: Ten times as much that nobody asks for may not cost more than this much more memory.
LIMIT = 1.10
_PATIENTS = 500


def run(folder: Path) -> bool:
    """Print peak memory at both sizes and the slope; whether the limit is kept."""
    one, ten = material.journals(folder, _PATIENTS), material.diluted(folder, _PATIENTS, 10)
    all_ten = material.journals(folder, _PATIENTS * 10)
    print("Peak memory of a run (hjerneslag), whole process")
    peaks = {name: _peak(folder, path) for name, path in (("1×", one), ("10×", ten), ("all", all_ten))}
    _tell("1× the input", one, peaks["1×"])
    _tell("10× the input, the same cases", ten, peaks["10×"])
    _tell("10× the input, ten times the cases", all_ten, peaks["all"])
    ratio = peaks["10×"] / peaks["1×"]
    print(f"  10× of what nobody asks for: {ratio:.2f} × the memory, limit {LIMIT:.2f}: {_word(ratio <= LIMIT)}\n")
    return ratio <= LIMIT


def _word(kept: bool) -> str:
    return "kept" if kept else "NOT KEPT"


def _tell(name: str, folder: Path, peak: float) -> None:
    size = sum(path.stat().st_size for path in folder.glob("*.ndjson")) / 1e6
    print(f"  {name:<36} {size:7.0f} MB of journals  {peak:6.0f} MB peak")


def _peak(folder: Path, journals: Path) -> float:
    """In a process of its own: peak memory never goes down again."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.memory", str(folder), str(journals)],
        capture_output=True,
        check=True,
        text=True,
    )
    return float(done.stdout)


def _measure(folder: Path, journals: Path) -> None:
    setting = material.setting(material.plan(folder, "hjerneslag"))
    for _ in decisions(FhirFiles(journals), setting, Summary()):
        pass
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


if __name__ == "__main__":
    _measure(Path(sys.argv[1]), Path(sys.argv[2]))
