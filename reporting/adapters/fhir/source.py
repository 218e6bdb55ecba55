"""A journal in FHIR files, read in two passes so that memory follows the cases, not the hospital.

The first pass reads only the type that index events are made of and learns which patients to look at; the second reads
everything a definition asks about and keeps what belongs to them. Every resource that is asked about is decoded and so
checked, whoever it belongs to.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import msgspec

from registries.chart import Chart, chart_of
from registries.entry import JournalEntry, Kind, Standing
from registries.identity import DNR, FNR
from registries.plan import Plan
from reporting.adapters.fhir import resources as fhir
from reporting.adapters.fhir.convert import CONVERT, BadTime, Codes, codes_of, patient_entries, plain_reference, updated
from reporting.adapters.fhir.files import BROKEN, Found, files_of, read
from reporting.journal import Account, Identity, Problem

_DECODERS = {name: msgspec.json.Decoder(cls) for name, cls in fhir.READ.items()}
_TYPE_OF = {kind: name for name, (kind, _) in CONVERT.items()}
_FHN = "urn:oid:2.16.578.1.12.4.1.4.3"
_NUMBERS: dict[str, Literal["FNR", "DNR", "FHN"]] = {FNR: "FNR", DNR: "DNR", _FHN: "FHN"}
_SUBJECT = b'"subject":{"reference":"'


@dataclass(slots=True)
class _Draft:
    """A chart being filled."""

    entries: list[JournalEntry] = field(default_factory=list)
    seen: Counter[Kind] = field(default_factory=Counter)
    unreadable: Counter[Kind] = field(default_factory=Counter)
    identities: frozenset[Identity] = frozenset()
    version: str = ""  # of the patient resource that gave the identities


class FhirFiles:
    """NDJSON files, Bundles and folders of them. Implements `reporting.journal.JournalSource`."""

    def __init__(self, *sources: Path) -> None:
        self.sources = sources

    def charts(self, plan: Plan, account: Account) -> Iterator[tuple[Chart, tuple[Identity, ...]]]:
        """See the port. What cannot be read goes to the account's problems."""
        files, missing = files_of(self.sources)
        account.problems += missing
        reading = _Reading(plan, account)
        for path in files:
            reading.first_pass(path)
        for path in files:  # also when nobody has a case: what cannot be read is told all the same
            reading.second_pass(path)
        yield from reading.finished()


