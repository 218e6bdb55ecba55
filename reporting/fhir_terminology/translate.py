"""ConceptMap/$translate (FHIR R4 4.10.16.1): maps of the request, and reference sets of SNOMED CT."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from reporting.fhir_terminology.answer import answer, code, parts, string, truth, uri
from reporting.fhir_terminology.implicit import implicit_concept_map
from reporting.fhir_terminology.jsonvalues import text, thing, things
from reporting.fhir_terminology.library import Engines, Library
from reporting.fhir_terminology.naming import canonical
from reporting.fhir_terminology.outcome import Refused, Resource, bad_request, refused
from reporting.fhir_terminology.parameters import Coding, Parameters
from reporting.fhir_terminology.snomed_engine import SnomedEngine
from terminology.codes import ICD10, SNOMED, canonical_system
from terminology.snomed import ids
from terminology.snomed.map_evaluation import GroupResult
from terminology.snomed.map_tables import MapRow
from terminology.snomed.mapping import evaluate_map, reverse_map

_NO_MATCH: Final = ("unmatched", "disjoint")
_TURNED: Final = {"wider": "narrower", "narrower": "wider", "subsumes": "specializes", "specializes": "subsumes"}
#: How a concept stands to what its historical association points to (FHIR, Using SNOMED CT: implicit concept maps).
_HISTORY: Final = {"SAME_AS": "equal", "REPLACED_BY": "equivalent", "WAS_A": "wider"}
_INEXACT: Final = ("POSSIBLY_EQUIVALENT_TO", "POSSIBLY_REPLACED_BY", "PARTIALLY_EQUIVALENT_TO", "ALTERNATIVE")
#: What the maps of the international edition lead to.
_TARGETS: Final = {447562003: ICD10}
#: Map correlations of extended maps (RF2 specification 5.2.3.3).
_CORRELATIONS: Final = {447557004: "equivalent", 447558009: "narrower", 447559001: "wider", 447560006: "inexact"}
_DEEPEST: Final = 10


@dataclass(frozen=True, slots=True)
class Match:
    """One translation: `source` is the map it comes from. Without a target, the map says that there is none."""

    equivalence: str
    target: Coding | None
    source: str
    comment: str = ""


@dataclass(frozen=True, slots=True)
class _Question:
    """What to translate, into which system (any, when empty), and which way round."""

    codings: tuple[Coding, ...]
    target: str
    reverse: bool


def translate(engines: Engines, parameters: Parameters) -> Resource:
    """The translations of a code. That there is none is an answer; that no map is found is a refusal."""
    library = Library(engines, parameters)
    for resource in parameters.resources("conceptMap"):
        library.add(resource)
    question = _question(parameters)
    url = parameters.text("url")
    given = parameters.resource("conceptMap", "ConceptMap")
    implicit = implicit_concept_map(url)
    if implicit is not None:
        matches = list(_in_release(library, url, implicit, question))
    else:
        maps = [given] if given else _maps(library, url, parameters.text("conceptMapVersion"))
        matches = [match for each in maps for match in _in_map(library, each, question, 0)]
        if not maps and not url:
            matches = list(_in_releases(library, question))
    return _answer(matches)


def _question(parameters: Parameters) -> _Question:
    reverse = parameters.truth("reverse") is True
    codings = parameters.codings("codeableConcept") or parameters.codings("sourceCodeableConcept")
    if codings is None:
        single = parameters.coding("coding") or parameters.coding("sourceCoding")
        single = single or Coding(
            parameters.text("system", "sourceSystem"), parameters.text("version"), parameters.text("code", "sourceCode")
        )
        codings = [single]
    if not any(each.code and each.system for each in codings):
        raise bad_request("$translate needs a code with its system, a coding or a codeableConcept")
    target = parameters.text("targetsystem", "targetSystem")
    return _Question(tuple(codings), canonical_system(target) or target, reverse)


def _maps(library: Library, url: str, version: str) -> list[Resource]:
    """The maps of the request with this URL, or all of them when none is named."""
    if not url:
        return list(library.concept_maps)
    wanted, _, pinned = url.partition("|")
    pinned = pinned or version
    found = [each for each in library.concept_maps if text(each, "url") == wanted]
    found = [each for each in found if not pinned or text(each, "version") == pinned]
    if not found:
        raise refused(404, "not-found", "not-found", f"A definition for the concept map '{url}' could not be found")
    return found[:1]


def _in_map(library: Library, map_: Resource, question: _Question, depth: int) -> Iterator[Match]:
    for group in things(map_, "group"):
        source, target = text(group, "source"), text(group, "target")
        if question.reverse:
            source, target = target, source
        if question.target and question.target not in (target, canonical_system(target)):
            continue
        for coding in question.codings:
            if source and source != coding.system:
                continue
            found = list(_in_group(group, coding, target, canonical(map_), question.reverse))
            yield from found or _unmapped(library, map_, group, coding, question, depth)


def _in_group(group: Resource, coding: Coding, target: str, source: str, reverse: bool) -> Iterator[Match]:
    for element in things(group, "element"):
        for each in things(element, "target"):
            equivalence = text(each, "equivalence") or "relatedto"
            left, right = (each, element) if reverse else (element, each)
            if text(left, "code") != coding.code:
                continue
            said = _TURNED.get(equivalence, equivalence) if reverse else equivalence
            found = text(right, "code")
            comment = text(each, "comment")
            yield Match(said, Coding(target, "", found, text(right, "display")) if found else None, source, comment)


def _unmapped(
    library: Library, map_: Resource, group: Resource, coding: Coding, question: _Question, depth: int
) -> Iterator[Match]:
    said, target = thing(group, "unmapped"), text(group, "target")
    if question.reverse or not said:
        return
    match text(said, "mode"):
        case "fixed":
            yield Match("relatedto", Coding(target, "", text(said, "code"), text(said, "display")), canonical(map_))
        case "provided":
            yield Match("equal", Coding(target, "", coding.code), canonical(map_))
        case "other-map":
            if depth >= _DEEPEST:
                raise refused(422, "processing", "not-found", "The concept maps refer to one another in a circle")
            for other in _maps(library, text(said, "url"), ""):
                for match in _in_map(library, other, question, depth + 1):
                    yield Match(match.equivalence, match.target, canonical(map_), match.comment)


def _in_release(library: Library, url: str, wanted: tuple[str, int], question: _Question) -> Iterator[Match]:
    """The implicit concept map of a reference set: historical associations, simple and complex maps."""
    version, refset = wanted
    engine = library.engine(SNOMED, version)
    if not isinstance(engine, SnomedEngine) or engine.place(str(refset)) < 0:
        raise refused(404, "not-found", "not-found", f"A definition for the concept map '{url}' could not be found")
    for coding in question.codings:
        if question.reverse:
            yield from _reversed(engine, refset, coding, url)
        elif canonical_system(coding.system) == SNOMED and engine.place(coding.code) >= 0:
            yield from _forwards(engine, refset, int(coding.code), url, question.target)


def _in_releases(library: Library, question: _Question) -> Iterator[Match]:
    """Without a named map: the maps of the newest release that lead to the wanted system."""
    try:
        engine = library.engine(SNOMED)
    except Refused:
        return
    for refset, target in _TARGETS.items():
        if question.target in ("", target) and engine.place(str(refset)) >= 0:
            yield from _in_release(library, f"{SNOMED}?fhir_cm={refset}", ("", refset), question)


def _forwards(engine: SnomedEngine, refset: int, sctid: int, url: str, target: str) -> Iterator[Match]:
    release = engine.release
    if refset in ids.ASSOCIATIONS:
        kind = ids.ASSOCIATIONS[refset]
        for each in release.history(sctid):
            if each.kind == kind:
                yield Match(_equivalence(kind), _concept(engine, each.target), url)
        return
    system = _TARGETS.get(refset, target)
    for group in evaluate_map(release, refset, sctid).groups:
        if group.outcome == "no_target":
            yield Match("unmatched", None, url, group.row.advice if group.row else "")
        for row in _leading(group):
            yield Match(
                _CORRELATIONS.get(row.correlation, "relatedto"), Coding(system, "", row.target), url, row.advice
            )


def _leading(group: GroupResult) -> list[MapRow]:
    """The row that gives the target of a group; while that depends on the patient, all that may."""
    if group.outcome == "target" and group.row:
        return [group.row]
    rows = (each.row for each in group.considered if each.reached and each.truth is not False)
    return [row for row in rows if row.has_target] if group.outcome == "undecided" else []


def _reversed(engine: SnomedEngine, refset: int, coding: Coding, url: str) -> Iterator[Match]:
    release = engine.release
    if refset in ids.ASSOCIATIONS:
        kind = ids.ASSOCIATIONS[refset]
        for sctid in sorted(release.members(refset)):
            if any(each.kind == kind and str(each.target) == coding.code for each in release.history(sctid)):
                equivalence = _equivalence(kind)
                yield Match(_TURNED.get(equivalence, equivalence), _concept(engine, sctid), url)
        return
    for hit in reverse_map(release, refset, coding.code):
        said = _CORRELATIONS.get(hit.row.correlation, "relatedto")
        yield Match(_TURNED.get(said, said), _concept(engine, hit.concept), url, hit.row.advice)


def _equivalence(kind: str) -> str:
    return "inexact" if kind in _INEXACT else _HISTORY.get(kind, "relatedto")


def _concept(engine: SnomedEngine, sctid: int) -> Coding:
    return Coding(SNOMED, engine.system.version, str(sctid), engine.system.display(sctid, ()))


def _answer(matches: list[Match]) -> Resource:
    result = any(match.target and match.equivalence not in _NO_MATCH for match in matches)
    return answer(
        truth("result", result),
        None if matches else string("message", "No map has a translation of the code"),
        *(_match(match) for match in matches),
    )


def _match(match: Match) -> Resource:
    return parts(
        "match",
        code("equivalence", match.equivalence if match.target else "unmatched"),
        {"name": "concept", "valueCoding": _written(match.target)} if match.target else None,
        uri("source", match.source) if match.source else None,
        string("comment", match.comment) if match.comment else None,
    )


def _written(coding: Coding) -> Resource:
    said = {"system": coding.system, "version": coding.version, "code": coding.code, "display": coding.display}
    return {name: value for name, value in said.items() if value}
