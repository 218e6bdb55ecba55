"""A small release of made-up content that has something for every feature of ECL; its concepts have names here.

`text` fills names into an expression: `<< @heart` is `<< ` and the identifier of heart.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from terminology.snomed import ids
from terminology.snomed.sctid import make

NAMESPACE: Final = 9990001
VERSION: Final = "20260415"
GB, US, NB = 900000000000508004, 900000000000509007, 61000202103
PRIMITIVE, DEFINED = 900000000000074008, 900000000000073002
ACCEPTABLE: Final = 900000000000549004
SAME_AS, REPLACED_BY, POSSIBLY, MOVED_FROM = (
    900000000000527005,
    900000000000526001,
    900000000000523009,
    900000000000525002,
)
LOINC: Final = 705114005

#: The hierarchy: each concept and its parents.
PARENTS: Final = {
    "root": "",
    "metadata": "root",
    "isa": "metadata",
    "attribute": "root",
    "site": "attribute",
    "shape": "attribute",
    "associated": "attribute",
    "due": "associated",
    "agent": "associated",
    "strength": "attribute",
    "name": "attribute",
    "benefit": "attribute",
    "ingredient": "attribute",
    "finding": "root",
    "heart": "finding",
    "infarct": "heart",
    "old_infarct": "infarct",
    "angina": "heart",
    "skin": "finding",
    "burn": "skin",
    "sunburn": "burn",
    "both": "infarct skin",
    "body": "root",
    "heart_part": "body",
    "valve": "heart_part",
    "skin_part": "body",
    "form": "root",
    "necrosis": "form",
    "ulcer": "form",
    "substance": "root",
    "aspirin": "substance",
    "codeine": "substance",
    "caffeine": "substance",
    "product": "root",
    "one": "product",
    "two": "product",
    "three": "product",
    "inert": "product",
    "refset": "metadata",
    "sick_list": "refset",
    "body_list": "refset",
    "code_map": "refset",
    "drawing": "refset",
    "same_as": "refset",
    "replaced_by": "refset",
    "possibly": "refset",
    "moved_from": "refset",
    "module_a": "metadata",
    "module_b": "metadata",
    "fsn": "metadata",
    "synonym": "metadata",
    "definition": "metadata",
    "loinc": "metadata",
    "gb": "refset",
    "us": "refset",
    "nb": "refset",
    "preferred": "metadata",
    "acceptable": "metadata",
    "primitive": "metadata",
    "defined": "metadata",
}
INACTIVE: Final = ("was_heart", "was_angina", "was_burn", "was_lost", "was_last")
REAL: Final = {
    "isa": ids.IS_A,
    "fsn": ids.FSN,
    "synonym": ids.SYNONYM,
    "definition": ids.DEFINITION,
    "same_as": SAME_AS,
    "replaced_by": REPLACED_BY,
    "possibly": POSSIBLY,
    "moved_from": MOVED_FROM,
    "loinc": LOINC,
    "gb": GB,
    "us": US,
    "nb": NB,
    "preferred": ids.PREFERRED,
    "acceptable": ACCEPTABLE,
    "primitive": PRIMITIVE,
    "defined": DEFINED,
    "was_last": int(make(99_999_999, "10", NAMESPACE)),  # the highest of all: what is found nowhere must not find it
}
NAMES: Final = {
    name: REAL.get(name) or int(make(100 + place, "10", NAMESPACE)) for place, name in enumerate([*PARENTS, *INACTIVE])
}
#: Attributes: concept, group, type, value (a concept, a number, a text or a truth value).
ATTRIBUTES: Final = (
    ("heart", 1, "site", "heart_part"),
    ("infarct", 1, "site", "heart_part"),
    ("infarct", 1, "shape", "necrosis"),
    ("old_infarct", 1, "site", "valve"),
    ("old_infarct", 1, "shape", "necrosis"),
    ("angina", 1, "site", "heart_part"),
    ("angina", 0, "due", "infarct"),
    ("burn", 1, "site", "skin_part"),
    ("burn", 1, "shape", "ulcer"),
    ("burn", 0, "agent", "aspirin"),
    ("sunburn", 1, "site", "skin_part"),
    ("both", 1, "site", "heart_part"),
    ("both", 1, "shape", "ulcer"),
    ("both", 2, "site", "skin_part"),
    ("both", 2, "shape", "necrosis"),
    ("both", 2, "site", "valve"),
    ("one", 1, "ingredient", "aspirin"),
    ("one", 1, "strength", "#250"),
    ("one", 0, "name", '"Alfa"'),
    ("one", 0, "benefit", "true"),
    ("two", 1, "ingredient", "aspirin"),
    ("two", 1, "strength", "#500.5"),
    ("two", 2, "ingredient", "codeine"),
    ("two", 2, "strength", "#250"),
    ("two", 0, "name", '"Alfa Beta"'),
    ("two", 0, "benefit", "false"),
    ("three", 1, "ingredient", "aspirin"),
    ("three", 2, "ingredient", "aspirin"),
    ("three", 3, "ingredient", "caffeine"),
)
#: Descriptions: concept, language, type, term, active, and where it is preferred (!) or acceptable.
DESCRIPTIONS: Final = (
    ("heart", "en", "synonym", "Heart disease", 1, "gb! us!"),
    ("heart", "nb", "synonym", "Hjertesykdom", 1, "nb!"),
    ("infarct", "en", "synonym", "Heart attack", 1, "gb! us"),
    ("infarct", "en", "synonym", "Infarction of heart", 1, "gb us!"),
    ("infarct", "nb", "synonym", "Hjerteinfarkt", 1, "nb!"),
    ("infarct", "nb", "synonym", "Åreforkalkning i hjertet", 1, "nb"),
    ("old_infarct", "en", "synonym", "Old attack", 1, "gb!"),
    ("old_infarct", "en", "synonym", "Heart trouble", 1, "us!"),
    ("old_infarct", "en", "synonym", "Attack of yore", 0, "gb"),
    ("angina", "en", "definition", "Pain that attacks the heart", 1, ""),
    ("burn", "en", "synonym", "Ångström's burn (100 %)", 1, "gb!"),
    ("burn", "nb", "synonym", "Ångstrøms forbrenning", 1, "nb!"),
    ("sunburn", "en", "synonym", "Ménière's * burn", 1, "us!"),
    ("was_heart", "en", "synonym", "Cardiopathy", 1, "gb!"),
)


def text(expression: str) -> str:
    """The expression with identifiers for names."""
    return re.sub(r"@(\w+)", lambda found: str(NAMES[found[1]]), expression)


def names_of(sctids: Iterable[int]) -> set[str]:
    """The names of concepts."""
    named = {sctid: name for name, sctid in NAMES.items()}
    return {named[sctid] for sctid in sctids}


def description_id(place: int) -> int:
    """The identifier of the description at this place of the table."""
    return int(make(1 + place, "11", NAMESPACE))


def write_rf2(folder: Path) -> Path:
    """Writes the release as RF2 files."""
    files = {
        "sct2_Concept_Snapshot": ("definitionStatusId", _concepts()),
        "sct2_Relationship_Snapshot": (
            "sourceId destinationId relationshipGroup typeId characteristicTypeId modifierId",
            _relationships(),
        ),
        "sct2_RelationshipConcreteValues_Snapshot": (
            "sourceId value relationshipGroup typeId characteristicTypeId modifierId",
            _concrete(),
        ),
        "sct2_Description_Snapshot-en": ("conceptId languageCode typeId term caseSignificanceId", _descriptions()),
        "sct2_Identifier_Snapshot": ("", _identifiers()),
        "der2_cRefset_LanguageSnapshot-en": (_MEMBER + " acceptabilityId", _language()),
        "der2_Refset_SimpleSnapshot": (_MEMBER, _simple()),
        "der2_cRefset_AssociationSnapshot": (_MEMBER + " targetComponentId", _associations()),
        "der2_iisssccRefset_ExtendedMapSnapshot": (
            _MEMBER + " mapGroup mapPriority mapRule mapAdvice mapTarget correlationId mapCategoryId",
            _map(),
        ),
        "der2_ssRefset_ModuleDependencySnapshot": (
            _MEMBER + " sourceEffectiveTime targetEffectiveTime",
            [_member("module_a", "root", VERSION, "20250101")],
        ),
    }
    for name, (columns, rows) in files.items():
        header = _IDENTIFIERS if "Identifier" in name else f"id effectiveTime active moduleId {columns}"
        lines = ["\t".join(map(str, line)) for line in (header.split(), *rows)]
        (folder / f"{name}_TEST_{VERSION}.txt").write_text("\r\n".join([*lines, ""]), encoding="utf-8")
    return folder


_MEMBER: Final = "refsetId referencedComponentId"
_IDENTIFIERS: Final = "alternateIdentifier effectiveTime active moduleId identifierSchemeId referencedComponentId"
Row = tuple[str | int, ...]


def _concepts() -> list[Row]:
    modules = {"burn": "module_b", "sunburn": "module_b"}
    times = {"burn": "20200131", "sunburn": "20210131", "was_burn": "20210131"}
    has_attributes = {row[0] for row in ATTRIBUTES}
    return [
        (
            sctid,
            times.get(name, VERSION),
            int(name not in INACTIVE),
            NAMES[modules.get(name, "module_a")],
            DEFINED if name in has_attributes else PRIMITIVE,
        )
        for name, sctid in NAMES.items()
    ]


def _relationships() -> list[Row]:
    is_a = [(name, 0, "isa", parent) for name, parents in PARENTS.items() for parent in parents.split()]
    attributes = [row for row in ATTRIBUTES if row[3] in NAMES]
    return [
        (*_relation(place), NAMES[source], NAMES[target], group, NAMES[kind], ids.INFERRED, 900000000000451002)
        for place, (source, group, kind, target) in enumerate([*is_a, *attributes])
    ]


def _concrete() -> list[Row]:
    concrete = [row for row in ATTRIBUTES if row[3] not in NAMES]
    return [
        (*_relation(5000 + place), NAMES[source], value, group, NAMES[kind], ids.INFERRED, 900000000000451002)
        for place, (source, group, kind, value) in enumerate(concrete)
    ]


def _relation(place: int) -> Row:
    return make(1 + place, "12", NAMESPACE), VERSION, 1, NAMES["module_a"]


def _descriptions() -> list[Row]:
    modules = {"nb": "module_b"}
    return [
        (
            description_id(place),
            "20210131" if language == "nb" else "" if concept == "sunburn" else VERSION,
            active,
            NAMES[modules.get(language, "module_a")],
            NAMES[concept],
            language,
            NAMES[kind],
            term,
            900000000000448009,
        )
        for place, (concept, language, kind, term, active, _) in enumerate(DESCRIPTIONS)
    ]


def _language() -> list[Row]:
    return [
        _member(refset.removesuffix("!"), description_id(place), ids.PREFERRED if refset.endswith("!") else ACCEPTABLE)
        for place, row in enumerate(DESCRIPTIONS)
        for refset in row[5].split()
    ]


def _simple() -> list[Row]:
    members = {"sick_list": ("infarct", "burn", "was_heart", "was_lost"), "body_list": ("valve",)}
    rows = [_member(refset, one) for refset, mine in members.items() for one in mine]
    return [*rows, _member("sick_list", "angina", active=0, time="20210131", module="module_b")]


def _associations() -> list[Row]:
    return [
        _member("same_as", "was_heart", NAMES["heart"]),
        _member("replaced_by", "was_burn", NAMES["burn"]),
        _member("possibly", "was_angina", NAMES["angina"]),
        _member("possibly", "was_angina", NAMES["infarct"]),
        _member("same_as", "was_lost", NAMES["skin"], active=0),
        _member("moved_from", "skin", NAMES["was_lost"]),
        _member("drawing", "heart_part", NAMES["valve"]),
        _member("possibly", "was_lost", description_id(0)),
        _member("drawing", description_id(0), NAMES["valve"]),
    ]


def _map() -> list[Row]:
    rows = [
        ("infarct", 1, 1, "I21.9"),
        ("infarct", 1, 2, "I21"),
        ("infarct", 2, 1, "Z95.1"),
        ("old_infarct", 1, 1, "I25.2"),
        ("burn", 1, 1, "I2.1"),
        ("angina", 1, 1, ""),
    ]
    return [
        _member("code_map", concept, group, priority, "TRUE", "ALWAYS", target, NAMES["defined"], NAMES["primitive"])
        for concept, group, priority, target in rows
    ]


def _identifiers() -> list[Row]:
    return [
        ("54486-6", VERSION, 1, NAMES["module_a"], LOINC, NAMES["infarct"]),
        ("1 2", VERSION, 1, NAMES["module_a"], LOINC, NAMES["burn"]),
        ("gone", VERSION, 0, NAMES["module_a"], LOINC, NAMES["burn"]),
    ]


def _member(
    refset: str,
    component: str | int,
    *own: str | int,
    active: int = 1,
    time: str = VERSION,
    module: str = "module_a",
) -> Row:
    named = uuid.uuid5(uuid.NAMESPACE_URL, f"{refset} {component} {own}")
    sctid = NAMES[component] if isinstance(component, str) else component
    return (str(named), time, active, NAMES[module], NAMES[refset], sctid, *own)
