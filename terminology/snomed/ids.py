"""The SNOMED CT identifiers that the reader itself must know: metadata of the core model component."""

from __future__ import annotations

from typing import Final

IS_A: Final = 116680003

CORE_MODULE: Final = 900000000000207008
MODEL_MODULE: Final = 900000000000012004

FSN: Final = 900000000000003001
SYNONYM: Final = 900000000000013009
DEFINITION: Final = 900000000000550004
DESCRIPTION_TYPES: Final = {FSN: "fsn", SYNONYM: "synonym", DEFINITION: "definition"}

INFERRED: Final = 900000000000011006
PREFERRED: Final = 900000000000548007

#: Language reference sets by the tag people use; the first one that has a preferred term decides.
LANGUAGES: Final = {
    "nb": (61000202103,),
    "nn": (91000202106,),
    "en": (900000000000509007, 900000000000508004),
    "en-US": (900000000000509007,),
    "en-GB": (900000000000508004,),
}

#: The reference set that says why concepts were inactivated, and the concept above all historical associations.
INACTIVATION_REASON: Final = 900000000000489007
HISTORICAL: Final = 900000000000522004

#: Historical association reference sets (RF2 specification 5.2.5: association reference set).
ASSOCIATIONS: Final = {
    900000000000523009: "POSSIBLY_EQUIVALENT_TO",
    900000000000524003: "MOVED_TO",
    900000000000525002: "MOVED_FROM",
    900000000000526001: "REPLACED_BY",
    900000000000527005: "SAME_AS",
    900000000000528000: "WAS_A",
    900000000000529008: "SIMILAR_TO",
    900000000000530003: "ALTERNATIVE",
    900000000000531004: "REFERS_TO",
    1186921001: "POSSIBLY_REPLACED_BY",
    1186924009: "PARTIALLY_EQUIVALENT_TO",
}
