"""What is done with a record: send it, hold it, correct what was sent, or nothing.

The law: an error holds the record; only automatic values leave without a person's word; a warning holds back the value
it is about; what waits for a person is named in the message, so that the registry knows it is preliminary.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence

import msgspec

from registries.codecs.content import WAITING, Registration
from registries.definition import Definition
from registries.identity import NumberKind, kind_of
from registries.record import Finding, Reason, RegistryRecord, RegistryValue, Severity, Tier, Value
from reporting.journal import Identity
from reporting.submission import Action, Known

_PERMITTED = {"development": NumberKind.SYNTHETIC, "production": NumberKind.REAL_FORM}


def check_identity(identities: Sequence[Identity], mode: str) -> tuple[Identity | None, tuple[Finding, ...]]:
    """The number a message may carry, or the finding that says why there is none.

    In development only synthetic numbers pass, in production only real ones: neither kind may stray into the other.
    The first kind of number that passes is taken; two numbers of that kind are one too many.
    """
    if not identities:
        return None, (_error("no_identity"),)
    permitted = [identity for identity in identities if _kind(identity) is _PERMITTED[mode]]
    if permitted:
        several = any(other.kind == permitted[0].kind for other in permitted[1:])
        return (None, (_error("identity_ambiguous"),)) if several else (permitted[0], ())
    invalid = all(_kind(identity) is NumberKind.INVALID for identity in identities)
    return None, (_error("identity_invalid" if invalid else "identity_not_allowed"),)


def registration(record: RegistryRecord, definition: Definition) -> Registration:
    """What may be said about a record now."""
    withheld = {finding.variable for finding in record.findings if finding.severity is not Severity.NOTE}
    values: dict[str, RegistryValue] = {}
    missing: dict[str, str] = {}
    for value in record.values:
        if value.value is not None and value.tier is Tier.AUTOMATIC and value.variable not in withheld:
            values[value.variable] = value.value
        else:
            missing[value.variable] = _why_missing(value)
    return Registration(
        case=record.case,
        release=record.release,
        start=record.start,
        complete=_complete(missing, definition),
        values=values,
        missing=missing,
    )


def action(record: RegistryRecord, content: str, known: Known | None) -> Action:
    """What to do, given what the registry was last sent about the case."""
    if any(finding.severity is Severity.ERROR for finding in record.findings):
        return Action.HOLD
    if known is None:
        return Action.SEND
    return Action.NOTHING if known.content == content else Action.CORRECT


def content_of(said: Registration, identity: Identity | None, key: bytes) -> str:
    """A keyed digest of what a message says: the same facts give the same, whatever release made them and whenever."""
    whom = [identity.kind, identity.number] if identity else []
    facts = [said.case, said.start, said.complete, dict(said.values), dict(said.missing), whom]
    return hmac.new(key, _ENCODER.encode(facts), hashlib.sha256).hexdigest()


def _kind(identity: Identity) -> NumberKind:
    # A common help number has no date to tell synthetic ones by: it is never taken for one.
    return NumberKind.REAL_FORM if identity.kind == "FHN" else kind_of(identity.number)


def _why_missing(value: Value) -> str:
    return WAITING if value.reason is None else str(value.reason)


def _complete(missing: Mapping[str, str], definition: Definition) -> bool:
    waits = {Reason.NOT_APPLICABLE.value}
    return all(reason in waits or not definition.variables[name].obligatory for name, reason in missing.items())


def _error(rule: str) -> Finding:
    return Finding(rule=rule, severity=Severity.ERROR)


_ENCODER = msgspec.json.Encoder(order="sorted")
