"""Memory a run adds at its peak: at one and ten times the input, where the rest is of no interest to the registry."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from benchmarks import material
from reporting.adapters.fhir.source import FhirFiles
from reporting.pipeline import Summary, decisions

#: What nobody asks for may cost this part of its size at most: caches of a fixed size fill up, and the heap wears.
LIMIT = 0.02
_PATIENTS = 1_000


def run(folder: Path) -> bool:
    """Print peak memory at three sizes; whether what nobody asks for costs nothing.

    The comparison starts at three times the input: caches of a fixed size have filled by then.
    """
    print("Memory that a run of hjerneslag adds to a started process, at its peak")
    sizes = {
        "1× the input": material.journals(folder, _PATIENTS),
        "3× the input, the same cases": material.diluted(folder, _PATIENTS, 3),
        "10× the input, the same cases": material.diluted(folder, _PATIENTS, 10),
        "10× the input, ten times the cases": material.journals(folder, _PATIENTS * 10),
    }
    peaks = [_tell(name, journals, _peak(folder, journals)) for name, journals in sizes.items()]
    small, large = list(sizes.values())[1:3]
    share = (peaks[2] - peaks[1]) / (_size(large) - _size(small))
    print(f"  what nobody asks for, 3× to 10×: {share:.1%} of its size, limit {LIMIT:.0%}: {_word(share <= LIMIT)}\n")
    return share <= LIMIT


def _word(kept: bool) -> str:
    return "kept" if kept else "NOT KEPT"


def _tell(name: str, folder: Path, peak: float) -> float:
    print(f"  {name:<36} {_size(folder):7.0f} MB of journals  {peak:6.1f} MB")
    return peak


def _size(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.glob("*.ndjson")) / 1e6


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
