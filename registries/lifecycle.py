"""The life of a definition's versions: draft → approved → active → retired, as a ledger of who decided what and when.

A second person approves. What was approved is what is activated, and what is active never changes: a digest of the
content stands beside each decision. Everything here is pure; files are `reporting.versions`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Literal


class LifecycleError(Exception):
    """A decision that is not allowed, or a version that is not what was decided on; the text says what to do."""


class Stage(StrEnum):
    """Where a version is in its life."""

    DRAFT = "draft"
    APPROVED = "approved"
    ACTIVE = "active"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Event:
    """One decision: about a version with this content (`digest`), by a person, at a moment (UTC).

    `from_` is the first day on which the version is active, or no longer is; approvals have none.
    """

    version: int
    what: Literal["approve", "activate", "retire"]
    by: str
    at: datetime
    digest: str
    from_: date | None = None

    @property
    def since(self) -> date:
        """The first day on which the decision counts."""
        return self.from_ or self.at.date()


@dataclass(frozen=True, slots=True)
class Ledger:
    """All decisions about one registry's versions, oldest first. It only grows."""

    registry: str
    events: tuple[Event, ...] = ()

    def of(self, version: int) -> tuple[Event, ...]:
        """The decisions about one version."""
        return tuple(event for event in self.events if event.version == version)

    def last(self, version: int, what: str) -> Event | None:
        """The newest decision of a kind about a version."""
        return next((event for event in reversed(self.of(version)) if event.what == what), None)

    def stage(self, version: int, digest: str, on: date) -> Stage:
        """Where a version with this content is on a day. Approval is lost when the content changes.

        Raises:
            LifecycleError: its content is not that which was activated.
        """
        retired, activated, approved = (self.last(version, what) for what in ("retire", "activate", "approve"))
        if activated is not None and activated.digest != digest:
            raise LifecycleError(_changed(self.registry, activated))
        if retired is not None and retired.since <= on:
            return Stage.RETIRED
        if activated is not None and activated.since <= on:
            return Stage.ACTIVE
        return Stage.APPROVED if approved is not None and approved.digest == digest else Stage.DRAFT

    def since(self, version: int) -> date | None:
        """The first day on which a version is active, if it was activated."""
        activated = self.last(version, "activate")
        return activated.since if activated else None


def decide(ledger: Ledger, event: Event, authors: Iterable[str]) -> Ledger:
    """The ledger with one more decision. `authors` wrote the version that it is about.

    Raises:
        LifecycleError: the decision is not allowed.
    """
    if not event.by.strip():
        raise LifecycleError("say who decides: --by PERSON")
    match event.what:
        case "approve":
            _may_approve(ledger, event, tuple(authors))
        case "activate":
            _may_activate(ledger, event)
        case "retire":
            _may_retire(ledger, event)
    return replace(ledger, events=(*ledger.events, event))


def digest_of(content: Mapping[str, object]) -> str:
    """What tells one content of a definition file from another: its data in their order, but not `status`, which the
    ledger carries, and not comments or layout."""
    told = {word: value for word, value in content.items() if word != "status"}
    return hashlib.sha256(json.dumps(told, ensure_ascii=False, default=str).encode()).hexdigest()[:16]


def _may_approve(ledger: Ledger, event: Event, authors: tuple[str, ...]) -> None:
    which = _which(ledger, event)
    if ledger.last(event.version, "activate") is not None:
        raise LifecycleError(f"{which} has been activated; a change is a new version")
    approved = ledger.last(event.version, "approve")
    if approved is not None and approved.digest == event.digest:
        raise LifecycleError(f"{which} is approved already, by {approved.by}")
    if not authors:
        raise LifecycleError(
            f"{which} does not say who wrote it: write `authors: [NAME]` in it, so that another approves"
        )
    if _same(event.by) in map(_same, authors):
        raise LifecycleError(f"{which} was written by {event.by}: a second person approves it")


def _may_activate(ledger: Ledger, event: Event) -> None:
    which = _which(ledger, event)
    if ledger.last(event.version, "activate") is not None:
        raise LifecycleError(f"{which} has been activated already")
    approved = ledger.last(event.version, "approve")
    if approved is None:
        raise LifecycleError(f"{which} is a draft: a second person approves it first (`registerbro registry approve`)")
    if approved.digest != event.digest:
        raise LifecycleError(f"{which} was changed after {approved.by} approved it: approve it again")


def _may_retire(ledger: Ledger, event: Event) -> None:
    activated = ledger.last(event.version, "activate")
    if activated is None:
        raise LifecycleError(f"{_which(ledger, event)} was never active: delete the file, or leave it as a draft")
    if ledger.last(event.version, "retire") is not None:
        raise LifecycleError(f"{_which(ledger, event)} is retired already")


def _which(ledger: Ledger, event: Event) -> str:
    return f"version {event.version} of {ledger.registry}"


def _changed(registry: str, activated: Event) -> str:
    return (
        f"version {activated.version} of {registry} was changed after {activated.by} activated it on "
        f"{activated.at:%Y-%m-%d}: an active version never changes. Bring the file back as it was "
        f"(digest {activated.digest}), and make the change in a new version"
    )


def _same(person: str) -> str:
    return " ".join(person.split()).casefold()
