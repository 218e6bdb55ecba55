"""Reads plain data as a pydantic model to the end: what is wrong in one part hides no mistake in another.

Pydantic checks whether a model's words go together only when every word in it is right. Here each word is read by
itself, what is right is kept, and the checks are run on what there is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from registries.problems import Place, Problem, Refused, Written, of_pydantic, said

M = TypeVar("M", bound=BaseModel)
#: What stands for a value that cannot be read.
_NOTHING: Any = object()


def read(model: type[M], given: object) -> tuple[M, tuple[Problem, ...]]:
    """The data as the model, and everything that is wrong in it.

    With problems the model is what could be read: a field that is wrong has its default, or is not there at all.
    """
    value, problems = _model(model, given, ())
    return value, tuple(dict.fromkeys(problems))


def _model(model: type[M], given: object, place: Place) -> tuple[M, list[Problem]]:
    try:
        return model.model_validate(given), []
    except ValidationError as error:
        found = error
    words = tuple(field.alias or name for name, field in model.model_fields.items())
    errors = found.errors(include_url=False)
    if isinstance(given, Mapping):
        errors = [each for each in errors if each["loc"]]  # the model's own checks come below
    told = [one for each in errors for one in of_pydantic(each, words)]
    if not isinstance(given, Mapping):
        return model.model_construct(), [one.under(place) for one in told]
    values, problems = {}, [one.under(place) for one in told if _of_unknown(one, model)]
    for name, field in model.model_fields.items():
        word = field.alias or name
        at_field = [one.under(place) for one in told if one.place[:1] == (word,)]
        if word not in given:
            problems += at_field  # missing
            continue
        value, inside = _value(_annotated(field), given[word], (*place, word))
        if not inside and at_field:  # its type alone is right, but a validator of the field refuses it
            value = _NOTHING
        values[name] = value
        problems += inside or at_field
    part = _constructed(model, {name: value for name, value in values.items() if value is not _NOTHING}, values)
    problems += [one.under(place) for one in _together(part)]
    for name, field in model.model_fields.items():  # later checks go on as if what is wrong had not been written
        if name in values and values[name] is _NOTHING and not field.is_required():
            part.__dict__[name] = field.get_default(call_default_factory=True)
    return part, problems


def _of_unknown(problem: Problem, model: type[BaseModel]) -> bool:
    known = {word for name, field in model.model_fields.items() for word in (name, field.alias)}
    return bool(problem.place) and problem.place[0] not in known


def _constructed(model: type[M], right: Mapping[str, Any], written: Mapping[str, Any]) -> M:
    part = model.model_construct(**right)
    for name in written.keys() - right.keys():
        part.__dict__.pop(name, None)  # a check that asks for it cannot be made
    return part


def _together(part: BaseModel) -> Iterator[Problem]:
    """What the model's own checks say; one that asks for what is not there is left out."""
    if isinstance(part, Written):
        with suppress(AttributeError, KeyError):
            yield from part.problems()
    for name, decorator in type(part).__pydantic_decorators__.model_validators.items():
        if decorator.info.mode != "after" or name == "_sound":
            continue
        try:
            with suppress(AttributeError, KeyError):
                getattr(part, name)()
        except ValueError as error:
            yield from error.problems if isinstance(error, Refused) else [said(str(error))]


def _value(kind: Any, given: object, place: Place) -> tuple[Any, list[Problem]]:
    shape = get_origin(kind)
    if shape in (Union, UnionType):
        try:
            return _adapter(kind).validate_python(given), []
        except ValidationError:
            return _value(_branch(get_args(kind), given), given, place)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return _model(kind, given, place)
    if shape is list and isinstance(given, list):
        return _items(get_args(kind)[0], list(enumerate(given)), place)
    if shape is dict and isinstance(given, Mapping):
        return _entries(get_args(kind), given, place)
    try:
        return _adapter(kind).validate_python(given), []
    except ValidationError as error:
        found = error
    if shape is Annotated and isinstance(given, Mapping):
        return _value(get_args(kind)[0], given, place)
    errors = [{**each, "loc": (*place, *each["loc"])} for each in found.errors(include_url=False)]
    return _NOTHING, [one for each in errors for one in of_pydantic(each, ())]  # type: ignore[arg-type]


def _items(kind: Any, given: list[tuple[Any, object]], place: Place) -> tuple[list[Any], list[Problem]]:
    read = [_value(kind, one, (*place, key)) for key, one in given]
    return [value for value, _ in read if value is not _NOTHING], [one for _, found in read for one in found]


def _entries(kinds: tuple[Any, ...], given: Mapping[Any, object], place: Place) -> tuple[dict[Any, Any], list[Problem]]:
    values, problems = {}, []
    for word, one in given.items():
        key, of_key = _value(kinds[0], word, (*place, word, "[key]"))
        value, of_value = _value(kinds[1], one, (*place, word))
        problems += of_key + of_value
        if value is not _NOTHING:
            values[word if key is _NOTHING else key] = value
    return values, problems


def _branch(kinds: tuple[Any, ...], given: object) -> Any:
    """The kind of a union that was probably meant: of several kinds of words, any word of them."""
    rest = tuple(kind for kind in kinds if kind is not NoneType)
    fitting = tuple(kind for kind in rest if _fits(kind, given)) or rest
    words = [word for kind in fitting for word in _words(kind)]
    if words and all(_words(kind) for kind in fitting):
        return Literal[tuple(words)]
    return fitting[0]


def _words(kind: Any) -> tuple[str, ...]:
    if get_origin(kind) is Literal:
        return tuple(map(str, get_args(kind)))
    return tuple(map(str, kind)) if isinstance(kind, type) and issubclass(kind, Enum) else ()


def _fits(kind: Any, given: object) -> bool:
    shape = get_origin(kind)
    if shape is Annotated:
        return _fits(get_args(kind)[0], given)
    if isinstance(given, Mapping):
        return shape is dict or (isinstance(kind, type) and issubclass(kind, BaseModel))
    if isinstance(given, list):
        return shape in (list, tuple)
    return shape is Literal or (shape is None and not issubclass(kind, BaseModel))


def _annotated(field: FieldInfo) -> Any:
    kind: Any = field.annotation
    for one in field.metadata:
        kind = Annotated[kind, one]
    return kind


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
