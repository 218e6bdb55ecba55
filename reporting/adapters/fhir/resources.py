"""The parts of FHIR R4 resources that registries ask about, as typed structs for msgspec.

A field of the wrong type is refused by the decoder with its path; fields that are not named here are passed over.
Source: HL7 FHIR R4 (4.0.1), resource definitions; no-basis-Patient (HL7 Norway).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal

import msgspec


class _Part(msgspec.Struct, frozen=True, gc=False):
    pass


class Coding(_Part, frozen=True):
    """`display` is left out on purpose: text never decides."""

    system: str = ""
    code: str = ""


class CodeableConcept(_Part, frozen=True):
    coding: tuple[Coding, ...] = ()


class Reference(_Part, frozen=True):
    reference: str = ""


class Period(_Part, frozen=True):
    start: str | None = None
    end: str | None = None


class Meta(_Part, frozen=True):
    lastUpdated: str = ""  # noqa: N815 (FHIR's name)


class FhirQuantity(_Part, frozen=True):
    """`value` is a float because msgspec takes a text for a Decimal, "NaN" included; FHIR's decimal is a number."""

    value: float | None = None
    comparator: str = ""
    unit: str = ""
    code: str = ""


class Range(_Part, frozen=True):
    low: FhirQuantity | None = None
    high: FhirQuantity | None = None


class Identifier(_Part, frozen=True):
    use: str = ""
    system: str = ""
    value: str = ""


class Organisation(Reference, frozen=True):
    """A reference to an organisation: literal, or by its number (RESH, organisasjonsnummer)."""

    identifier: Identifier | None = None


class Resource(_Part, frozen=True, kw_only=True):
    """What every resource has. Each type also has its own name, so that a line of another type is not taken for it."""

    id: str = ""
    meta: Meta | None = None


class Patient(Resource, frozen=True, kw_only=True, rename="camel"):
    resource_type: Literal["Patient"]
    identifier: tuple[Identifier, ...] = ()
    gender: str = ""
    birth_date: str | None = None
    deceased_boolean: bool = False
    deceased_date_time: str | None = None
    marital_status: CodeableConcept | None = None


class Hospitalization(_Part, frozen=True, rename="camel"):
    admit_source: CodeableConcept | None = None
    discharge_disposition: CodeableConcept | None = None


class Named(_Part, frozen=True):
    """A diagnosis or procedure that a stay names as its own."""

    condition: Reference = Reference()
    rank: int = 0


class Encounter(Resource, frozen=True, kw_only=True, rename="camel"):
    resource_type: Literal["Encounter"]
    subject: Reference
    status: str = ""
    class_: Coding | None = msgspec.field(default=None, name="class")
    type: tuple[CodeableConcept, ...] = ()
    service_type: CodeableConcept | None = None
    priority: CodeableConcept | None = None
    period: Period | None = None
    hospitalization: Hospitalization | None = None
    service_provider: Organisation | None = None
    diagnosis: tuple[Named, ...] = ()


class Condition(Resource, frozen=True, kw_only=True, rename="camel"):
    resource_type: Literal["Condition"]
    subject: Reference
    encounter: Reference | None = None
    verification_status: CodeableConcept | None = None
    code: CodeableConcept | None = None
    onset_date_time: str | None = None
    onset_period: Period | None = None
    recorded_date: str | None = None


class Component(_Part, frozen=True, rename="camel"):
    """What is measured, and what was found: an observation's own, or one of its components."""

    code: CodeableConcept | None = None
    value_quantity: FhirQuantity | None = None
    value_integer: int | None = None
    value_range: Range | None = None
    value_codeable_concept: CodeableConcept | None = None
    value_boolean: bool | None = None
    value_date_time: str | None = None
    data_absent_reason: CodeableConcept | None = None


class Observation(Component, frozen=True, kw_only=True, rename="camel"):
    resource_type: Literal["Observation"]
    id: str = ""
    meta: Meta | None = None
    subject: Reference
    encounter: Reference | None = None
    status: str = ""
    effective_date_time: str | None = None
    effective_period: Period | None = None
    issued: str | None = None
    component: tuple[Component, ...] = ()


class Procedure(Resource, frozen=True, kw_only=True, rename="camel"):
    resource_type: Literal["Procedure"]
    subject: Reference
    encounter: Reference | None = None
    status: str = ""
    code: CodeableConcept | None = None
    performed_date_time: str | None = None
    performed_period: Period | None = None
    body_site: tuple[CodeableConcept, ...] = ()


class Contained(_Part, frozen=True, rename="camel"):
    """A resource inside another, of which only a medicine's code is read."""

    resource_type: str = ""
    id: str = ""
    code: Any = None


class MedicationStatement(Resource, frozen=True, kw_only=True, rename="camel"):
    resource_type: Literal["MedicationStatement"]
    subject: Reference
    context: Reference | None = None
    status: str = ""
    medication_codeable_concept: CodeableConcept | None = None
    medication_reference: Reference | None = None
    contained: tuple[Contained, ...] = ()
    effective_date_time: str | None = None
    effective_period: Period | None = None
    date_asserted: str | None = None


