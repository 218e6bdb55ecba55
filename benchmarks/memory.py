"""Memory a run adds at its peak: at one and ten times the input, where the rest is of no interest to the registry."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from benchmarks import material
from reporting.adapters.fhir.source import FhirFiles
from reporting.pipeline import Summary, decisions

#: Ten times as much that nobody asks for may not cost more than this much more memory.
LIMIT = 1.10
_PATIENTS = 1_000


def run(folder: Path) -> bool:
    """Print peak memory at both sizes and the slope; whether the limit is kept."""
    one, ten = material.journals(folder, _PATIENTS), material.diluted(folder, _PATIENTS, 10)
    all_ten = material.journals(folder, _PATIENTS * 10)
    print("Memory that a run of hjerneslag adds to a started process, at its peak")
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
    print(f"  {name:<36} {size:7.0f} MB of journals  {peak:6.1f} MB")


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
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak so far is that of starting
    before = _status("VmRSS")
    for _ in decisions(FhirFiles(journals), setting, Summary()):
        pass
    print(_status("VmHWM") - before)


def _status(name: str) -> float:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return float(next(line for line in lines if line.startswith(name)).split()[1]) / 1024


if __name__ == "__main__":
    _measure(Path(sys.argv[1]), Path(sys.argv[2]))
