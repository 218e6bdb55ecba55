"""XML that others wrote, read element by element: nothing is resolved, nothing loaded, no entities.

Unlike messages, published classifications carry a document type declaration that names their grammar (ClaML's does).
It is let through when it declares nothing itself; the grammar it names is never fetched. Defences follow the OWASP XML
External Entity prevention cheat sheet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from lxml import etree

from terminology.classifications.sources import Source
from terminology.snomed.problems import ImportRefused

#: Encodings that are supersets of ASCII, so that the scan for declarations cannot be fooled.
_ENCODINGS: Final = frozenset({"utf-8", "us-ascii", "ascii", "iso-8859-1", "windows-1252"})
_DECLARED: Final = re.compile(rb"""\A(?:\xef\xbb\xbf)?<\?xml[^>]*?encoding\s*=\s*["']([^"'>]*)["']""")
_DECLARES: Final = re.compile(rb"<!\s*(?:ENTITY|ELEMENT|ATTLIST|NOTATION)|<!\s*DOCTYPE[^>\[]*\[", re.IGNORECASE)
_STEP: Final = 1_000_000
_OVERLAP: Final = 10_000


def elements(source: Source, names: frozenset[str]) -> Iterator[etree._Element]:
    """The elements below the root that have one of these names, in order; each is emptied when the next is asked for.

    Raises ImportRefused: an encoding that is not UTF-8, ASCII, ISO-8859-1 or Windows-1252, a declaration inside the
    document, XML that is not well-formed or nested deeper than the parser goes (the text names the line).
    """
    _refuse_unsafe(source)
    with source.open() as stream:
        found = etree.iterparse(
            stream,
            tag=[f"{{*}}{name}" for name in sorted(names)],
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            for _, element in found:
                root = element.getparent()
                if root is not None and root.getparent() is None:
                    yield element
                    _forget(element, root)
        except etree.XMLSyntaxError as error:
            # The library's own text quotes names and bytes of the document; its chained traceback would too.
            line, column = error.position
            raise ImportRefused(f"{source.name}:{line}:{column}: the document is not well-formed XML") from None


def local_name(element: etree._Element) -> str:
    """The name without its namespace."""
    return str(etree.QName(element).localname)


def root_name(start: bytes) -> str:
    """The name of the first element in the first bytes of a document, without namespace prefix; "" if there is none."""
    found = re.search(rb"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)[\s/>]", start)
    return found[1].decode("ascii", "replace") if found else ""


def _refuse_unsafe(source: Source) -> None:
    with source.open() as stream:
        before = b""
        while chunk := stream.read(_STEP):
            if not before:
                _refuse_encoding(source, chunk)
            if _DECLARES.search(before + chunk):
                raise ImportRefused(
                    f"{source.name}: the document declares entities or elements, which is never accepted"
                )
            before = chunk[-_OVERLAP:]


def _refuse_encoding(source: Source, start: bytes) -> None:
    declared = _DECLARED.match(start)
    encoding = declared[1].decode("ascii", "replace").lower() if declared else "utf-8"
    if encoding not in _ENCODINGS or start[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in start[:4]:
        raise ImportRefused(f"{source.name}: the encoding is not UTF-8, ASCII, ISO-8859-1 or Windows-1252")


def _forget(element: etree._Element, root: etree._Element) -> None:
    """Frees an element and what stands before it."""
    element.clear()
    while (before := element.getprevious()) is not None:
        root.remove(before)
