"""Results as people and machines read them on the command line."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from registries.definition import Definition
from registries.record import Finding, RegistryRecord, RegistryValue, Value
from reporting.explain import Context, NameOf, context_of, explain, no_name
from reporting.findings import finding_text
from reporting.texts import text


def told(summary: Mapping[str, Any]) -> str:
    """A run in a dozen lines, Norwegian with English beside it."""
    fields = summary["fields"]
    lines = [
        f"{summary['registry']}  ({summary['release']})",
        _line("patients", summary["patients"]),
        _line("entries", f"{summary['entries']['read']} → {summary['entries']['used']}"),
        _line("cases", summary["cases"]),
        _line("automatic", fields["automatic"]),
        _line("proposed", fields["proposed"]),
        _line("manual", fields["manual"]),
        _line("empty", sum(fields["empty"].values())),
        _line("findings", sum(summary["findings"].values())),
        _line("sent", summary["submitted"]),
        _line("held", summary["decisions"]["hold"]),
        _line("unchanged", summary["decisions"]["nothing"]),
        _line("receipts", _counts(summary["receipts"])),
        _line("undelivered", summary["undelivered"]),
        _line("unread", summary["problem_count"]),
    ]
    if agreement := summary.get("agreement"):
        lines += ["", _line("agreement", f"{agreement['exact']:.1%}"), *_variables(agreement["variables"])]
    return "\n".join(lines) + "\n"


def explained(record: RegistryRecord, definition: Definition, name_of: NameOf = no_name) -> dict[str, object]:
    """A record with, for each variable, value, entry, rule and map row, or the reason why it is empty; and the why.

    `name_of` tells what codes are called.
    """
    context = context_of(record, definition, name_of)
    return {
        "case": record.case,
        "patient": record.patient,
        "start": record.start,
        "release": record.release,
        "variables": {value.variable: _explained(value, context) for value in record.values},
        "findings": [_found(finding, definition) for finding in record.findings],
    }


def _found(finding: Finding, definition: Definition) -> dict[str, object]:
    told = finding_text(finding.rule, definition)
    return {
        "rule": finding.rule,
        "severity": str(finding.severity),
        "variable": finding.variable,
        "clause": finding.clause,
        "text": {"nb": told.nb, "en": told.en},
    }


def _explained(value: Value, context: Context) -> dict[str, object]:
    why = explain(value, context.variable(value.variable), context)
    return {
        "value": _plain(value.value),
        "tier": str(value.tier),
        "reason": str(value.reason) if value.reason else None,
        "rule": value.rule or None,
        "map": f"{value.map.map} row {value.map.row}" if value.map else None,
        "entry": value.evidence[0].source if value.evidence and not value.note and not value.reason else None,
        "entries": [{"source": e.source, "code": e.code, "at": e.at} for e in value.evidence],
        "considered": value.considered,
        "why": {"nb": why.sentence.nb, "en": why.sentence.en},
        "trace": {"nb": why.trace.nb, "en": why.trace.en},
    }


def _plain(value: RegistryValue | None) -> int | float | str | None:
    return float(value) if isinstance(value, Decimal) else value


def _line(key: str, shown: object) -> str:
    label = text(f"cli.{key}")
    return f"  {label.nb + ' / ' + label.en:<58} {shown}"


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{text(f'state.{state}').nb} {count}" for state, count in counts.items()) or "0"


def _variables(variables: list[dict[str, Any]]) -> list[str]:
    return [
        f"    {v['variable']:<38} {text('tier.' + v['tier']).nb:<11} {_share(v['equal'], v['ours']):>7}"
        f"  {v['ours']:>5} / {v['cases']}"
        for v in variables
        if v["ours"]
    ]


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "–"
