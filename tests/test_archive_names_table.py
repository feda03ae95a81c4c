"""The canonical table of an archive: kept story by story, it is what `merge` makes of all stories, and so is what is
shown; the change log names every entry whose shown names changed."""

from __future__ import annotations

import sqlite3
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from random import Random

import pytest
from captures import START, new_folder, opened, page, put
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.entities.merging import EntryName, merge, other_forms, shown
from archive.model import Article, Entry, Geo, Kind, Mention, Reading, Topic, Version
from archive.storage import Act, ActKind, Store
from archive.storage.catalog.verify_names import wrong_names
from archive.storage.verify import verify

LONG, SHORT = "Immigration and Customs Enforcement", "ICE"
INQUIRER, POST = "The Inquirer", "The Post"


def org(name: str, text: str = "") -> Mention:
    return Mention(Kind.ORG, text or name, 0, 3, name)


def person(name: str, text: str = "") -> Mention:
    return Mention(Kind.PERSON, text or name, 0, 3, name)


def place(name: str, country: str = "") -> Mention:
    return Mention(Kind.PLACE, name, 0, 3, name, geo=Geo(country) if country else None)


def tell(store: Store, number: int, *mentions: Mention, site: str = INQUIRER, topics: Sequence[Topic] = ()) -> str:
    """A story, or what it says from now on."""
    url = f"https://site.example/{number}"
    with store.batch() as rows:
        stored, entry_id = put(store, page(url))
        before = rows.around(entry_id, stored.capture).before
        version = Version(before[0].number + 1 if before else 1, stored.capture.id, START, START, "t", "d")
        what = Article(url, "t", "text", site=site)
        rows.put_version(entry_id, version, what, Reading(tuple(mentions), tuple(topics)), [])
    return entry_id


def forget(store: Store, entry_id: str) -> None:
    with store.batch():
        store.act(Act(ActKind.DELETE, entry_id, (), START))


def shown_in(store: Store, entry_id: str) -> list[tuple[str, tuple[str, ...]]]:
    entry = store.catalog.get(entry_id)
    assert entry is not None
    (named,) = store.catalog.named([entry])
    return [(m.canonical, m.aliases) for m in named.reading.mentions]


def logged(store: Store, since: int) -> set[str]:
    return {change.id for change in store.catalog.changes(since)}


def folder_of(store: Store) -> Path:
    return store._folder


def entry_names(entry: Entry) -> list[EntryName]:
    """The names in one story, as `merge` wants them."""
    counts: Counter[tuple[Kind, str, str]] = Counter()
    spellings: dict[tuple[Kind, str, str], Counter[str]] = defaultdict(Counter)
    for mention in entry.reading.mentions:
        if mention.kind is not Kind.DATE:
            key = (mention.kind, mention.canonical, mention.geo.country if mention.geo else "")
            counts[key] += 1
            spellings[key][" ".join(mention.text.split())] += 1
    site = entry.article.site if entry.article else ""
    return [
        EntryName(kind, name, entry.id, site, count, tuple(sorted(spellings[kind, name, country])), country)
        for (kind, name, country), count in counts.items()
    ]


def holds(store: Store) -> None:
    """The table is what merging all stories anew makes, and every story is shown by it."""
    entries = list(store.catalog.entries())
    table = merge(row for entry in entries for row in entry_names(entry))
    assert store.catalog.entities() == table
    names = {(row.kind, row.name, row.country) for row in table}
    for entry in store.catalog.named(entries):
        for mention in entry.reading.mentions:
            if mention.kind is not Kind.DATE:
                assert (mention.kind, mention.canonical, mention.geo.country if mention.geo else "") in names
    assert list(wrong_names(folder_of(store) / "catalog.sqlite")) == []


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with opened(new_folder(tmp_path / "archive")) as store:
        yield store


