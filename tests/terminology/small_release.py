"""A release small enough to know by heart, so that the right answers to expressions can be written by hand.

Concepts have names here; `{name}` in an expression is the identifier. Metadata has its real identifiers, everything
else made-up ones in the Norwegian namespace.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path

from fixtures.snomed.make_release import sctid_of

#: name, identifier (empty: made up), parents, and words: defined, ext (module), inactive, t=effectiveTime (none: t=).
CONCEPTS = """
root            138875005           -
model           900000000000441003  root
is_a            116680003           model
attribute       410662002           model
site            363698007           attribute
morph           116676008           attribute
cause                               attribute
due                                 cause
ingredient                          attribute
strength                            attribute
label                               attribute
subsidised                          attribute
module          900000000000443000  model
core            900000000000207008  module
ext             51000202101         module
type            900000000000446008  model
fsn             900000000000003001  type
syn             900000000000013009  type
def             900000000000550004  type
status          900000000000444006  model
primitive       900000000000074008  status
defined         900000000000073002  status
acceptability   900000000000511003  model
preferred       900000000000548007  acceptability
acceptable      900000000000549004  acceptability
case            900000000000448009  model
inferred        900000000000011006  model
some            900000000000451002  model
refset          900000000000455006  model
language        900000000000506000  refset
en_us           900000000000509007  language
en_gb           900000000000508004  language
nb_no           61000202103         language
simple          446609009           refset
problems                            simple
other                               simple
wordlist                            simple
map             900000000000496009  refset
codes                               map
rules           447562003           map
odd                                 refset
association     900000000000521006  refset
partner                             association
history         900000000000522004  association
same_as         900000000000527005  history
replaced_by     900000000000526001  history
was_a           900000000000528000  history
possibly        900000000000523009  history
partially       1186924009          history
body                                root
heart                               body            t=20190731
valve                               heart           t=20200131
lung                                body            t=20210131
shape                               root
swelling                            shape
scar                                shape
substance                           root
virus                               substance
aspirin                             substance
codeine                             substance
finding         404684003           root
disease         64572001            finding
heart_finding                       finding         defined
carditis                            disease,heart_finding  defined,t=20200731
valvitis                            carditis        defined,ext,t=20210131
cold                                disease         ext,t=20210731
twofold                             disease
complication                        disease         defined
fresh                               disease         t=
wide                                disease
drug                                root
pill5                               drug
pill10                              drug
syrup                               drug            ext
old_cold                            -               inactive,t=20210131
old_carditis                        -               inactive
old_maybe                           -               inactive,defined
old_was                             -               inactive
old_part                            -               inactive
old_chain                           -               inactive
old_lost                            -               inactive,ext
"""

#: source, group, type, value: a concept, or a concrete value as the file has it.
ATTRIBUTES = """
carditis      1  site        heart
carditis      1  morph       swelling
valvitis      1  site        valve
valvitis      1  morph       swelling
valvitis      2  site        heart
valvitis      2  morph       scar
cold          0  site        lung
cold          0  cause       virus
twofold       1  site        heart
twofold       1  morph       scar
twofold       2  site        lung
twofold       2  morph       swelling
twofold       3  site        lung
twofold       3  morph       scar
complication  1  due         carditis
complication  1  morph       scar
heart_finding 1  site        heart
wide          1  site        heart
wide          1  site        lung
wide          1  morph       swelling
pill5         1  ingredient  aspirin
pill5         1  strength    #5
pill5         0  label       "PILL"
pill5         0  subsidised  true
pill10        1  ingredient  aspirin
pill10        1  strength    #10
pill10        2  ingredient  codeine
pill10        2  strength    #2.5
pill10        0  label       "Pill forte"
pill10        0  subsidised  false
syrup         1  ingredient  codeine
syrup         1  strength    #2.50
syrup         0  label       "a*b"
"""

#: Rows that are there but must not count: inactive, stated, or to an inactive concept.
SILENT_ATTRIBUTES = """
cold          1  morph       scar      inactive
cold          1  cause       codeine   stated
cold          1  cause       old_lost
"""

#: concept; language; type; term; words: us= gb= nb= (P or A, - inactive row), inactive, ext, t=.
DESCRIPTIONS = """
carditis; en; fsn; Carditis (disorder); us=P gb=P
carditis; en; syn; Carditis; us=P gb=A
carditis; en; syn; Inflammation of heart; us=A gb=P ext t=20210131
carditis; en; syn; Heart-inflammation; us=A-
carditis; nb; syn; hjertebetennelse; nb=P
carditis; en; def; Inflammation of the muscle of the heart; us=P
carditis; en; syn; Old name of carditis; inactive
valvitis; en; fsn; Valvitis (disorder); us=P
valvitis; en; syn; Inflammation of heart valve; us=P
valvitis; nb; syn; klaffebetennelse; nb=A
cold; en; fsn; Common cold (disorder); us=P gb=P
cold; en; syn; Cold; us=P gb=A
cold; en; syn; Coryza; gb=P ext
cold; nb; syn; forkjølelse; nb=P t=
twofold; en; fsn; Twofold disorder (disorder); us=P
twofold; en; syn; Sjögren's twofold; us=A
twofold; en; syn; Café spots J45.9; us=A
twofold; nb; syn; råtilstand på lunge; nb=P
old_cold; en; fsn; Old cold (disorder);
old_lost; en; syn; Lost name; inactive
"""

#: reference set; component; words: inactive, ext, t=; then its own fields.
MEMBERS = {
    "der2_Refset_Simple": """
