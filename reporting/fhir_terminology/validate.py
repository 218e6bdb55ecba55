"""$validate-code of CodeSystem and ValueSet (FHIR R4 4.8.17.1, 4.9.14.2). An invalid code is an answer, no refusal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from reporting.fhir_terminology.answer import answer, code, string, truth, uri
from reporting.fhir_terminology.compose import Members, Part, members
from reporting.fhir_terminology.engines import Engine, Shown
from reporting.fhir_terminology.expand import refuse_supplements, value_set_in
from reporting.fhir_terminology.inline_system import InlineSystem
from reporting.fhir_terminology.languages import languages
from reporting.fhir_terminology.library import Engines, Library, matching
from reporting.fhir_terminology.naming import canonical, described
from reporting.fhir_terminology.outcome import Issue, Refused, Resource, Severity, bad_request, outcome
from reporting.fhir_terminology.parameters import Coding, Parameters
from reporting.fhir_terminology.snomed_engine import SnomedEngine
from terminology.snomed.expressions.values import Expression, ExpressionError

_UNCHECKED: Final = (
    "The expression is grammatically correct and the concepts are valid, but the expression has not been checked "
    "against the SNOMED CT concept model (MRCM)"
)


@dataclass(slots=True)
class _Verdict:
    """What was found of one coding. `told` are the texts for the parameter `message`."""

    coding: Coding
    engine: Engine | None = None
    shown: Shown | None = None
    valid: bool = True
    issues: list[Issue] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    unknown: str = ""

    def error(self, issue: Issue) -> None:
        self.valid = False
        self.issues.append(issue)
        self.told.append(issue.text)


@dataclass(frozen=True, slots=True)
class _Asked:
    """The codings of a request, where each is in it, and how displays are judged: `lenient` is None when not said."""

    codings: tuple[tuple[Coding, str], ...]
    concept: Resource | None
    languages: tuple[str, ...]
    lenient: bool | None
    abstract: bool


def validate_code_system(engines: Engines, parameters: Parameters, accept_language: str = "") -> Resource:
    """Whether a code is in a code system. Raises Refused when the request has no code or system."""
    library = Library(engines, parameters)
    system = parameters.text("url", "system")
    given = parameters.resource("codeSystem", "CodeSystem")
    if given is not None:
        library.add(given)
        system = system or str(given.get("url", ""))
    asked = _asked(parameters, system, accept_language)
    verdicts = [_in_system(library, coding, at, asked) for coding, at in asked.codings]
    return _answer(asked, verdicts)


def validate_value_set(engines: Engines, parameters: Parameters, accept_language: str = "") -> Resource:
    """Whether a code is in a value set. Raises Refused when the value set cannot be resolved."""
    library = Library(engines, parameters)
    value_set = value_set_in(parameters, library, parameters.text("url"), parameters.text("valueSetVersion"))
    if value_set is None:
        raise bad_request("$validate-code needs a url or a valueSet")
    refuse_supplements(value_set)
    held = members(value_set, library)
    system = parameters.text("system") or (_inferred(held, parameters) if parameters.truth("inferSystem") else "")
    asked = _asked(parameters, system, accept_language)
    named = canonical(value_set)
    verdicts = [_in_value_set(library, held, named, coding, at, asked) for coding, at in asked.codings]
    if asked.concept and not any(verdict.valid for verdict in verdicts):
        text = f"No valid coding was found for the value set '{named}'"
        issue = Issue("error", "code-invalid", "not-in-vs", text, "CodeableConcept", "TX_GENERAL_CC_ERROR_MESSAGE")
        verdicts[0].error(issue)
    return _answer(asked, verdicts)


def _asked(parameters: Parameters, system: str, accept_language: str) -> _Asked:
    codings, concept = _codings(parameters, system)
    return _Asked(
        codings,
        concept,
        languages(parameters.text("displayLanguage"), accept_language),
        parameters.truth("lenient-display-validation"),
        parameters.truth("abstract") is not False,
    )


def _codings(parameters: Parameters, system: str) -> tuple[tuple[tuple[Coding, str], ...], Resource | None]:
    for each in parameters.named("codeableConcept"):
        if isinstance(each.value, dict):
            said = parameters.codings("codeableConcept") or []
            if not said:
                raise bad_request("the codeableConcept has no coding")
            return tuple((one, f"CodeableConcept.coding[{at}]") for at, one in enumerate(said)), each.value
    if (coding := parameters.coding("coding")) is not None:
        return ((coding, "Coding"),), None
    written = parameters.text("code")
    if not written or not system:
        raise bad_request("$validate-code needs a code with a system, a coding or a codeableConcept")
    version = parameters.text("version", "systemVersion")
    return ((Coding(system, version, written, parameters.text("display")), ""),), None


def _inferred(held: Members, parameters: Parameters) -> str:
    written = parameters.text("code")
    found = {part.engine.system.uri for part in held.parts if _at(part, part.engine.place(written))}
    if len(found) > 1:
        raise bad_request(f"the code is in several systems of the value set: {', '.join(sorted(found))}")
    return next(iter(found), "")


def _at(part: Part, place: int) -> bool:
    return place >= 0 and bool(part.chosen[place])


def _in_system(library: Library, coding: Coding, at: str, asked: _Asked) -> _Verdict:
    verdict = _Verdict(coding)
    engine = _engine(library, verdict, at)
    if engine is None:
        return verdict
    place = engine.place(coding.code)
    if place >= 0:
        _judge(verdict, engine, place, at, asked)
    elif (expression := _expression(verdict, engine, at)) is not None:
        verdict.shown = engine.expression_shown(expression, coding.code, asked.languages)
        if isinstance(engine, SnomedEngine) and not engine.system.model:
            verdict.issues.append(Issue("information", "informational", "process-note", _UNCHECKED, _place(at, "code")))
        _judge_text(verdict, [verdict.shown.display], at, asked)
    return verdict


def _in_value_set(library: Library, held: Members, named: str, coding: Coding, at: str, asked: _Asked) -> _Verdict:
    verdict = _Verdict(coding)
    parts = [part for part in held.parts if part.engine.system.uri == coding.system]
    wanted = [part for part in parts if not coding.version or matching(coding.version, [part.engine.system.version])]
    engine = (wanted or parts)[0].engine if parts else _engine(library, verdict, at)
    if coding.version and parts and not wanted:
        engine = _engine(library, verdict, at)
    if engine is None:
        return verdict
    verdict.engine = engine
    place = engine.place(coding.code)
    expression = None if place >= 0 else _expression(verdict, engine, at)
    if expression is not None:
        verdict.shown = engine.expression_shown(expression, coding.code, asked.languages)
        inside = any(part.engine is engine and part.holds(expression) for part in held.parts)
    else:
        inside = any(part.engine is engine and _at(part, place) for part in held.parts)
    if place >= 0:
        _judge(verdict, engine, place, at, asked, inside)
    if not inside:
        _exclude(verdict, named, _place(at, "code"), asked)
    return verdict


def _exclude(verdict: _Verdict, named: str, where: str, asked: _Asked) -> None:
    """A code that is not in the value set; of several codings one may be that is, so that each is only noted."""
    issue = _not_in(verdict.coding, named, where)
    if asked.concept:
        verdict.valid = False
        verdict.issues.append(replace(issue, severity="information", kind="this-code-not-in-vs"))
    else:
        verdict.error(issue)


def _engine(library: Library, verdict: _Verdict, at: str) -> Engine | None:
    coding = verdict.coding
    if not coding.system:
        text = "Coding has no system. A code with no system has no defined meaning, and it cannot be validated"
        verdict.valid = False
        verdict.issues.append(Issue("warning", "invalid", "invalid-data", text, at or "code"))
        verdict.told.append(text)
        return None
    try:
        verdict.engine = library.engine(coding.system, coding.version)
    except Refused as refusal:
        verdict.unknown = coding.system + (f"|{coding.version}" if library.knows(coding.system) else "")
        for issue in refusal.issues:
            verdict.error(Issue("error", issue.code, issue.kind, issue.text, _place(at, "system"), issue.message_id))
    return verdict.engine


def _expression(verdict: _Verdict, engine: Engine, at: str) -> Expression | None:
    """The expression that the code writes; when there is none, the verdict says why."""
    written, why = verdict.coding.code, ""
    try:
        found = engine.expression(written) if not written.isdigit() else None
    except ExpressionError as error:
        found, why = None, f"Not a valid expression: {error}"
    if found is not None:
        return found
    where = _place(at, "code")
    fragment = isinstance(engine.system, InlineSystem) and engine.system.fragment
    if fragment:
        text = (
            f"Unknown Code '{written}' in {described(engine)} - note that the code system is labeled as a fragment, "
            "so the code may be valid in some other fragment"
        )
        verdict.issues.append(Issue("warning", "code-invalid", "invalid-code", text, where, "UNKNOWN_CODE_IN_FRAGMENT"))
        return None
    text = f"Unknown code '{written}' in {described(engine)}"
    verdict.error(Issue("error", "code-invalid", "invalid-code", text, where, "Unknown_Code_in_Version"))
    if why:
        verdict.issues.append(Issue("information", "code-invalid", "invalid-code", why, where))
    return None


def _judge(verdict: _Verdict, engine: Engine, place: int, at: str, asked: _Asked, inside: bool = True) -> None:
    """A code that is there: its display, whether it is inactive, whether it may be chosen."""
    shown = verdict.shown = engine.shown(place, asked.languages)
    names = engine.names(place, every=True)
    current = [shown.display, *(name.text for name in names if name.active)]
    _judge_text(verdict, current, at, asked, [name.text for name in names if not name.active])
    if shown.abstract and not asked.abstract:
        text = f"Code '{shown.code}' is abstract, and not allowed in this context"
        verdict.error(
            Issue("error", "business-rule", "code-rule", text, _place(at, "code"), "ABSTRACT_CODE_NOT_ALLOWED")
        )
    if shown.inactive and inside:
        status = shown.status or "inactive"
        text = f"The concept '{shown.code}' has a status of {status} and its use should be reviewed"
        issue = Issue("warning", "business-rule", "code-comment", text, _place(at, "code"), "INACTIVE_CONCEPT_FOUND")
        verdict.issues.append(issue)
        verdict.told.append(text)


def _judge_text(verdict: _Verdict, current: Sequence[str], at: str, asked: _Asked, old: Sequence[str] = ()) -> None:
    """The display that was given: one of the concept's, an old one, or a wrong one."""
    coding, shown = verdict.coding, verdict.shown
    if not coding.display or shown is None or _among(coding.display, current):
        return
    where = _place(at, "display")
    if _among(coding.display, old):
        correct = ",".join(f'"{each}"' if " " in each else each for each in sorted(set(current)))
        text = (
            f"'{coding.display}' is no longer considered a correct display for code '{coding.code}' "
            f"(status = inactive). The correct display is one of {correct}."
        )
        # It was right once: an error only for those who ask for strictness.
        severity: Severity = "error" if asked.lenient is False else "warning"
        _found(verdict, Issue(severity, "invalid", "display-comment", text, where, "INACTIVE_DISPLAY_FOUND"))
        return
    text = (
        f"Wrong Display Name '{coding.display}' for {coding.system}#{coding.code}. Valid display is '{shown.display}'"
    )
    severity = "warning" if asked.lenient else "error"
    id_ = "Display_Name_for__should_be_one_of__instead_of"
    _found(verdict, Issue(severity, "invalid", "invalid-display", text, where, id_))


