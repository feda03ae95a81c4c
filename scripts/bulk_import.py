"""Archives every URL in a file, with the sources they cite: one URL a line; blank lines and lines with # are skipped.

    python scripts/bulk_import.py urls.txt --dir my-backfile --concurrency 16

Stop it whenever you like and run it again: it goes on where it was. Pages without an article are written to
urls.txt.rejects with the reason behind a tab; that file can be given to this script later, to try them once more.
"""

from __future__ import annotations

import argparse
import dataclasses
import sys
from pathlib import Path

from archive import Archive, ArchiveError, NotFoundError, open_archive, read_settings
from index import open_index


def main() -> None:
    """Reads the arguments, archives, indexes, reports."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--dir", type=Path, default=Path("my-backfile"), help="the archive (made by backfile init)")
    parser.add_argument("--concurrency", type=int, default=8, help="pages at once")
    parser.add_argument("--depth", type=int, default=1, help="0: only these pages; 1: and the sources they cite")
    given = parser.parse_args()
    lines = map(str.strip, given.file.read_text(encoding="utf-8-sig").splitlines())
    urls = [line.split("\t")[0].strip() for line in lines if line and not line.startswith("#")]
    settings = read_settings(given.dir)
    settings = dataclasses.replace(settings, fetch=dataclasses.replace(settings.fetch, concurrency=given.concurrency))
    with open_archive(given.dir, settings) as archive, open_index(archive, given.dir) as index:
        todo = [url for url in urls if not held(archive, url)]
        print(f"{len(urls)} URLs, {len(urls) - len(todo)} of them archived already", file=sys.stderr)
        rejects, done = [], 0
        for page in archive.add(todo, depth=given.depth):
            if page.depth == 0:
                done += 1
                if not page.outcome.has_content:
                    rejects.append(f"{page.url}\t{page.outcome}: {page.detail}\n")
                print(f"{done} of {len(todo)}  {page.outcome}  {page.title or page.url}", file=sys.stderr)
        given.file.with_name(given.file.name + ".rejects").write_text("".join(rejects), encoding="utf-8")
        index.update()
    print(f"{done - len(rejects)} archived, {len(rejects)} rejected", file=sys.stderr)


def held(archive: Archive, url: str) -> bool:
    """Whether the archive has the article behind `url`."""
    try:
        return archive.find(url).article is not None
    except NotFoundError:
        return False


if __name__ == "__main__":
    try:
        main()
    except (ArchiveError, OSError, UnicodeDecodeError) as error:
        sys.exit(f"bulk_import: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
