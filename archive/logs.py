"""Loggers of this package: silent until whoever runs it asks for them, and with nothing secret in what they say."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass

from archive.urls import veiled

# Parameters of addresses that let somebody in: a feed of one's own, a signed link, a session.
_SECRET = re.compile(
    r"(?i)([?&;#][\w.%-]*(?:token|secret|key|sig|signature|auth|passw|pwd|session|sid|hash|code)[\w.%-]*=)[^&;#\s]+"
)

logging.getLogger("archive").addHandler(logging.NullHandler())


def logger(name: str) -> logging.Logger:
    """The logger of a module."""
    return logging.getLogger(name)


@dataclass(frozen=True, slots=True)
class Veiled:
    """A text with addresses in it, to be logged: without names, passwords and tokens in these, once it is shown."""

    text: str

    def __str__(self) -> str:
        return _SECRET.sub(r"\1…", veiled(self.text))
