"""Journals in FHIR files, read in two passes so that memory follows the cases, not the hospital.

The first pass reads only the types that index events are made of and learns which patients to look at; the second reads
everything the definitions ask about and keeps what belongs to them. A bulk export has a file for each type, so the
first pass can leave most files alone; where files turn out to be mixed, all are read twice. However many plans there
are, the files are read once for all of them. Every resource that one of them asks about is decoded and so checked,
whoever it belongs to.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from registries.chart import Chart
from registries.plan import Plan
from reporting.adapters.fhir.files import files_of, first_type
from reporting.adapters.fhir.reading import Reading
from reporting.journal import Account, Charts, Identity


class FhirFiles:
    """NDJSON files, Bundles and folders of them. Implements `reporting.journal.JournalSource`."""

    def __init__(self, *sources: Path) -> None:
        self.sources = sources

    def charts(self, plan: Plan, account: Account) -> Iterator[tuple[Chart, tuple[Identity, ...]]]:
        """See the port. What cannot be read goes to the account's problems."""
        for found in self.charts_for((plan,), account):
            chart = found.charts[0]
            if chart is not None:
                yield chart, found.identities

    def charts_for(self, plans: Sequence[Plan], account: Account) -> Iterator[Charts]:
        """See the port. Each chart is what `charts` gives for its plan alone."""
        files, missing = files_of(self.sources)
        account.problems += missing
        reading = Reading(plans)
        ahead = {path for path in files if first_type(path) in (*reading.first, None)}
        if not _read(reading, files, ahead):
            reading = Reading(plans)
            _read(reading, files, set(files))
        account.add(reading.account)
        yield from reading.finished(account)


def _read(reading: Reading, files: Sequence[Path], ahead: Collection[Path]) -> bool:
    """Read all files, those `ahead` twice; False when another holds what had to be known before."""
    unclean = {path for path in files if path in ahead and not reading.ahead(path)}
    return all(reading.through(path, path in ahead, path not in unclean) for path in files)
