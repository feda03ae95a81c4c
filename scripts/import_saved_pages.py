"""Imports a folder of saved pages (SingleFile, monolith, "save as", MHTML) without asking the network for anything.

python scripts/import_saved_pages.py ~/Pages --dir my-backfile --tag from-my-laptop
"""

from __future__ import annotations

import argparse
from pathlib import Path

from archive import JobState, open_archive
from index import open_index


def main() -> None:
    """Reads the arguments, imports, tags, indexes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--dir", type=Path, default=Path("my-backfile"), help="the archive (made by backfile init)")
    parser.add_argument("--tag", help="give it to every page that came in")
    given = parser.parse_args()
    with open_archive(given.dir) as archive, open_index(archive, given.dir) as index:
        imported = list(archive.import_files([given.folder], fetch=False))
        for page in imported:
            if page.state is JobState.DONE and given.tag:
                archive.set_tags(page.id, {*archive.find(page.id).tags, given.tag})
            print(f"{page.state}  {page.title or page.file}  {page.detail if page.state is not JobState.DONE else ''}")
        index.update()


if __name__ == "__main__":
    main()
