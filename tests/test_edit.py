"""What was read wrongly is mended by hand: journaled, reversible, kept by a rebuild and by the next capture."""

from __future__ import annotations

import os
import pwd
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from commands import Command
from hypothesis import given
from hypothesis import strategies as st
from newsroom import Newsroom

from archive import (
    ArchiveSettings,
    Article,
    Edit,
    Kind,
    Mention,
    NotFoundError,
    Outcome,
    Part,
    Reading,
    UsageError,
)
from archive.storage.catalog import editing
from backfile.desk import Desk, create_desk, open_desk

URL = "https://paper.example/pier"
CITING = "https://week.example/5"
TEXT = (
    "The council of Lindholm met on Tuesday to talk about the old pier. Mayor Ada Brandt said that it would be built "
    "again before the winter, and that the work would cost twelve million crowns. Nobody spoke against the plan. "
)


def story(title: str, text: str = TEXT, link: str = "") -> str:
    cited = f'<p>More on <a href="{link}">the pier</a> is to be read there.</p>' if link else ""
    head = f'<title>{title}</title><meta name="author" content="Cookie Policy Manager">'
    return f"<html><head>{head}</head><body><article><h1>{title}</h1><p>{text}</p>{cited}</article></body></html>"


@pytest.fixture
def desk(tmp_path: Path, newsroom: Newsroom) -> Iterator[Desk]:
    """An archive with a story that is headed wrongly, and another that cites it."""
    create_desk(tmp_path / "archive").close()
    newsroom.add(URL, story("Subscribe now for Ada Brandt"))
    newsroom.add(CITING, story("The week", link=URL))
    settings = ArchiveSettings(fetch=newsroom.settings())
    with open_desk(tmp_path / "archive", settings, by="ada") as opened:
        assert [page.outcome for page in opened.add([CITING], depth=1)] == [Outcome.OK, Outcome.OK]
        yield opened


def article_of(desk: Desk, url: str = URL) -> Article:
    article = desk.find(url).article
    assert article is not None
    return article


def shown(desk: Desk) -> tuple[object, ...]:
    article = article_of(desk)
    return article.title, article.authors, article.published_on, article.site


def edited(desk: Desk) -> None:
    """Two edits: the second one says more of the author, and the first one's title stays."""
    desk.edit(URL, title="The old pier", authors=["Bo Lund"], published_on=date(2025, 1, 31), site="Lindholm Post")
    desk.edit(URL, authors=["Bo Lund", "Cia Ek"])


MENDED = ("The old pier", ("Bo Lund", "Cia Ek"), date(2025, 1, 31), "Lindholm Post")


def test_what_was_edited_is_shown_as_by_hand_and_found(desk: Desk) -> None:
    edited(desk)
    assert shown(desk) == MENDED
    rules = article_of(desk).rules
    assert {rules[name] for name in ("title", "authors", "published", "site")} == {"by hand"}
    assert rules["text"] != "by hand"
    wanted = desk.find(URL).id
    for query in ("title:old", 'author:="Cia Ek"', "date:2025-01-31", 'site:="Lindholm Post"'):
        assert list(desk.ids(query)) == [wanted], query
    for query in ("title:subscribe", "author:cookie url:pier", "site:=paper.example url:pier"):
        assert list(desk.ids(query)) == [], query
    (source,) = [one for one in desk.find(CITING).sources if one.id == wanted]
    assert source.title == "The old pier", "also where it is cited"


@pytest.mark.slow
def test_it_is_kept_by_a_rebuild_and_by_later_captures(desk: Desk, newsroom: Newsroom) -> None:
    edited(desk)
    assert [edit.by for edit in desk.find(URL).edits] == ["ada", "ada"]
    before = desk.find(URL)
    desk.rebuild()
    assert desk.find(URL) == before
    list(desk.add([URL], again=True))
    assert len(desk.versions(URL)) == 1, "an edit makes no version, and the page is what it was"
    newsroom.add(URL, story("Subscribe again", TEXT.replace("twelve", "fifteen")))
    list(desk.add([URL], again=True))
    assert shown(desk) == MENDED
    assert "fifteen" in article_of(desk).text
    assert [version.title for version in desk.versions(URL)] == ["Subscribe now for Ada Brandt", "Subscribe again"]
    assert "title" not in desk.versions(URL)[0].changes
    desk.rebuild()
    assert shown(desk) == MENDED
    (source,) = [one for one in desk.find(CITING).sources if one.id == before.id]
    assert source.title == "The old pier"
    assert list(desk.verify()) == []


