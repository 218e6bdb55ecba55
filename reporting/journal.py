"""What reading a journal gives: charts of the patients a definition asks about, and an account of all the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple, Protocol

from registries.chart import Chart
from registries.plan import Plan


class Problem(NamedTuple):
    """Something that could not be read: where (file and line, or element) and what is wrong. Never content."""

    place: str
    text: str


class Identity(NamedTuple):
    """A national number and its kind (`FNR`, `DNR`, `FHN`). Both stay out of repr, logs and records."""

    number: str
    kind: Literal["FNR", "DNR", "FHN"]

    def __repr__(self) -> str:
        return "Identity(…)"


class Account:
    """What was read, used and passed over, and what could not be read; filled while charts are drawn."""

    def __init__(self) -> None:
        self.read = 0
        self.used = 0
        self.patients = 0
        self.passed: Counter[str] = Counter()
        self.problems: list[Problem] = []

    def add(self, other: Account) -> None:
        """Take another account's entries into this one."""
        self.read += other.read
        self.used += other.used
        self.patients += other.patients
        self.passed += other.passed
        self.problems += other.problems


class Charts(NamedTuple):
    """One patient's charts, by the number of the plan: None for a plan that found no index code; and the patient's
    identity numbers.

    In charts that are `alike` an entry says the same wherever it is. They are not when two versions of one resource
    claim to be the latest: which of them counts may hang on what a plan asks about.
    """

    charts: tuple[Chart | None, ...]
    identities: tuple[Identity, ...]
    alike: bool = True


class JournalSource(Protocol):
    """A place to read journals from."""

    def charts(self, plan: Plan, account: Account) -> Iterator[tuple[Chart, tuple[Identity, ...]]]:
        """A chart, with the patient's identity numbers, for every patient who has an index code; by patient id.

        Memory grows with what the definition asks about, not with the size of the source.
        """

    def charts_for(self, plans: Sequence[Plan], account: Account) -> Iterator[Charts]:
        """The same for several plans at once: the source is read once for all, each chart is as for its plan alone.

        The account is that of the reading: `used` counts an entry once for each plan that has it in a chart.
        """
