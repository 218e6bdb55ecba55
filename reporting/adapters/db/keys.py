"""The key that makes sending idempotent."""

from __future__ import annotations

import hashlib

from reporting.submission import Decision


def submission_id(decision: Decision) -> str:
    """The id of the submission a decision asks for: 32 hex digits of registry, case, content and what it corrects.

    What it corrects is part of the key because a record can go back to what it once said: A, then B, then A again is
    a third message, while the same decision made twice is one.
    """
    record = decision.record
    parts = (record.registry, record.case, decision.content, decision.corrects)
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]
