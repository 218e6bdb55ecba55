"""What a hospital says once: who it is, its units, which units answer for what, and what to say where nothing is known.

Units and contact persons are written with the names of the NPR message, which those who report to it know.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from registries.definition import DefinitionError, load_yaml
from registries.npr.message import Party
from registries.npr.model import ContactPerson, Unit, UnitReference


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class System(_Part, frozen=True, kw_only=True):
    """The journal system that the data come from."""

    vendor: str
    name: str
    version: str


class Ward(_Part, frozen=True, kw_only=True):
    """The units (`enhetID`) that answer for an organisation: place of treatment, specialty, department."""

    place: str
    specialty: str
    department: str

    @property
    def references(self) -> tuple[UnitReference, ...]:
        """The three references that episodes and referrals must have (list 8476)."""
        kinds = (("1", self.place), ("2", self.specialty), ("7", self.department))
        return tuple(UnitReference(unit=unit, kind=kind) for kind, unit in kinds)


class Defaults(_Part, frozen=True, kw_only=True):
    """Codes to report where the source says nothing; each use is told as a finding. Empty: nothing is assumed."""

    debtor: str = ""
    contact: str = ""
    contact_place: str = ""
    free_choice: str = ""


class Setup(_Part, frozen=True, kw_only=True):
    """The hospital's part of the report. `wards` are by the journal's reference to the organisation, "*" for all
    others; `message_type` is the code in MsgInfo that is agreed with the registry."""

    institution: str
    contacts: tuple[ContactPerson, ...]
    units: tuple[Unit, ...]
    wards: dict[str, Ward]
    system: System
    receiver: tuple[Party, ...]
    defaults: Defaults = Defaults()
    message_type: str = "NPR"

    def ward(self, organisation: str) -> Ward | None:
        """The units that answer for an organisation."""
        return self.wards.get(organisation) or self.wards.get("*")


def load_setup(path: Path) -> Setup:
    """A setup file.

    Raises:
        DefinitionError: it cannot be read, a field is wrong, or a ward names a unit that is not there.
    """
    try:
        setup = msgspec.convert(load_yaml(path), Setup)
    except msgspec.ValidationError as error:
        raise DefinitionError(f"{path}: {error}") from error
    known = {unit.id for unit in setup.units}
    for organisation, ward in setup.wards.items():
        if unknown := {one.unit for one in ward.references} - known:
            raise DefinitionError(f"{path}: wards.{organisation}: no unit is called {', '.join(sorted(unknown))}")
    return setup
