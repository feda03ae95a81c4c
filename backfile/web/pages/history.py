"""The pages about an article beside its text: sources, versions, captures, evidence, what is like it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from archive import Capture, CitedSource, Entry, Op, Piece, Version
from backfile.desk import Carrier
from backfile.web import graphs, urls
from backfile.web.calls import Call, Moved, Sent
from backfile.web.pages.heads import About, Fact, about, cited_by, facts_of, title_of
from backfile.web.pages.searching import Item, item
from backfile.web.problems import Refusal
from backfile.web.rendering import Frame, render
from backfile.web.site import Site
from index import SharedName

_SIMILAR = 12
_DRAWN = 40  # pages on each side of a picture
_INNER = str.maketrans("“”", "‘’")  # marks of quotation within others
_FOLDED = 3  # paragraphs in a row that did not change, from which they are folded


@dataclass(frozen=True, slots=True)
class DiffParams:
    """`view`: "side" for both versions side by side."""

    view: str = ""


@dataclass(frozen=True, slots=True)
class SourcesPage:
    """What sources.html shows."""

    about: About
    sources: tuple[CitedSource, ...]
    others: tuple[CitedSource, ...]  # links that are not followed
    cited_by: tuple[tuple[str, str, str], ...]
    graph: graphs.Graph | None  # None where there is nothing to draw
    stacked: graphs.Graph | None  # the same for a narrow screen


@dataclass(frozen=True, slots=True)
class Told:
    """A version with what changed in it, and where its differences are."""

    version: Version
    changes: tuple[str, ...]
    url: str
    diff: str


@dataclass(frozen=True, slots=True)
class Captured:
    """A capture in a list."""

    capture: Capture
    page: str  # address of the archived page, "" where there is none
    shows: bool


@dataclass(frozen=True, slots=True)
class VersionsPage:
    """What versions.html shows."""

    about: About
    versions: tuple[Told, ...]
    years: tuple[tuple[int, tuple[tuple[str, int, str], ...]], ...]  # year, its twelve months: name, captures, outcome
    captures: tuple[Captured, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph of two versions: its pieces with what became of each. `same`: nothing did."""

    pieces: tuple[Piece, ...]
    same: bool


@dataclass(frozen=True, slots=True)
class DiffPage:
    """What diff.html shows. `runs` are lines in turn folded away (True) and shown."""

    about: About
    old: Version
    new: Version
    said: str
    runs: tuple[tuple[bool, tuple[Line, ...]], ...]
    side: bool
    inline_url: str
    side_url: str
    before: str
    after: str
    changed: int


@dataclass(frozen=True, slots=True)
class EvidencePage:
    """What evidence.html shows."""

    about: About
    captures: tuple[Captured, ...]
    shown: Capture | None  # the one that the article was read from
    flags: tuple[str, ...]
    text_digest: str
    facts: tuple[Fact, ...]
    cite: str
    content: bool


@dataclass(frozen=True, slots=True)
class Copy:
    """An article with the same text. `more`, `less`: words beside the first one's, which has none of either."""

    carrier: Carrier
    url: str
    more: int
    less: int


@dataclass(frozen=True, slots=True)
class SimilarPage:
    """What similar.html shows."""

    about: About
    items: tuple[tuple[Item, tuple[SharedName, ...], tuple[str, ...]], ...]
    copies: tuple[Copy, ...]  # the articles with its text, the first one first; none where it is alone


@dataclass(frozen=True, slots=True)
class FramePage:
    """What page.html shows: an archived page in a frame of another origin."""

    about: About
    capture: Capture
    content: str  # its address there, "" where there is no other origin


def sources(site: Site, call: Call[object]) -> Sent:
    """What the article cites, hop by hop, and what became of each."""
    entry = site.desk.find(call.path["id"])
    followed = tuple(source for source in entry.sources if not source.link.unfollowed)
    others = tuple(source for source in entry.sources if source.link.unfollowed)
    page = SourcesPage(about(site, entry, "sources"), followed, others, cited_by(entry), *_drawn(entry, followed))
    frame = Frame(f"Sources of {page.about.title}", here="article", json=urls.api(f"/articles/{entry.id}/links"))
    return render("sources.html", frame, page)


def _drawn(entry: Entry, sources: Sequence[CitedSource]) -> tuple[graphs.Graph, graphs.Graph] | tuple[None, None]:
    """What cites the article, that itself, and what it cites, site by site: archived, failed, or not asked for."""
    left = [graphs.Name(one.title or one.url, urls.article(one.id), "ok") for one in entry.cited_by[:_DRAWN]]
    right = [
        graphs.Name(
            one.title or one.final_url or one.link.url, urls.article(one.id) if one.id else "",
            "ok" if one.id and one.outcome and one.outcome.has_content else "bad" if one.outcome else "",
        )
        for one in sorted(sources, key=lambda one: (one.final_url or one.link.url).partition("://")[2])[:_DRAWN]
    ]  # fmt: skip
    if not left and not right:
        return None, None
    here = graphs.Name(title_of(entry, entry.article), urls.article(entry.id), "here")
    return graphs.columns(left, here, right), graphs.stacked(left, here, right)


def versions(site: Site, call: Call[object]) -> Sent:
    """The texts that the page has carried, and every capture of it."""
    entry = site.desk.find(call.path["id"])
    held = site.desk.versions(entry)
    told = tuple(
        Told(one, tuple(sorted(one.changes)), urls.article(entry.id, version=one.number),
             urls.diff(entry.id, one.number - 1, one.number) if one.number > 1 else "")
        for one in reversed(held)
    )  # fmt: skip
    found = site.desk.captures(entry)
    head, captures = about(site, entry, "versions"), _captures(reversed(found))
    page = VersionsPage(head, told, tuple(_years(found)), captures)
    frame = Frame(f"Versions of {page.about.title}", here="article", json=urls.api(f"/articles/{entry.id}/versions"))
    return render("versions.html", frame, page)


