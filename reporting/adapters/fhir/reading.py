"""The two passes over FHIR files, and what is kept of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, Literal

from registries.chart import written_at
from registries.entry import Kind
from registries.identity import DNR, FNR
from registries.plan import Plan
from reporting.adapters.fhir import resources as fhir
from reporting.adapters.fhir.convert import CONVERT, patient_facts
from reporting.adapters.fhir.drafts import Asked, Draft, Kept
from reporting.adapters.fhir.files import BROKEN, Block, read
from reporting.adapters.fhir.keeping import Keeper
from reporting.adapters.fhir.selecting import Lookup, kinds_of
from reporting.adapters.fhir.statements import coded_questions
from reporting.adapters.fhir.values import BadTime, plain_reference, updated
from reporting.journal import Account, Charts, Identity, Problem

_SUBJECT: Final = re.compile(rb'"(?:subject|patient)"\s*:\s*\{[^{}]{0,500}?"reference"\s*:\s*"([^"\\]{1,200})"')
_FHN: Final = "urn:oid:2.16.578.1.12.4.1.4.3"
_NUMBERS: Final[dict[str, Literal["FNR", "DNR", "FHN"]]] = {FNR: "FNR", DNR: "DNR", _FHN: "FHN"}


class Reading:
    """One reading of some files for some plans."""

    def __init__(self, plans: Sequence[Plan]) -> None:
        self.account = Account()
        self.asked = [Asked(kinds_of(plan), plan.likeness.entries) for plan in plans]
        self.lookups = {kind: Lookup(plans, kind) for kind in Kind}
        self.drafts: dict[str, Draft] = {}
        self.medications: dict[str, fhir.CodeableConcept | None] = {}
        self.questions: dict[tuple[str, str], tuple[fhir.Coding, ...]] = {}
        asked = frozenset[Kind]().union(*(one.kinds for one in self.asked))
        #: The types that entries are made of, and those that index events are made of.
        self.wanted = {name for name, how in CONVERT.items() if how.kind in asked}
        events = {plan.definition.case.select for plan in plans}
        self.index = {name for name, how in CONVERT.items() if how.kind in events}
        self.keys = {"Medication"} | ({"Questionnaire"} if Kind.ANSWER in asked else set())
        #: The types that must be known before anything is kept.
        self.first = self.index | self.keys

    def ahead(self, path: Path) -> bool:
        """The first pass over a file; whether all of it could be read."""
        whole = True
        for block in read(path, self.first):
            self.first_pass(block)
            whole = whole and isinstance(block, Block)
        return whole

    def through(self, path: Path, known: bool, clean: bool) -> bool:
        """The second pass over a file, and the first if it is not `known` from one; False when it holds what had to be
        known before."""
        types = self.wanted | {"Patient"}
        for block in read(path, types, clean=known and clean):
            if not known:
                if isinstance(block, Block) and block.type in self.first:
                    return False
                self.first_pass(block)
            if isinstance(block, Block) and block.type in types:
                self.second_pass(block)
        return True

    def finished(self, account: Account) -> Iterator[Charts]:
        """The charts, by patient; each patient's are let go when they are given."""
        for patient in sorted(self.drafts):
            draft = self.drafts.pop(patient)
            charts = draft.charts(self.asked)
            account.used += sum(len(chart.entries) for chart in charts.charts if chart is not None)
            yield charts

    def first_pass(self, block: Block | Problem) -> None:
        """Learn which patients have an index code; account for everything there is."""
        account = self.account
        if isinstance(block, Problem):
            account.problems.append(block)
            return
        account.read += len(block)
        if block.type == "Patient":
            account.patients += len(block)
        elif block.type in self.index:
            self.candidates(block)
        elif block.type in self.keys:
            self.keep_keys(block)
        elif block.type not in self.wanted:
            account.passed[block.type] += len(block)
            for index, line in enumerate(block.lines):
                if not line.rstrip().endswith(b"}"):
                    self.problem(block, index, "the resource is cut off")

    def second_pass(self, block: Block) -> None:
        """Keep what belongs to those patients."""
        if block.type == "Patient":
            self.keep_patients(block)
            return
        quiet = block.type in self.index  # what is wrong was told in the first pass
        numbers, resources = self.decoded(block, quiet, lose=True)
        references = {resource.subject.reference for resource in resources}
        if "" in references and not quiet:
            self.tell_without_subject(block, numbers, resources)
        drafts = {text: draft for text in references if (draft := self.draft_of(block, text)) is not None}
        if drafts:
            keep = Keeper(self, block).keep
            for index, resource in zip(numbers, resources, strict=True):
                draft = drafts.get(resource.subject.reference)
                if draft is not None:
                    keep(draft, index, resource)

    def decoded(self, block: Block, quiet: bool = False, lose: bool = False) -> tuple[Sequence[int], Sequence[Any]]:
        """What a block holds, with the index of each, but for what cannot be decoded: that is told, or counted as
        lost."""
        if block.resources is not None:
            return range(len(block.resources)), block.resources
        decode, numbers, resources = fhir.DECODERS[block.type].decode, [], []
        for index, line in enumerate(block.lines):
            try:
                resources.append(decode(line))
                numbers.append(index)
            except BROKEN as error:
                if not quiet:
                    self.problem(block, index, _told(block.type, error))
                if lose:
                    self.lost(block, index, line)
        return numbers, resources

    def lost(self, block: Block, index: int, line: bytes) -> None:
        """What cannot be decoded may still say whose it is: then its absence proves nothing there."""
        found = _SUBJECT.search(line)
        draft = self.draft_of(block, found.group(1).decode("utf-8", "replace")) if found else None
        if draft is not None:
            draft.doubt(block.place(index), CONVERT[block.type].kind)

    def tell_without_subject(self, block: Block, numbers: Sequence[int], resources: Sequence[Any]) -> None:
        for index, resource in zip(numbers, resources, strict=True):
            if not resource.subject.reference:
                self.problem(block, index, "subject has no reference: whose entry this is cannot be told")

    def candidates(self, block: Block) -> None:
        """Take note of the patients who have an index code."""
        numbers, resources = self.decoded(block)
        self.tell_without_subject(block, numbers, resources)
        keeper = Keeper(self, block)
        for resource in resources:
            index = keeper.index_of(resource)
            if index and resource.subject.reference:
                patient = _patient_of(block, resource.subject.reference)
                self.drafts.setdefault(patient, Draft(patient)).index |= index

    def draft_of(self, block: Block, reference: str) -> Draft | None:
        return self.drafts.get(reference) or self.drafts.get(_patient_of(block, reference))

    def keep_keys(self, block: Block) -> None:
        """Keep what other resources refer to."""
        for index, resource in zip(*self.decoded(block), strict=True):
            if isinstance(resource, fhir.Questionnaire):
                self.questions.update(coded_questions(resource))
            elif source := self.source_of(block, index, resource):
                self.medications[source] = resource.code

    def keep_patients(self, block: Block) -> None:
        for index, resource in zip(*self.decoded(block), strict=True):
            source = self.source_of(block, index, resource)
            draft = self.drafts.get(source)
            if draft is not None:
                try:
                    self.keep_patient(draft, block, index, resource)
                except BadTime as error:
                    self.problem(block, index, str(error))

    def keep_patient(self, draft: Draft, block: Block, index: int, resource: fhir.Patient) -> None:
        written = updated(resource.meta)
        version, told = written_at(written), frozenset(_identities(resource))
        if version == draft.version:
            told |= draft.identities  # no version is the later: what they disagree on is for a person
        if version >= draft.version:
            draft.version, draft.identities = version, told
        draft.written(draft.patient, written)
        for kind, make in patient_facts(draft.patient, resource):
            draft.seen[kind] += 1
            try:
                entry = make()
            except BadTime as error:
                self.problem(block, index, str(error))
                draft.doubt(f"{draft.patient}#{kind}", kind)
                continue
            lookup = self.lookups[kind]
            draft.entries.append(Kept(entry, lookup.of_codes(entry.codes) if entry.codes else lookup.uncoded))

    def source_of(self, block: Block, index: int, resource: Any) -> str:
        """The resource as `Type/id`, or by its URL in a Bundle; "" when it has neither."""
        if resource.id:
            return f"{block.type}/{resource.id}"
        if block.urls and block.urls[index]:
            return block.links.get(block.urls[index], block.urls[index])
        self.problem(block, index, "the resource has no id: nothing can cite it")
        return ""

    def problem(self, block: Block, index: int, text: str) -> None:
        self.account.problems.append(Problem(block.place(index), text))


def _patient_of(block: Block, reference: str) -> str:
    return block.links.get(reference) or plain_reference(reference)


def _told(kind: str, error: Exception) -> str:
    """What the decoder says of bytes it cannot read; it repeats words of an enumeration, which may be anything here."""
    text = str(error)
    return f"{kind}: {'resourceType stands there twice' if 'enum value' in text else text}"


def _identities(resource: fhir.Patient) -> Iterator[Identity]:
    for identifier in resource.identifier:
        if identifier.system in _NUMBERS and identifier.value and identifier.use != "old":
            yield Identity(identifier.value, _NUMBERS[identifier.system])
