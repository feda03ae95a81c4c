"""`fcntl`, on which the locks and the syncs of an archive rest: POSIX systems have it."""

from __future__ import annotations

import sys

try:
    import fcntl as fcntl
except ImportError as error:
    raise ImportError(
        "Backfile runs on POSIX systems: Linux, macOS, the BSDs, and Windows inside WSL. This Python runs on "
        f"{sys.platform}, which has no fcntl to lock and sync files with",
        name="fcntl",
    ) from error

__all__ = ["fcntl"]
