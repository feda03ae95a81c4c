"""Article → people, places, organisations, dates and topics: `understand()` joins what the modules here find.

    recogniser        the seam: who finds names in text (the shipped model, spaCy, …)
    names             one name for one thing within a story: acronyms, offices, places help
    places, offices   lists: GeoNames, heads of state and government
    dates             date expressions, resolved against the day of publication
    topics, subjects  what the story is about: keywords, organisations, phrases, IPTC Media Topics
    merging, rules    the same name across the archive; the user's corrections in rules.toml

Everything here is pure: an article goes in, a Reading comes out. Data is loaded on first use, once per process.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archive.entities.recogniser import Recogniser, load_recogniser
    from archive.model import Article, Reading

__all__ = ["Recogniser", "load_recogniser", "understand"]


def __getattr__(name: str) -> object:
    if name in ("Recogniser", "load_recogniser"):  # a search has no use for them
        from archive.entities import recogniser

        return getattr(recogniser, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def understand(article: Article, recogniser: Recogniser) -> Reading:
    """Who, where, when and what in an article. Offsets count in its title and text; never raises on any text.

    Names in a headline that capitalises every word count only where the text has them too.
    """
    from archive.entities.understanding import reading_of

    return reading_of(article, recogniser)
