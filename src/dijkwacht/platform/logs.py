"""How the log is written: to standard error, one line an event, with a trace where something failed."""

import sys
from typing import Final

import structlog

FORMATS: Final = ("text", "json")


def configure(style: str = "text") -> None:
    """Set it up in one of FORMATS. Standard output is for what a command answers.

    A trace holds no values: they may be a person's, or a key, and some take gigabytes to print. Raises ValueError.
    """
    if style not in FORMATS:
        raise ValueError(f"DIJKWACHT_LOG_FORMAT is {style!r}: give one of {', '.join(FORMATS)}.")
    shown: list[structlog.typing.Processor] = [
        structlog.processors.format_exc_info,
        structlog.processors.JSONRenderer(default=str),
    ]
    if style == "text":
        plain = structlog.dev.plain_traceback
        shown = [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *shown,
        ],
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )
