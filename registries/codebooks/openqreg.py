"""OpenQReg's klokebok: a table with `;` between cells, one row per field, or one per value where a field has a list.

Columns and types as in the codebooks that OpenQReg registries publish. What the format cannot hold (units, conditions,
groups, codes of external systems) is not written. It is read by `openqreg_reading`.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from registries.codebooks import Choice, Codebook, Field, FieldType, day

COLUMNS: Final = (
    *("skjemanavn", "navn_i_rapporteket", "ledetekst", "obligatorisk", "type", "listeverdier", "listetekst"),
    *("normalintervall_start_numerisk", "normalintervall_slutt_numerisk"),
    *("maksintervall_start_numerisk", "maksintervall_slutt_numerisk"),
    *("normalintervall_start_dato", "normalintervall_slutt_dato"),
    *("maksintervall_start_dato", "maksintervall_slutt_dato"),
    *("antall_tegn", "lovlige_tegn", "desimaler", "aktiveringsspoersmaal", "underspoersmaal"),
    *("innfoert_dato", "utfaset_dato", "tabell", "fysisk_feltnavn", "kommentar", "variabel_id", "hjelpetekst"),
)

TYPES: Final[Mapping[str, FieldType]] = {
    "Listevariabel": "choice",
    "Dynamisk Listevariabel": "dynamic",
    "Tallvariabel": "decimal",
    "Avkrysningsboks": "boolean",
    "Datovariabel": "date",
    "Tidsvariabel": "time",
    "TIMESTAMP": "datetime",
    "Tekstvariabel": "string",
    "Stor tekstvariabel": "text",
    "Statusvariabel": "status",
    "Skjult variabel": "hidden",
}

_NAMES: Final[Mapping[FieldType, str]] = {
    **{kind: name for name, kind in TYPES.items()},
    **{"integer": "Tallvariabel", "quantity": "Tallvariabel", "open-choice": "Listevariabel"},
    **{"url": "Tekstvariabel", "attachment": "Tekstvariabel", "reference": "Tekstvariabel"},
}

_LATER: Final = re.compile(r"today(?: \+ (\d+)d)?")


def write(codebook: Codebook) -> bytes:
    """The codebook as a klokebok: UTF-8 with a byte order mark, all cells quoted, lines that end in LF."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\n", restval="")
    writer.writeheader()
    for form in codebook.forms:
        for field in form.walk():
            if field.type not in ("group", "display"):
                writer.writerows(_cells(form.name, field))
    return out.getvalue().encode("utf-8-sig")


def _cells(form: str, field: Field) -> Iterator[dict[str, str]]:
    decimals = 0 if field.type == "integer" else field.decimals
    cells = {
        "skjemanavn": form,
        "navn_i_rapporteket": field.report_name,
        "ledetekst": field.label,
        "obligatorisk": _yes(field.required),
        "type": _NAMES[field.type],
        "normalintervall_start_numerisk": field.normal.low,
        "normalintervall_slutt_numerisk": field.normal.high,
        "maksintervall_start_numerisk": field.limits.low,
        "maksintervall_slutt_numerisk": field.limits.high,
        "normalintervall_start_dato": _written(field.normal_dates.low),
        "normalintervall_slutt_dato": _written(field.normal_dates.high),
        "maksintervall_start_dato": _written(field.limit_dates.low),
        "maksintervall_slutt_dato": _written(field.limit_dates.high),
        "antall_tegn": "" if field.length is None else str(field.length),
        "lovlige_tegn": field.characters,
        "desimaler": "" if decimals is None else str(decimals),
        "aktiveringsspoersmaal": _yes(field.activates),
        "underspoersmaal": _yes(field.activated),
        "tabell": field.table,
        "fysisk_feltnavn": field.column,
        "kommentar": field.comment,
        "variabel_id": field.id,
        "hjelpetekst": field.help,
    }
    for choice in field.choices or (Choice(""),):
        yield {
            **cells,
            "listeverdier": choice.code,
            "listetekst": choice.label,
            "innfoert_dato": _iso(choice.introduced or field.introduced),
            "utfaset_dato": _iso(choice.phased_out or field.phased_out),
        }


def _yes(flag: bool) -> str:
    return "Ja" if flag else "Nei"


def _iso(given: date | None) -> str:
    return given.isoformat() if given else ""


def _written(moment: str) -> str:
    if later := _LATER.fullmatch(moment):
        return f"toDayPlus{later[1]}Days" if later[1] else "today"
    return f"'{moment}'" if day(moment) else moment