def _found(verdict: _Verdict, issue: Issue) -> None:
    if issue.severity == "error":
        verdict.error(issue)
    else:
        verdict.issues.append(issue)


def _among(display: str, texts: Sequence[str]) -> bool:
    """Whether a display is one of the texts, whatever its case and spaces."""
    wanted = " ".join(display.casefold().split())
    return any(" ".join(each.casefold().split()) == wanted for each in texts)


def _not_in(coding: Coding, named: str, where: str) -> Issue:
    given = f" ('{coding.display}')" if coding.display else ""
    version = f"|{coding.version}" if coding.version else ""
    text = f"The provided code '{coding.system}{version}#{coding.code}{given}' was not found in the value set '{named}'"
    id_ = "None_of_the_provided_codes_are_in_the_value_set_one"
    return Issue("error", "code-invalid", "not-in-vs", text, where, id_)


def _place(at: str, part: str) -> str:
    return f"{at}.{part}" if at else part


def _noted(issue: Issue) -> Issue:
    """Beside a coding that is valid, one of a code system that is not there is no error: it cannot be checked."""
    return replace(issue, severity="warning") if issue.code == "not-found" else issue


def _answer(asked: _Asked, verdicts: list[_Verdict]) -> Resource:
    """Valid when one coding is; then that one is told of, else the first that was understood."""
    result = any(verdict.valid for verdict in verdicts)
    told_of = next((each for each in verdicts if each.valid), None)
    told_of = told_of or next((each for each in verdicts if each.shown), verdicts[0])
    issues = [_noted(issue) if result else issue for verdict in verdicts for issue in verdict.issues]
    texts = list(dict.fromkeys(text for verdict in verdicts for text in verdict.told))
    shown, engine = told_of.shown, told_of.engine
    return answer(
        truth("result", result),
        code("code", told_of.coding.code) if told_of.coding.code else None,
        uri("system", told_of.coding.system) if told_of.coding.system else None,
        string("version", engine.system.version) if engine and engine.system.version else None,
        string("display", shown.display) if shown and shown.display else None,
        truth("inactive", True) if shown and shown.inactive else None,
        {"name": "codeableConcept", "valueCodeableConcept": asked.concept} if asked.concept else None,
        *(uri("x-caused-by-unknown-system", each.unknown) for each in verdicts if each.unknown),
        string("message", "; ".join(texts)) if texts else None,
        {"name": "issues", "resource": outcome(issues)} if issues else None,
    )
