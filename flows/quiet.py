"""Prefect as a part of this program: its own files in our home, no telemetry, no chatter.

To be called before Prefect is first imported: it reads its settings then.
"""

from __future__ import annotations

import os

from reporting.home import Home


def prepare(home: Home) -> None:
    """Set what the user's environment leaves open. `PREFECT_API_URL` names a real server; else one is started."""
    settings = {
        "PREFECT_HOME": str(home.folder / "prefect"),
        "PREFECT_LOGGING_LEVEL": "ERROR",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "90",
        "PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY": "false",
        "DO_NOT_TRACK": "1",
    }
    for name, value in settings.items():
        os.environ.setdefault(name, value)
