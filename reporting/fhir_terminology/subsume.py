"""CodeSystem/$subsumes (FHIR R4 4.8.17.3), and the closure tables that are made of it."""

from __future__ import annotations

from reporting.fhir_terminology.answer import answer, code
from reporting.fhir_terminology.engines import Engine
from reporting.fhir_terminology.library import Engines, Library
from reporting.fhir_terminology.lookup import expression_of
from reporting.fhir_terminology.outcome import Resource, bad_request, refused
from reporting.fhir_terminology.parameters import Coding, Parameters
from reporting.fhir_terminology.snomed_engine import SnomedEngine
from terminology.snomed.expressions.comparing import compare
from terminology.snomed.expressions.values import Concept, Expression


def subsumes(engines: Engines, parameters: Parameters) -> Resource:
    """How code A stands to code B. Raises Refused for codes that are not there, and where nothing can be said."""
    a, b = (_asked(parameters, which) for which in "AB")
    if not a.system or not b.system:
        text = "$subsumes needs the system of both codes"
        raise refused(400, "invalid", "invalid-data", text, "SUBSUMPTION_NO_SYSTEM")
    if a.system != b.system or (a.version and b.version and a.version != b.version):
        raise bad_request("$subsumes compares codes of one version of one code system")
    engine = Library(engines, parameters).engine(a.system, a.version or b.version)
    return answer(code("outcome", _outcome(engine, a.code, b.code)))


def _asked(parameters: Parameters, which: str) -> Coding:
    system, version = parameters.text("system"), parameters.text("version")
    coding = parameters.coding(f"coding{which}")
    if coding is None:
        coding = Coding(system, version, parameters.text(f"code{which}"))
    if not coding.code:
        raise bad_request(f"$subsumes needs code{which} or coding{which}")
    return Coding(coding.system or system, coding.version or version, coding.code)


def _outcome(engine: Engine, a: str, b: str) -> str:
    places = engine.place(a), engine.place(b)
    if min(places) >= 0:
        if places[0] == places[1]:
            return "equivalent"
        first, second = map(engine.code_at, places)
        if engine.system.subsumes(first, second):
            return "subsumes"
        return "subsumed-by" if engine.system.subsumes(second, first) else "not-subsumed"
    one, other = (
        expression_of(engine, written, f"code{which}") if place < 0 else Expression((Concept(int(written)),))
        for written, place, which in zip((a, b), places, "AB", strict=True)
    )
    found = compare(engine.release, one, other) if isinstance(engine, SnomedEngine) else None
    if found is None:
        text = (
            f"How '{a}' and '{b}' stand to one another cannot be determined: nothing follows from their normal forms, "
            "and that proves nothing without a classifier"
        )
        raise refused(422, "not-supported", "cannot-determine", text)
    return found
