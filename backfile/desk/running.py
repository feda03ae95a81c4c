"""The process that does a job which was written down before: python -m backfile.desk.running FOLDER NUMBER

With `watch` in the place of the number it looks at everything that is due, as `backfile watch run` does.

It ends with 0 when nothing is left to do, and otherwise with the exit code of the error, which stands in one line on
standard error. SIGTERM and Ctrl-C stop it between two pages; what it has reported is safe, and the job goes on later.
"""

from __future__ import annotations

import signal
import sys
from contextlib import closing

from archive import ArchiveError
from backfile.desk.core import open_desk
from index import SearchError

WATCH = "watch"
_INTERRUPTED = 130  # 128 + SIGINT, as shells count


def main(folder: str, what: str) -> int:
    """Does what is left of the job, or looks at what is due, and returns the exit code."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with open_desk(folder) as desk:
            done = desk.watching.look() if what == WATCH else desk.go_on(int(what))
            with closing(done):
                for _ in done:
                    pass
    except (ArchiveError, SearchError) as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    except KeyboardInterrupt:
        return _INTERRUPTED
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
