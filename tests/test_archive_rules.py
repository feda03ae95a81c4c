"""rules.toml: read with errors that name file and key, applied to entries without changing what is stored."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.entities.known import Entity
from archive.entities.rules import Add, Hide, Retype, Rules, Same, Split, apply, apply_to_names, check, parse
from archive.errors import SettingsError
from archive.model import Article, Entry, Geo, Kind, Mention, Outcome, Part, Reading, Topic

NOW = datetime(2025, 1, 31, tzinfo=UTC)


def entry(*mentions: Mention, topics: tuple[Topic, ...] = ()) -> Entry:
    reading = Reading(mentions, topics)
    return Entry("id", "key", "u", "u", Outcome.OK, "", NOW, NOW, reading=reading)


def person(name: str) -> Mention:
    return Mention(Kind.PERSON, name, 0, len(name), name)


LARRY, LAWRENCE = person("Larry Krasner"), person("Lawrence Krasner")

TEXT = """
same = [["Larry Krasner", "Lawrence  Krasner"]]
[[hide]]
kind = "org"
names = ["Getty Images"]
[[split]]
kind = "person"
name = "Michael Jackson"
as = "Michael Jackson (general)"
when = ["Kosovo"]
[[kind]]
names = ["Proud Boys"]
kind = "org"
"""


def test_every_rule_is_read() -> None:
    assert parse(TEXT) == Rules(
        same=(Same(("Larry Krasner", "Lawrence Krasner")),),
        hide=(Hide(("Getty Images",), Kind.ORG),),
        split=(Split("Michael Jackson", "Michael Jackson (general)", ("Kosovo",), Kind.PERSON),),
        retype=(Retype(("Proud Boys",), Kind.ORG),),
    )


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "same = []\nhide = []"])
def test_no_rules_are_rules_too(text: str) -> None:
    rules = parse(text)
    assert not rules
    whole = entry(LARRY)
    assert apply(whole, rules) is whole


def test_a_flat_list_is_one_same_rule() -> None:
    assert parse('same = ["A B", "C D"]') == Rules(same=(Same(("A B", "C D")),))
    assert parse('hide = ["A", "B"]') == Rules(hide=(Hide(("A", "B")),))


@pytest.mark.parametrize(
    ("text", "key", "words"),
    [
        ("same = [", None, "not TOML"),
        ("merge = []", "merge", "unknown key"),
        ('same = "A"', "same", "must be a list"),
        ('same = [["A"]]', "same[1].names", "at least 2"),
        ('same = [["Ä b", "a B"]]', "same[1].names", "at least 2"),
        ("same = [[1, 2]]", "same[1].names", "list of names"),
        ("same = [7]", "same[1]", "a table or a list"),
        ('[[same]]\nnames = ["A", "B"]\nkind = "animal"', "same[1].kind", "one of person, place, org"),
        ('[[hide]]\nname = "A"', "hide[1].name", "unknown key"),
        ('[[split]]\nname = "A"\nwhen = ["B"]', "split[1].as", "must be a name"),
        ('[[kind]]\nnames = ["A"]', "kind[1].kind", "one of"),
        ('same = [["A", "B"], ["C", "B"]]', "same[2].names", "already the same as 'A'"),
        ('same = [["A", "B"]]\nhide = ["b"]', "hide[1].names", "in a same rule too"),
    ],
)
def test_an_error_names_file_and_key(text: str, key: str | None, words: str) -> None:
    with pytest.raises(SettingsError, match=words) as caught:
        parse(text, "my/rules.toml")
    assert (caught.value.file, caught.value.key) == ("my/rules.toml", key)


def test_same_counts_under_the_first_name() -> None:
    found = apply(entry(LAWRENCE, LARRY), parse(TEXT)).reading.mentions
    assert [m.canonical for m in found] == ["Larry Krasner", "Larry Krasner"]
    assert [m.text for m in found] == ["Lawrence Krasner", "Larry Krasner"]


def test_hide_leaves_out_only_its_kind() -> None:
    photo = Mention(Kind.ORG, "Getty Images", 0, 12, "Getty Images")
    topic = Topic("Getty Images", "organisation")
    shown = apply(entry(photo, replace(photo, kind=Kind.PERSON), topics=(topic,)), parse(TEXT)).reading
    assert [m.kind for m in shown.mentions] == [Kind.PERSON]
    assert shown.topics == ()


def test_split_looks_at_the_rest_of_the_story() -> None:
    jackson = person("Michael Jackson")
    kosovo = Mention(Kind.PLACE, "Kosovo", 20, 26, "Kosovo", geo=Geo("XK"))
    assert apply(entry(jackson), parse(TEXT)).reading.mentions == (jackson,)
    with_place = apply(entry(jackson, kosovo), parse(TEXT)).reading.mentions
    assert [m.canonical for m in with_place] == ["Michael Jackson (general)", "Kosovo"]


def test_kind_moves_a_name_and_takes_a_place_off_the_map() -> None:
    boys = Mention(Kind.PLACE, "Proud Boys", 0, 10, "Proud Boys", geo=Geo("US"))
    (found,) = apply(entry(boys), parse(TEXT)).reading.mentions
    assert (found.kind, found.geo) == (Kind.ORG, None)


def test_an_organisation_topic_follows_its_name() -> None:
    rules = parse('[[same]]\nkind = "org"\nnames = ["ICE (agency)", "ICE"]')
    (topic,) = apply(entry(topics=(Topic("ICE", "organisation", aliases=("I.C.E.",)),)), rules).reading.topics
    assert (topic.name, topic.aliases) == ("ICE (agency)", ("ICE", "I.C.E."))


def test_check_names_rules_that_touch_nothing() -> None:
    said = check(
        parse(TEXT), [(Kind.PERSON, "Larry Krasner"), (Kind.PERSON, "Getty Images"), (Kind.PERSON, "proud boys")]
    )
    assert said == [
        "same[1]: no story names 'Lawrence Krasner'",
        "hide[1]: 'Getty Images' is known as person, not org",
        "split[1]: no story names 'Michael Jackson'",
    ]


names = st.sampled_from(["A B", "C D", "E F", "a b", "G"])
rule_sets = st.builds(
    Rules,
    hide=st.lists(st.builds(Hide, st.tuples(names)), max_size=2).map(tuple),
    same=st.just((Same(("C D", "E F")),)) | st.just(()),
    retype=st.lists(st.builds(Retype, st.tuples(names), st.sampled_from([Kind.ORG, Kind.PERSON])), max_size=1).map(
        tuple
    ),
)


@given(found=st.lists(names.map(person), max_size=5), rules=rule_sets)
def test_applying_twice_is_applying_once_and_changes_nothing_stored(found: list[Mention], rules: Rules) -> None:
    whole = entry(*found)
    once = apply(whole, rules)
    assert apply(once, rules) == once
    assert whole == entry(*found)
    assert {m.text for m in once.reading.mentions} <= {m.text for m in found}


def org(name: str, *aliases: str) -> Mention:
    return Mention(Kind.ORG, name, 0, len(name), name, aliases=aliases)


def test_a_rule_means_a_thing_by_any_name_the_archive_merged_into_it() -> None:
    """A rule written for a story's own name still fits when a later story gave that thing another one."""
    agency = org("Immigration and Customs Enforcement", "ICE")
    assert apply(entry(agency), Rules(hide=(Hide(("ICE",)),))).reading.mentions == ()
    (renamed,) = apply(entry(agency), Rules(same=(Same(("DHS", "ICE")),))).reading.mentions
    assert (renamed.canonical, renamed.aliases) == ("DHS", ("ICE", "Immigration and Customs Enforcement"))


