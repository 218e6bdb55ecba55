"""A small definition with a variable of each type, registrations of it, and identity numbers that nobody has."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from hypothesis import strategies as st

from registries.codecs.content import WAITING, Registration
from registries.codecs.msghead import Envelope
from registries.definition import Definition
from registries.record import Reason, RegistryValue

_MANUAL = {"normed": "none", "automation": "manual"}


def _label(text: str) -> dict[str, str]:
    return {"nb": text, "en": text}


def define(registry: str = "proving", version: int = 1) -> Definition:
    """A definition with seven variables: two codes, two integers, a decimal, a date and a date-time."""
    return Definition.model_validate(
        {
            "registry": registry,
            "version": version,
            "status": "active",
            "title": _label("Prøveregisteret"),
            "legal_basis": "none, it is an example",
            "reservation": True,
            "case": {"select": "condition", "codes": "none", "start": "stay", "same_case_within": "28d"},
            "message": {"type": "PROVEREG", "receiver": "Prøveregisteret", "her_id": "8140000"},
            "variables": {
                "Diagnose": _MANUAL
                | {"label": _label("Diagnose"), "type": "code", "codes": {1: "blødning", 2: "infarkt"}},
                "Royker": _MANUAL
                | {"label": _label("Røyker"), "type": "code", "codes": {0: "no", 1: "yes", 9: "unknown"}},
                "Poeng": _MANUAL | {"label": _label("Poeng"), "type": "integer", "range": {"hard": [0, 42]}},
                "Antall": _MANUAL | {"label": _label("Antall"), "type": "integer"},
                "Vekt": _MANUAL
                | {
                    "label": _label("Vekt"),
                    "type": "decimal",
                    "unit": "kg",
                    "decimals": 1,
                    "range": {"hard": [0.5, 250]},
                },
                "Dato": _MANUAL | {"label": _label("Dato"), "type": "date"},
                "Innlagt": _MANUAL | {"label": _label("Innlagt"), "type": "datetime", "obligatory": True},
            },
        }
    )


DEFINITION = define()
#: A registry with 25 variables, all integers from 0 to 42.
WIDE = define("wide").model_copy(
    update={"variables": {f"Poeng{place}": DEFINITION.variables["Poeng"] for place in range(25)}}
)

VALUES: dict[str, RegistryValue] = {
    "Diagnose": 2,
    "Poeng": 17,
    "Vekt": Decimal("71.5"),
    "Dato": "2025-03-02",
    "Innlagt": "2025-03-02T14:10",
}

REGISTRATION = Registration(
    case="case-1",
    release="release-1",
    start="2025-03-02T14:10",
    complete=False,
    values=VALUES,
    missing={"Royker": WAITING, "Antall": "no_entry"},
)


def synthetic(serial: int) -> str:
    """A valid synthetic identity number (month +80, as Skatteetaten's Tenor makes them) for a serial below 100 000."""
    day, month, year, individual = 1 + serial % 28, 81 + serial // 28 % 12, serial // 336 % 100, serial % 400
    for following in range(1000):
        stem = f"{day:02}{month:02}{year:02}{(individual + following) % 1000:03}"
        first = -sum(w * int(d) for w, d in zip((3, 7, 6, 1, 8, 9, 4, 5, 2), stem, strict=True)) % 11
        second = -sum(w * int(d) for w, d in zip((5, 4, 3, 2, 7, 6, 5, 4, 3, 2), f"{stem}{first}", strict=False)) % 11
        if first < 10 and second < 10:
            return f"{stem}{first}{second}"
    raise AssertionError("unreachable")


ENVELOPE = Envelope(
    message_id="message-1",
    generated=datetime(2025, 3, 3, 6, 0, tzinfo=UTC),
    sender="Prøvesykehuset HF",
    sender_her_id="123459",
    identity=synthetic(1),
)

_TEXT = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=20)
_DATES = st.dates(date(1900, 1, 1), date(2100, 1, 1))
_MINUTES = st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1))  # noqa: DTZ001 - hypothesis wants naive bounds
_BY_TYPE: dict[str, st.SearchStrategy[RegistryValue]] = {
    "integer": st.integers(0, 42),
    "decimal": st.integers(5, 2500).map(lambda tenths: Decimal(tenths).scaleb(-1)),
    "date": _DATES.map(date.isoformat),
    "datetime": _MINUTES.map(lambda moment: moment.strftime("%Y-%m-%dT%H:%M")),
}
_REASONS = st.sampled_from([*(reason.value for reason in Reason), WAITING])


@st.composite
def registrations(draw: st.DrawFn, definition: Definition = DEFINITION) -> Registration:
    """Registrations that the definition's schema accepts: each variable has a value or a reason."""
    values: dict[str, RegistryValue] = {}
    missing: dict[str, str] = {}
    for name, variable in definition.variables.items():
        if draw(st.booleans()):
            codes = st.sampled_from(sorted(variable.codes or ())) if variable.codes else _BY_TYPE[variable.type]
            values[name] = draw(codes)
        else:
            missing[name] = draw(_REASONS)
    return Registration(
        case=draw(_TEXT),
        release=draw(_TEXT),
        start=draw(_BY_TYPE["datetime"] | _BY_TYPE["date"]),  # type: ignore[arg-type]
        complete=draw(st.booleans()),
        values=values,
        missing=missing,
    )


def envelopes() -> st.SearchStrategy[Envelope]:
    """Envelopes with synthetic identity numbers."""
    return st.builds(
        Envelope,
        message_id=_TEXT,
        generated=st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
        sender=_TEXT,
        sender_her_id=st.integers(1, 99_999_999).map(str),
        identity=st.integers(0, 99_999).map(synthetic),
        identity_kind=st.sampled_from(["FNR", "DNR", "FHN"]),
        corrects=st.just("") | _TEXT,
    )
