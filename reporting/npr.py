"""The NPR report of a hospital's journals: two files of messages, one without and one with who the patients are.

The messages of the two modules are kept apart from the first: no value of one stands in the other but serial numbers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from registries.entry import LOCAL
from registries.npr.checks import check
from registries.npr.draft import Given, holds
from registries.npr.episodes import Outcome, Told, report
from registries.npr.message import Envelope, Message, Party, encode_ide, encode_ord
from registries.npr.model import Heading, Institution, PatientReport, Person
from registries.npr.reading import reading_plan
from registries.npr.setup import Setup
from registries.record import Finding
from reporting.journal import Account, Identity, JournalSource
from reporting.policy import check_identity
from terminology.snomed.bound import BoundRelease

#: Codes of list 9032 for the kinds of identity number.
_KINDS: Final = {"FNR": "1", "DNR": "2", "FHN": "12"}


class NotReady(Exception):
    """What the hospital has set up would be refused by the receiver; the text names attributes and says why."""


@dataclass(slots=True)
class NprRun:
    """What came of a run, without patient data but for references to stays."""

    account: Account = field(default_factory=Account)
    patients: int = 0
    episodes: int = 0
    held: int = 0
    findings: Counter[str] = field(default_factory=Counter)
    told: list[Told] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)

    def plain(self) -> dict[str, object]:
        """The counts as plain data."""
        return {
            "patients": self.patients,
            "episodes": self.episodes,
            "held": self.held,
            "findings": dict(sorted(self.findings.items())),
            "problems": len(self.account.problems),
        }


def heading_of(setup: Setup, from_: date, to: date, number: int, now: datetime) -> Heading:
    """What the message says of itself.

    Raises:
        NotReady: the receiver would refuse it, or drop a part of it.
    """
    heading = Heading(
        from_=from_,
        extracted=now.astimezone(LOCAL).date(),
        vendor=setup.system.vendor,
        system=setup.system.name,
        system_version=setup.system.version,
        extractor_version=f"registerbro {version('registerbro')}",
        number=number,
        to=to,
        contacts=setup.contacts,
    )
    wrong = [one for part in (heading, institution_of(setup)) for one in check(part) if holds(one)]
    if wrong:
        raise NotReady("; ".join(f"{one.variable} ({one.clause}): {one.rule}" for one in wrong))
    return heading


def institution_of(setup: Setup) -> Institution:
    """The institution that reports."""
    return Institution(id=setup.institution, units=setup.units)


def messages(
    source: JournalSource,
    release: BoundRelease,
    given: Given,
    mode: str,
    heading: Heading,
    envelope: Envelope,
    run: NprRun,
) -> Iterator[Message]:
    """The messages of module `ord` as patients are read, then those of `ide`; the run is filled as they come.

    Each has the next number: one series counts all messages of a year. Raises as `encode_ord`.
    """
    institution = institution_of(given.setup)
    reports = _reports(source, release, given, mode, run)
    number = heading.number
    for message in encode_ord(heading, institution, reports, envelope):
        number = message.number + 1
        yield message
    yield from encode_ide(replace(heading, number=number), institution, run.people, envelope)


def envelope_of(setup: Setup, sender: str, her_id: str, now: datetime) -> Envelope:
    """Who sends what when."""
    return Envelope(
        generated=now,
        sender=Party(name=sender, her_id=her_id),
        receiver=setup.receiver,
        type=setup.message_type,
    )


def _reports(
    source: JournalSource, release: BoundRelease, given: Given, mode: str, run: NprRun
) -> Iterator[PatientReport]:
    plan = reading_plan(release, release.cited)
    for chart, identities in source.charts(plan, run.account):
        outcome = report(chart, given)
        if not outcome.told:
            continue
        identity, findings = check_identity(identities, mode)
        _count(run, outcome, identity, findings)
        if outcome.report is not None and identity is not None:
            run.people.append(Person(patient=outcome.report.number, number=identity.number, kind=_KINDS[identity.kind]))
            yield outcome.report


def _count(run: NprRun, outcome: Outcome, identity: Identity | None, findings: tuple[Finding, ...]) -> None:
    """Take note of a patient; without an identity number nothing of the patient is reported."""
    run.patients += identity is not None and outcome.report is not None
    for told in outcome.told:
        reported = told.reported and identity is not None
        run.episodes += reported
        run.held += not reported
        every = (*told.findings, *findings)
        run.findings.update(one.rule for one in every)
        if every:
            run.told.append(Told(told.stay, reported, every))


def write(folder: Path, message: Message) -> Path:
    """A message as a file that nobody but its owner may read; its name says module and number."""
    path = folder / f"{message.module}-{message.number}.xml"
    path.touch(mode=0o600)
    path.write_bytes(message.payload)
    return path