def test_a_rule_that_says_the_name_itself_goes_first() -> None:
    justice = org("Justice Department", "Department of Justice")
    rules = Rules(same=(Same(("Ministry", "Department of Justice")), Same(("DOJ", "Justice Department"))))
    once = apply(entry(justice), rules)
    assert [mention.canonical for mention in once.reading.mentions] == ["DOJ"]
    assert apply(once, rules) == once


def test_what_is_split_off_is_not_found_by_the_names_of_the_other() -> None:
    rules = Rules(split=(Split("Apple", "Apple Records", ("London",)),))
    there = Mention(Kind.PLACE, "London", 0, 6, "London")
    found = apply(entry(org("Apple", "Apple Inc."), there), rules).reading.mentions[0]
    assert (found.canonical, found.aliases) == ("Apple Records", ())


def test_names_of_a_same_rule_find_the_thing() -> None:
    (mention,) = apply(entry(LARRY), Rules(same=(Same(("Larry Krasner", "Lawrence Krasner")),))).reading.mentions
    assert mention.aliases == ("Lawrence Krasner",)


def test_topics_follow_organisations_that_a_rule_renames_by_an_alias() -> None:
    whole = entry(org("Justice Department", "Department of Justice"),
                  topics=(Topic("Justice Department", "organisation"),))  # fmt: skip
    (topic,) = apply(whole, Rules(same=(Same(("DOJ", "Department of Justice")),))).reading.topics
    assert (topic.name, topic.aliases) == ("DOJ", ("Justice Department",))


