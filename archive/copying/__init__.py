"""A copy of an archive that can be trusted: consistent beside a running writer, incremental, resumable."""

from archive.copying.copy import Copied, copy

__all__ = ["Copied", "copy"]
