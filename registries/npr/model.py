"""The NPR episode report as values: one class an element of the message, one field an attribute or its children.

Source: NPR message 53.1.3, module `ord` (`XPR(ord).xsd`). Fields bear English names and know the message's own; they
stand in the order of the schema. Codes are those of the lists in `codes.yaml`, times the hospital's clock (naive).
"" and None mean that nothing is said. No element holds a name or an identity number of a patient.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

import msgspec

#: What an attribute may hold; "" and None are not written.
Attribute = str | int | date | datetime | None


class Part(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An element. Its repr tells which, and nothing of what is in it."""

    element: ClassVar[str]

    def __repr__(self) -> str:
        return f"<{self.element}>"


class UnitReference(Part, frozen=True, kw_only=True, rename={"unit": "enhetID", "kind": "typeEnhet"}):
    """Which unit (`Unit.id`) answers as what: 1 place of treatment, 2 specialty, 7 department (list 8476)."""

    element: ClassVar[str] = "RefEnhet"
    unit: str
    kind: str


class CodeEntry(
    Part,
    frozen=True,
    kw_only=True,
    rename={"number": "kodeNr", "system": "Kodeverk", "version": "kodeVersjon", "value": "kodeVerdi"},
):
    """A code; `system` is its letter in list 8410, `version` the year of its code system."""

    element: ClassVar[str] = "Kode"
    number: int
    system: str
    version: str
    value: str


class Diagnosis(Part, frozen=True, kw_only=True, rename={"number": "tilstNr", "axis": "akse", "codes": "Kode"}):
    """A condition that was treated; number 1 is the main one. Several codes describe it together."""

    element: ClassVar[str] = "Tilstand"
    number: int
    axis: str = ""
    codes: tuple[CodeEntry, ...]


class HealthPersonnel(
    Part, frozen=True, kw_only=True, rename={"profession": "polUtforende", "specialist": "spesialist", "role": "rolle"}
):
    """Who took part, by profession (list 8401)."""

    element: ClassVar[str] = "Helseperson"
    profession: str
    specialist: str = ""
    role: str = ""


class Procedure(Part, frozen=True, kw_only=True, rename={"number": "prosNr", "diagnosis": "tilstNr", "codes": "Kode"}):
    """A procedure, in order, and the number of the diagnosis it was done for, if that is known."""

    element: ClassVar[str] = "Prosedyre"
    number: int
    diagnosis: int | None = None
    codes: tuple[CodeEntry, ...]


class Measure(
    Part,
    frozen=True,
    kw_only=True,
    rename={
        "kind": "typeTiltak",
        "start": "startDatoTid",
        "end": "sluttDatoTid",
        "personnel": "Helseperson",
        "procedures": "Prosedyre",
    },
):
    """What was done in a service: 1 medical or surgical, 2 imaging (list 8465)."""

    element: ClassVar[str] = "Tiltak"
    kind: str
    start: datetime | None = None
    end: datetime | None = None
    personnel: tuple[HealthPersonnel, ...] = ()
    procedures: tuple[Procedure, ...] = ()


class Service(
    Part,
    frozen=True,
    kw_only=True,
    rename={
        "institution": "instID",
        "unit": "tjenesteenhetID",
        "start": "startDatoTid",
        "end": "sluttDatoTid",
        "specialty": "tjenesteFag",
        "measures": "Tiltak",
    },
):
    """Measures carried out in one session."""

    element: ClassVar[str] = "Tjeneste"
    institution: str = ""
    unit: str = ""
    start: datetime
    end: datetime | None = None
    specialty: str = ""
    measures: tuple[Measure, ...] = ()


class Leave(
    Part, frozen=True, kw_only=True, rename={"start": "startDatoTid", "end": "stoppDatoTid", "kind": "permisjonType"}
):
    """A leave from a stay in a ward."""

    element: ClassVar[str] = "Permisjon"
    start: datetime
    end: datetime | None = None
    kind: str


class WardStay(Part, frozen=True, kw_only=True, rename={"leave_days": "permisjonsdogn", "leaves": "Permisjon"}):
    """What makes an episode a stay in a department."""

    element: ClassVar[str] = "AvdOpp"
    leave_days: int | None = None
    leaves: tuple[Leave, ...] = ()


