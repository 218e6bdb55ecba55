"""Reading XML that others wrote: no entities, no network, no DOCTYPE, bounded size.

Defences follow the OWASP XML External Entity prevention cheat sheet: a document type declaration is refused outright,
so there is nothing for entities to be declared in; the parser's own switches stand behind that.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from lxml import etree

#: The largest message that is read, in bytes: NPR's limit for a message.
LIMIT: Final = 50_000_000

#: Encodings a message may have. All are supersets of ASCII, so that the scan for a DOCTYPE cannot be fooled.
_ENCODINGS: Final = frozenset({"utf-8", "us-ascii", "ascii", "iso-8859-1", "windows-1252"})
_DECLARED = re.compile(rb"""\A(?:\xef\xbb\xbf)?<\?xml[^>]*?encoding\s*=\s*["']([^"'>]*)["']""")
_DOCTYPE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)


class XmlRefused(Exception):
    """A document that is not read: too large, unsafe or not well-formed. The text repeats nothing of its content."""


class _InMemory(etree.Resolver):
    """Answers schema imports from memory and nothing else."""

    def __init__(self, documents: Mapping[str, bytes]) -> None:
        self._documents = documents

    def resolve(self, system_url: str, public_id: str, context: Any) -> Any:  # type: ignore[override]
        """The document of that name; an unknown one is a mistake in our own schemas, never a reason to look elsewhere.

        Raises:
            KeyError: there is none.
        """
        del public_id
        return self.resolve_string(self._documents[system_url], context, base_url=system_url)


def safe_parser(*, recover: bool = False) -> etree.XMLParser:
    """A parser that resolves no entities, loads nothing, drops comments and processing instructions.

    `recover` keeps what stands before a mistake, to find whom to answer; never use it to read values.
    """
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        recover=recover,
    )


def parse(payload: bytes, limit: int = LIMIT) -> etree._Element:
    """The root element of a document.

    Raises:
        XmlRefused: larger than `limit` bytes, an encoding other than UTF-8, ASCII, ISO-8859-1 or Windows-1252, a
            DOCTYPE, or not well-formed (the text names line and column).
    """
    refuse_unsafe(payload, limit)
    try:
        root = etree.fromstring(payload, safe_parser())
    except etree.XMLSyntaxError as error:
        # The library's own text quotes names and bytes of the document; its chained traceback would too.
        raise XmlRefused(_where(error)) from None
    # The scan has seen every encoding that is let through; should one ever fool it, the parser has not been fooled.
    if root.getroottree().docinfo.internalDTD is not None:
        raise XmlRefused("the document holds a DOCTYPE or an entity declaration, which is never accepted")
    return root


def refuse_unsafe(payload: bytes, limit: int = LIMIT) -> None:
    """Look at the bytes before any parser does.

    Raises:
        XmlRefused: as `parse`, except that well-formedness is not looked at.
    """
    if len(payload) > limit:
        raise XmlRefused(f"the document is larger than the limit of {limit} bytes")
    declared = _DECLARED.match(payload)
    encoding = declared.group(1).decode("ascii", "replace").lower() if declared else "utf-8"
    if encoding not in _ENCODINGS or payload[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in payload[:4]:
        raise XmlRefused("the document's encoding is not UTF-8, ASCII, ISO-8859-1 or Windows-1252")
    if _DOCTYPE.search(payload):
        raise XmlRefused("the document holds a DOCTYPE or an entity declaration, which is never accepted")


def compile_schema(documents: Mapping[str, bytes]) -> etree.XMLSchema:
    """One schema of several, each under its target namespace, from memory alone.

    Raises:
        lxml.etree.XMLSchemaParseError: a schema is wrong.
    """
    imports = "".join(
        f'<import namespace="{namespace}" schemaLocation="memory:{place}"/>'
        for place, namespace in enumerate(documents)
    )
    driver = f'<schema xmlns="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:driver">{imports}</schema>'
    parser = safe_parser()
    by_location = {f"memory:{place}": document for place, document in enumerate(documents.values())}
    parser.resolvers.add(_InMemory(by_location))
    return etree.XMLSchema(etree.fromstring(driver.encode(), parser))


def _where(error: etree.XMLSyntaxError) -> str:
    line, column = error.position
    return f"line {line}, column {column}: the document is not well-formed XML"
