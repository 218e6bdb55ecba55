"""Whether a message is what its registry asks for, told without repeating anything of what it says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from importlib.resources import files
from threading import Lock
from typing import Final

from lxml import etree

from registries.codecs.content import MISSING, ROOT, attribute, namespace
from registries.codecs.msghead import NAMESPACE
from registries.codecs.schema import content_schema
from registries.codecs.xml import XmlRefused, compile_schema, parse
from registries.definition import Definition

Validator = Callable[[bytes | etree._Element], tuple[str, ...]]

#: What libxml2's kinds of schema error mean. Its own texts quote values, so they are never used.
_MEANINGS: Final = {
    "SCHEMAV_CVC_ENUMERATION_VALID": "not one of the permitted values",
    "SCHEMAV_CVC_MININCLUSIVE_VALID": "below the lowest permitted value",
    "SCHEMAV_CVC_MAXINCLUSIVE_VALID": "above the highest permitted value",
    "SCHEMAV_CVC_FRACTIONDIGITS_VALID": "too many decimals",
    "SCHEMAV_CVC_PATTERN_VALID": "not written the way it should be",
    "SCHEMAV_CVC_MINLENGTH_VALID": "empty",
    "SCHEMAV_CVC_DATATYPE_VALID_1_2_1": "not a value of the type it should have",
    "SCHEMAV_CVC_DATATYPE_VALID_1_2_3": "not a value of the type it should have",
    "SCHEMAV_CVC_ELT_5_2_2_2_2": "not the fixed value it should have",
    "SCHEMAV_CVC_AU": "not the fixed value it should have",
    "SCHEMAV_CVC_COMPLEX_TYPE_4": "a required attribute is missing",
    "SCHEMAV_CVC_COMPLEX_TYPE_3_2_1": "an attribute that does not belong here",
    "SCHEMAV_CVC_COMPLEX_TYPE_3_2_2": "an attribute that does not belong here",
    "SCHEMAV_CVC_TYPE_3_1_1": "an attribute that does not belong here",
    "SCHEMAV_CVC_TYPE_3_1_2": "has elements but should only have text",
    "SCHEMAV_CVC_COMPLEX_TYPE_2_1": "has content but should be empty",
    "SCHEMAV_CVC_COMPLEX_TYPE_2_3": "has text but should only have elements",
    "SCHEMAV_CVC_IDC": "a variable is reported missing twice",
    "SCHEMAV_CVC_ELT_1": "not an element of this message",
}
_SUBJECT = re.compile(r"Element '(?:\{[^}]*\})?([^']+)'(?:, attribute '(?:\{[^}]*\})?([^']+)')?: ")
_LACKING = re.compile(r"The attribute '([^']+)' is required but missing")
_NAMED = re.compile(rb'\bname="([^"]+)"')


def envelope_schema() -> bytes:
    """Our own schema of the MsgHead 1.2 that is sent, an XSD 1.0 document; target namespace the official one."""
    return files("registries.codecs").joinpath("msghead_subset.xsd").read_bytes()


def validator(definition: Definition) -> Validator:
    """A function that lists what is wrong with a message, empty when nothing is.

    The schemas are compiled here, once; the function may be called from several threads. Each problem reads
    `line N: element X: what is wrong`; names that the schemas do not know are not repeated either. A document that
    cannot be read is one problem, in the words of `XmlRefused`.

    Raises:
        DefinitionError: no schema can be made of the definition.
    """
    sources = {NAMESPACE: envelope_schema(), namespace(definition): content_schema(definition)}
    schema = compile_schema(sources)
    known = {name.decode() for source in sources.values() for name in _NAMED.findall(source)}
    lock = Lock()

    def problems(message: bytes | etree._Element) -> tuple[str, ...]:
        try:
            root = parse(message) if isinstance(message, bytes) else message
        except XmlRefused as refusal:
            return (str(refusal),)
        with lock:  # a schema keeps one error log for all its callers
            found = [] if schema.validate(root) else list(_entries(schema))
        return _told(found, known) if found else tuple(_beyond_the_schema(root, definition))

    return problems


def _entries(schema: etree.XMLSchema) -> Iterable[etree._LogEntry]:
    log: Iterable[etree._LogEntry] = schema.error_log  # type: ignore[assignment]  # the stubs forget __iter__
    return log


def _told(entries: list[etree._LogEntry], known: set[str]) -> tuple[str, ...]:
    # libxml2 reports one wrong value twice: the facet it breaks, and that the type is therefore not met.
    first: dict[tuple[str | None, str | None], str] = {}
    for entry in entries:
        subject = _SUBJECT.match(entry.message)
        element, name = subject.groups() if subject else ("", None)
        first.setdefault((entry.path, name), _problem(entry, element, name, known))
    return tuple(first.values())


def _problem(entry: etree._LogEntry, element: str, name: str | None, known: set[str]) -> str:
    what = f"attribute {name}: {_what(entry)}" if name in known else _what(entry)
    return f"line {entry.line}: element {element if element in known else '(unknown)'}: {what}"


def _what(entry: etree._LogEntry) -> str:
    if entry.type_name == "SCHEMAV_ELEMENT_CONTENT":
        return "something is missing in it" if "Missing child" in entry.message else "it does not belong here"
    lacking = _LACKING.search(entry.message)
    if lacking:
        return f"the attribute {lacking.group(1)} is missing"
    return _MEANINGS.get(entry.type_name, "does not follow the schema")


def _beyond_the_schema(root: etree._Element, definition: Definition) -> Iterator[str]:
    """What XSD 1.0 cannot say; `root` follows the schemas."""
    report = root[1]
    content = report[1][0][1][0]
    if content.tag != f"{{{namespace(definition)}}}{ROOT}":
        yield f"line {content.sourceline}: element Content: it holds something else than this registry's registration"
        return
    if (report[0].text or "") != attribute(content, "sak"):
        yield f"line {report[0].sourceline}: element CaseNo: it differs from the case of the registration"
    skip = len(namespace(definition)) + 2
    given = {child.tag[skip:] for child in content}
    lacking = {attribute(child, "variabel") for child in content if child.tag[skip:] == MISSING}
    for name in definition.variables:
        if (name in given) == (name in lacking):
            yield f"line {content.sourceline}: element {name}: it needs either a value or a reason why it has none"
