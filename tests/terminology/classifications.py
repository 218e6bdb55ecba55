"""What tests of classifications share: the example files and how an entry is read at a glance."""

from __future__ import annotations

from pathlib import Path

from terminology.classifications import Classification, Wanted, load
from terminology.systems import Entry

FIXTURES = Path(__file__).parent.parent.parent / "fixtures" / "classifications"


def example(name: str, wanted: Wanted | None = None) -> Classification:
    """The only classification of an example file."""
    (found,) = load(FIXTURES / name, wanted or Wanted()).classifications
    return found


def entry(classification: Classification, code: str, *languages: str) -> Entry:
    """An entry that is there; its display in bokmål unless other languages are given."""
    found = classification.entry(code, languages or ("nb",))
    assert found is not None
    return found


def tree(classification: Classification) -> dict[str, tuple[str, ...]]:
    """Each code with its parents."""
    return {code: classification.parents(code) for code in classification.codes()}


def said(path: Path, wanted: Wanted | None = None) -> list[str]:
    """What was told of a file."""
    return [str(problem) for problem in load(path, wanted or Wanted()).problems]
