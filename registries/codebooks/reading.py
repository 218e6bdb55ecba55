"""Reads a codebook in whichever format it is: what stands in the file decides, not its name."""

from __future__ import annotations

from pathlib import Path

from registries.codebooks import CodebookError, Read, openqreg_reading, plain, questionnaire_reading


def read_codebook(path: Path) -> Read:
    """A klokebok, a FHIR Questionnaire, or a codebook in plain JSON.

    Raises:
        CodebookError: it cannot be read, or is none of these.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CodebookError(f"{path.name}: cannot be read: {error.strerror}") from error
    if content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] != b"{":
        return openqreg_reading.read(content, path.name)
    if b'"resourceType"' in content:
        return questionnaire_reading.read(content, path.name)
    return plain.read(content, path.name)