problems; carditis;
problems; cold; ext t=20210731
problems; old_cold;
problems; valvitis; inactive
other; cold;
other; lung; t=20210131
wordlist; @Coryza;
""",
    "der2_sRefset_SimpleMap": """
codes; carditis; ; I51.8
codes; valvitis; ; I38
codes; cold; ; J00 common cold
codes; lung; inactive; X99
""",
    "der2_iisssccRefset_ExtendedMap": """
rules; carditis; ; 1; 1; IFA 123; ALWAYS I51; I51.8; core; ext
rules; carditis; ; 1; 2; OTHERWISE TRUE; ALWAYS I51.9; I51.9; core; ext
rules; carditis; ; 2; 1; TRUE; ALWAYS B33; B33.2; core; core
rules; cold; ; 1; 1; TRUE; ALWAYS J00; J00; core; core
""",
    "der2_cissRefset_Odd": """
odd; heart; ; lung; 7; true; 20200131
odd; lung; ext; heart; 0; false; 20210131
odd; valve; ; heart; 3; maybe;
""",
    "der2_cRefset_Association": """
same_as; old_cold; ; cold
same_as; old_chain; ; old_cold
same_as; old_lost; inactive; cold
replaced_by; old_carditis; ; carditis
was_a; old_was; ; disease
was_a; fresh; ; disease
possibly; old_maybe; ; carditis
possibly; old_maybe; ; cold
partially; old_part; ; valvitis
partner; heart; ; lung
""",
}
#: Names of the additional fields, for the files that have some.
FIELDS = {
    "der2_sRefset_SimpleMap": ["mapTarget"],
    "der2_iisssccRefset_ExtendedMap": [
        *("mapGroup", "mapPriority", "mapRule", "mapAdvice", "mapTarget", "correlationId", "mapCategoryId"),
    ],
    "der2_cissRefset_Odd": ["linkId", "rank", "note", "since"],
    "der2_cRefset_Association": ["targetComponentId"],
    "der2_cRefset_Language": ["acceptabilityId"],
}
STATE = ["id", "effectiveTime", "active", "moduleId"]
SINCE = "20190131"
REFSETS = {"us": "en_us", "gb": "en_gb", "nb": "nb_no"}


def _lines(table: str, separator: str | None = None) -> Iterator[list[str]]:
    for line in table.strip().split("\n"):
        yield [part.strip() for part in line.split(separator)]


def _concepts() -> Iterator[tuple[str, str, str, str]]:
    for number, parts in enumerate(_lines(CONCEPTS)):
        real = parts[1] if parts[1].isdecimal() else sctid_of(700 + number, "10")
        rest = parts[2:] if parts[1].isdecimal() else parts[1:]
        yield parts[0], real, rest[0], rest[1] if len(rest) > 1 else ""


#: The identifier of each concept by name, and of each description by term.
IDS = {name: int(sctid) for name, sctid, _, _ in _concepts()}
TERMS = {line[3]: int(sctid_of(800 + number, "11")) for number, line in enumerate(_lines(DESCRIPTIONS, ";"))}
NAMES = {sctid: name for name, sctid in IDS.items()}


def write_release(folder: Path) -> Path:
    """Writes the release as RF2 snapshot files and returns the folder."""
    concepts, relationships = list(_concept_rows()), list(_relationship_rows())
    _write(folder, "sct2_Concept_", [*STATE, "definitionStatusId"], concepts)
    _write(folder, "sct2_Relationship_", _relationship_header("destinationId"), [r for r in relationships if _plain(r)])
    _write(
        folder,
        "sct2_RelationshipConcreteValues_",
        _relationship_header("value"),
        [r for r in relationships if not _plain(r)],
    )
    described = [*STATE, "conceptId", "languageCode", "typeId", "term", "caseSignificanceId"]
    descriptions = list(_description_rows())
    definitions = [row for row in descriptions if row[6] == _id("def")]
    _write(folder, "sct2_Description_", described, [row for row in descriptions if row not in definitions], "-en")
    _write(folder, "sct2_TextDefinition_", described, definitions, "-en")
    _write_members(folder, "der2_cRefset_Language", list(_language_rows()), "-en")
    for name in MEMBERS:
        _write_members(folder, name, list(_member_rows(name)))
    return folder


def _write_members(folder: Path, name: str, rows: Iterable[list[str]], language: str = "") -> None:
    _write(folder, name, [*STATE, "refsetId", "referencedComponentId", *FIELDS.get(name, [])], rows, language)


def _write(folder: Path, name: str, header: list[str], rows: Iterable[list[str]], language: str = "") -> None:
    place = folder / "Snapshot" / ("Terminology" if name.startswith("sct2") else "Refset")
    place.mkdir(parents=True, exist_ok=True)
    lines = ["\t".join(row) for row in [header, *rows]]
    file = place / f"{name}Snapshot{language}_NO1000202_20260415.txt"
    file.write_text("".join(f"{line}\r\n" for line in lines), encoding="utf-8", newline="")


def _relationship_header(value: str) -> list[str]:
    return [*STATE, "sourceId", value, "relationshipGroup", "typeId", "characteristicTypeId", "modifierId"]


def _plain(row: list[str]) -> bool:
    return row[5].isdecimal()


def _id(name: str) -> str:
    return str(IDS[name])


def _state(words: str) -> list[str]:
    """effectiveTime, active and moduleId as the words say."""
    times = [word[2:] for word in words.replace(",", " ").split() if word.startswith("t=")]
    module = _id("ext") if "ext" in words else _id("core")
    return [times[0] if times else SINCE, "0" if "inactive" in words else "1", module]


def _concept_rows() -> Iterator[list[str]]:
    for _, sctid, _, words in _concepts():
        yield [sctid, *_state(words), _id("defined" if "defined" in words else "primitive")]


def _relationship_rows() -> Iterator[list[str]]:
    pairs = [(name, parent) for name, _, parents, _ in _concepts() for parent in parents.split(",") if parent != "-"]
    lines = [[child, "0", "is_a", parent] for child, parent in pairs]
    lines += [[*line[:3], " ".join(line[3:])] for line in _lines(ATTRIBUTES)]
    lines += list(_lines(SILENT_ATTRIBUTES))
    for number, (source, group, kind, value, *words) in enumerate(lines):
        target = value if value[0] in '#"' or value in ("true", "false") else _id(value)
        how = "900000000000010007" if "stated" in words else _id("inferred")
        relation = [_id(source), target, group, _id(kind), how, _id("some")]
        yield [sctid_of(900 + number, "12"), *_state(" ".join(words)), *relation]


def _description_rows() -> Iterator[list[str]]:
    for concept, language, kind, term, words in _lines(DESCRIPTIONS, ";"):
        yield [str(TERMS[term]), *_state(words), _id(concept), language, _id(kind), term, _id("case")]


def _language_rows() -> Iterator[list[str]]:
    for _, _, _, term, words in _lines(DESCRIPTIONS, ";"):
        for word in words.split():
            refset, _, value = word.partition("=")
            if refset in REFSETS:
                acceptability = _id("preferred" if value[0] == "P" else "acceptable")
                yield _member(
                    REFSETS[refset], str(TERMS[term]), "inactive" if value.endswith("-") else "", [acceptability]
                )


def _member_rows(name: str) -> Iterator[list[str]]:
    letters = name.split("_")[1].split("Refset", maxsplit=1)[0]
    for refset, component, words, *values in _lines(MEMBERS[name], ";"):
        own = [_id(value) if letter == "c" else value for letter, value in zip(letters, values, strict=True)]
        sctid = str(TERMS[component[1:]]) if component.startswith("@") else _id(component)
        yield _member(refset, sctid, words, own)


def _member(refset: str, component: str, words: str, own: list[str]) -> list[str]:
    key = uuid.uuid5(uuid.NAMESPACE_OID, "/".join([refset, component, words, *own]))
    return [str(key), *_state(words), _id(refset), component, *own]


#: Metadata that extracts are made without.
LEFT_OUT = (
    *("type", "fsn", "syn", "def", "status", "primitive", "defined", "acceptability", "preferred", "acceptable"),
    *("is_a", "core", "ext", "en_us", "nb_no", "problems", "same_as"),
)


def write_extract(folder: Path) -> Path:
    """Writes the release without the concepts in LEFT_OUT and all rows that are about them."""
    write_release(folder)
    gone = {str(IDS[name]) for name in LEFT_OUT}
    about = {"Concept_": (0,), "Description_": (4,), "TextDefinition_": (4,), "Relationship": (4, 5), "Refset_": (5,)}
    for file in folder.rglob("*.txt"):
        columns = next(columns for word, columns in about.items() if word in file.name)
        header, *rows = file.read_text(encoding="utf-8").splitlines()
        kept = [row for row in rows if gone.isdisjoint(row.split("\t")[column] for column in columns)]
        file.write_text("\r\n".join([header, *kept, ""]), encoding="utf-8", newline="")
    return folder