def test_the_table_of_names_obeys_the_rules() -> None:
    table = [
        Entity(Kind.PERSON, "Larry Krasner", ("Krasner",), 3, 5),
        Entity(Kind.PERSON, "Lawrence Krasner", (), 2, 2),
        Entity(Kind.ORG, "Getty Images", (), 9, 9),
    ]
    rules = Rules(same=(Same(("Larry Krasner", "Lawrence Krasner")),), hide=(Hide(("Getty Images",)),))
    (row,) = apply_to_names(table, rules)
    assert (row.name, row.stories, row.mentions) == ("Larry Krasner", 5, 7)
    assert apply_to_names(table, None) == sorted(table, key=lambda row: -row.stories)


ILOTT = Add(("Callum Ilott", "Ilott"), Kind.PERSON)
RACE = Article("u", "Ilott on pole", "Callum\nIlott led in Springfield on Friday. Ilotts cheered; Ilott won.")


def race(*mentions: Mention) -> Entry:
    return replace(entry(*mentions), article=RACE)


def test_a_name_that_was_missed_is_added_wherever_it_stands() -> None:
    half = Mention(Kind.PLACE, "Callum", 0, 6, "Callum")
    friday = Mention(Kind.DATE, "Friday", RACE.text.index("Friday"), RACE.text.index("Friday") + 6, "2025-01-31")
    found = apply(race(half, friday), Rules(add=(ILOTT,))).reading.mentions
    assert [(m.part, m.text, m.canonical) for m in found] == [
        (Part.TITLE, "Ilott", "Callum Ilott"),
        (Part.TEXT, "Callum\nIlott", "Callum Ilott"),
        (Part.TEXT, "Friday", "2025-01-31"),
        (Part.TEXT, "Ilott", "Callum Ilott"),
    ]
    assert all(RACE.text[m.start : m.end] == m.text for m in found if m.part is Part.TEXT)
    assert apply(race(half, friday), Rules()).reading.mentions == (half, friday)


def test_an_added_place_is_put_on_the_map_and_other_rules_follow() -> None:
    rules = parse('[[add]]\nkind = "place"\nnames = ["Springfield"]\n[[same]]\nnames = ["Springville", "Springfield"]')
    (found,) = apply(race(), rules).reading.mentions
    assert (found.canonical, found.text) == ("Springville", "Springfield")
    (paris,) = apply(
        replace(entry(), article=Article("u", "", "In Paris.")), Rules(add=(Add(("Paris",), Kind.PLACE),))
    ).reading.mentions
    assert paris.geo is not None
    assert paris.geo.country == "FR"


@pytest.mark.parametrize(
    "rule",
    [
        '[[add]]\nkind = "person"\nnames = ["Ilott"]',
        '[[hide]]\nnames = ["Larry Krasner"]',
        '[[kind]]\nkind = "org"\nnames = ["Larry Krasner"]',
        'same = []\n[[split]]\nname = "Larry Krasner"\nas = "L."\nwhen = ["Larry Krasner"]',
    ],
)
def test_a_rule_for_one_article_leaves_the_others_alone(rule: str) -> None:
    rules = parse(f'{rule}\narticle = "id"')
    assert apply(race(LARRY), rules) != race(LARRY)
    other = replace(race(LARRY), id="other")
    assert apply(other, rules) == other
    table = [Entity(Kind.PERSON, "Larry Krasner", (), 1, 1)]
    assert apply_to_names(table, rules) == table


def test_one_article_may_contradict_the_rest() -> None:
    text = '[[same]]\nnames = ["A", "B"]\n[[same]]\nnames = ["C", "B"]\narticle = "id"\n'
    text += '[[hide]]\nnames = ["A"]\narticle = "id"'
    assert len(parse(text).of("id").same) == 2
    assert parse(text).of("other").hide == ()
