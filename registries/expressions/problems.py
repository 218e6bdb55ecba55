"""What was probably meant by what cannot be read."""

from __future__ import annotations

import re
from typing import Final

#: What people write for what CEL writes otherwise, by how the rest of the text begins.
_MEANT: Final = (
    (re.compile(r"(?i)and\b|og\b"), "`&&`"),
    (re.compile(r"(?i)or\b|eller\b"), "`||`"),
    (re.compile(r"(?i)not\b|ikke\b"), "`!`"),
    (re.compile(r"=(?!=)"), "`==`"),
    (re.compile(r"<>"), "`!=`"),
    (re.compile(r"&(?!&)"), "`&&`"),
    (re.compile(r"\|(?!\|)"), "`||`"),
)
#: Rules of CEL's grammar that the language leaves out, as people would call them.
_LEFT_OUT: Final = {
    "member_dot_arg": "a method",
    "member_index": "a place in a list",
    "member_object": "an object",
    "list": "a list that does not follow `in`",
    "map_lit": "a map",
    "mapinits": "a map",
    "dot_ident": "a name that begins with a dot",
    "dot_ident_arg": "a name that begins with a dot",
    "multiplication_mod": "a remainder",
}


def meant(rest: str) -> str:
    """A suggestion for a text that cannot be read from here on; "" when there is none."""
    told = next((word for pattern, word in _MEANT if pattern.match(rest.lstrip())), "")
    return f"did you mean {told}?" if told else ""


def left_out(rule: str) -> str:
    """That something of CEL is not part of the language."""
    return f"{_LEFT_OUT.get(rule, rule)} is not part of the language"
