"""Bytes → article → what is in it, in this process: the part of the pipeline that costs CPU.

Hostile pages are guarded one level down, in archive.extraction.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from archive.model import Article, Outcome, Reading, ResourceLink, Resources

if TYPE_CHECKING:
    from archive.entities import Recogniser
    from archive.extraction import Page
    from archive.extraction.page import Extracted


@dataclass(frozen=True, slots=True)
class Read:
    """What reading one page gave. `outcome` is OK, or why there is no article.

    `resources` are what the page is shown with, as far as the page was asked for it.
    """

    article: Article | None
    reading: Reading
    outcome: Outcome
    detail: str
    media_type: str
    resources: tuple[ResourceLink, ...] = ()


def read(page: Page, recogniser: str | Recogniser) -> Read:
    """Extract the article of `page` and understand it. A `recogniser` by name is one that `load_recogniser` knows.

    Whatever the page does to the code that reads it, there is an answer: its bytes are kept, the batch goes on, and a
    rebuild reads it again.
    """
    from archive.entities import understand
    from archive.extraction import extract

    names = loaded(recogniser)  # outside: a recogniser that is not there is nobody's page's fault
    try:
        found = extract(page)
        reading = understand(found.article, names) if found.article else Reading()
        resources = _resources(page, found)
    except ImportError:
        raise  # an installation that lacks something is nobody's page's fault either
    except Exception as error:  # noqa: BLE001 - see above
        detail = f"the page could not be read ({type(error).__name__}: {error})"
        return Read(None, Reading(), Outcome.NO_TEXT, detail, page.media_type or "")
    return Read(found.article, reading, found.outcome, found.detail, found.media_type, resources)


def _resources(page: Page, found: Extracted) -> tuple[ResourceLink, ...]:
    """What the page is shown with; all of it also where there is no article in it."""
    if page.resources is not Resources.PAGE or found.media_type not in ("text/html", "application/xhtml+xml"):
        return found.resources
    from archive.extraction.decode import decode
    from archive.resources.finding import resources_of

    return tuple(resources_of(decode(page.payload, page.charset), page.url))


def loaded(recogniser: str | Recogniser) -> Recogniser:
    """The recogniser itself, where only its name may be given."""
    return named(recogniser) if isinstance(recogniser, str) else recogniser


@cache
def named(name: str) -> Recogniser:
    """The recogniser of that name, loaded once in a process."""
    from archive.entities import load_recogniser

    return load_recogniser(name)