class Contact(
    Part,
    frozen=True,
    kw_only=True,
    rename={
        "kind": "kontaktType",
        "initiative": "initiativtaker",
        "place": "stedAktivitet",
        "activity": "polkonAktivitet",
        "indirect": "polIndir",
        "personnel": "Helseperson",
    },
):
    """What makes an episode an outpatient contact or day treatment."""

    element: ClassVar[str] = "Kontakt"
    kind: str
    initiative: str = ""
    place: str
    activity: str = ""
    indirect: str = ""
    personnel: tuple[HealthPersonnel, ...] = ()


class Milestone(Part, frozen=True, kw_only=True, rename={"at": "tidspunkt", "kind": "typeTidspunkt"}):
    """When something happened between services (list 8477): ready for discharge, the municipality was told …"""

    element: ClassVar[str] = "Tidspunkt"
    at: datetime
    kind: str


class Episode(
    Part,
    frozen=True,
    kw_only=True,
    rename={
        "id": "episodeID",
        "period": "henvisningsperiodeID",
        "series": "serieID",
        "start": "innDatoTid",
        "from_place": "fraSted",
        "from_institution": "fraInstitusjonID",
        "municipal_service": "kommTjeneste",
        "debtor": "debitor",
        "specialty": "episodeFag",
        "municipality": "komNrHjem",
        "district": "bydel",
        "state_in": "inntilstand",
        "urgency": "innmateHast",
        "age_in_days": "alderIDager",
        "level": "omsorgsniva",
        "state_out": "utTilstand",
        "letter_sent": "epikriseDato",
        "to_place": "tilSted",
        "to_institution": "tilInstitusjonID",
        "end": "utDatoTid",
        "content": "Innhold",
        "milestones": "Tidspunkt",
        "units": "RefEnhet",
        "diagnoses": "Tilstand",
        "services": "Tjeneste",
    },
):
    """One episode of care at one level, in one department. `content` says whether it is a stay or a contact."""

    element: ClassVar[str] = "Episode"
    id: str
    period: str
    series: str = ""
    start: datetime
    from_place: str = ""
    from_institution: str = ""
    municipal_service: str = ""
    debtor: str
    specialty: str = ""
    municipality: str
    district: str = ""
    state_in: str = ""
    urgency: str
    age_in_days: int | None = None
    level: str
    state_out: str = ""
    letter_sent: date | None = None
    to_place: str = ""
    to_institution: str = ""
    end: datetime | None = None
    content: WardStay | Contact
    milestones: tuple[Milestone, ...] = ()
    units: tuple[UnitReference, ...]
    diagnoses: tuple[Diagnosis, ...] = ()
    services: tuple[Service, ...] = ()


class Referral(
    Part,
    frozen=True,
    kw_only=True,
    rename={
        "id": "henvID",
        "received": "mottaksDato",
        "kind": "henvType",
        "assessment": "henvVurd",
        "legal_ground": "henvFormal",
        "free_choice": "frittBehandlingsvalg",
        "debtor": "debitor",
        "municipality": "komNrHjem",
        "district": "bydel",
        "level": "omsnivahenv",
        "specialty": "fagomrade",
        "assessed": "vurdDato",
        "right_to_care": "rettTilHelsehjelp",
        "deadline": "fristStartBehandling",
        "waiting_ended": "ventetidSluttDato",
        "waiting_ended_why": "ventetidSluttKode",
        "units": "RefEnhet",
    },
):
    """A request that the institution examine or treat the patient."""

    element: ClassVar[str] = "Henvisning"
    id: str
    received: date
    kind: str = ""
    assessment: str = ""
    legal_ground: str = ""
    free_choice: str
    debtor: str = ""
    municipality: str
    district: str = ""
    level: str = ""
    specialty: str = ""
    assessed: date | None = None
    right_to_care: str = ""
    deadline: date | None = None
    waiting_ended: date | None = None
    waiting_ended_why: str = ""
    units: tuple[UnitReference, ...]