@pytest.mark.slow
def test_edits_are_taken_back_one_by_one_or_all(desk: Desk) -> None:
    as_read = desk.find(URL)
    edited(desk)
    entry = desk.undo_edit(URL)
    assert entry.article is not None
    assert entry.article.authors == ("Bo Lund",)
    desk.rebuild()
    assert article_of(desk).authors == ("Bo Lund",)
    assert desk.undo_edit(URL) == as_read
    assert list(desk.ids("title:subscribe")) == [as_read.id]
    with pytest.raises(UsageError, match="no edit"):
        desk.undo_edit(URL)
    edited(desk)
    assert desk.undo_edit(URL, all=True) == as_read
    desk.rebuild()
    assert desk.find(URL) == replace(as_read, detail=desk.find(URL).detail)


def test_nothing_is_said_of_a_field_with_an_empty_text(desk: Desk) -> None:
    desk.edit(URL, title="", authors=[], published_on="", site="")
    assert shown(desk) == ("", (), None, "")
    desk.edit(URL, authors=["Bo Lund"], published_on="2024-02-29")
    assert shown(desk) == ("", ("Bo Lund",), date(2024, 2, 29), "")


def test_names_of_a_headline_go_with_it(desk: Desk) -> None:
    def in_title() -> list[str]:
        article, reading = article_of(desk), desk.find(URL).reading
        found = [mention for mention in reading.mentions if mention.part is Part.TITLE]
        assert all(article.title[one.start : one.end] == one.text for one in found)
        return [one.text for one in found if one.kind is Kind.PERSON]

    assert in_title() == ["Ada Brandt"]
    desk.edit(URL, title="A pier for Ada Brandt")
    assert in_title() == ["Ada Brandt"]
    desk.edit(URL, title="A pier for all")
    assert in_title() == []


def test_what_cannot_be_edited_is_refused(desk: Desk, newsroom: Newsroom) -> None:
    with pytest.raises(UsageError, match="no date"):
        desk.edit(URL, published_on="31.1.2025")
    with pytest.raises(UsageError, match="say what"):
        desk.edit(URL)
    with pytest.raises(NotFoundError):
        desk.edit("https://nowhere.example/", title="X")
    gone = newsroom.add("https://paper.example/gone", status=404)
    list(desk.add([gone]))
    with pytest.raises(UsageError, match="no article"):
        desk.edit(gone, title="X")
    assert desk.find(URL).edits == ()


def test_an_article_that_turns_out_to_be_another_brings_its_edits(desk: Desk) -> None:
    """Nothing is lost where two addresses are one page."""
    from archive.storage.catalog import decide, rows

    at = datetime(2025, 1, 1, tzinfo=UTC)
    old = decide.EntryRow(1, "a", "a", "a", "a", "ok", "", "", 0, "2025-01-01", "2025-01-01", added_by="ada")
    new = replace(old, num=2, id="b", key="b", title="As read", first_captured="2025-02-01", added_by="bo")
    old = decide.with_edits(old, "", (Edit(at, "ada", {"title": ("By hand",)}),))
    merged = decide.merged(new, old)
    assert (merged.title, merged.added_by, len(rows.edits(merged.edits))) == ("By hand", "ada", 1)
    assert decide.merged(old, new).title == "By hand"


# -- laws --------------------------------------------------------------------------------------------------------------

words = st.text(max_size=8)
fields = st.dictionaries(st.sampled_from(sorted(editing.RULES)), st.lists(words.filter(bool), max_size=3).map(tuple))


@given(fields)
def test_what_is_journaled_is_read_again(said: dict[str, tuple[str, ...]]) -> None:
    assert editing.read(editing.journaled(said)) == said


