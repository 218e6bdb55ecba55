"""CodeSystem/$lookup (FHIR R4 4.8.17.2): what is known of a code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from reporting.fhir_terminology.answer import answer, code, parts, string, truth, uri
from reporting.fhir_terminology.engines import Engine, Name, Property
from reporting.fhir_terminology.expand import typed
from reporting.fhir_terminology.languages import languages
from reporting.fhir_terminology.library import Engines, Library
from reporting.fhir_terminology.naming import described, versioned
from reporting.fhir_terminology.outcome import Issue, Refused, Resource, bad_request
from reporting.fhir_terminology.parameters import Coding, Parameters
from reporting.fhir_terminology.snomed_engine import SnomedEngine
from terminology.snomed.expressions.values import Expression, ExpressionError

_PREFERRED = (
    "http://terminology.hl7.org/CodeSystem/hl7TermMaintInfra",
    "preferredForLanguage",
    "Preferred For Language",
)


def lookup(engines: Engines, parameters: Parameters, accept_language: str = "") -> Resource:
    """Display, designations and properties of a code. Raises Refused for codes and systems that are not there."""
    asked = parameters.coding("coding") or Coding(
        parameters.text("system"), parameters.text("version"), parameters.text("code")
    )
    if not asked.system or not asked.code:
        raise bad_request("$lookup needs a system and a code, or a coding")
    engine = Library(engines, parameters).engine(asked.system, asked.version)
    wanted = languages(parameters.text("displayLanguage"), accept_language)
    place = engine.place(asked.code)
    if place >= 0:
        return _concept(engine, place, asked.code, wanted, parameters.texts("property"))
    return _expression(engine, expression_of(engine, asked.code), asked.code, wanted, parameters.texts("property"))


def expression_of(engine: Engine, written: str, at: str = "code") -> Expression:
    """The expression that a code writes. Raises Refused when it is neither a code nor an expression of the system."""
    why = ""
    try:
        found = engine.expression(written) if not written.isdigit() else None
    except ExpressionError as error:
        found, why = None, f": Not a valid expression: {error}"
    if found is None:
        text = f"Unknown code '{written}' in {described(engine)}{why}"
        raise Refused(404, Issue("error", "code-invalid", "invalid-code", text, at, "Unknown_Code_in_Version"))
    return found


def _concept(engine: Engine, place: int, asked: str, wanted: Sequence[str], properties: Sequence[str]) -> Resource:
    shown = engine.shown(place, wanted)
    found = [each for each in engine.properties(place, wanted, properties) if _is_wanted(each.code, properties)]
    return answer(
        *_head(engine, asked, shown.display, shown.abstract),
        *(_designation(name) for name in engine.names(place, every=True) if name.active),
        *(_property(each) for each in found),
    )


def _expression(
    engine: Engine, expression: Expression, asked: str, wanted: Sequence[str], properties: Sequence[str]
) -> Resource:
    """An expression has its own text, the properties of its first focus concept and the attributes it states."""
    shown = engine.expression_shown(expression, asked, wanted)
    focus = engine.place(str(expression.focus[0].sctid))
    found = list(engine.properties(focus, wanted, ()))
    if isinstance(engine, SnomedEngine):
        found += engine.attribute_properties(expression, wanted)
    return answer(
        *_head(engine, asked, shown.display, abstract=False),
        _designation(Name("en-US" if not wanted else wanted[0], _PREFERRED, shown.display)),
        *(_property(each) for each in found if _is_wanted(each.code, properties)),
    )


def _head(engine: Engine, asked: str, display: str, abstract: bool) -> Iterable[Resource]:
    named = versioned(engine) if isinstance(engine, SnomedEngine) else engine.system.title
    yield string("name", named)
    if engine.system.version:
        yield string("version", engine.system.version)
    yield string("display", display)
    yield code("code", asked)
    yield uri("system", engine.system.uri)
    yield truth("abstract", abstract)


def _is_wanted(name: str, properties: Sequence[str]) -> bool:
    return not properties or "*" in properties or name in properties


def _designation(name: Name) -> Resource:
    system, use, display = name.use
    return parts(
        "designation",
        code("language", name.language) if name.language else None,
        {"name": "use", "valueCoding": {"system": system, "code": use, "display": display}},
        string("value", name.text),
    )


def _property(each: Property) -> Resource:
    return parts(
        "property",
        code("code", each.code),
        {"name": "value", typed(each.kind): each.value},
        string("description", each.description) if each.description else None,
        string("code-display", each.title) if each.title else None,
    )
