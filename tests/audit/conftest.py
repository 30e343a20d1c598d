"""The log under test; tests/faults uses it too."""

from tests.audit.logs import fresh_log

__all__ = ["fresh_log"]
