"""The parts of FHIR R4 resources that registries ask about, as typed structs for msgspec.

A field of the wrong type is refused by the decoder with its path; fields that are not named here are passed over.
Source: HL7 FHIR R4 (4.0.1), resource definitions; no-basis-Patient (HL7 Norway).
"""

from __future__ import annotations

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


class Identifier(_Part, frozen=True):
    use: str = ""
    system: str = ""
    value: str = ""


class Resource(_Part, frozen=True, kw_only=True):
    """What every resource has."""

    id: str = ""
    meta: Meta | None = None


class Patient(Resource, frozen=True, kw_only=True, rename="camel"):
    identifier: tuple[Identifier, ...] = ()
    gender: str = ""
    deceased_boolean: bool = False
    deceased_date_time: str | None = None
    marital_status: CodeableConcept | None = None


class Encounter(Resource, frozen=True, kw_only=True):
    subject: Reference
    status: str = ""
    class_: Coding | None = msgspec.field(default=None, name="class")
    period: Period | None = None


class Condition(Resource, frozen=True, kw_only=True, rename="camel"):
    subject: Reference
    encounter: Reference | None = None
    clinical_status: CodeableConcept | None = None
    verification_status: CodeableConcept | None = None
    code: CodeableConcept | None = None
    onset_date_time: str | None = None
    onset_period: Period | None = None
    recorded_date: str | None = None


class Observation(Resource, frozen=True, kw_only=True, rename="camel"):
    subject: Reference
    encounter: Reference | None = None
    status: str = ""
    code: CodeableConcept | None = None
    effective_date_time: str | None = None
    effective_period: Period | None = None
    issued: str | None = None
    value_quantity: FhirQuantity | None = None
    value_integer: int | None = None
    value_codeable_concept: CodeableConcept | None = None


class Procedure(Resource, frozen=True, kw_only=True, rename="camel"):
    subject: Reference
    encounter: Reference | None = None
    status: str = ""
    code: CodeableConcept | None = None
    performed_date_time: str | None = None
    performed_period: Period | None = None
    body_site: tuple[CodeableConcept, ...] = ()


class MedicationStatement(Resource, frozen=True, kw_only=True, rename="camel"):
    subject: Reference
    context: Reference | None = None
    status: str = ""
    medication_codeable_concept: CodeableConcept | None = None
    medication_reference: Reference | None = None
    effective_date_time: str | None = None
    effective_period: Period | None = None
    date_asserted: str | None = None


class MedicationAdministration(Resource, frozen=True, kw_only=True, rename="camel"):
    subject: Reference
    context: Reference | None = None
    status: str = ""
    medication_codeable_concept: CodeableConcept | None = None
    medication_reference: Reference | None = None
    effective_date_time: str | None = None
    effective_period: Period | None = None


class Medication(Resource, frozen=True, kw_only=True):
    code: CodeableConcept | None = None


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


#: The types that give entries, by name; `Medication` only resolves references to it.
READ: dict[str, type[Resource]] = {
    cls.__name__: cls
    for cls in (
        Patient,
        Encounter,
        Condition,
        Observation,
        Procedure,
        MedicationStatement,
        MedicationAdministration,
        Medication,
    )
}

#: All resource types of FHIR R4 (4.0.1): others are an error, these are passed over when no definition asks for them.
R4_TYPES = frozenset(
    """
    Account ActivityDefinition AdverseEvent AllergyIntolerance Appointment AppointmentResponse AuditEvent Basic
    Binary BiologicallyDerivedProduct BodyStructure Bundle CapabilityStatement CarePlan CareTeam CatalogEntry
    ChargeItem ChargeItemDefinition Claim ClaimResponse ClinicalImpression CodeSystem Communication
    CommunicationRequest CompartmentDefinition Composition ConceptMap Condition Consent Contract Coverage
    CoverageEligibilityRequest CoverageEligibilityResponse DetectedIssue Device DeviceDefinition DeviceMetric
    DeviceRequest DeviceUseStatement DiagnosticReport DocumentManifest DocumentReference EffectEvidenceSynthesis
    Encounter Endpoint EnrollmentRequest EnrollmentResponse EpisodeOfCare EventDefinition Evidence
    EvidenceVariable ExampleScenario ExplanationOfBenefit FamilyMemberHistory Flag Goal GraphDefinition Group
    GuidanceResponse HealthcareService ImagingStudy Immunization ImmunizationEvaluation ImmunizationRecommendation
    ImplementationGuide InsurancePlan Invoice Library Linkage List Location Measure MeasureReport Media Medication
    MedicationAdministration MedicationDispense MedicationKnowledge MedicationRequest MedicationStatement
    MedicinalProduct MedicinalProductAuthorization MedicinalProductContraindication MedicinalProductIndication
    MedicinalProductIngredient MedicinalProductInteraction MedicinalProductManufactured MedicinalProductPackaged
    MedicinalProductPharmaceutical MedicinalProductUndesirableEffect MessageDefinition MessageHeader
    MolecularSequence NamingSystem NutritionOrder Observation ObservationDefinition OperationDefinition
    OperationOutcome Organization OrganizationAffiliation Parameters Patient PaymentNotice PaymentReconciliation
    Person PlanDefinition Practitioner PractitionerRole Procedure Provenance Questionnaire QuestionnaireResponse
    RelatedPerson RequestGroup ResearchDefinition ResearchElementDefinition ResearchStudy ResearchSubject
    RiskAssessment RiskEvidenceSynthesis Schedule SearchParameter ServiceRequest Slot Specimen SpecimenDefinition
    StructureDefinition StructureMap Subscription Substance SubstanceNucleicAcid SubstancePolymer SubstanceProtein
    SubstanceReferenceInformation SubstanceSourceMaterial SubstanceSpecification SupplyDelivery SupplyRequest Task
    TerminologyCapabilities TestReport TestScript ValueSet VerificationResult VisionPrescription
    """.split()  # noqa: SIM905 (a list of 148 words reads better as words)
)
