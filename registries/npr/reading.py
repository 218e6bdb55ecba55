"""What of a journal the report is made of: every stay with its conditions and procedures, and who the patient is."""

from __future__ import annotations

from typing import Final

from registries.definition import Definition
from registries.entry import Kind
from registries.likeness import Likeness
from registries.plan import Plan, Selector
from terminology.valuesets import Snomed

_KINDS: Final = (Kind.STAY, Kind.CONDITION, Kind.PROCEDURE, Kind.SEX, Kind.BIRTH, Kind.DEATH)


def reading_plan(snomed: Snomed, edition: str) -> Plan:
    """A plan that keeps entries of these kinds with any code, for every patient who has a stay."""
    release = f"npr@53.1.3+{edition}"
    return Plan(
        definition=_DEFINITION,
        release=release,
        selectors=tuple(Selector(kind, None) for kind in _KINDS),
        index=0,
        variables=(),
        snomed=snomed,
        likeness=Likeness(release, release, (), release),  # it is like no other
    )


#: Sources ask a plan what its cases begin with; of the rest of a definition there is nothing.
_DEFINITION: Final = Definition.model_validate(
    {
        "registry": "npr",
        "version": 1,
        "status": "active",
        "title": {"nb": "Norsk pasientregister", "en": "Norwegian Patient Registry"},
        "legal_basis": "npr-forskriften",
        "reservation": False,
        "case": {"select": "stay", "start": "stay", "same_case_within": "0h"},
        "message": {"type": "NPR", "receiver": "Helsedirektoratet", "her_id": "2397"},
        "variables": {},
    }
)
