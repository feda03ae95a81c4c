"""What a file given for import is made of: items, the rows that are none, and where each stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from archive.model import LONGEST_TAG, Edit, Exchange, Package, Stated
from archive.urls import veiled

if TYPE_CHECKING:
    from archive.storage.warc.packing import Brought, Saved

RAW_LIMIT = 10_000  # characters of a bad row that are kept


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an item stands: the format's name, the file (and the member of a zip), line or record from 1, own id."""

    format: str
    file: str
    line: int | None = None
    id: str = ""


@dataclass(frozen=True, slots=True)
class Repeats:
    """Which capture a record without a body repeats, as far as it says. `digest` is of the body it stands for."""

    digest: str = ""  # "sha1:…", "sha256:…", in base 32 or hexadecimal
    url: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to import: an address, and all that the source knows of it. Empty: the source does not say.

    `text` or `html` is an article that the source carries; `payload` the page as it was served or saved, byte for byte;
    `exchanges` what was asked and answered on the wire, ending in the page. With none of these it is a link, to be
    fetched. With `repeats`, the last exchange is without its body, which stands in some other file or the archive.
    `remarks` say what the source states and could not be taken in, a sentence each: a date that is none, a cell too
    many. The item is taken in without it. `published` and `modified` are days or aware moments, `added` when it came
    into the source, `captured` when the content was taken. `short_links` are pairs of short and long address that are
    known without asking.
    """

    url: str
    origin: Origin
    title: str = ""
    text: str = ""
    html: str = ""
    payload: bytes = b""
    media_type: str = ""  # of `payload`
    charset: str | None = None
    exchanges: tuple[Exchange, ...] = ()
    authors: tuple[str, ...] = ()
    site: str = ""
    lang: str = ""
    published: datetime | date | None = None
    modified: datetime | date | None = None
    added: datetime | None = None
    captured: datetime | None = None
    tags: tuple[str, ...] = ()
    folder: str = ""  # path, its parts divided by "/"
    note: str = ""
    starred: bool = False
    read: bool | None = None
    short_links: tuple[tuple[str, str], ...] = ()
    depth: int = 0  # 0: somebody asked for it; 1: it was cited by such a page; …
    edits: tuple[Edit, ...] = ()  # what a person said of the article
    resources: tuple[Brought, ...] = ()  # what the page is shown with, as it was served or saved
    shown: Saved | None = None  # the page of the last exchange as a browser showed it
    package: Package | None = None  # the signed package that it came in
    only_marks: bool = False  # tags, edits, note or short links for a page that is in the archive already
    repeats: Repeats | None = None
    remarks: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.tags and any(len(tag) > LONGEST_TAG for tag in self.tags):
            kept = tuple(tag for tag in self.tags if len(tag) <= LONGEST_TAG)
            told = f"a tag has {LONGEST_TAG} characters at most: taken in without {len(self.tags) - len(kept)} of them"
            object.__setattr__(self, "tags", kept)
            object.__setattr__(self, "remarks", (*self.remarks, told))

    @property
    def leans(self) -> bool:
        """Whether what came before it must be in the archive first."""
        return self.only_marks or self.repeats is not None

    @property
    def stated(self) -> Stated:
        """What its source states about its page."""
        at = self.published if isinstance(self.published, datetime) else None
        day = at.date() if at else self.published
        return Stated(self.title, self.authors, at, day, self.site, self.lang)

    @property
    def has_content(self) -> bool:
        """Whether it can be archived without asking the network."""
        return bool(self.text or self.html or self.payload or self.exchanges)


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that is no item: where it stands, why, and the row as it came (the first characters of it).

    It is kept and shown, so names and passwords in addresses are left out of it (urls.veiled).
    `lost`: it would have been content (a capture, a page), not just a link to some. `remark`: no row is bad, but
    the file as a whole has something to be known (`reason`); no import counts it.
    """

    origin: Origin
    reason: str
    raw: str = ""
    lost: bool = False
    remark: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "reason", veiled(self.reason))
        object.__setattr__(self, "raw", veiled(self.raw))


class Broken(Exception):  # noqa: N818 - what the file is, not what we did wrong
    """The file cannot be read any further; `str()` says why, `line` where, if that is known."""

    def __init__(self, reason: str, *, line: int | None = None, raw: str = "") -> None:
        self.line = line
        self.raw = raw
        super().__init__(reason)


def clipped(raw: object) -> str:
    """The beginning of a bad row, for the person who will look at it."""
    text = raw if isinstance(raw, str) else str(raw)
    return text if len(text) <= RAW_LIMIT else f"{text[:RAW_LIMIT]}…"
