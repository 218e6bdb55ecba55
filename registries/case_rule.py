"""Which journal entries are index events, which stays make one episode, and which events make one case."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Literal

from pydantic import Field

from registries.entry import Kind
from registries.problems import Problem, Written, said
from registries.words import CodeSpec, Duration


class Period(Written):
    """The dates a registry reports: of cases that start (or, `by: end`, end) on one of them, both included."""

    from_: date | None = Field(None, alias="from")
    to: date | None = None
    by: Literal["start", "end"] = "start"

    def problems(self) -> Iterator[Problem]:
        """What is no period."""
        if self.from_ is None and self.to is None:
            yield said("a period has a `from` or a `to`", "write `from: 2026-01-01`, or remove `period`")
        if self.from_ is not None and self.to is not None and self.from_ > self.to:
            yield said("a period ends before it begins", "exchange `from` and `to`")


class Episode(Written):
    """Stays that make one: each begins within `gap` of the end of those before it. With `transfers: false` only stays
    in the same organisation follow each other."""

    gap: Duration
    transfers: bool = True


class CaseRule(Written):
    """Which journal entries are index events, and which of them belong together."""

    select: Literal[Kind.CONDITION, Kind.PROCEDURE, Kind.STAY]
    codes: CodeSpec | None = None
    stay_class: list[str] | None = None
    start: Literal["stay", "entry"]
    same_case_within: Duration
    same_case_from: Literal["first", "last", "end"] = "first"
    begun_within: Duration | None = None
    episode: Episode | None = None
    period: Period | None = None

    def problems(self) -> Iterator[Problem]:
        """What cannot stand together."""
        if self.select is Kind.STAY and self.codes is not None:
            yield said("stays have no `codes`", "choose among them with `stay_class`", "codes")
        if self.select is not Kind.STAY and self.codes is None:
            yield said("`codes` is missing: which entries are index events", "write `codes: NAME_OF_A_SET`")
