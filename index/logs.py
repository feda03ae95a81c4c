"""Loggers of this package: silent until whoever runs it asks for them."""

from __future__ import annotations

import logging

logging.getLogger("index").addHandler(logging.NullHandler())


def logger(name: str) -> logging.Logger:
    """The logger of a module. Nothing is loaded for it before there is something to say."""
    return logging.getLogger(name)
