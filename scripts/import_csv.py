"""Imports the links in a CSV file, with their tags and notes, and indexes them; shows what could not be had.

    python scripts/import_csv.py links.csv --dir my-backfile

Any column names will do that usually hold an address. Run it again to go on, or to take in rows that were added.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from archive import JobState, open_archive
from index import open_index


def main() -> None:
    """Reads the arguments, imports, indexes, reports."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--dir", type=Path, default=Path("my-backfile"), help="the archive (made by backfile init)")
    given = parser.parse_args()
    with open_archive(given.dir) as archive, open_index(archive, given.dir) as index:
        done = 0
        for item in archive.import_files([given.file], format="csv"):
            if item.state is JobState.DONE:
                done += 1
            else:
                print(f"line {item.line}: {item.state}: {item.detail}")
        index.update()
    print(f"{done} pages imported")


if __name__ == "__main__":
    main()
