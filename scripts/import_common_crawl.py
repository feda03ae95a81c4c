"""Imports news pages from WARC files, such as those of Common Crawl's news crawl: all, or those of some sites.

    python scripts/import_common_crawl.py CC-NEWS-20250131-00001.warc.gz --dir my-backfile --site example.org

The files are downloaded by you (https://data.commoncrawl.org/crawl-data/CC-NEWS/); nothing is asked of the network. Run
it again after it was stopped: it goes on where it was.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from archive import Item, JobState, open_archive, read_items, site_of
from index import open_index


def main() -> None:
    """Reads the arguments, imports, indexes, reports."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, nargs="+")
    parser.add_argument("--dir", type=Path, default=Path("my-backfile"), help="the archive (made by backfile init)")
    parser.add_argument("--site", action="append", help="only pages of this host or its subdomains; may be repeated")
    given = parser.parse_args()
    sites = tuple(given.site or ())
    with open_archive(given.dir) as archive, open_index(archive, given.dir) as index:
        done = left = 0
        found = (item for file in given.file for item in read_items(file) if wanted(item, sites))
        name = f"{' '.join(map(str, given.file))} {' '.join(sites)}"
        for page in archive.import_items(found, name=name, fetch=False):
            done += page.state is JobState.DONE
            left += page.state is not JobState.DONE
        index.update()
    print(f"{done} pages imported, {left} without an article")


def wanted(item: object, sites: tuple[str, ...]) -> bool:
    """Whether a record is a page of one of the sites."""
    if not isinstance(item, Item):
        return False
    host = f".{site_of(item.exchanges[-1].url if item.exchanges else item.url)}"
    return not sites or any(host.endswith(f".{site}") for site in sites)


if __name__ == "__main__":
    main()
