"""What stands inside a resource and is a statement of its own: components, answers, relatives' diseases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from reporting.adapters.fhir import resources as fhir
from terminology.codes import LINKID

#: The codes of questions: by the questionnaire (canonical URL without version, or `Questionnaire/id`) and the linkId.
Questions = Mapping[tuple[str, str], tuple[fhir.Coding, ...]]


class Statement(NamedTuple):
    """One thing stated: what tells it from the others of its resource, what it is about, and the part that says it."""

    mark: str
    concept: fhir.CodeableConcept | None
    part: Any


def components(r: fhir.Observation, _: Questions) -> Sequence[Statement]:
    """The components of an observation (R4 10.1.3), which share its times, stay and status."""
    if not r.component:
        return ()
    return [Statement(f"#component-{n}", part.code, part) for n, part in enumerate(r.component, start=1)]


def relatives(r: fhir.FamilyMemberHistory, _: Questions) -> Sequence[Statement]:
    """The diseases of a relative."""
    return [Statement(f"#condition-{n}", part.code, part) for n, part in enumerate(r.condition, start=1)]


def answers(r: fhir.QuestionnaireResponse, questions: Questions) -> Sequence[Statement]:
    """The answers of a form, those inside groups and below other answers too.

    A question's codes are those of the questionnaire, if that was read, and its linkId alone and after the
    questionnaire's URL and `#`. Of several answers to one question the second and later are told by their number.
    """
    form = r.questionnaire.partition("|")[0]
    found: list[Statement] = []
    count: dict[str, int] = {}
    for item, answer in _answers(r):
        count[item.link_id] = number = count.get(item.link_id, 0) + 1
        mark = f"#{item.link_id}" if number == 1 else f"#{item.link_id}/{number}"
        names = [item.link_id] + ([f"{form}#{item.link_id}"] if form else [])
        codes = (*questions.get((form, item.link_id), ()), *(fhir.Coding(LINKID, name) for name in names))
        found.append(Statement(mark, fhir.CodeableConcept(codes), answer))
    return found


def _answers(r: fhir.QuestionnaireResponse) -> Iterator[tuple[fhir.ResponseItem, fhir.Answer]]:
    waiting = list(reversed(r.item))
    while waiting:  # forms may be nested as deeply as their authors like
        item = waiting.pop()
        for answer in item.answer:
            yield item, answer
        below = [*item.item, *(one for answer in item.answer for one in answer.item)]
        waiting += reversed(below)


def coded_questions(r: fhir.Questionnaire) -> dict[tuple[str, str], tuple[fhir.Coding, ...]]:
    """The questions of a questionnaire that have codes, under each name that answers may call it by."""
    names = [name for name in (r.url, f"Questionnaire/{r.id}" if r.id else "") if name]
    found: dict[tuple[str, str], tuple[fhir.Coding, ...]] = {}
    waiting = list(r.item)
    while waiting:
        question = waiting.pop()
        waiting += question.item
        if question.code:
            found.update({(name, question.link_id): question.code for name in names})
    return found
