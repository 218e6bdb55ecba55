"""The operations of the API by name, over a store of code systems; nothing of HTTP but the status of a refusal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from urllib.parse import parse_qsl

from reporting.fhir_terminology import metadata, reading
from reporting.fhir_terminology.closure import Closures
from reporting.fhir_terminology.expand import expand
from reporting.fhir_terminology.jsonvalues import text, thing, things
from reporting.fhir_terminology.library import Engines, Systems
from reporting.fhir_terminology.lookup import lookup
from reporting.fhir_terminology.outcome import Refused, Resource, bad_request, outcome, refused
from reporting.fhir_terminology.parameters import Parameter, Parameters, from_body, from_query, from_resource
from reporting.fhir_terminology.subsume import subsumes
from reporting.fhir_terminology.translate import translate
from reporting.fhir_terminology.validate import validate_code_system, validate_value_set

_KINDS: Final = ("CodeSystem", "ValueSet", "ConceptMap")
_MOST_ENTRIES: Final = 1000

Operation = Callable[[Parameters, str], Resource]
_Validate = Callable[[Engines, Parameters, str], Resource]


class Terminology:
    """All operations over one store. Safe to call from several threads."""

    def __init__(self, systems: Systems) -> None:
        self._systems = systems
        self._engines = engines = Engines(systems)
        closures = Closures()
        self._operations: dict[str, Operation] = {
            "CodeSystem/$lookup": lambda said, language: lookup(engines, said, language),
            "CodeSystem/$validate-code": lambda said, language: validate_code_system(engines, said, language),
            "CodeSystem/$batch-validate-code": self._many(validate_code_system),
            "CodeSystem/$subsumes": lambda said, _: subsumes(engines, said),
            "ValueSet/$expand": lambda said, language: expand(engines, said, language),
            "ValueSet/$validate-code": lambda said, language: validate_value_set(engines, said, language),
            "ValueSet/$batch-validate-code": self._many(validate_value_set),
            "ConceptMap/$translate": lambda said, _: translate(engines, said),
            "ConceptMap/$closure": lambda said, _: closures.closure(engines, said),
            "$closure": lambda said, _: closures.closure(engines, said),
            "$versions": lambda _said, _: metadata.versions(),
        }

    def operate(self, path: str, parameters: Parameters, accept_language: str = "") -> Resource:
        """The answer of the operation at a path below the base. Raises Refused."""
        operation = self._operations.get(path)
        if operation is None:
            raise refused(404, "not-supported", "not-found", f"There is no operation {path[:100]}")
        return operation(parameters, accept_language)

    def get(self, path: str, query: Parameters, base: str) -> Resource:
        """Metadata, a resource or a search. Raises Refused."""
        if path == "metadata":
            if query.text("mode") == "terminology":
                return metadata.terminology_capabilities(base, self._systems)
            return metadata.capability_statement(base)
        kind, _, wanted = path.partition("/")
        if kind not in _KINDS or "/" in wanted:
            raise refused(404, "not-found", "not-found", f"There is nothing at {path[:100]}")
        if wanted:
            return reading.read(kind, self._systems, wanted)
        return reading.search(kind, self._systems, base, query.text("url"), query.text("version"))

    def batch(self, bundle: object, base: str, accept_language: str = "") -> Resource:
        """The answers to the requests of a batch Bundle, in order; one that fails does not fail the others."""
        if not isinstance(bundle, dict) or bundle.get("resourceType") != "Bundle" or bundle.get("type") != "batch":
            raise bad_request("the body must be a Bundle of type batch in JSON")
        entries = things(bundle, "entry")
        if len(entries) > _MOST_ENTRIES:
            raise refused(413, "too-costly", "too-costly", f"A batch has at most {_MOST_ENTRIES} entries")
        return {
            "resourceType": "Bundle",
            "type": "batch-response",
            "entry": [self._entry(each, base, accept_language) for each in entries],
        }

    def _entry(self, entry: Resource, base: str, accept_language: str) -> Resource:
        request = thing(entry, "request")
        path, _, query = text(request, "url").removeprefix(base).strip("/").partition("?")
        try:
            answer = self._request(text(request, "method"), path, query, entry.get("resource"), base, accept_language)
        except Refused as refusal:
            return {"resource": outcome(refusal.issues), "response": {"status": str(refusal.status)}}
        return {"resource": answer, "response": {"status": "200"}}

    def _request(self, method: str, path: str, query: str, body: object, base: str, accept_language: str) -> Resource:
        if method == "POST":
            return self.operate(path, from_body(path, body), accept_language)
        if method != "GET":
            raise refused(405, "not-supported", "not-supported", "Only GET and POST are answered")
        said = from_query(parse_qsl(query, keep_blank_values=True))
        return self.operate(path, said, accept_language) if "$" in path else self.get(path, said, base)

    def _many(self, validate: _Validate) -> Operation:
        """Many validations in one request; what is said at the top counts for all of them."""

        def operation(parameters: Parameters, language: str) -> Resource:
            shared = [each for each in parameters if each.name != "validation"]
            wanted = parameters.resources("validation")
            if not wanted or len(wanted) > _MOST_ENTRIES:
                raise bad_request(f"a batch has from 1 to {_MOST_ENTRIES} validations")
            answers = [self._one(validate, each, shared, language) for each in wanted]
            said = [{"name": "validation", "resource": each} for each in answers]
            return {"resourceType": "Parameters", "parameter": said}

        return operation

    def _one(self, validate: _Validate, each: Resource, shared: list[Parameter], language: str) -> Resource:
        try:
            return validate(self._engines, from_resource(each).with_others(shared), language)
        except Refused as refusal:
            return outcome(refusal.issues)