def test_a_later_story_explains_the_acronym_of_an_earlier_one(store: Store) -> None:
    """Both are shown under the long name from then on, and the change log says so of the earlier one."""
    first = tell(store, 1, org(SHORT))
    elsewhere = tell(store, 2, org(SHORT), site=POST)
    assert shown_in(store, first) == [(SHORT, ())]
    position = store.catalog.last_seq()
    second = tell(store, 3, org(LONG, SHORT), org(LONG))
    assert logged(store, position) == {first, second}
    assert {*shown_in(store, first), *shown_in(store, second)} == {(LONG, (SHORT,))}
    assert shown_in(store, elsewhere) == [(SHORT, ())], "another site has not said what it means by it"
    (row, *_) = store.catalog.entities()
    assert (row.name, row.aliases, row.stories, row.mentions) == (LONG, (SHORT,), 2, 3)
    assert row.evidence == (f"{INQUIRER} spells {SHORT} out as {LONG}",)
    holds(store)


def test_evidence_goes_with_the_story_that_gave_it(store: Store) -> None:
    first, second = tell(store, 1, org(SHORT)), tell(store, 2, org(LONG, SHORT))
    assert shown_in(store, first)[0][0] == LONG
    position = store.catalog.last_seq()
    forget(store, second)
    assert shown_in(store, first) == [(SHORT, ())]
    assert logged(store, position) == {first, second}
    assert [row.name for row in store.catalog.entities()] == [SHORT]
    tell(store, 3, org(LONG, SHORT))
    tell(store, 3, org(LONG))  # reads otherwise now
    assert shown_in(store, first) == [(SHORT, ())]
    holds(store)


def test_an_acronym_that_a_site_explains_in_two_ways_falls_back_to_itself(store: Store) -> None:
    first = tell(store, 1, org(SHORT))
    tell(store, 2, org(LONG, SHORT))
    tell(store, 3, org("Intercontinental Exchange", SHORT))
    assert shown_in(store, first) == [(SHORT, ())]
    holds(store)


def test_one_more_spelling_changes_nothing_until_it_is_clearly_the_usual_one(store: Store) -> None:
    """Each story logs itself alone, but for the few at which a count passes a power of two."""
    first = tell(store, 0, person("Jose Diaz"))
    tell(store, 1, person("Jose Diaz"))
    position = store.catalog.last_seq()
    tell(store, 2, person("José Díaz"))
    assert shown_in(store, first)[0][0] == "Jose Diaz"
    assert first not in logged(store, position)
    position = store.catalog.last_seq()
    tell(store, 3, person("José Díaz"))
    assert shown_in(store, first) == [("José Díaz", ())]
    assert first in logged(store, position)
    again = 0
    for number in range(4, 40):
        position = store.catalog.last_seq()
        tell(store, number, person("Jose Diaz" if number % 2 else "José Díaz"))
        again += len(logged(store, position)) - 1
    assert again < 40, "logged again, over all: less than one entry for each story"
    holds(store)


def test_a_department_turned_round_is_found_by_either_name(store: Store) -> None:
    ids = [tell(store, n, org("Justice Department")) for n in range(2)] + [tell(store, 2, org("Department of Justice"))]
    assert {tuple(shown_in(store, id_)) for id_ in ids} == {(("Justice Department", ("Department of Justice",)),)}
    assert [row.evidence for row in store.catalog.entities()] == [("spelled Department of Justice too",)]


def test_places_of_one_name_and_people_with_the_names_of_companies_stay_apart(store: Store) -> None:
    tell(store, 1, place("Georgia", "US"), place("Georgia", "GE"), person("Philip Morris"), org("Philip Morris"))
    assert len(store.catalog.entities()) == 4
    assert len(store.catalog.entities("place")) == 2
    assert [name.canonical for name in store.catalog.names("place")] == ["Georgia"]
    holds(store)


def test_topics_follow_the_organisations_they_are(store: Store) -> None:
    topics = [Topic(LONG, "keyword", 0.9), Topic(SHORT, "organisation", 0.6), Topic("x", "phrase")]
    story = tell(store, 1, org(SHORT), topics=topics)
    tell(store, 2, org(LONG, SHORT))
    entry = store.catalog.get(story)
    assert entry is not None
    (named,) = store.catalog.named([entry])
    found = named.reading.topics
    assert [(topic.name, topic.aliases) for topic in found] == [(LONG, (SHORT,)), ("x", ())]