class _Reading:
    def __init__(self, plan: Plan, account: Account) -> None:
        self.plan = plan
        self.account = account
        self.index_type = _TYPE_OF[plan.definition.case.select]
        self.drafts: dict[str, _Draft] = {}
        self.medications: dict[str, Codes] = {}
        kinds = {selector.kind for selector in plan.selectors} | {Kind.STAY}
        self.wanted = {_TYPE_OF[kind] for kind in kinds if kind in _TYPE_OF} | {"Patient"}

    def first_pass(self, path: Path) -> None:
        """Learn which patients have an index code; account for everything the file holds."""
        account = self.account
        read_before = Counter[str]()
        for found in read(path):
            if isinstance(found, Problem):
                account.problems.append(found)
                continue
            read_before[found.type] += 1
            if found.type == self.index_type:
                self.candidate(found)
            elif found.type == "Medication":
                self.medication(found)
            elif found.type not in self.wanted and not found.data.rstrip().endswith(b"}"):
                account.problems.append(Problem(found.place, "the resource is cut off"))
        for kind, count in read_before.items():
            account.read += count
            if kind not in self.wanted and kind != "Medication":
                account.passed[f"type.{kind}"] += count
        account.patients += read_before["Patient"]

    def second_pass(self, path: Path) -> None:
        """Keep what belongs to those patients."""
        wanted, index_type, drafts = self.wanted, self.index_type, self.drafts
        for found in read(path):
            if isinstance(found, Problem) or found.type not in wanted:
                continue
            if found.type == index_type and _belongs_to_none(found, drafts):
                continue  # decoded and checked in the first pass
            resource = self.decode(found, again=found.type == index_type)
            if resource is None:
                continue
            try:
                self.keep(found, resource)
            except BadTime as error:
                self.problem(found, str(error))

    def finished(self) -> Iterator[tuple[Chart, tuple[Identity, ...]]]:
        for patient in sorted(self.drafts):
            draft = self.drafts.pop(patient)
            chart = chart_of(patient, draft.entries, draft.seen, draft.unreadable)
            self.account.used += len(chart.entries)
            yield chart, tuple(sorted(draft.identities, key=_preferred))

    def candidate(self, found: Found) -> None:
        resource = self.decode(found)
        if resource is None:
            return
        patient = self.patient_of(found, resource)
        kind, _ = CONVERT[found.type]
        if patient and self.plan.index in self.plan.select(kind, self.codes_of(found, resource)):
            self.drafts.setdefault(patient, _Draft())

    def medication(self, found: Found) -> None:
        resource = self.decode(found)
        source = None if resource is None else self.source_of(found, resource)
        if resource is not None and source is not None:
            self.medications[source] = self.codes_of(found, resource)

    def keep(self, found: Found, resource: fhir.Resource) -> None:
        if isinstance(resource, fhir.Patient):
            self.keep_patient(found, resource)
            return
        patient = self.patient_of(found, resource)
        draft = self.drafts.get(patient or "")
        if draft is None or patient is None:
            return
        kind, _ = CONVERT[found.type]
        source = self.source_of(found, resource)
        draft.seen[kind] += 1
        if source is None:
            draft.unreadable[kind] += 1
            return
        try:
            self.keep_entry(found, resource, draft, source, patient)
        except BadTime:
            draft.unreadable[kind] += 1  # it may be just what a rule looks for: its absence proves nothing
            raise

    def keep_entry(self, found: Found, resource: fhir.Resource, draft: _Draft, source: str, patient: str) -> None:
        kind, convert = CONVERT[found.type]
        codes = self.codes_of(found, resource)
        selectors = self.plan.select(kind, codes)
        if selectors or kind is Kind.STAY:
            entry = convert(source, patient, resource, codes)
            draft.entries.append(self.linked(found, entry, selectors))
        elif not self.plan.readable(codes):
            entry = convert(source, patient, resource, codes)
            draft.unreadable[kind] += entry.standing is Standing.COUNTS
            draft.entries.append(entry)
        elif resource.meta is not None and resource.meta.lastUpdated:
            # It says nothing now, but it may be a later version of something that did.
            draft.entries.append(JournalEntry(source=source, kind=kind, patient=patient, updated=updated(resource)))

    def keep_patient(self, found: Found, resource: fhir.Patient) -> None:
        source = self.source_of(found, resource)
        draft = self.drafts.get(source or "")
        if draft is None or source is None:
            return
        version, told = updated(resource), frozenset(_identities(resource))
        if version == draft.version:
            told |= draft.identities  # no version is the later: what they disagree on is for a person
        if version >= draft.version:
            draft.version, draft.identities = version, told
        for entry in patient_entries(source, resource):
            draft.seen[entry.kind] += 1
            draft.entries.append(self.linked(found, entry, self.plan.select(entry.kind, entry.codes)))

    def linked(self, found: Found, entry: JournalEntry, selectors: tuple[int, ...]) -> JournalEntry:
        stay = found.links.get(entry.stay, entry.stay) if found.links and entry.stay else entry.stay
        return msgspec.structs.replace(entry, selectors=selectors, stay=stay)

    def codes_of(self, found: Found, resource: fhir.Resource) -> Codes:
        if isinstance(resource, fhir.MedicationStatement | fhir.MedicationAdministration):
            if resource.medication_codeable_concept is not None or resource.medication_reference is None:
                return codes_of(resource.medication_codeable_concept)
            reference = resource.medication_reference.reference
            known = (found.links or {}).get(reference) or plain_reference(reference)
            return self.medications.get(known, ())
        return codes_of(getattr(resource, "code", None))

    def patient_of(self, found: Found, resource: fhir.Resource) -> str | None:
        reference: str = getattr(resource, "subject").reference  # noqa: B009 (every type but Patient has it)
        if not reference:
            self.problem(found, "subject has no reference: whose entry this is cannot be told")
            return None
        if found.links and reference in found.links:
            return found.links[reference]
        return plain_reference(reference)

    def source_of(self, found: Found, resource: fhir.Resource) -> str | None:
        if resource.id:
            return f"{found.type}/{resource.id}"
        if found.url:
            return (found.links or {}).get(found.url, found.url)
        self.problem(found, "the resource has no id: nothing can cite it")
        return None

    def decode(self, found: Found, again: bool = False) -> fhir.Resource | None:
        try:
            return _DECODERS[found.type].decode(found.data)
        except BROKEN as error:
            if not again:
                self.problem(found, f"{found.type}: {error}")
            return None

    def problem(self, found: Found, text: str) -> None:
        self.account.problems.append(Problem(found.place, text))


def _identities(resource: fhir.Patient) -> Iterator[Identity]:
    for identifier in resource.identifier:
        if identifier.system in _NUMBERS and identifier.value and identifier.use != "old":
            yield Identity(identifier.value, _NUMBERS[identifier.system])


def _preferred(identity: Identity) -> tuple[int, str]:
    return (list(_NUMBERS.values()).index(identity.kind), identity.number)


def _belongs_to_none(found: Found, drafts: dict[str, _Draft]) -> bool:
    """Whether the bytes already tell that the resource is somebody else's; False when they do not tell."""
    data = found.data
    start = data.find(_SUBJECT)
    if start < 0 or found.links or data.count(b'"subject"') > 1:  # a contained resource has a subject of its own
        return False
    start += len(_SUBJECT)
    reference = data[start : data.find(b'"', start)]
    return b"\\" not in reference and plain_reference(reference.decode("utf-8", "replace")) not in drafts
