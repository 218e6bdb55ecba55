"""One export of 400 patients, written once and read by all tests."""

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from fixtures.synth import Summary, generate

PATIENTS = 400
SEED = 17

Resource = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Export:
    """The files of one run, read."""

    folder: Path
    summary: Summary
    lines: dict[str, list[bytes]]
    truth: list[dict[str, str]]
    parsed: dict[str, list[Resource]]

    def resources(self, kind: str) -> list[Resource]:
        """The resources of one type, line by line, parsed once for all tests: do not change them."""
        return self.parsed[kind]

    def cases(self) -> dict[tuple[str, str, str], dict[str, str]]:
        """Variable and value by (registry, patient, case_start)."""
        found: dict[tuple[str, str, str], dict[str, str]] = {}
        for row in self.truth:
            case = found.setdefault((row["registry"], row["patient"], row["case_start"]), {})
            assert row["variable"] not in case, row
            case[row["variable"]] = row["value"]
        return found


@pytest.fixture(scope="session")
def export(tmp_path_factory: pytest.TempPathFactory) -> Export:
    folder = tmp_path_factory.mktemp("export")
    summary = generate(folder, PATIENTS, SEED)
    lines = {path.stem: path.read_bytes().splitlines() for path in folder.glob("*.ndjson")}
    with (folder / "truth.csv").open(encoding="utf-8", newline="") as table:
        truth = list(csv.DictReader(table))
    parsed = {kind: [json.loads(line) for line in found] for kind, found in lines.items()}
    return Export(folder, summary, lines, truth, parsed)
