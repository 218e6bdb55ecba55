"""What expressions about the small release and about drawn releases are made of."""

from __future__ import annotations

from ecl_over_release import Vocabulary
from rf2_strategies import (
    ASSOCIATIONS,
    ATTRIBUTES,
    CODES,
    CONTENT,
    DATA_ATTRIBUTES,
    DEFINED,
    DEFINITION,
    EXTENDED_MAP,
    FSN,
    LANGUAGE_REFSETS,
    LANGUAGES,
    METADATA,
    MODULES,
    PRIMITIVE,
    ROOT,
    SIMPLE_MAP,
    SIMPLE_REFSETS,
    SYNONYM,
    TEXTS,
    TIMES,
    WORDS,
)
from small_release import FIELDS, IDS, TERMS

from fixtures.snomed.make_release import sctid_of

UNKNOWN = (int(sctid_of(9999, "10")), int(sctid_of(9998, "10")))
MAP_FIELDS = tuple(FIELDS["der2_iisssccRefset_ExtendedMap"])


def _ids(*names: str) -> tuple[int, ...]:
    return tuple(IDS[name] for name in names)


#: The small release that the table of answers is about.
SMALL = Vocabulary(
    concepts=tuple(sctid for name, sctid in IDS.items() if sctid > 10**12 or name in ("root", "finding", "disease")),
    attributes=_ids("site", "morph", "cause", "due", "ingredient", "strength", "label", "subsidised", "attribute"),
    refsets={
        **dict.fromkeys(_ids("problems", "other", "wordlist", "simple"), ()),
        **dict.fromkeys(_ids("same_as", "replaced_by", "was_a", "possibly", "partner"), ("targetComponentId",)),
        **{IDS["codes"]: ("mapTarget",), IDS["rules"]: MAP_FIELDS, IDS["odd"]: tuple(FIELDS["der2_cissRefset_Odd"])},
    },
    language_refsets=_ids("en_us", "en_gb", "nb_no", "language"),
    dialects=("en-us", "en-gb", "nb-no"),
    languages=("en", "nb", "sv"),
    words=(*sorted({word for term in TERMS for word in term.split()}), "sjogren", "rå", "ra"),
    texts=("PILL", "Pill forte", "a*b", "I51.8", "I38", "J00 common cold", "TRUE", "20200131"),
    numbers=("5", "2.5", "10", "-1", "5.0", "0"),
    times=(20190131, 20190731, 20200131, 20200731, 20210131, 20210731),
    modules=_ids("core", "ext", "module"),
    types=_ids("fsn", "syn", "def", "type"),
    statuses=_ids("primitive", "defined"),
    descriptions=(*TERMS.values(), int(sctid_of(9999, "11"))),
    unknown=UNKNOWN,
)
#: The releases that `rf2_strategies` draws.
DRAWN = Vocabulary(
    concepts=CONTENT * 4 + (ROOT, *(sctid for sctid, _ in METADATA)),
    attributes=ATTRIBUTES * 3 + DATA_ATTRIBUTES * 2 + (410662002, 116680003),
    refsets={
        **dict.fromkeys(SIMPLE_REFSETS, ()),
        **dict.fromkeys(ASSOCIATIONS, ("targetComponentId",)),
        **{SIMPLE_MAP: ("mapTarget",), EXTENDED_MAP: MAP_FIELDS},
    },
    language_refsets=LANGUAGE_REFSETS,
    dialects=("en-us", "en-gb", "nb-no", "nn-no"),
    languages=LANGUAGES,
    words=WORDS,
    texts=TEXTS + tuple(code for code in CODES if code),
    numbers=("0", "1", "2", "2.5", "-1", "10", "0.1"),
    times=TIMES,
    modules=MODULES,
    types=(FSN, SYNONYM, DEFINITION),
    statuses=(PRIMITIVE, DEFINED),
    descriptions=tuple(int(sctid_of(item, "11")) for item in range(1051, 1101)),
    unknown=UNKNOWN,
)
