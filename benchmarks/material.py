"""What is measured on: synthetic journals, a plan, and the same journals with more of what nobody asks for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from fixtures.synth.generate import generate
from registries.definition import Definition
from registries.plan import Plan
from reporting.adapters.fhir.source import FhirFiles
from reporting.home import Home
from reporting.journal import Account
from reporting.library import definition_of, plan_of, release_of
from reporting.pipeline import Setting

REGISTRIES = ("hjerneslag", "noric")


def home(folder: Path) -> Home:
    """A home of its own."""
    return Home(folder / "home", "development", "Testsykehuset HF", "8000100")


def plan(folder: Path, registry: str) -> Plan:
    """A registry's plan on the example release."""
    return plan_of(home(folder), definition_of(home(folder), registry), release_of(home(folder)))


def tens(folder: Path) -> dict[str, list[Plan]]:
    """Ten registries in three ways: of the same content, with cases of the same kind but rules of their own, and with
    cases and rules of their own."""
    release = release_of(home(folder))
    both = [definition_of(home(folder), registry) for registry in REGISTRIES]
    ways: dict[str, Callable[[Definition, int], Definition]] = {
        "five of each, under other names": _renamed_registry,
        "five of each, windows of their own": _other_windows,
        "five of each, cases and windows of their own": _other_cases,
    }
    return {
        name: [plan_of(home(folder), way(one, n), release) for n in range(5) for one in both]
        for name, way in ways.items()
    }


def _renamed_registry(definition: Definition, number: int) -> Definition:
    return definition.model_copy(update={"registry": f"{definition.registry}{number}"})


def _other_windows(definition: Definition, number: int) -> Definition:
    """The same registry with a window of its own wherever a rule may have one, so that hardly a value can be shared."""
    data = definition.model_dump(mode="json", by_alias=True, exclude_none=True)
    for variable in data["variables"].values():
        for rule in variable.get("from", ()):
            window = rule.setdefault("window", {}) if "select" in rule and rule["select"] != "index" else {}
            if not window.keys() & {"from", "after", "covers"}:
                window["from"] = f"case.start - {90 + number}y"
    return Definition.model_validate(data | {"registry": f"{definition.registry}{number}"})


def _other_cases(definition: Definition, number: int) -> Definition:
    case = definition.case.model_copy(update={"same_case_within": f"{20 + number}d"})
    return _other_windows(definition, number).model_copy(update={"case": case})


def setting(plan: Plan) -> Setting:
    """A setting with a fixed key and time."""
    return Setting(plan, "Testsykehuset HF", "8000100", "development", b"k" * 32, datetime(2026, 1, 1, tzinfo=UTC))


def journals(folder: Path, patients: int) -> Path:
    """Synthetic journals, written once."""
    out = folder / f"journals-{patients}"
    if not out.exists():
        generate(out, patients, seed=2026)
    return out


def diluted(folder: Path, patients: int, times: int) -> Path:
    """The same journals, and patients without any index code again and again under other ids: `times` the size."""
    source, out = journals(folder, patients), folder / f"diluted-{patients}-{times}"
    if out.exists():
        return out
    out.mkdir()
    cases = _of_interest(folder, source)
    for path in source.glob("*.ndjson"):
        lines = path.read_bytes().splitlines(keepends=True)
        others = [line for line in lines if not any(patient in line for patient in _named(line, cases))]
        rounds = round((times - 1) * len(lines) / max(1, len(others)))
        with (out / path.name).open("wb") as file:
            file.writelines(lines)
            for number in range(rounds):
                mark = b"-%04d" % number
                file.writelines(_renamed(line, mark) for line in others)
    return out


def _of_interest(folder: Path, source: Path) -> frozenset[bytes]:
    """The ids of patients with an index code of either registry, in or out."""
    found: set[bytes] = set()
    for registry in REGISTRIES:
        charts = FhirFiles(source).charts(plan(folder, registry), Account())
        found.update(chart.patient.rpartition("/")[2].encode() for chart, _ in charts)
    return frozenset(found)


def _named(line: bytes, cases: frozenset[bytes]) -> list[bytes]:
    start = line.find(b'"Patient/')
    patient = line[start + 9 : line.find(b'"', start + 9)] if start >= 0 else line[line.find(b'"id":"') + 6 :][:36]
    return [patient] if patient in cases else []


def _renamed(line: bytes, mark: bytes) -> bytes:
    start = line.find(b'"Patient/')
    if start >= 0:
        end = line.find(b'"', start + 9)
        line = line[:end] + mark + line[end:]
    start = line.find(b'"id":"') + 6
    end = line.find(b'"', start)
    return line[:end] + mark + line[end:]