@given(st.lists(fields, max_size=5))
def test_edits_repeated_from_anywhere_leave_the_same(said: list[dict[str, tuple[str, ...]]]) -> None:
    """A crash may let the end of the journal be read once more."""
    start = datetime(2025, 1, 1, tzinfo=UTC)
    edits = [Edit(start + timedelta(seconds=n), "", one) for n, one in enumerate(said)]
    once: tuple[Edit, ...] = ()
    for edit in edits:
        once = editing.with_edit(once, edit)
    assert once == tuple(edits)
    again = once
    for edit in edits[len(edits) // 2 :]:
        again = editing.with_edit(again, edit)
    assert again == once
    assert editing.without(once, [edit.at.isoformat() for edit in edits]) == ()


@given(st.text(max_size=20), st.text(max_size=20), st.text(min_size=1, max_size=5))
def test_mentions_stand_where_they_say(before: str, now: str, name: str) -> None:
    mention = Mention(Kind.PERSON, name, 0, len(name), name, Part.TITLE)
    for one in editing.moved(Reading((mention,)), before, now).mentions:
        assert before == now or now[one.start : one.end] == name


# -- the command -------------------------------------------------------------------------------------------------------


@pytest.fixture
def backfile(tmp_path: Path, newsroom: Newsroom) -> Command:
    command = Command(tmp_path / "archive", newsroom)
    newsroom.add(URL, story("Subscribe now"))
    assert command("add", URL).code == 0
    return command


@pytest.mark.slow
def test_the_command_edits_shows_and_takes_back(backfile: Command) -> None:
    ran = backfile("edit", URL, "--title", "The old pier", "--author", "Bo Lund", "--author", "Cia Ek", "--json")
    (row,) = ran.rows
    assert (row["title"], row["authors"], row["by_hand"]) == (
        "The old pier",
        ["Bo Lund", "Cia Ek"],
        ["title", "authors"],
    )
    out = backfile("edit", URL, "--date", "2025-01-31", "--site", "Lindholm Post").out
    assert "site     Lindholm Post  (by hand)" in out
    assert out.count("edited 20") == 2
    shown = backfile("show", URL)
    assert "by hand: title, authors, date, site" in shown.out
    (entry,) = backfile("show", URL, "--json").rows
    assert entry["article"]["rules"]["title"] == "by hand"  # type: ignore[index]
    assert [list(edit["fields"]) for edit in entry["edits"]] == [["title", "author"], ["date", "site"]]  # type: ignore[attr-defined]
    assert backfile("search", "title:pier date:2025-01-31", "--json").ids == {row["id"]}
    assert "Lindholm Post" not in backfile("edit", URL, "--undo").out
    assert backfile("edit", URL, "--undo", "--all", "--json").rows[0]["title"] == "Subscribe now"
    assert backfile("edit", URL, "--undo").code == 2
    assert backfile("edit", URL, "--undo", "--title", "X").code == 2
    assert backfile("edit", URL, "--date", "tomorrow").code == 2


@pytest.mark.slow
def test_who_added_is_kept(backfile: Command, newsroom: Newsroom, tmp_path: Path) -> None:
    """The user's name on the system; or what the setting, the environment, or the option says, each before the last."""
    user = pwd.getpwuid(os.getuid()).pw_name
    other = newsroom.add("https://paper.example/other", story("Other", TEXT.replace("pier", "mill")))
    third = newsroom.add("https://paper.example/third", story("Third", TEXT.replace("pier", "tower")))
    toml = backfile.folder / "backfile.toml"
    toml.write_text(toml.read_text() + '\n[store]\nadded_by = "the desk"\n')
    assert backfile("add", other).code == 0
    assert backfile("--by", "bo", "add", third, URL, "--again").code == 0
    (tmp_path / "one.jsonl").write_text(
        '{"url": "https://x.example/1", "text": "A note on the pier of Lindholm, by hand."}\n'
    )
    assert backfile("--by", "cia", "import", "../one.jsonl").code == 0
    assert backfile("--by", "bo", "edit", other, "--title", "Another").code == 0
    wanted = {URL: user, other: "the desk", third: "bo", "https://x.example/1": "cia"}
    for _ in range(2):
        for url, by in wanted.items():
            (entry,) = backfile("show", url, "--json").rows
            assert entry["added_by"] == by
            assert f"added by {by}" in backfile("show", url).out
        (entry,) = backfile("show", other, "--json").rows
        assert [edit["by"] for edit in entry["edits"]] == ["bo"]  # type: ignore[attr-defined]
        assert backfile("rebuild").code == 0
