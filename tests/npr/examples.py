"""A small report with every element, and the official schemas that judge it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from lxml import etree

from registries.npr.message import Envelope, Party
from registries.npr.model import (
    CodeEntry,
    Contact,
    ContactPerson,
    Diagnosis,
    Episode,
    Heading,
    HealthPersonnel,
    Institution,
    Leave,
    Measure,
    Milestone,
    Patient,
    PatientReport,
    Procedure,
    Referral,
    ReferralPeriod,
    Service,
    Unit,
    UnitReference,
    WardStay,
)


def at(text: str) -> datetime:
    """A time of the hospital's clock."""
    return datetime.fromisoformat(text)


UNITS = tuple(UnitReference(unit="1", kind=kind) for kind in ("1", "2", "7"))
HEADING = Heading(
    from_=date(2025, 1, 1),
    extracted=date(2025, 5, 2),
    vendor="Registerbro",
    system="Registerbro",
    system_version="1",
    extractor_version="1",
    number=7,
    to=date(2025, 4, 30),
    contacts=(ContactPerson(name="Kari Kontakt", phone="99 99 99 99", email="npr@example.no", kind="2"),),
)
INSTITUTION = Institution(
    id="900000000",
    units=(
        Unit(id="1", org_number="900000001", resh="100001", department_code="000", refund="1", name="Prøve"),
        Unit(id="2", resh="100002", nace="86.101"),
    ),
)
ENVELOPE = Envelope(
    generated=datetime(2025, 5, 2, 6, 0, tzinfo=UTC),
    sender=Party(name="Prøvesykehuset HF", her_id="123459"),
    receiver=(Party(name="Helsedirektoratet", her_id="2397"), Party(name="NPR Validering", her_id="121017")),
)
PERIOD = ReferralPeriod(
    id="H1",
    from_service="28",
    referrals=(
        Referral(
            id="HV1",
            received=date(2025, 3, 1),
            kind="10",
            assessment="2",
            free_choice="2",
            debtor="1",
            municipality="0301",
            level="1",
            specialty="200",
            assessed=date(2025, 3, 1),
            right_to_care="3",
            waiting_ended=date(2025, 3, 2),
            waiting_ended_why="1",
            units=UNITS,
        ),
    ),
)
STAY = Episode(
    id="E1",
    period="H1",
    start=at("2025-03-02T14:10:00"),
    from_place="1",
    debtor="1",
    specialty="200",
    municipality="0301",
    district="99",
    state_in="1",
    urgency="1",
    level="1",
    state_out="1",
    letter_sent=date(2025, 3, 10),
    to_place="1",
    end=at("2025-03-09T12:00:00"),
    content=WardStay(
        leave_days=1, leaves=(Leave(start=at("2025-03-05T10:00:00"), end=at("2025-03-06T10:00:00"), kind="1"),)
    ),
    milestones=(Milestone(at=at("2025-03-08T10:00:00"), kind="2"),),
    units=UNITS,
    diagnoses=(
        Diagnosis(number=1, codes=(CodeEntry(number=1, system="D", version="2025", value="I639"),)),
        Diagnosis(
            number=2,
            codes=(
                CodeEntry(number=1, system="D", version="2025", value="E113"),
                CodeEntry(number=2, system="D", version="2025", value="H360"),
            ),
        ),
    ),
    services=(
        Service(
            unit="1",
            start=at("2025-03-02T15:00:00"),
            end=at("2025-03-02T16:00:00"),
            specialty="200",
            measures=(
                Measure(
                    kind="1",
                    start=at("2025-03-02T15:00:00"),
                    personnel=(HealthPersonnel(profession="1", specialist="1", role="1"),),
                    procedures=(
                        Procedure(
                            number=1,
                            diagnosis=1,
                            codes=(CodeEntry(number=1, system="M", version="2025", value="WFGX10"),),
                        ),
                    ),
                ),
            ),
        ),
    ),
)
CONTACT = Episode(
    id="E2",
    period="H1",
    start=at("2025-04-02T09:00:00"),
    debtor="1",
    municipality="0301",
    urgency="4",
    level="3",
    end=at("2025-04-02T09:30:00"),
    state_out="1",
    content=Contact(kind="3", place="1", personnel=(HealthPersonnel(profession="1"),)),
    units=UNITS,
)
REPORT = PatientReport(
    number="p1",
    patient=Patient(number="p1", sex="2", birth_year="1950"),
    periods=(PERIOD,),
    episodes=(STAY, CONTACT),
)


def official(shared: Path, module: str) -> etree.XMLSchema:
    """The official schemas of the envelope and of one module, together."""
    norway = shared / "data" / "norway"
    places = {
        "http://www.kith.no/xmlstds/msghead/2006-05-24": norway / "msghead-apprec" / "xsd" / "MsgHead-v1_2_rev.xsd",
        f"http://www.npr.no/xmlstds/53_1_3_{module}": norway / "npr" / "53.1.3" / f"XPR({module}).xsd",
    }
    imports = "".join(f'<import namespace="{name}" schemaLocation="{path.as_uri()}"/>' for name, path in places.items())
    driver = f'<schema xmlns="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:driver">{imports}</schema>'
    return etree.XMLSchema(etree.fromstring(driver))
