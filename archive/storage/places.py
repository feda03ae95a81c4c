"""What the parts of an archive are called in its folder."""

WARC = "warc"
CATALOG = "catalog.sqlite"
FORGETTING = "forgetting.json"  # what was decided to be let go, until it is gone
REINDEX = "reindex.wanted"  # the index holds something that was let go: it is to be made anew
FRESH = "catalog.sqlite.new"  # a catalog that is being made anew