def test_a_batch_that_fails_counts_nothing(store: Store) -> None:
    tell(store, 1, org(SHORT))
    before = store.catalog.entities()

    def fail() -> None:
        with store.batch() as rows:
            stored, entry_id = put(store, page("https://site.example/2"))
            version = Version(1, stored.capture.id, START, START, "t", "d")
            what = Article("u", "t", "t", site=INQUIRER)
            rows.put_version(entry_id, version, what, Reading((org(LONG, SHORT), org(SHORT))), [])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert store.catalog.entities() == before
    tell(store, 3, org(SHORT))
    holds(store)


NAMES_OF = "(SELECT num FROM names WHERE canonical = {!r})".format


@pytest.mark.parametrize(
    ("damage", "name", "what"),
    [
        (f"UPDATE names SET thing = NULL WHERE num = {NAMES_OF('Ana Ruiz')}", "person 'Ana Ruiz'", "leads nowhere"),
        (f"UPDATE names SET thing = (SELECT num FROM things WHERE name = 'Apple') WHERE num = {NAMES_OF('Ana Ruiz')}",
         "person 'Ana Ruiz'", "leads to org 'apple' instead of 'ana ruiz'"),
        (f"DELETE FROM mentions WHERE name = {NAMES_OF('Ana Ruiz')}; DELETE FROM names WHERE canonical = 'Ana Ruiz'",
         "person 'Ana Ruiz'", "stands in 1 stories, but not in the table of names"),
        (f"UPDATE names SET stories = 5 WHERE num = {NAMES_OF('Jose Diaz')}",
         "person 'Jose Diaz'", "counted 2 times in 5 stories; it stands 2 times in 2"),
        (f"UPDATE names SET times = 3 WHERE num = {NAMES_OF('Jose Diaz')}", "person 'Jose Diaz'", "counted 3 times"),
        (f"UPDATE mentions SET entry = entry + 7 WHERE name = {NAMES_OF('x')}", "topic 'x'", "the list of entries"),
        (f"DELETE FROM mentions WHERE name = {NAMES_OF('Ana Ruiz')}", "person 'Ana Ruiz'", "the list of entries"),
        ("INSERT INTO names (kind, canonical, thing, stories) SELECT kind, 'No One', num, 2 FROM things LIMIT 1",
         "'No One'", "counted in 2 stories, but no story has it"),
        (f"UPDATE spellings SET stories = 9 WHERE name = {NAMES_OF(LONG)}", f"org {LONG!r}", "the spelling 'ICE'"),
        ("DELETE FROM spellings", f"org {LONG!r}", "the spelling 'ICE' is not counted"),
        ("DELETE FROM acronyms", f"org {LONG!r}", f"1 stories of {INQUIRER} explain ICE so; that is not counted"),
        ("UPDATE things SET name = 'Jose Diaz' WHERE name = 'José Díaz'",
         "person 'Jose Diaz'", "is shown for what must be shown as 'José Díaz'"),
        (f"UPDATE things SET aliases = 'I C E' WHERE name = {LONG!r}", f"org {LONG!r}", "is found by ['I C E']"),
        (f"UPDATE names SET thing = (SELECT num FROM things WHERE key = 'ice') WHERE num = {NAMES_OF(SHORT)}",
         "org 'ICE'", "leads"),
    ],
)  # fmt: skip
def test_verify_holds_the_names_against_the_stories(store: Store, damage: str, name: str, what: str) -> None:
    """Whatever is wrong in the table is told by name, and everything else is not."""
    tell(store, 1, org(LONG, SHORT), org(LONG), person("Ana Ruiz"), topics=[Topic("x", "phrase")])
    tell(store, 2, org(SHORT), person("Jose Diaz"), org("Apple"))
    tell(store, 3, person("José Díaz"), person("Jose Diaz"))
    tell(store, 4, person("José Díaz"))
    folder = folder_of(store)
    assert list(verify(folder)) == []
    store.close()
    with closing(sqlite3.connect(folder / "catalog.sqlite")) as db:
        db.executescript(damage)
    told = list(verify(folder))
    assert any(name in problem.where and what in problem.what for problem in told), told
    assert {(problem.layer, "rebuild" in problem.remedy) for problem in told} == {("catalog", True)}


