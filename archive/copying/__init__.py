"""A copy of an archive that can be trusted: consistent beside a running writer, incremental, resumable.

`move.move` takes one from its folder to a bucket; it is loaded when that is asked for.
"""

from archive.copying.copy import Copied, copy

__all__ = ["Copied", "copy"]
