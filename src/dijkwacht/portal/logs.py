"""What of a refused request is logged: the line that says so, without the trace of a fault that is none of ours."""

import logging
from typing import Final

FAULT: Final = 500


class Refused(logging.Filter):
    """Leaves out the traceback of a request that was answered with a status under 500, such as 403."""

    def filter(self, record: logging.LogRecord) -> bool:
        if getattr(record, "status_code", FAULT) < FAULT:
            record.exc_info = record.exc_text = None
        return True
