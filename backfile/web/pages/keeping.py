"""The pages of what a person keeps an eye on: saved searches and watches."""

from __future__ import annotations

from dataclasses import dataclass

from archive import ArchiveError, Job, WatchKind
from backfile.desk import Watched
from backfile.web import urls
from backfile.web.calls import Call, Moved, Sent
from backfile.web.rendering import Frame, render
from backfile.web.site import Site


@dataclass(frozen=True, slots=True)
class Kept:
    """A saved search with its address and how many it finds, None where it cannot be read any more."""

    name: str
    query: str
    url: str
    count: int | None
    atom: str


@dataclass(frozen=True, slots=True)
class SavedPage:
    """What saved.html shows. `q`: what is to be saved."""

    q: str
    saved: tuple[Kept, ...]


@dataclass(frozen=True, slots=True)
class SavedParams:
    """`q` fills the form."""

    q: str = ""


@dataclass(frozen=True, slots=True)
class SaveForm:
    """A query and its name."""

    name: str = ""
    q: str = ""


@dataclass(frozen=True, slots=True)
class ForgetForm:
    """The name of a saved search, or the id of a watch."""

    name: str = ""


@dataclass(frozen=True, slots=True)
class WatchPage:
    """What watch.html shows."""

    q: str
    watches: tuple[Watched, ...]
    looking: bool
    trouble: str
    last: Job | None


@dataclass(frozen=True, slots=True)
class WatchForm:
    """What is to be watched: an address, or a query."""

    target: str = ""
    kind: str = ""


def saved(site: Site, call: Call[SavedParams]) -> Sent:
    """The saved searches, with how many each finds now."""
    found = tuple(
        Kept(one.name, one.query, urls.search(f"saved:{one.name}"), _count(site, f"saved:{one.name}"),
             urls.search(f"saved:{one.name}", form="atom"))
        for one in site.desk.searches()
    )  # fmt: skip
    page = SavedPage(call.params.q, found)
    return render("saved.html", Frame("Saved searches", q=call.params.q, here="saved", json=urls.api("/saved")), page)


def save(site: Site, call: Call[SaveForm]) -> Moved:
    """Gives a query a name."""
    site.desk.save(call.params.name.strip(), call.params.q)
    return Moved(urls.saved())


def forget(site: Site, call: Call[ForgetForm]) -> Moved:
    """Forgets a saved search."""
    site.desk.forget_search(call.params.name)
    return Moved(urls.saved())


def watch(site: Site, call: Call[SavedParams]) -> Sent:
    """What is watched."""
    watching = site.desk.watching
    page = WatchPage(
        call.params.q, tuple(watching.all()), site.runner.is_looking, site.runner.look_trouble, watching.last_run()
    )
    return render("watch.html", Frame("Watches", q=call.params.q, here="watch", json=urls.api("/watches")), page)


def begin_watch(site: Site, call: Call[WatchForm]) -> Moved:
    """Watches an address or a query from now on."""
    asked = call.params
    site.desk.watching.add(asked.target.strip(), WatchKind(asked.kind) if asked.kind in list(WatchKind) else None)
    return Moved(urls.watch())


def look(site: Site, _: Call[object]) -> Moved:
    """Looks at everything that is due, in a process of its own."""
    site.runner.look()
    return Moved(urls.watch())


def end_watch(site: Site, call: Call[ForgetForm]) -> Moved:
    """Watches it no longer; what it brought in stays."""
    site.desk.watching.remove(call.params.name)
    return Moved(urls.watch())


def _count(site: Site, query: str) -> int | None:
    from index import SearchError

    try:
        return site.desk.search(query, limit=0).total
    except (ArchiveError, SearchError):
        return None
