"""Records of a plan over journals, with nothing kept and nothing sent: for replays and comparisons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from registries.plan import Plan
from registries.record import RegistryRecord
from reporting.adapters.fhir.source import FhirFiles
from reporting.home import Home
from reporting.pipeline import Setting, Summary, decisions


def rehearse(
    plan: Plan, sources: Sequence[Path], home: Home, now: datetime, summary: Summary
) -> Iterator[RegistryRecord]:
    """The record of each case in the sources, as a run would decide on it now. Counts go to the summary."""
    setting = Setting(plan, home.sender, home.sender_her_id, home.mode, home.key(), now)
    return (decision.record for decision in decisions(FhirFiles(*sources), setting, summary))
