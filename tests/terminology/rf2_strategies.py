"""Hypothesis strategies for small RF2 releases. `releases()` draws a `rf2_raw.RawRelease`; `rf2_raw.write` writes it.

    @given(raw=releases())
    def test_…(raw: RawRelease) -> None:
        with TemporaryDirectory() as folder:
            import_release([write(raw, Path(folder) / "rf2")], Path(folder) / "store", "drawn")

Every release holds the metadata concepts of METADATA (active, below ROOT) and 5 to 25 of CONTENT, which is always the
first of that pool, so that expressions can be drawn beside it from CONTENT, ATTRIBUTES, DATA_ATTRIBUTES, REFSETS and
the other pools here; what is not in the release is a concept that it does not know. What rows can be:

- concepts active or not, of three modules, with four effective times, primitive or defined;
- is-a without a cycle, to one to three concepts earlier in CONTENT or to ROOT; some rows inactive, some stated
  (characteristic type), and some active with an inactive concept at an end, which a reader must not follow;
- attributes in groups 0 to 2 with types that are above one another, each value once in a group; concrete values too;
- one to four descriptions of a concept in en, nb, nn and sv beside its English name; fully specified names, synonyms
  and definitions, active and not;
- language reference set rows, at most one active preferred one for concept, reference set and type;
- two simple reference sets, the historical associations, a simple and an extended map, with inactive members,
  members that are inactive concepts, and associations of active concepts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations, product
from typing import Final, TypeVar

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy
from rf2_raw import VERSION, Concept, Concrete, Description, Member, RawRelease, Relationship, write

from fixtures.snomed.make_release import sctid_of

__all__ = ["RawRelease", "releases", "write"]

T = TypeVar("T")

ROOT: Final = 138875005
IS_A: Final = 116680003
NORWAY, CORE, MODEL = 51000202101, 900000000000207008, 900000000000012004
MODULES: Final = (CORE, MODEL, NORWAY)
PRIMITIVE, DEFINED = 900000000000074008, 900000000000073002
FSN, SYNONYM, DEFINITION = 900000000000003001, 900000000000013009, 900000000000550004
INFERRED, STATED = 900000000000011006, 900000000000010007
PREFERRED, ACCEPTABLE = 900000000000548007, 900000000000549004
TIMES: Final = (20020131, 20190731, 20250115, VERSION)

#: The pool of content; a release holds the first 5 to 25.
CONTENT: Final = tuple(int(sctid_of(item, "10")) for item in range(301, 326))
#: Attribute types; the third and fourth are below the second one.
ATTRIBUTES: Final = (363698007, 363704007, 405813007, 405814001)
DATA_ATTRIBUTES: Final = (int(sctid_of(101, "10")), int(sctid_of(102, "10")))
SIMPLE_REFSETS: Final = (int(sctid_of(201, "10")), int(sctid_of(202, "10")))
SIMPLE_MAP, EXTENDED_MAP = int(sctid_of(203, "10")), 447562003
#: POSSIBLY_EQUIVALENT_TO, MOVED_TO, REPLACED_BY, SAME_AS, WAS_A, ALTERNATIVE.
ASSOCIATIONS: Final = (
    *(900000000000523009, 900000000000524003, 900000000000526001, 900000000000527005),
    *(900000000000528000, 900000000000530003),
)
LANGUAGE_REFSETS: Final = (900000000000509007, 900000000000508004, 61000202103, 91000202106)
REFSETS: Final = (*SIMPLE_REFSETS, SIMPLE_MAP, EXTENDED_MAP, *ASSOCIATIONS)
LANGUAGES: Final = ("en", "nb", "nn", "sv")
WORDS: Final = (
    *("heart", "Heart", "disease", "of", "left", "hjerte", "hjertesykdom", "sykdom", "Ås", "ås", "as", "øye", "nær"),
    *("X-ray", "type", "2", "II", "mage-tarm", "(acute)", '"mild"', "för", "caf\u00e9"),
)
TEXTS: Final = ("tablet", "blå tablett", "Tablet", "10 mg")
CODES: Final = ("A00.1", "A00.9", "b12", "I10", "")
_CASE: Final = 900000000000448009
_SOME: Final = 900000000000451002
_DEPENDENCY: Final = 900000000000534007
_CORRELATIONS: Final = (447561005, 447557004)
_CATEGORY: Final = 447637006
_NUMBERS: Final = ("#0", "#1", "#2", "#2.5", "#-1", "#10", "#0.10")

_FOUNDATION: Final = 900000000000454005
_CORE_CONCEPT: Final = 900000000000442005
_REFSET: Final = 900000000000455006
#: Concept and the one above it.
METADATA: Final = (
    *((900000000000441003, ROOT), (_FOUNDATION, 900000000000441003), (_CORE_CONCEPT, 900000000000441003)),
    *((_REFSET, _FOUNDATION), (106237007, 900000000000441003), (246061005, 106237007), (410662002, 246061005)),
    *(
        (IS_A, 246061005),
        *((kind, 410662002) for kind in ATTRIBUTES[:2]),
        *((kind, 410662002) for kind in DATA_ATTRIBUTES),
    ),
    *((kind, ATTRIBUTES[1]) for kind in ATTRIBUTES[2:]),
    *((refset, _REFSET) for refset in (*REFSETS, *LANGUAGE_REFSETS, _DEPENDENCY)),
    *((value, _FOUNDATION) for value in (PREFERRED, ACCEPTABLE, *_CORRELATIONS, _CATEGORY)),
    *((value, _CORE_CONCEPT) for value in (*MODULES, PRIMITIVE, DEFINED, FSN, SYNONYM, DEFINITION)),
    *((value, _CORE_CONCEPT) for value in (INFERRED, STATED, _CASE, _SOME)),
)


@cache
def _sctid(item: int, partition: str) -> int:
    return int(sctid_of(item, partition))


@dataclass
class _Items:
    """Numbers for identifiers, one after the other."""

    last: int = 1000

    def next(self, partition: str) -> int:
        self.last += 1
        return _sctid(self.last, partition)


@st.composite
def releases(draw: DrawFn) -> RawRelease:
    """Small releases (see above)."""
    content = CONTENT[: draw(st.integers(5, len(CONTENT)))]
    items = _Items()
    descriptions = [*_names(items), *(row for sctid in content for row in _descriptions(draw, items, sctid))]
    return RawRelease(
        (*(Concept(sctid, TIMES[0], True, MODEL, PRIMITIVE) for sctid in _around()), *_concepts(draw, content)),
        tuple(descriptions),
        (*_placed(items), *_hierarchy(draw, items, content), *_attributes(draw, items, content)),
        tuple(_concretes(draw, items, content)),
        tuple(_languages(draw, descriptions)),
        tuple(_members(draw, SIMPLE_REFSETS, content, st.just(()))),
        tuple(_members(draw, ASSOCIATIONS, content, st.tuples(st.sampled_from(content).map(str)))),
        tuple(_members(draw, (SIMPLE_MAP,), content, st.tuples(st.sampled_from(CODES)))),
        tuple(_members(draw, (EXTENDED_MAP,), content, _map_fields(content))),
        _DEPENDENCIES,
        frozenset(_around()),
    )


_DEPENDENCIES: Final = tuple(
    Member(VERSION, True, module, _DEPENDENCY, needed, (str(VERSION), str(VERSION)))
    for module, needed in ((NORWAY, CORE), (NORWAY, MODEL), (CORE, MODEL))
)


def _around() -> tuple[int, ...]:
    return ROOT, *(sctid for sctid, _ in METADATA)


def _names(items: _Items) -> list[Description]:
    return [
        Description(items.next("11"), TIMES[0], True, MODEL, sctid, "en", FSN, f"Concept {sctid} (metadata)", _CASE)
        for sctid in _around()
    ]


def _placed(items: _Items) -> list[Relationship]:
    return [
        Relationship(items.next("12"), TIMES[0], True, MODEL, sctid, above, 0, IS_A, INFERRED, _SOME)
        for sctid, above in METADATA
    ]


def _mostly(often: T, seldom: T, times: int = 4) -> SearchStrategy[T]:
    """`often`, and once in `times` + 1 the other; shrinks to the first."""
    return st.sampled_from([often] * times + [seldom])


#: Effective time, active and module in one draw, and terms from a list: drawing is what takes the time.
_STATES: Final = st.sampled_from(list(product(TIMES, (True, True, True, True, False), MODULES)))


def _concepts(draw: DrawFn, content: Sequence[int]) -> list[Concept]:
    return [Concept(sctid, *draw(_STATES), draw(st.sampled_from((PRIMITIVE, DEFINED)))) for sctid in content]


def _hierarchy(draw: DrawFn, items: _Items, content: Sequence[int]) -> list[Relationship]:
    rows = []
    for place, sctid in enumerate(content):
        above = st.sampled_from((ROOT, *content[:place]))
        for parent in draw(st.lists(above, min_size=1, max_size=3, unique=True)):
            kind = draw(_mostly(INFERRED, STATED, 9))
            rows.append(Relationship(items.next("12"), *draw(_STATES), sctid, parent, 0, IS_A, kind, _SOME))
    return rows


def _attributes(draw: DrawFn, items: _Items, content: Sequence[int]) -> list[Relationship]:
    one = st.tuples(st.sampled_from(content), st.integers(0, 2), st.sampled_from(ATTRIBUTES), st.sampled_from(content))
    rows = []
    for source, group, kind, target in draw(st.lists(one, max_size=30, unique=True)):
        nature = draw(_mostly(INFERRED, STATED, 9))
        rows.append(Relationship(items.next("12"), *draw(_STATES), source, target, group, kind, nature, _SOME))
    return rows


def _concretes(draw: DrawFn, items: _Items, content: Sequence[int]) -> list[Concrete]:
    value = st.sampled_from((*_NUMBERS, *(f'"{text}"' for text in TEXTS), "true", "false"))
    one = st.tuples(st.sampled_from(content), value, st.integers(0, 2), st.sampled_from(DATA_ATTRIBUTES))
    return [
        Concrete(items.next("12"), *draw(_STATES), *row, INFERRED, _SOME)
        for row in draw(st.lists(one, max_size=10, unique=True))
    ]


_TERMS: Final = st.sampled_from(
    (*WORDS, *map(" ".join, product(WORDS, WORDS[::3])), *map(" ".join, product(WORDS[::2], WORDS[1::5], WORDS[::4])))
)
_IN_REFSETS: Final = st.sampled_from([(), *product(LANGUAGE_REFSETS), *combinations(LANGUAGE_REFSETS, 2)])


_KINDS: Final = st.sampled_from(list(product((SYNONYM, SYNONYM, SYNONYM, FSN, DEFINITION), LANGUAGES)))


def _descriptions(draw: DrawFn, items: _Items, concept: int) -> list[Description]:
    name = draw(_TERMS) + draw(st.sampled_from((" (disorder)", " (finding)")))
    rows = [Description(items.next("11"), VERSION, True, NORWAY, concept, "en", FSN, name, _CASE)]
    for kind, language in draw(st.lists(_KINDS, min_size=1, max_size=4)):
        term = draw(_TERMS)
        rows.append(Description(items.next("11"), *draw(_STATES), concept, language, kind, term, _CASE))
    return rows


def _languages(draw: DrawFn, descriptions: Sequence[Description]) -> list[Member]:
    rows, taken = [], set[tuple[int, int, int]]()
    for row in (row for row in descriptions if row.module != MODEL or row.concept in CONTENT):
        for refset in draw(_IN_REFSETS):
            time, active, module = draw(_STATES)
            place = (row.concept, refset, row.type)
            preferred = draw(st.booleans()) and place not in taken
            if preferred and active and row.active:
                taken.add(place)
            own = (str(PREFERRED if preferred else ACCEPTABLE),)
            rows.append(Member(time, active, module, refset, row.id, own))
    return rows


def _members(
    draw: DrawFn, refsets: Sequence[int], content: Sequence[int], own: SearchStrategy[tuple[str, ...]]
) -> list[Member]:
    one = st.tuples(st.sampled_from(refsets), st.sampled_from(content), own)
    return [Member(*draw(_STATES), *row) for row in draw(st.lists(one, max_size=12, unique=True))]


def _map_fields(content: Sequence[int]) -> SearchStrategy[tuple[str, ...]]:
    rules = ("TRUE", "OTHERWISE TRUE", *(f"IFA {sctid} | Name |" for sctid in content[:2]))
    return st.tuples(
        st.sampled_from(("1", "2")),
        st.sampled_from(("1", "2", "3")),
        st.sampled_from(rules),
        st.sampled_from(("ALWAYS A00.1", "MAP SOURCE CONCEPT CANNOT BE CLASSIFIED")),
        st.sampled_from(CODES),
        st.sampled_from(_CORRELATIONS).map(str),
        st.just(str(_CATEGORY)),
    )
