"""What is wrong with a code or a request, as OperationOutcome says it (FHIR R4 2.28; issue types of the tools IG)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

ISSUE_TYPES: Final = "http://hl7.org/fhir/tools/CodeSystem/tx-issue-type"
MESSAGE_ID: Final = "http://hl7.org/fhir/StructureDefinition/operationoutcome-message-id"

Resource = dict[str, object]
Severity = Literal["error", "warning", "information"]


@dataclass(frozen=True, slots=True)
class Issue:
    """One issue. `code` is its FHIR issue type, `kind` its tx-issue-type, `at` the part of the request it is about."""

    severity: Severity
    code: str
    kind: str
    text: str
    at: str = ""
    message_id: str = ""


class Refused(Exception):
    """The request cannot be answered: an HTTP status and the issues that say why."""

    def __init__(self, status: int, *issues: Issue) -> None:
        super().__init__(issues[0].code)
        self.status = status
        self.issues = issues


def refused(status: int, code: str, kind: str, text: str, message_id: str = "") -> Refused:
    """A refusal with one error."""
    return Refused(status, Issue("error", code, kind, text, message_id=message_id))


def bad_request(text: str) -> Refused:
    """A request that is not well formed."""
    return refused(400, "invalid", "invalid-data", text)


def outcome(issues: Sequence[Issue]) -> Resource:
    """The issues as an OperationOutcome."""
    return {"resourceType": "OperationOutcome", "issue": [_issue(issue) for issue in issues]}


def _issue(issue: Issue) -> Resource:
    said: Resource = {}
    if issue.message_id:
        said["extension"] = [{"url": MESSAGE_ID, "valueString": issue.message_id}]
    coding = {"system": ISSUE_TYPES, "code": issue.kind}
    said |= {"severity": issue.severity, "code": issue.code, "details": {"coding": [coding], "text": issue.text}}
    if issue.at:
        said["expression"] = [issue.at]
    return said