class MedicationAdministration(Resource, frozen=True, kw_only=True, rename="camel"):
    resource_type: Literal["MedicationAdministration"]
    subject: Reference
    context: Reference | None = None
    status: str = ""
    medication_codeable_concept: CodeableConcept | None = None
    medication_reference: Reference | None = None
    contained: tuple[Contained, ...] = ()
    effective_date_time: str | None = None
    effective_period: Period | None = None


class DispenseRequest(_Part, frozen=True, rename="camel"):
    validity_period: Period | None = None


class MedicationRequest(Resource, frozen=True, kw_only=True, rename="camel"):
    resource_type: Literal["MedicationRequest"]
    subject: Reference
    encounter: Reference | None = None
    status: str = ""
    intent: str = ""
    do_not_perform: bool = False
    medication_codeable_concept: CodeableConcept | None = None
    medication_reference: Reference | None = None
    contained: tuple[Contained, ...] = ()
    authored_on: str | None = None
    dispense_request: DispenseRequest | None = None


class MedicationDispense(Resource, frozen=True, kw_only=True, rename="camel"):
    resource_type: Literal["MedicationDispense"]
    subject: Reference = Reference()
    context: Reference | None = None
    status: str = ""
    medication_codeable_concept: CodeableConcept | None = None
    medication_reference: Reference | None = None
    contained: tuple[Contained, ...] = ()
    when_handed_over: str | None = None
    days_supply: FhirQuantity | None = None


class Medication(Resource, frozen=True, kw_only=True, rename="camel"):
    resource_type: Literal["Medication"]
    code: CodeableConcept | None = None


class Extension(_Part, frozen=True, rename="camel"):
    url: str = ""
    value_decimal: float | None = None


class ScoredCoding(Coding, frozen=True):
    """An option that was chosen; the extension `ordinalValue` gives its points."""

    extension: tuple[Extension, ...] = ()


class Answer(_Part, frozen=True, rename="camel"):
    value_boolean: bool | None = None
    value_decimal: float | None = None
    value_integer: int | None = None
    value_date: str | None = None
    value_date_time: str | None = None
    value_coding: ScoredCoding | None = None
    value_quantity: FhirQuantity | None = None
    item: tuple[ResponseItem, ...] = ()


class ResponseItem(_Part, frozen=True, rename="camel"):
    link_id: str = ""
    answer: tuple[Answer, ...] = ()
    item: tuple[ResponseItem, ...] = ()


class QuestionnaireResponse(Resource, frozen=True, kw_only=True, rename="camel"):
    resource_type: Literal["QuestionnaireResponse"]
    questionnaire: str = ""
    status: str = ""
    subject: Reference = Reference()
    encounter: Reference | None = None
    authored: str | None = None
    item: tuple[ResponseItem, ...] = ()


class Question(_Part, frozen=True, rename="camel"):
    link_id: str = ""
    code: tuple[Coding, ...] = ()
    item: tuple[Question, ...] = ()


class Questionnaire(Resource, frozen=True, kw_only=True, rename="camel"):
    resource_type: Literal["Questionnaire"]
    url: str = ""
    item: tuple[Question, ...] = ()


class DocumentContext(_Part, frozen=True):
    encounter: tuple[Reference, ...] = ()


class DocumentReference(Resource, frozen=True, kw_only=True, rename="camel"):
    resource_type: Literal["DocumentReference"]
    subject: Reference = Reference()
    status: str = ""
    doc_status: str = ""
    type: CodeableConcept | None = None
    date: str | None = None
    context: DocumentContext | None = None


class Composition(Resource, frozen=True, kw_only=True, rename="camel"):
    resource_type: Literal["Composition"]
    subject: Reference = Reference()
    encounter: Reference | None = None
    status: str = ""
    type: CodeableConcept | None = None
    date: str | None = None


class FamilyCondition(_Part, frozen=True):
    code: CodeableConcept | None = None


class FamilyMemberHistory(Resource, frozen=True, kw_only=True, rename="camel"):
    resource_type: Literal["FamilyMemberHistory"]
    subject: Reference = msgspec.field(name="patient")
    status: str = ""
    date: str | None = None
    relationship: CodeableConcept | None = None
    condition: tuple[FamilyCondition, ...] = ()


class BundleEntry(msgspec.Struct, frozen=True, rename="camel"):
    full_url: str = ""
    resource: msgspec.Raw = msgspec.Raw(b"")


class Bundle(msgspec.Struct, frozen=True):
    type: str = ""
    entry: tuple[BundleEntry, ...] = ()


class Typed(msgspec.Struct, frozen=True, rename="camel"):
    """Any resource, for its type and id alone."""

    resource_type: str
    id: str = ""


#: The types that give entries, by name; `Medication` and `Questionnaire` only resolve references to them.
READ: Final[Mapping[str, type[msgspec.Struct]]] = {
    cls.__name__: cls
    for cls in (
        Patient,
        Encounter,
        Condition,
        Observation,
        Procedure,
        MedicationStatement,
        MedicationAdministration,
        MedicationRequest,
        MedicationDispense,
        Medication,
        QuestionnaireResponse,
        Questionnaire,
        DocumentReference,
        Composition,
        FamilyMemberHistory,
    )
}
DECODERS: Final[Mapping[str, msgspec.json.Decoder[Any]]] = {
    name: msgspec.json.Decoder(cls) for name, cls in READ.items()
}
