"""Keeping what a patient's plans ask for: one resource at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

from msgspec import ValidationError, convert
from msgspec.structs import replace

from registries.entry import Standing
from reporting.adapters.fhir import resources as fhir
from reporting.adapters.fhir.convert import CONVERT
from reporting.adapters.fhir.drafts import Draft, Kept
from reporting.adapters.fhir.files import Block
from reporting.adapters.fhir.statements import Questions, Statement, answers, components, relatives
from reporting.adapters.fhir.values import BadTime, plain_reference

if TYPE_CHECKING:
    from reporting.adapters.fhir.reading import Reading


class Keeper:
    """Keeps the resources of one block: what is the same for all of them is looked up once."""

    def __init__(self, reading: Reading, block: Block) -> None:
        self.reading = reading
        self.block = block
        self.kind, self.entry = CONVERT[block.type]
        self.look_up = reading.lookups[self.kind].look_up
        self.about = None if block.type in _ONLY_PARTS else _ABOUT.get(block.type, self.medication)
        self.parts = _PARTS.get(block.type)

    def index_of(self, resource: Any) -> int:
        """The plans, as bits, for which a resource may be an index event."""
        return self.look_up(self.about(resource)).events if self.about else 0

    def keep(self, draft: Draft, index: int, resource: Any) -> None:
        """Keep what a resource states, as far as one of the patient's plans asks for it."""
        source = self.reading.source_of(self.block, index, resource)
        if not source:
            draft.seen[self.kind] += 1
            draft.doubt(self.block.place(index), self.kind)
            return
        if resource.meta is not None:
            # Also when it says nothing now: it may be a later version of something that did.
            draft.written(source, resource.meta.lastUpdated)
        if self.block.type == "Encounter" and resource.diagnosis:
            links = self.block.links
            named = ((one.condition.reference, one.rank) for one in resource.diagnosis)
            draft.named[source] = [(links.get(text) or plain_reference(text), rank) for text, rank in named if text]
        if self.about is not None:
            self.keep_one(draft, index, source, resource, resource, self.about(resource))
        if self.parts is not None:
            for mark, concept, part in self.parts(resource, self.reading.questions):
                self.keep_one(draft, index, source + mark, resource, part, concept)

    def keep_one(
        self, draft: Draft, index: int, source: str, resource: Any, part: Any, concept: fhir.CodeableConcept | None
    ) -> None:
        draft.seen[self.kind] += 1
        told = self.look_up(concept)
        kept = told.kept & draft.index
        if not kept:
            return
        chosen = told.selectors[(kept & -kept).bit_length() - 1]  # of the first of the plans
        try:
            entry = self.entry(source, draft.patient, resource, part, told.codes, chosen)
        except BadTime as error:
            self.reading.problem(self.block, index, str(error))
            draft.doubt(source, self.kind, kept)  # it may be just what a rule looks for: its absence proves nothing
            return
        if told.unreadable and entry.standing is Standing.COUNTS:
            draft.doubt(source, self.kind, told.unreadable)
        if entry.stay and entry.stay in self.block.links:
            entry = replace(entry, stay=self.block.links[entry.stay])
        draft.entries.append(Kept(entry, told))

    def medication(self, resource: Any) -> fhir.CodeableConcept | None:
        """The medicine, in the resource itself or the one that it refers to."""
        concept: fhir.CodeableConcept | None = resource.medication_codeable_concept
        if concept is not None or resource.medication_reference is None:
            return concept
        reference = resource.medication_reference.reference
        if reference.startswith("#"):
            return contained_medicine(resource, reference)
        return self.reading.medications.get(self.block.links.get(reference) or plain_reference(reference))


def contained_medicine(resource: Any, reference: str) -> fhir.CodeableConcept | None:
    """The code of a medicine that stands inside the resource (R4 2.36.2); None when none of that id can be read."""
    codes = [one.code for one in resource.contained if one.id == reference[1:] and one.resource_type == "Medication"]
    try:
        return convert(codes[0], fhir.CodeableConcept) if codes and codes[0] is not None else None
    except ValidationError:
        return None


def _kind_of_stay(r: fhir.Encounter) -> fhir.CodeableConcept | None:
    codings = tuple(coding for concept in (*r.type, r.service_type) if concept for coding in concept.coding)
    return fhir.CodeableConcept(codings) if codings else None


#: What resources are about that are about one thing; the other types are about a medicine.
_ABOUT: Final[Mapping[str, Callable[[Any], fhir.CodeableConcept | None]]] = {
    "Encounter": _kind_of_stay,
    "Condition": attrgetter("code"),
    "Observation": attrgetter("code"),
    "Procedure": attrgetter("code"),
    "DocumentReference": attrgetter("type"),
    "Composition": attrgetter("type"),
}
#: The statements inside resources, and the types that state nothing else.
_PARTS: Final[Mapping[str, Callable[[Any, Questions], Sequence[Statement]]]] = {
    "Observation": components,
    "QuestionnaireResponse": answers,
    "FamilyMemberHistory": relatives,
}
_ONLY_PARTS: Final = ("QuestionnaireResponse", "FamilyMemberHistory")