class ReferralPeriod(
    Part,
    frozen=True,
    kw_only=True,
    rename={
        "id": "henvisningsperiodeID",
        "from_institution": "henvFraInstitusjonID",
        "from_service": "henvFraTjeneste",
        "first_received": "ansienDato",
        "insured_in": "trygdenasjon",
        "new_condition": "nyTilstand",
        "ended": "sluttDato",
        "to_institution": "henvTilInstitusjonID",
        "to_service": "henvTilTjeneste",
        "referrals": "Henvisning",
    },
):
    """From the receipt of a referral until no more contacts are agreed: what episodes of one illness belong to."""

    element: ClassVar[str] = "Henvisningsperiode"
    id: str
    from_institution: str = ""
    from_service: str = ""
    first_received: date | None = None
    insured_in: str = ""
    new_condition: str = ""
    ended: date | None = None
    to_institution: str = ""
    to_service: str = ""
    referrals: tuple[Referral, ...]


class Patient(
    Part,
    frozen=True,
    kw_only=True,
    rename={"number": "pasientNr", "sex": "kjonn", "birth_year": "fodselsar", "birth_weight": "fodselsvekt"},
):
    """The little that is said about the person. `birth_weight` is in grams."""

    element: ClassVar[str] = "Pasient"
    number: str
    sex: str
    birth_year: str
    birth_weight: int | None = None


class PatientReport(
    Part,
    frozen=True,
    kw_only=True,
    rename={
        "number": "pasientNr",
        "patient": "Pasient",
        "periods": "Henvisningsperiode",
        "episodes": "Episode",
    },
):
    """All that is reported of one patient. `number` is the serial number that only the `ide` message can resolve."""

    element: ClassVar[str] = "Objektholder"
    number: str
    patient: Patient
    periods: tuple[ReferralPeriod, ...]
    episodes: tuple[Episode, ...]


class Unit(
    Part,
    frozen=True,
    kw_only=True,
    rename={
        "id": "enhetID",
        "org_number": "orgNr",
        "department_code": "offAvdKode",
        "resh": "reshID",
        "refund": "isfRefusjon",
        "name": "enhetLokal",
    },
):
    """A part of the institution that references point to; `id` never changes and is never used again."""

    element: ClassVar[str] = "Enhet"
    id: str
    org_number: str = ""
    nace: str = ""
    department_code: str = ""
    resh: str = ""
    refund: str = ""
    name: str = ""


class ContactPerson(
    Part,
    frozen=True,
    kw_only=True,
    rename={
        "name": "kontPerson",
        "phone": "meldTelefon",
        "email": "meldEpost1",
        "other_email": "meldEpost2",
        "kind": "typeKontaktperson",
    },
):
    """Whom the registry asks about the message (list 8471)."""

    element: ClassVar[str] = "Kontaktperson"
    name: str
    phone: str = ""
    email: str
    other_email: str = ""
    kind: str


class Heading(
    Part,
    frozen=True,
    kw_only=True,
    rename={
        "version": "versjon",
        "kind": "meldingstype",
        "from_": "fraDatoPeriode",
        "extracted": "uttakDato",
        "vendor": "leverandor",
        "system": "navnEPJ",
        "system_version": "versjonEPJ",
        "extractor_version": "versjonUt",
        "number": "lopenr",
        "to": "tilDatoPeriode",
        "local_id": "lokalident",
        "contacts": "Kontaktperson",
    },
):
    """What a message says of itself: the period it is about, which systems made it, its number this year."""

    element: ClassVar[str] = "Melding"
    version: str = "53.1.3"
    kind: str = "B"
    from_: date
    extracted: date
    vendor: str
    system: str
    system_version: str
    extractor_version: str
    number: int
    to: date
    local_id: str = ""
    contacts: tuple[ContactPerson, ...]


class Institution(Part, frozen=True, kw_only=True, rename={"id": "institusjonID", "units": "Enhet"}):
    """The institution that reports, by organisation number, with its units."""

    element: ClassVar[str] = "Institusjon"
    id: str
    units: tuple[Unit, ...]


class Person(Part, frozen=True, kw_only=True, rename={"patient": "pid", "number": "fid", "kind": "typeID"}):
    """Who a serial number stands for (`ide` only). `kind` of the identity number is a code of list 9032."""

    element: ClassVar[str] = "PasientIdent"
    patient: str
    number: str
    kind: str