def test_verify_tells_the_first_of_many_wrong_names(store: Store) -> None:
    for number in range(150):
        tell(store, number, person(f"Ana Ruiz{number}"))
    folder = folder_of(store)
    store.close()
    with closing(sqlite3.connect(folder / "catalog.sqlite")) as db:
        db.executescript("UPDATE names SET times = times + 1")
    told = list(verify(folder))
    assert len(told) == 101
    assert "more than 100 things are wrong with names" in told[-1].what


@pytest.mark.parametrize(
    ("stories", "name"),
    [
        ({"Jose Diaz": 3, "José Díaz": 2}, "José Díaz"),
        ({"Jose Diaz": 4, "José Díaz": 3}, "Jose Diaz"),
        ({"LARRY KRASNER": 7, "Larry Krasner": 4}, "Larry Krasner"),
        ({"Apple Inc.": 1, "Apple": 1}, "Apple"),
    ],
)
def test_the_name_that_is_shown(stories: dict[str, int], name: str) -> None:
    assert shown(stories) == name


def test_only_what_a_search_would_not_find_is_another_form() -> None:
    stories = {"José Díaz": 1, "Jose Diaz": 2, "St. John": 1, "Saint John": 1, "saint john": 1}
    assert other_forms("St. John", stories) == ("Jose Diaz", "Saint John")


ORGS = [LONG, SHORT, "I.C.E.", "Intercontinental Exchange", "Apple", "Apple Inc."]
PEOPLE = ["Jose Diaz", "José Díaz", "JOSE DIAZ", "Ana Ruiz"]
mentioned = st.one_of(
    st.builds(org, st.sampled_from(ORGS), st.sampled_from(["", SHORT, "Apple"])),
    st.builds(person, st.sampled_from(PEOPLE), st.sampled_from(["", "Diaz"])),
    st.builds(place, st.sampled_from(["Georgia", "Córdoba", "Cordoba"]), st.sampled_from(["", "US", "AR"])),
)
told = st.tuples(
    st.integers(0, 5), st.sampled_from([INQUIRER, POST, ""]), st.lists(mentioned, max_size=4), st.booleans()
)


@settings(max_examples=40, deadline=None)
@given(st.lists(told, max_size=10), st.randoms(), st.booleans())
def test_the_table_depends_on_the_stories_and_not_on_their_history(
    history: list[tuple[int, str, list[Mention], bool]], random: Random, reopened: bool
) -> None:
    """Told, told otherwise, deleted, in any order, by one process or several: the table is that of the stories that
    are there in the end, and whoever follows the change log knows what every one of them shows."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = new_folder(Path(name) / "a")
        store = stack.enter_context(opened(folder))
        followed: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
        position = 0
        final: dict[int, tuple[str, list[Mention]]] = {}
        for number, site, mentions, stays in history:
            entry_id = tell(store, number, *mentions, site=site)
            final[number] = site, mentions
            if reopened:
                store.close()
                store = stack.enter_context(opened(folder))
            if not stays:
                forget(store, entry_id)
                del final[number]
            for change in store.catalog.changes(position):
                position = change.seq
                followed.pop(change.id, None)
                if not change.deleted:
                    followed[change.id] = shown_in(store, change.id)
        holds(store)
        assert followed == {entry.id: shown_in(store, entry.id) for entry in store.catalog.entries()}
        other = stack.enter_context(opened(new_folder(Path(name) / "b")))
        stories = list(final.items())
        random.shuffle(stories)
        for number, (site, mentions) in stories:
            tell(other, number, *mentions, site=site)
        assert other.catalog.entities() == store.catalog.entities()
        assert followed == {entry.id: shown_in(other, entry.id) for entry in other.catalog.entries()}
