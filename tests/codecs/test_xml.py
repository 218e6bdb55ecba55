"""Reading XML that others wrote."""

from __future__ import annotations

import pytest
from lxml import etree

from registries.codecs.xml import XmlRefused, compile_schema, parse

BOMB = b"""<?xml version="1.0"?>
<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<a>&b;</a>"""
EXTERNAL = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>'


@pytest.mark.parametrize(
    ("payload", "text"),
    [
        (BOMB, "DOCTYPE"),
        (EXTERNAL, "DOCTYPE"),
        (b'<!DOCTYPE a SYSTEM "http://localhost/a.dtd"><a/>', "DOCTYPE"),
        (b"<!doctype a><a/>", "DOCTYPE"),
        (BOMB.decode().encode("utf-16"), "encoding"),
        (b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE a+AD4APA-a/+AD4-', "encoding"),
        (b'<?xml version="1.0" encoding="utf-16"?><a/>', "encoding"),
        ("<a/>".encode("utf-32"), "encoding"),
        ("<a>bløt</a>".encode("latin-1"), "line 1, column"),
        (b"<a><b>", "not well-formed"),
        (b"", "not well-formed"),
        (b"\n<a>\n</b>", "line 3"),
        (b"<a/>" + b" " * 100, "larger than the limit of 100 bytes"),
    ],
)
def test_what_is_unsafe_or_broken_is_refused_in_clear_words(payload: bytes, text: str) -> None:
    with pytest.raises(XmlRefused, match=text):
        parse(payload, limit=100 if payload.startswith(b"<a/> ") else 1000)


def test_a_refusal_repeats_nothing_of_the_document() -> None:
    with pytest.raises(XmlRefused) as refused:
        parse(b"<a><secret-name></a>")
    assert "secret" not in str(refused.value)
    assert refused.value.__suppress_context__


def test_a_latin_1_document_that_says_so_is_read() -> None:
    assert parse('<?xml version="1.0" encoding="ISO-8859-1"?><a>bløt</a>'.encode("latin-1")).text == "bløt"


def test_comments_and_processing_instructions_do_not_split_text() -> None:
    root = parse(b"<?style x?><a>12<!-- three -->34</a>")
    assert (root.text, len(root)) == ("1234", 0)


def test_a_schema_imports_from_memory_alone() -> None:
    reaching_out = b"""<schema xmlns="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:a">
        <import namespace="urn:b" schemaLocation="file:///etc/hostname"/><element name="a" type="int"/></schema>"""
    with pytest.raises((KeyError, etree.XMLSchemaParseError)):
        compile_schema({"urn:a": reaching_out})
