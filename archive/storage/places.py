"""What the parts of an archive are called in its folder."""

WARC = "warc"
CATALOG = "catalog.sqlite"
FRESH = "catalog.sqlite.new"  # a catalog that is being made anew