def _captures(found: Iterable[Capture]) -> tuple[Captured, ...]:
    return tuple(
        Captured(one, urls.page(one.id) if one.digest and one.size else "", one.outcome.has_content) for one in found
    )


def _years(found: Sequence[Capture]) -> Iterator[tuple[int, tuple[tuple[str, int, str], ...]]]:
    """Year by year, of each month how many captures there are and what the last of them showed."""
    for year, some in groupby(sorted(found, key=lambda one: one.at), key=lambda one: one.at.year):
        held = list(some)
        months = []
        for month in range(1, 13):
            inside = [one for one in held if one.at.month == month]
            months.append((f"{year}-{month:02}", len(inside), inside[-1].outcome.value if inside else ""))
        yield year, tuple(months)


def diff(site: Site, call: Call[DiffParams]) -> Sent:
    """How one version became another."""
    old, new = call.number("old"), call.number("new")
    entry = site.desk.find(call.path["id"])
    if not (old <= entry.versions and new <= entry.versions):
        raise Refusal("not-found", f"this page has no version {max(old, new)}: its newest is {entry.versions}")
    found = site.desk.compare(entry.id, old, new)
    lines = list(_lines(found.difference.pieces))
    here = urls.diff(entry.id, old, new)
    page = DiffPage(
        about(site, entry, "versions"), found.old, found.new, str(found.difference), tuple(_folded(lines)),
        call.params.view == "side", here, f"{here}?view=side",
        urls.diff(entry.id, old - 1, new - 1) if min(old, new) > 1 else "",
        urls.diff(entry.id, old + 1, new + 1) if max(old, new) < entry.versions else "",
        sum(not line.same for line in lines),
    )  # fmt: skip
    look = ", side by side" if page.side else ""
    frame = Frame(f"Version {old} and {new} of {page.about.title}{look}", here="article",
                  json=urls.api(f"/articles/{entry.id}/diff/{old}..{new}"))  # fmt: skip
    return render("diff.html", frame, page)


def _lines(pieces: Iterable[Piece]) -> Iterator[Line]:
    """The paragraphs of both versions, woven into each other."""
    line: list[Piece] = []
    for piece in pieces:
        first, *rest = piece.text.split("\n")
        line.append(Piece(piece.op, first))
        for text in rest:
            yield from _line(line)
            line = [Piece(piece.op, text)]
    yield from _line(line)


def _line(pieces: Iterable[Piece]) -> Iterator[Line]:
    kept = tuple(piece for piece in pieces if piece.text)
    if kept:
        yield Line(kept, all(piece.op is Op.KEPT for piece in kept))


def _folded(lines: Iterable[Line]) -> Iterator[tuple[bool, tuple[Line, ...]]]:
    for same, some in groupby(lines, key=lambda line: line.same):
        run = tuple(some)
        yield same and len(run) > _FOLDED, run


def evidence(site: Site, call: Call[object]) -> Sent:
    """What proves what is shown: captures, addresses hop by hop, digests, rules."""
    entry = site.desk.find(call.path["id"])
    found = site.desk.captures(entry)
    held = site.desk.versions(entry)
    head = about(site, entry, "evidence")
    page = EvidencePage(
        head, _captures(reversed(found)),
        next((one for one in found if one.id == entry.capture_id), None),
        tuple(sorted(entry.article.flags)) if entry.article else (), held[-1].text_digest if held else "",
        tuple(facts_of(entry.article)) if entry.article else (), _cite(entry, head), bool(site.origins.content),
    )  # fmt: skip
    return render("evidence.html", Frame(f"Evidence for {page.about.title}", here="article"), page)


def _cite(entry: Entry, head: About) -> str:
    """The article as a text would cite it."""
    authors = ", ".join(entry.article.authors) if entry.article else ""
    title = head.title.translate(_INNER)
    parts = [authors, f"“{title}”", head.site, head.date, head.url]
    return ". ".join(part for part in parts if part) + f". Archived {entry.last_captured:%Y-%m-%d %H:%M} UTC."


def similar(site: Site, call: Call[object]) -> Sent:
    """Articles like this one, with what they share."""
    entry = site.desk.find(call.path["id"])
    found = site.desk.similar(entry, _SIMILAR)
    page = SimilarPage(
        about(site, entry, "similar"), tuple((item(one.hit, ""), one.names, one.words) for one in found),
        tuple(
            Copy(one, urls.article(one.id), one.words(Op.ADDED), one.words(Op.REMOVED))
            for one in site.desk.copies(entry)
        ),
    )  # fmt: skip
    frame = Frame(f"Similar to {page.about.title}", here="article", json=urls.api(f"/articles/{entry.id}/similar"))
    return render("similar.html", frame, page)


def framed(site: Site, call: Call[object]) -> Sent:
    """An archived page, in a frame of the other origin."""
    capture = site.desk.capture(call.path["capture"])
    entry = site.desk.find(capture.url)
    content = urls.content(site.origins.content, capture.id) if site.origins.content else ""
    page = FramePage(about(site, entry, "page"), capture, content)
    return render("page.html", Frame(f"Archived page: {page.about.title}", here="article"), page)


def captures(site: Site, call: Call[object]) -> Moved:
    """The captures of an address, where it has an entry."""
    return Moved(urls.part(site.desk.find(call.path["url"]).id, "versions"))
