"""Prints every figure of the project beside its limit. Times are processor seconds, the best of several rounds."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from benchmarks import agreement, memory, terminology, throughput


def main() -> int:
    """Run all; 1 when a limit is not kept."""
    with tempfile.TemporaryDirectory() as folder:
        kept = [part.run(Path(folder)) for part in (agreement, throughput, memory, terminology)]
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
