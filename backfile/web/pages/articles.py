"""The page of an article: its text with the names in it, and what stands beside it; and what a person puts on it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated

from msgspec import Meta

from archive import Article, Entry, Kind, Outcome, Topic, UsageError
from backfile.desk import exactly
from backfile.web import urls
from backfile.web.calls import Call, Moved, Sent
from backfile.web.marks import Layout, Named, blocks, highlighted, layout, named
from backfile.web.marks import Piece as Drawn
from backfile.web.pages.heads import About, Fact, about, cited_by, facts_of, title_of
from backfile.web.pages.searching import HEADINGS
from backfile.web.rendering import Frame, render
from backfile.web.site import Site
from index import Marks, QueryError, Sort

KINDS = (Kind.PERSON, Kind.PLACE, Kind.ORG, Kind.DATE)
GONE = frozenset({Outcome.NOT_FOUND, Outcome.GONE})


@dataclass(frozen=True, slots=True)
class ArticleParams:
    """`q` and `sort` are those of the search that led here: what it asks for is marked."""

    q: str = ""
    sort: Sort = Sort.RELEVANCE


@dataclass(frozen=True, slots=True)
class BesideParams(ArticleParams):
    """`step`: 1 to the next hit of the search, -1 to the one before."""

    step: Annotated[int, Meta(ge=-1, le=1)] = 1


@dataclass(frozen=True, slots=True)
class Name:
    """A name in the legend. `number`: of it among all; `first`: of its first mention."""

    number: int
    kind: Kind
    name: str
    count: int
    first: int
    others: tuple[str, ...]
    url: str
    confidence: float
    recogniser: str


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """What article.html shows."""

    about: About
    q: str
    title: tuple[Drawn, ...]
    authors: tuple[tuple[str, str], ...]
    layout: Layout
    mentions: tuple[Named, ...]
    names: tuple[Name, ...]
    kinds: tuple[tuple[Kind, str, int], ...]
    name_of: dict[int, int]  # number of a mention: number of its name
    topics: tuple[tuple[Topic, str], ...]
    cited: tuple[int, int, int]  # how many, of which archived, of which gone
    cited_by: tuple[tuple[str, str, str], ...]
    tags: tuple[tuple[str, str], ...]
    note: str
    facts: tuple[Fact, ...]
    version: int
    versions: int
    text_digest: str  # of the version that is shown, "" of none
    before: str
    after: str
    back: str
    entry: Entry
    edit: EditForm


# -- the article ---------------------------------------------------------------------------------------------------


def article(site: Site, call: Call[ArticleParams]) -> Sent:
    """The current text."""
    entry = site.desk.find(call.path["id"])
    return _article(site, call, entry, entry.article, entry.versions)


def version(site: Site, call: Call[ArticleParams]) -> Sent:
    """The text as an earlier version had it; names are those of the current one, so they are not marked in it."""
    entry = site.desk.find(call.path["id"])
    number = call.number("number")
    if number == entry.versions:
        return _article(site, call, entry, entry.article, number)
    return _article(site, call, entry, site.desk.version(entry.id, number), number)


def _article(site: Site, call: Call[ArticleParams], entry: Entry, found: Article | None, number: int) -> Sent:
    asked = call.params
    is_current = number == entry.versions
    mentions = named(entry.reading.mentions) if is_current else []
    marks, misread = _hits(site, entry, asked.q) if is_current else (Marks(), False)
    names = _names(mentions)
    sources = tuple(source for source in entry.sources if not source.link.unfollowed)
    q = "" if misread else asked.q
    head = about(site, entry, "article")
    page = ArticlePage(
        about=head, q=q,
        title=tuple(highlighted(title_of(entry, found), marks.title if found and found.title else ())),
        authors=tuple((name, urls.search(exactly("author", [name]))) for name in (found.authors if found else ())),
        layout=layout(blocks(found, mentions, marks.text) if found else []),
        mentions=tuple(mentions), names=names,
        kinds=_kinds(mentions),
        name_of=_name_of(mentions, names),
        topics=tuple((topic, urls.search(exactly("topic", [topic.name]))) for topic in entry.reading.topics),
        cited=(len(sources), sum(source.id is not None for source in sources),
               sum(source.outcome in GONE for source in sources)),
        cited_by=cited_by(entry),
        tags=tuple((tag, urls.search(exactly("tag", [tag]))) for tag in entry.tags), note=entry.note,
        facts=tuple(facts_of(found)) if found else (), version=number, versions=entry.versions,
        text_digest=next((one.text_digest for one in site.desk.versions(entry) if one.number == number), ""),
        before=urls.beside(entry.id, q, asked.sort.value, -1) if q else "",
        after=urls.beside(entry.id, q, asked.sort.value, 1) if q else "",
        back=urls.search(q, sort=asked.sort.value) if q else "", entry=entry,
        edit=edited(entry),
    )  # fmt: skip
    frame = Frame(
        page.about.title + (f" · version {number}" if not is_current else ""), q=asked.q, here="article",
        sort=asked.sort.value, json=urls.api(f"/articles/{entry.id}"),
        canonical=site.origins.own + urls.article(entry.id),
    )  # fmt: skip
    return render("article.html", frame, page)


def _hits(site: Site, entry: Entry, q: str) -> tuple[Marks, bool]:
    """What a search asked for in the article, and whether it cannot be read: an article is shown all the same."""
    if not q:
        return Marks(), False
    try:
        return site.desk.marks(entry, q), False
    except QueryError:
        return Marks(), True


def _names(mentions: Sequence[Named]) -> tuple[Name, ...]:
    """The names that are mentioned, by kind, most often first."""
    by_name: dict[tuple[Kind, str], list[Named]] = {}
    for one in mentions:
        by_name.setdefault((one.kind, one.canonical), []).append(one)
    order = sorted(by_name.items(), key=lambda row: (KINDS.index(row[0][0]), -len(row[1]), row[1][0].start))
    return tuple(
        Name(
            number, kind, name, len(some), some[0].number,
            _others(name, some),
            urls.search(exactly(kind.value, [name])) if kind is not Kind.DATE else _days(some[0]),
            max(one.mention.confidence for one in some), some[0].mention.recogniser,
        )
        for number, ((kind, name), some) in enumerate(order)
    )  # fmt: skip


def _kinds(mentions: Sequence[Named]) -> tuple[tuple[Kind, str, int], ...]:
    """Each kind of name with its heading, and how many of it are mentioned."""
    headings = {**HEADINGS, "date": "Dates"}
    return tuple((kind, headings[kind.value], sum(one.kind is kind for one in mentions)) for kind in KINDS)


def _others(name: str, some: Sequence[Named]) -> tuple[str, ...]:
    """How else it is called, here and in the archive."""
    said = (text for one in some for text in (one.mention.text, *one.mention.aliases))
    return tuple(dict.fromkeys(text for text in said if text != name))


def _days(one: Named) -> str:
    """The search for articles that speak of the same days."""
    when = one.mention.when
    if when is None:
        return ""
    days = f"{when.first}" if when.first == when.last else f"{when.first}..{when.last}"
    return urls.search(f"mentioned:{days}")


def _name_of(mentions: Iterable[Named], names: Iterable[Name]) -> dict[int, int]:
    numbers = {(name.kind, name.name): name.number for name in names}
    return {one.number: numbers[one.kind, one.canonical] for one in mentions}


def beside(site: Site, call: Call[BesideParams]) -> Moved:
    """The next or the previous hit of a search; the search itself where there is none."""
    asked = call.params
    here = site.desk.find(call.path["id"]).id
    ids = site.desk.ids(asked.q, sort=asked.sort)
    for one, other in pairwise(ids):
        if (one if asked.step > 0 else other) == here:
            return Moved(urls.article(other if asked.step > 0 else one, q=asked.q, sort=asked.sort.value))
    return Moved(urls.search(asked.q, sort=asked.sort.value))


# -- what a person adds ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TagsForm:
    """Tags to put on, with commas between them, and tags to take away."""

    add: str = ""
    remove: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NoteForm:
    """The note, "" for none."""

    note: str = ""


@dataclass(frozen=True, slots=True)
class EditForm:
    """What a person says of the article in place of what its page says; `undo`: the latest of it is taken back."""

    title: str = ""
    authors: str = ""
    published: str = ""
    site: str = ""
    undo: str = ""


def edit(site: Site, call: Call[EditForm]) -> Moved:
    """Mends title, authors (with semicolons between them), day and site; what is as it was stays as it is."""
    entry, said = site.desk.find(call.path["id"]), call.params
    if said.undo:
        site.desk.undo_edit(entry.id)
        return Moved(urls.article(entry.id))
    now = edited(entry)
    authors = tuple(filter(None, map(str.strip, said.authors.split(";"))))
    site.desk.edit(
        entry.id, title=said.title if said.title != now.title else None,
        authors=authors if said.authors != now.authors else None,
        published_on=said.published if said.published != now.published else None,
        site=said.site if said.site != now.site else None,
    )  # fmt: skip
    return Moved(urls.article(entry.id))


def edited(entry: Entry) -> EditForm:
    """The form as the article fills it."""
    found = entry.article
    if found is None:
        return EditForm()
    return EditForm(found.title, "; ".join(found.authors), f"{found.published_on or ''}", found.site)


def tag(site: Site, call: Call[TagsForm]) -> Moved:
    """Puts tags on an article and takes others away."""
    entry = site.desk.find(call.path["id"])
    site.desk.tag(entry.id, tags_in(call.params.add), call.params.remove)
    return Moved(f"{urls.article(entry.id)}#marks")


def note(site: Site, call: Call[NoteForm]) -> Moved:
    """Writes the note on an article."""
    entry = site.desk.find(call.path["id"])
    site.desk.note(entry.id, call.params.note.replace("\r\n", "\n").strip())
    return Moved(f"{urls.article(entry.id)}#marks")


def tags_in(text: str) -> list[str]:
    """The tags that a person wrote, with commas between them. UsageError for one that is no tag."""
    found = [" ".join(part.split()) for part in text.split(",")]
    if any(len(one) > 200 for one in found):
        raise UsageError("a tag has 200 characters at most")
    return [one for one in found if one]
