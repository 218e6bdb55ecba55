"""A codebook as plain JSON: the values as they are."""

from __future__ import annotations

import msgspec

from registries.codebooks import Codebook, CodebookError, Read


def write(codebook: Codebook) -> bytes:
    """The codebook in JSON, indented."""
    return msgspec.json.format(msgspec.json.encode(codebook), indent=2) + b"\n"


def read(content: bytes, file: str) -> Read:
    """What `write` has written.

    Raises:
        CodebookError: it is something else; the text names the place.
    """
    try:
        return Read(msgspec.json.decode(content, type=Codebook), ())
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise CodebookError(f"{file}: no codebook: {error}") from error
