"""The ledger of versions: a second person approves, what is approved is activated, what is active stays as it is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registries.lifecycle import Event, Ledger, LifecycleError, Stage, decide, digest_of

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = AT.date()
AUTHORS = ("Ola Nordmann",)
What = Literal["approve", "activate", "retire"]


def event(what: What, by: str = "Kari", digest: str = "a", first_day: date | None = None, version: int = 1) -> Event:
    return Event(version, what, by, AT, digest, first_day)


def ledger(*events: Event) -> Ledger:
    made = Ledger("test")
    for one in events:
        made = decide(made, one, AUTHORS)
    return made


APPROVED = ledger(event("approve"))
ACTIVE = ledger(event("approve"), event("activate"))
RETIRED = ledger(event("approve"), event("activate"), event("retire"))


@pytest.mark.parametrize(
    ("made", "digest", "on", "stage"),
    [
        (Ledger("test"), "a", DAY, Stage.DRAFT),
        (APPROVED, "a", DAY, Stage.APPROVED),
        (APPROVED, "changed", DAY, Stage.DRAFT),
        (ACTIVE, "a", DAY, Stage.ACTIVE),
        (ACTIVE, "a", DAY - timedelta(days=1), Stage.APPROVED),
        (RETIRED, "a", DAY, Stage.RETIRED),
        (RETIRED, "a", DAY - timedelta(days=1), Stage.APPROVED),
        (
            ledger(event("approve"), event("activate", first_day=date(2027, 1, 1))),
            "a",
            date(2026, 12, 31),
            Stage.APPROVED,
        ),
        (ledger(event("approve"), event("activate", first_day=date(2027, 1, 1))), "a", date(2027, 1, 1), Stage.ACTIVE),
    ],
)
def test_a_version_is_where_the_decisions_say(made: Ledger, digest: str, on: date, stage: Stage) -> None:
    assert made.stage(1, digest, on) is stage
    assert made.stage(2, digest, on) is Stage.DRAFT


@pytest.mark.parametrize("made", [ACTIVE, RETIRED])
def test_what_was_activated_never_changes(made: Ledger) -> None:
    with pytest.raises(LifecycleError, match=r"version 1 of test was changed after Kari activated it on 2026-03-02"):
        made.stage(1, "changed", DAY)


@pytest.mark.parametrize(
    ("made", "wanted", "told"),
    [
        (
            Ledger("test"),
            event("approve", by="Ola Nordmann"),
            "was written by Ola Nordmann: a second person approves it",
        ),
        (Ledger("test"), event("approve", by=" ola  NORDMANN"), "a second person approves it"),
        (Ledger("test"), event("approve", by=" "), "say who decides"),
        (APPROVED, event("approve", by="Per"), "is approved already, by Kari"),
        (ACTIVE, event("approve", digest="b"), "has been activated; a change is a new version"),
        (Ledger("test"), event("activate"), "is a draft: a second person approves it first"),
        (APPROVED, event("activate", digest="b"), "was changed after Kari approved it: approve it again"),
        (APPROVED, event("activate", version=2), "version 2 of test is a draft"),
        (ACTIVE, event("activate"), "has been activated already"),
        (RETIRED, event("activate"), "has been activated already"),
        (APPROVED, event("retire"), "was never active"),
        (RETIRED, event("retire"), "is retired already"),
    ],
)
def test_a_decision_that_is_not_allowed_says_why(made: Ledger, wanted: Event, told: str) -> None:
    with pytest.raises(LifecycleError, match=told):
        decide(made, wanted, AUTHORS)


def test_who_wrote_it_must_be_known_before_another_can_approve() -> None:
    with pytest.raises(LifecycleError, match="does not say who wrote it"):
        decide(Ledger("test"), event("approve"), ())


def test_a_changed_draft_is_approved_again() -> None:
    again = decide(APPROVED, event("approve", by="Per", digest="b"), AUTHORS)
    assert (again.stage(1, "b", DAY), again.stage(1, "a", DAY)) == (Stage.APPROVED, Stage.DRAFT)
    assert decide(again, event("activate", digest="b"), AUTHORS).stage(1, "b", DAY) is Stage.ACTIVE


_events = st.builds(
    Event,
    version=st.integers(1, 3),
    what=st.sampled_from(["approve", "activate", "retire"]),
    by=st.sampled_from(["Kari", "Ola Nordmann", "Per"]),
    at=st.integers(0, 400).map(lambda days: AT + timedelta(days=days)),
    digest=st.sampled_from("ab"),
    from_=st.none(),
)


@given(st.lists(_events, max_size=20))
def test_whatever_people_try_nothing_is_active_without_a_second_person_and_the_ledger_only_grows(
    tried: list[Event],
) -> None:
    made = Ledger("test")
    for one in tried:
        before = made
        try:
            made = decide(made, one, AUTHORS)
        except LifecycleError:
            continue
        assert made.events == (*before.events, one)
    for activated in (one for one in made.events if one.what == "activate"):
        approvals = [one for one in made.of(activated.version) if one.what == "approve"]
        assert any(one.by != "Ola Nordmann" and one.digest == activated.digest for one in approvals)
        assert sum(one.what == "activate" for one in made.of(activated.version)) == 1


def test_the_digest_is_of_what_a_definition_says() -> None:
    content = {"registry": "x", "status": "draft", "variables": {"A": 1, "B": 2}}
    assert digest_of(content) == digest_of(content | {"status": "active"})
    assert digest_of(content) != digest_of(content | {"registry": "y"})
    assert digest_of(content) != digest_of(content | {"variables": {"B": 2, "A": 1}})  # the order of variables counts
