"""What becomes of what a watch has shown (pure): facts in, decision out.

A page that a list names for the first time is a story, due now where it is news. A story that was captured is told
where it has versions that were not told yet. What matches a stored query is told once, and not at the first look.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from archive.model import Added, Stated, Version
from archive.storage import Story, Watch, WatchKind, WatchState
from archive.watching import schedule
from archive.watching.notices import Notice, NoticeKind

_UNSEEN = 2  # failures for which a page without content counts: it is looked at a quarter as often


@dataclass(frozen=True, slots=True)
class Look:
    """What asking a feed or sitemap gave: the pages it lists, those of them that are news, and its next state.

    `items` are URLs by the id of their entry. `detail` is what is to be told: why it failed, or what of it could not be
    read and was not told at the look before. `stated`: what the list says of a page, by the
    same ids. `retry_after`: seconds that the server asked us to wait.
    """

    watch: Watch  # as it was before
    state: WatchState
    items: Mapping[str, str] = field(default_factory=dict)
    recent: frozenset[str] = frozenset()
    failed: bool = False
    detail: str = ""
    retry_after: float | None = None
    stated: Mapping[str, Stated] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Listed:
    """The stories that a list begins, the watch as it is from now on, and what is to be said of it."""

    stories: tuple[Story, ...]
    watch: Watch
    notice: Notice | None


@dataclass(frozen=True, slots=True)
class Shown:
    """The stories as they are after a capture, and what is to be said of it."""

    stories: tuple[Story, ...]
    notice: Notice | None


def of_look(look: Look, unseen: Iterable[str], told: Mapping[str, int], now: datetime) -> Listed:
    """What a look at a list brings. `unseen`: those of its items that it never showed; `told`: versions held of them.

    At the first look only what is recent is news; what is no news will not be captured, but is known from now on.
    """
    new = list(unseen)
    first = look.watch.state.looked is None
    due = {item for item in new if not first or look.items[item] in look.recent}
    stories = tuple(
        Story(look.watch.id, item, look.items[item], now, now if item in due else None, told.get(item, 0))
        for item in new
    )
    failed = Notice(NoticeKind.FAILED, look.watch.target, now, url=look.watch.target, detail=look.detail)
    return Listed(stories, _rested(look, now, news=bool(due)), failed if look.detail else None)


def of_page(watch: Watch, item: str, told: int) -> Story:
    """The story of a page that is watched itself."""
    return Story(watch.id, item, watch.target, watch.added, watch.added, told)


def of_capture(
    stories: Sequence[Story], watches: Mapping[str, Watch], added: Added, versions: Sequence[Version], now: datetime,
    *, follow: bool,
) -> Shown:  # fmt: skip
    """What a capture of one page means to the stories of it. Of several watches the first one tells.

    `versions` are all that the archive has of the page. `follow`: whether what a list named is looked at again.
    """
    after = tuple(_after(story, watches[story.watch], added, len(versions), now, follow=follow) for story in stories)
    news = next((story for story in stories if len(versions) > story.told), None)
    return Shown(after, _notice(news, watches[news.watch], added, versions, now) if news else None)


def of_matches(watch: Watch, unseen: Iterable[str], now: datetime, *, report: bool) -> tuple[list[Story], Watch]:
    """What is kept of entries that match a stored query, and the watch after this look.

    Without `report` they matched before it was watched, and are no news.
    """
    return [Story(watch.id, id_, "", now, None, int(report)) for id_ in unseen], replace(
        watch, state=replace(watch.state, looked=now)
    )


def by_hand(stories: Iterable[Story], watches: Mapping[str, Watch]) -> bool:
    """Whether a person named this very page: robots.txt is not asked then."""
    return any(story.watch in watches and watches[story.watch].kind is WatchKind.PAGE for story in stories)


def _after(story: Story, watch: Watch, added: Added, versions: int, now: datetime, *, follow: bool) -> Story:
    since = now if versions > story.told > 0 else story.since  # what changed is new again
    due = None
    if _follows(watch, story, added, follow=follow):
        due = schedule.next_look(now, since, failures=0 if added.outcome.has_content else _UNSEEN)
    return replace(story, since=since, due=due, told=max(versions, story.told))


def _follows(watch: Watch, story: Story, added: Added, *, follow: bool) -> bool:
    """Whether to look again at what was just looked at."""
    if watch.kind is WatchKind.PAGE or added.outcome.worth_retrying:
        return True
    # What a list names but nothing was ever seen of (a refused address, robots, a picture) will be no story.
    return follow and (added.outcome.has_content or story.told > 0)


def _notice(story: Story, watch: Watch, added: Added, versions: Sequence[Version], now: datetime) -> Notice:
    title = versions[-1].title
    if not story.told:
        return Notice(NoticeKind.NEW, watch.target, now, added.id, added.final_url, title, (), added.detail)
    changes = frozenset[str]().union(*(version.changes for version in versions[story.told :]))
    return Notice(
        NoticeKind.CHANGED, watch.target, now, added.id, added.final_url, title, tuple(sorted(changes)), added.detail
    )


def _rested(look: Look, now: datetime, *, news: bool) -> Watch:
    """The watch after a look, and when it is due again."""
    before = look.watch.state
    newest = now if news or before.news is None else before.news
    failures = before.failures + 1 if look.failed else 0
    state = replace(look.state, looked=now, news=newest, failures=failures)
    due = schedule.next_look(now, newest, failures=failures, at_most=schedule.LIST, at_least=look.retry_after)
    return replace(look.watch, due=due, state=state)
