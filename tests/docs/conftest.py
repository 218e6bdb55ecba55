"""Pages are run as their readers would: in a folder of their own, with the program's own entry point."""

from tests.cli.conftest import home, run

__all__ = ["home", "run"]
