"""What is done while it is done, for whoever looks for a fault: the loggers of both halves and the desk, written out.

Nothing is logged unless somebody asks for it, and nothing secret: what an address holds of a password is left out.
"""

from __future__ import annotations

import logging
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from backfile.cli.render import aside, safe

OURS = ("archive", "index", "backfile")
_PASSWORD = re.compile(r"(?<=://)[^/\s@]*:[^/\s@]*@")
_FORMAT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"


class _Line(logging.Formatter):
    """One line a record, with nothing in it that a terminal might obey; a traceback follows on lines of its own."""

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: ARG002, N802
        """ISO 8601, in UTC."""
        return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's own
        """The record without passwords and control characters."""
        record.message = safe(_PASSWORD.sub("", record.message))
        return super().formatMessage(record)


class _Aside(logging.StreamHandler[TextIO]):
    """Standard error, above the progress bar if one is shown."""

    def emit(self, record: logging.LogRecord) -> None:
        with aside():
            super().emit(record)


def write_logs(verbose: int, file: Path | None) -> None:
    """Have our loggers write to standard error (`verbose`: 1 what is done, 2 every step), and every step to `file`."""
    formatter = _Line(_FORMAT)
    handlers: list[logging.Handler] = []
    if verbose:
        handlers.append(_Aside())
        handlers[0].setLevel(logging.INFO if verbose == 1 else logging.DEBUG)
    if file is not None:
        handlers.append(logging.FileHandler(file, encoding="utf-8", errors="backslashreplace"))
    for handler in handlers:
        handler.setFormatter(formatter)
    for name in OURS:
        logger = logging.getLogger(name)
        logger.setLevel(logging.DEBUG)
        logger.propagate = False
        for handler in handlers:
            logger.addHandler(handler)
