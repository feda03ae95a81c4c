"""URL → what was observed there: one bounded, vetted, byte-exact HTTP client. `Fetcher` is all that others need."""

from archive.fetch.fetcher import Fetcher

__all__ = ["Fetcher"]
