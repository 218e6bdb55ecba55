"""What FHIR R4 calls the things of a codebook: types, extensions, and where each stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from registries.codebooks import AnswerKind, ChoiceKind, FieldType

UCUM: Final = "http://unitsofmeasure.org"
CORE: Final = "http://hl7.org/fhir/StructureDefinition/"
UNIT: Final = f"{CORE}questionnaire-unit"
UNIT_OPTION: Final = f"{CORE}questionnaire-unitOption"
HIDDEN: Final = f"{CORE}questionnaire-hidden"
ITEM_CONTROL: Final = f"{CORE}questionnaire-itemControl"
ITEM_CONTROLS: Final = "http://hl7.org/fhir/questionnaire-item-control"
MIN_VALUE: Final = f"{CORE}minValue"
MAX_VALUE: Final = f"{CORE}maxValue"
DECIMAL_PLACES: Final = f"{CORE}maxDecimalPlaces"
DESIGN_NOTE: Final = f"{CORE}designNote"
#: What FHIR has no place for, in an extension of the product's own: one per field, one per value.
FIELD: Final = "https://registerbro.example/fhir/StructureDefinition/codebook-field"
CHOICE: Final = "https://registerbro.example/fhir/StructureDefinition/codebook-value"

#: The item type of each field type. The types of OpenQReg that FHIR lacks say in FIELD what they are.
ITEM_TYPES: Final[Mapping[FieldType, str]] = {
    **{"choice": "choice", "open-choice": "open-choice", "boolean": "boolean", "integer": "integer"},
    **{"decimal": "decimal", "quantity": "quantity", "date": "date", "datetime": "dateTime", "time": "time"},
    **{"string": "string", "text": "text", "url": "url", "attachment": "attachment", "reference": "reference"},
    **{"group": "group", "display": "display", "status": "integer", "hidden": "string", "dynamic": "string"},
}
FIELD_TYPES: Final[Mapping[str, FieldType]] = {
    name: kind for kind, name in ITEM_TYPES.items() if kind not in ("status", "hidden", "dynamic")
}
#: Item types that may have `maxLength` (invariant que-10).
WITH_LENGTH: Final = ("boolean", "decimal", "integer", "string", "text", "url")
CHOICE_VALUES: Final[Mapping[ChoiceKind, str]] = {
    **{"coding": "valueCoding", "string": "valueString", "integer": "valueInteger"},
    **{"date": "valueDate", "time": "valueTime"},
}
ANSWERS: Final[Mapping[AnswerKind, str]] = {
    **{"coding": "answerCoding", "string": "answerString", "integer": "answerInteger"},
    **{"decimal": "answerDecimal", "date": "answerDate", "time": "answerTime"},
    **{"datetime": "answerDateTime", "boolean": "answerBoolean"},
}
