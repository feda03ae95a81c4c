"""What every engine answers, on a small newsroom: the same tables over each of them, and each against the oracle."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from engine_makes import ENGINES, search_settings
from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as st
from index_stories import BY_ID, READABLE, STORIES, TODAY, FakeArchive, retold

from archive import NotFoundError
from index import Index, QueryError, SearchSettings, SharedName, Sort, open_index
from index.query.nodes import And, Exact, Fuzzy, Has, Node, Not, Or, Phrase, Prefix, When, Word
from index.query.split import split

ALL_HITS = 1000


@pytest.fixture(scope="module", params=ENGINES)
def index(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    yield from _filled(search_settings(request, request.param, batch=7), tmp_path_factory)


@pytest.fixture(scope="module")
def oracle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    yield from _filled(SearchSettings(engine="memory", batch=7), tmp_path_factory)


def _filled(settings: SearchSettings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """All stories, taken in by small commits, with one of them told differently at first and one that is gone."""
    archive = FakeArchive([retold(BY_ID["raid"], "An early text about zebras."), retold(BY_ID["thin"], "zebra")])
    folder = tmp_path_factory.mktemp(settings.engine)
    with open_index(archive, folder, settings) as opened:
        opened.update()
        archive.remove("thin")
        opened.update()
        for entry in STORIES:
            archive.put(entry)
        opened.update()
        yield opened


def ids(index: Index, query: str | Node, **facts: object) -> set[str]:
    results = index.search(query, limit=ALL_HITS, today=TODAY, strict=True, **facts)  # type: ignore[arg-type]
    found = [hit.id for hit in results.hits]
    assert len(found) == len(set(found)) == results.total
    return set(found)


WORDS = [
    ("a word is found in text and title", "bread", "bakery"),
    ("in any form", "raid", "raid nbc rotten report premium far"),
    ("the form does not matter in the query either", "raiding", "raid nbc rotten report premium far"),
    ("quotes ask for this form alone", '"raided"', "nbc report"),
    ("whatever the case", "KRASNER", "raid bove charges"),
    ("words side by side must all be there", "raid agents", "raid nbc"),
    ("AND says the same", "raid AND agents", "raid nbc"),
    ("one in the title, one in the text", "premium OR (inside subscribers)", "premium"),
    ("OR", "bread OR budget", "bakery budget"),
    ("OR binds closer", "Krasner Bove OR filed", "bove charges"),
    ("parentheses", "Krasner (Bove OR filed)", "bove charges"),
    ("minus", "Krasner -ICE", "charges"),
    ("NOT", "Krasner NOT ICE", "charges"),
    ("minus a group", "Krasner -(Bove OR filed)", "raid"),
    ("nothing to find", "xylophone", ""),
    ("possessives", "statement read", "raid"),
    ("straight for curly apostrophe", "O'Neil", "oneil"),
    ("no apostrophe at all", "ONeil", "oneil"),
    ("don't is dont", "doesnt", "oneil"),
    ("elision", "homme", "redada"),
    ("accents left out", "Muller Zurich", "zurich"),
    ("accents put in", "cáfé", "rail"),
    ("ß", "strasse", "zurich"),
    ("ł", "Lodz", ""),
    ("ł folded in the text", "Lodzi wybuchl", "lodz"),
    ("n with tilde", "pena", "redada"),
    ("acronym with dots", "U.S.", "trade steel"),
    ("acronym without", "US", "trade steel"),
    ("a number with separators", "1,200.50", "budget"),
    ("and without", "1200.50", "budget"),
    ("thousands", "3000", "fair"),
    ("a number in quotes, whichever blank its groups have", '"12 500"', "zurich lodz"),
    ("in quotes with a narrow blank", '"12\u202f500 Menschen"', "zurich"),
    ("in quotes with a fixed blank, where the text has a plain one", '"12\u00a0500 osób"', "lodz"),
    ("without quotes, with a thin blank", "12\u2009500", "zurich lodz"),
    ("in a field", 'text:"12 500"', "zurich lodz"),
    ("negated", 'lang:pl -"12\u202f500"', ""),
    ("digits of Devanagari for those of the text", "१२५००", "zurich"),
    ("digits of the text for those of Devanagari", "250", "hindi"),
    ("Arabic digits with Arabic marks", "١٬٢٠٠٫٥٠", "budget"),
    ("a time", "10:30", "budget"),
    ("a hyphenated word is a phrase", "well-known", "bakery"),
    ("Japanese by a word", "知事", "tokyo"),
    ("Japanese by one character", "都", "tokyo"),
    ("its last character too", "た", "tokyo"),
    ("not what stands apart", '"東京知事"', ""),
    ("Chinese and Japanese", "移民", "tokyo beijing"),
    ("Hindi keeps its vowel signs", "बारिश", "hindi"),
    ("emoji", "🙂", "fair"),
    ("description", "weekend", "fair"),
    ("replaced and deleted texts are gone", "zebra", ""),
    ("an address finds the page and what cites it", "https://t.co/XRawnqNPLg", "raid"),
    ("with the signs that a text sets around it", "<https://t.co/XRawnqNPLg>,", "raid"),
    (
        "whatever follows the reader",
        "http://inquirer.com/news/ice-raid-car-wash-20250131.html?fbclid=x",
        "raid",
    ),
]

PHRASES = [
    ("in order", '"car wash raid"', "nbc"),
    ("not in another", '"wash car"', ""),
    ("not across title and text", '"wash philadelphia"', ""),
    ("across a line's end", '"on tuesday we"', "raid"),
    ("within words of each other", '"ICE raid"~5', "raid far"),
    ("in any order", '"raid ice"~0', "raid"),
    ("not further", '"ICE night"~5', ""),
    ("just so far", '"ICE night"~6', "far"),
    ("a word asked twice counts once", '"raid raid"~3', "raid nbc rotten premium far"),
    ("an unclosed quote", 'Krasner "ICE raid', "raid"),
    ("curly quotes", "“ICE raid”", "raid"),
    ("acronyms in it", '"the US"', "trade steel"),
]

PARTS = [
    ("prefix", "immigra*", "raid fair report"),
    ("prefix in quotes is none", '"immigra*"', ""),
    ("prefix of accented", "BÜRGER*", "zurich"),
    ("fuzzy", "Krasnr~", "raid bove bakery charges"),
    ("fuzzy by one", "Krasner~1", "raid bove bakery charges"),
    ("swapped letters are one edit", "Krasenr~1", "raid bove charges"),
    ("the first letter stays", "Trasner~2", ""),
    ("short words stay as they are", "US~", "trade steel"),
]

FIELDS_ = [
    ("part of a name", "person:Krasner", "raid bove charges"),
    ("the whole name", 'person:"Larry Krasner"', "raid bove charges"),
    ("another way it is written", 'person:"Lawrence Krasner"', "charges"),
    ("not two names mixed", 'person:"Hannah Bove"', ""),
    ("not across two names", 'person:"Bove Hannah"', ""),
    ("two people", "person:Dugan person:Bove", "bove"),
    ("one without the other", "person:Dugan -person:Bove", "dugan"),
    ("a group", "person:(Parker OR Mauch)", "budget zurich"),
    ("a group of all", "person:(Dugan Bove)", "bove"),
    ("a group with a negation", "person:(Dugan -Bove)", "dugan"),
    ("alias of a field", "people:Bove", "bove"),
    ("any case of a field", "PERSON:Bove", "bove"),
    ("prefix in a name", "person:Kras*", "raid bove bakery charges"),
    ("fuzzy in a name", "person:Krassner~1", "raid bove bakery charges"),
    ("a name in Japanese", "person:小池", "tokyo"),
    ("any person at all", "person:* mentioned:2025-11", "dugan budget charges"),
    ("place by another name", "place:Philly", "raid budget"),
    ("place by its name in another language", "place:Philadelphia", "raid nbc budget redada"),
    ("place without accents", "place:lodz", "lodz"),
    ("place by acronym", "place:US", "trade steel"),
    ("organisation by acronym", "org:ICE", "raid bove"),
    ("organisation by name", 'org:"Immigration and Customs Enforcement"', "raid bove report"),
    ("topic by acronym", "topic:ICE", "raid bove"),
    ("topic in other forms", "topic:fair", "fair"),
    ("topic by alias", "topic:festival", "fair"),
    ("main job", "person:Krasner topic:ICE", "raid bove"),
    ("author", "by:Conde", "raid"),
    ("author with accents", "author:sian", "oneil"),
    ("site by name", "site:inquirer", "raid"),
    ("site by host", "site:nbcphiladelphia.com", "nbc"),
    ("title only", "title:raid", "raid nbc premium"),
    ("text is title and body", "text:subscribers text:inside", "premium"),
    ("language", "lang:pl", "lodz"),
    ("tag", "tag:court", "raid"),
    ("tag of two words", 'tag:"to check"', "raid"),
    ("part of a tag is not the tag", "tag:check", ""),
    ("prefix of a tag", "tag:co*", "raid"),
    ("note", "note:callbacks", "raid"),
    ("link by host", "link:nbcphiladelphia.com", "raid"),
    ("link by a host above", "link:.gov", "raid"),
    ("link by short link", "link:t.co/XRawnqNPLg", "raid"),
    ("link by a hop on the way", "link:https://bit.ly/3abc", "raid"),
    ("link by where it led", "link:https://www.nbcphiladelphia.com/news/local/car-wash/4090521/", "raid"),
    ("case counts in a path", "link:t.co/xrawnqnplg", ""),
    ("link by id", "link:report", "raid"),
    ("link by prefix", "link:nbcphiladelphia.com/news/*", "raid"),
    ("sources is an alias", "sources:ice.gov", "raid"),
    ("cited by id", "citedby:raid", "nbc report"),
    ("cited by host", "citedby:inquirer.com", "nbc report"),
    ("has sources", "link:*", "raid rail"),
    ("own address", "url:nbcphiladelphia.com/news/local/car-wash/4090521", "nbc"),
    ("own address by prefix", "url:https://www.inquirer.com/news/*", "raid"),
    ("linked", "is:linked", "nbc report"),
    ("cited", "is:cited", "nbc report"),
    ("changed", "is:changed", "raid"),
    ("pdf", "is:pdf", "report"),
    ("paywall", "is:paywall", "premium"),
    ("doubtful", "is:doubtful", "thin"),
    ("failed", "is:failed", "missing wall dead"),
    ("failed at a site", "is:failed site:inquirer.com", "missing"),
    ("gone, with and without text", "is:gone", "missing rotten"),
    ("blocked", "is:blocked", "wall"),
    ("unreachable", "is:unreachable", "dead"),
    ("failures are left out unless asked for", "site:inquirer.com", "raid"),
    ("a tag on a failure", "is:failed tag:court", "wall"),
]

DATES = [
    ("a day", "date:2025-01-31", "raid tokyo rail"),
    ("a month", "date:2024-12", "budget"),
    ("a year", "date:2023", "charges"),
    ("a range", "date:2025-01-28..2025-01-30", "nbc beijing premium redada"),
    ("a range of months", "date:2024-02..2024-12", "oneil budget"),
    ("open at the end", "date:2025-02-01..", "bove trade"),
    ("open at the beginning", "date:..2023", "charges rotten"),
    (">=", "date:>=2025-02-01", "bove trade"),
    (">", "date:>2025-02-01", "bove"),
    ("> a month begins after it", "date:>2025-01", "bove trade"),
    ("<", "date:<2023-09-08", "rotten"),
    ("<=", "date:<=2023-09-08", "charges rotten"),
    ("last week", 'date:"last week" -lang:zh', "raid nbc premium redada tokyo rail trade"),
    ("last 3 days", 'date:"last 3 days"', "bove"),
    ("in words", 'date:"Feb 29, 2024"', "oneil"),
    ("a group", "date:(2023 OR 2024-12)", "charges budget"),
    ("undated", "-date:* -is:pdf", "thin"),
    ("mentioned: a month within a decade, a year, a month", "mentioned:2025-11", "dugan budget charges"),
    ("mentioned: overlap", "mentioned:2025-03-31..2025-04-02", "budget charges far"),
    ("mentioned: a day", "mentioned:2025-01-28", "raid nbc budget charges far"),
    ("captured", "captured:2025-02-04..", "bove rail"),
    ("captured yesterday", "captured:yesterday", "bove"),
]

ODD = [
    ("nothing means everything", "", " ".join(sorted(READABLE))),
    ("a star too", "*", " ".join(sorted(READABLE))),
    ("an OR without operands", "OR bread OR", "bakery"),
    ("a lone minus", "- bread", "bakery"),
    ("empty parentheses", "() bread", "bakery"),
    ("unbalanced parentheses", "((bread", "bakery"),
    ("punctuation asks for nothing", "bread … !!", "bakery"),
]

TABLE = [*WORDS, *PHRASES, *PARTS, *FIELDS_, *DATES, *ODD]


TABLE_IDS = [f"{row[0]}: {row[1]}" for row in TABLE]


@pytest.mark.parametrize(("query", "expected"), [row[1:] for row in TABLE], ids=TABLE_IDS)
def test_what_a_query_finds(index: Index, query: str, expected: str) -> None:
    assert ids(index, query) == set(expected.split())


# -- laws ----------------------------------------------------------------------------------------------------------

_FIELDS = ["", "text", "title", "person", "place", "org", "topic", "author", "site", "note"]
_WORDS = "Krasner raid ICE the U.S. Müller 東京 都 well-known Dugan Philly O'Neil nothere".split()
_leaves: st.SearchStrategy[Node] = st.one_of(
    # A function word excludes nothing in a sentence, so that no law of sets holds for it there.
    st.builds(Word, st.sampled_from([word for word in _WORDS if word != "the"]), st.sampled_from(_FIELDS)),
    st.builds(
        Phrase,
        st.lists(st.sampled_from(_WORDS), min_size=1, max_size=3).map(" ".join),
        st.sampled_from(_FIELDS),
        st.none() | st.integers(0, 20),
    ),
    st.builds(Prefix, st.sampled_from(["K", "ra", "immi", "Ü", "東", "U.S"]), st.sampled_from(_FIELDS)),
    st.builds(Fuzzy, st.sampled_from(_WORDS[:8]), st.sampled_from(_FIELDS), st.sampled_from([None, 1, 2])),
    st.builds(Word, st.sampled_from(["linked", "changed", "failed", "gone", "pdf"]), st.just("is")),
    st.builds(
        Word, st.sampled_from(["t.co", "inquirer.com", "raid", "https://ice.gov/statement.pdf"]), st.just("link")
    ),
    st.builds(Prefix, st.sampled_from(["c", "to ", "n"]), st.just("tag")),
    st.builds(
        When,
        st.sampled_from(["2025-01", "..2024", ">2025-01-20", "last week", "2025-01-28..2025-02-01", "<0001", ">9999"]),
        st.sampled_from(["date", "mentioned", "captured"]),
    ),
    st.builds(Has, st.sampled_from(["person", "date", "link", "text", "mentioned", "tag"])),
    st.builds(
        Exact,
        st.sampled_from([("Larry Krasner",), ("Emil Bove", "Nobody"), ("krasner",)]),
        st.sampled_from(["person", "topic"]),
    ),
    st.builds(Exact, st.sampled_from([("2025-01",), ("2025", "2024"), ("2025-01-31",)]), st.just("date")),
    st.builds(Exact, st.sampled_from([("changed",), ("gone", "failed")]), st.just("is")),
)
nodes = st.recursive(
    _leaves,
    lambda inner: (
        st.builds(And, st.lists(inner, min_size=2, max_size=3).map(tuple))
        | st.builds(Or, st.lists(inner, min_size=2, max_size=3).map(tuple))
        | st.builds(Not, inner)
    ),
    max_leaves=6,
)
_lawful = how(deadline=None, max_examples=120)
_FAILED = Word("failed", "is")
_ALL = Or((_FAILED, Not(_FAILED)))  # naming a failure brings the failed captures in


def everywhere(node: Node) -> Node:
    """`node` asked of every entry, failed ones included."""
    return And((node, _ALL))


@_lawful
@given(node=nodes)
def test_not_not_is_nothing_done(index: Index, node: Node) -> None:
    assert ids(index, everywhere(Not(Not(node)))) == ids(index, everywhere(node))


@_lawful
@given(node=nodes)
def test_a_query_and_its_negation_are_all_and_share_nothing(index: Index, node: Node) -> None:
    found, others = ids(index, everywhere(node)), ids(index, everywhere(Not(node)))
    assert found | others == set(BY_ID)
    assert not found & others


@_lawful
@given(one=nodes, other=nodes)
def test_de_morgan(index: Index, one: Node, other: Node) -> None:
    assert ids(index, everywhere(Not(Or((one, other))))) == ids(index, everywhere(And((Not(one), Not(other)))))
    assert ids(index, everywhere(Not(And((one, other))))) == ids(index, everywhere(Or((Not(one), Not(other)))))


@_lawful
@given(one=nodes, other=nodes)
def test_and_or_are_intersection_and_union(index: Index, one: Node, other: Node) -> None:
    left, right = ids(index, everywhere(one)), ids(index, everywhere(other))
    assert ids(index, everywhere(And((one, other)))) == left & right
    assert ids(index, everywhere(Or((one, other)))) == left | right


@_lawful
@given(node=nodes, choice=st.sampled_from(["", "person", "date", "site"]), values=st.integers(1, 5))
def test_significant_values_are_those_of_the_oracle(
    index: Index, oracle: Index, node: Node, choice: str, values: int
) -> None:
    chosen = {"person": ["Larry Krasner", "Nobody"], "date": ["2025-01"], "site": ["Reuters"]}
    choose = {choice: chosen[choice]} if choice else {}
    names = ["person", "site", "place", "date", "date.day", "mentioned", "is"]
    one, other = (
        opened.facets(node, names, choose=choose, values=values, significant=True, today=TODAY)
        for opened in (index, oracle)
    )
    assert one == other
    for found in one:
        scores = [value.score or 0.0 for value in found.values if not value.selected]
        assert scores == sorted(scores, reverse=True)


@_lawful
@given(node=nodes, sort=st.sampled_from(Sort), choice=st.sampled_from(["", "person", "date", "site", "tag"]))
def test_every_engine_agrees_with_the_oracle(index: Index, oracle: Index, node: Node, sort: Sort, choice: str) -> None:
    """Q10: the same ids, facets and counts, and the same order where it does not depend on scores."""
    values = {"person": ["Larry Krasner"], "date": ["2025-01", "2025-02"], "site": ["Reuters"], "tag": ["Court"]}
    asked = {
        "sort": sort,
        "limit": ALL_HITS,
        "today": TODAY,
        "facets": ["person", "site", "tag", "is", "date", "date.year", "mentioned.month", "mentioned.day", "link"],
        "choose": {choice: values[choice]} if choice else {},
        "explain_clauses": True,
        "values": 4,
    }
    one, other = index.search(node, **asked), oracle.search(node, **asked)  # type: ignore[arg-type]
    assert {hit.id for hit in one.hits} == {hit.id for hit in other.hits}
    assert one.facets == other.facets
    assert one.clauses == other.clauses
    if sort is not Sort.RELEVANCE:
        assert [hit.id for hit in one.hits] == [hit.id for hit in other.hits]


# -- order, pages, facets ------------------------------------------------------------------------------------------


def order(index: Index, query: str, sort: Sort) -> str:
    return " ".join(hit.id for hit in index.search(query, sort=sort, limit=ALL_HITS, today=TODAY).hits)


def test_newest_and_oldest_first_with_the_undated_last(index: Index) -> None:
    assert order(index, "raid", Sort.NEWEST) == "raid premium nbc far rotten report"
    assert order(index, "raid", Sort.OLDEST) == "rotten far nbc premium raid report"


def test_latest_captured_first_and_equals_by_id(index: Index) -> None:
    assert order(index, "date:2025-01-31 OR bove", Sort.CAPTURED) == "rail bove raid tokyo"


def test_the_best_match_comes_first(index: Index) -> None:
    assert order(index, "bakery bread ice", Sort.RELEVANCE).split()[0] == "bakery"
    assert order(index, "raid", Sort.RELEVANCE).split()[0] in {"raid", "nbc", "premium"}, "those with it in the title"
    scores = [hit.score for hit in index.search("raid", limit=ALL_HITS).hits]
    assert scores == sorted(scores, reverse=True)
    assert all(score > 0 for score in scores)


@pytest.mark.parametrize("sort", Sort)
@pytest.mark.parametrize("limit", [1, 3, 7])
def test_pages_by_cursor_are_the_whole_list_cut_up(index: Index, sort: Sort, limit: int) -> None:
    whole = [hit.id for hit in index.search("-bread OR raid", sort=sort, limit=ALL_HITS).hits]
    paged: list[str] = []
    cursor: str | None = None
    while True:
        page = index.search("-bread OR raid", sort=sort, limit=limit, cursor=cursor)
        assert page.total == len(whole)
        paged += [hit.id for hit in page.hits]
        cursor = page.cursor
        if cursor is None:
            break
        assert len(page.hits) == limit
    assert paged == whole


@pytest.mark.parametrize("sort", Sort)
def test_ids_are_those_of_all_hits_in_their_order(index: Index, sort: Sort) -> None:
    for query, choose in [("-bread OR raid", {}), ("", {"person": ["Larry Krasner"]}), ("xylophone", {}), ("ICE~", {})]:
        pages = index.search(query, sort=sort, limit=ALL_HITS, choose=choose, today=TODAY)
        assert list(index.ids(query, sort=sort, choose=choose, today=TODAY)) == [hit.id for hit in pages.hits]


def facet(index: Index, query: str, name: str, **facts: object) -> dict[str, int]:
    found = index.search(query, facets=[name], limit=0, today=TODAY, **facts).facets[0]  # type: ignore[arg-type]
    return {value.value: value.count for value in found.values}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("person", {"Larry Krasner": 2, "Emil Bove": 1, "Hannah Dugan": 1}),
        ("place", {"Philadelphia": 1}),
        ("org", {"Immigration and Customs Enforcement": 2}),
        ("topic", {"Immigration and Customs Enforcement": 2, "Immigration": 1}),
        ("author", {"Jane Doe": 1, "Ximena Conde": 1}),
        ("site", {"Reuters": 1, "The Philadelphia Inquirer": 1}),
        ("date", {"2025-02": 1, "2025-01": 1}),
        ("date.year", {"2025": 2}),
        ("date.day", {"2025-02-03": 1, "2025-01-31": 1}),
        ("mentioned.day", {"2025-01-31": 1, "2025-01-28": 1}),
        ("captured", {"2025-02": 1, "2025-01": 1}),
        ("lang", {"en": 2}),
        ("tag", {"Court": 1, "to check": 1}),
        ("link", {"ice.gov": 1, "nbcphiladelphia.com": 1}),
        ("is", {"changed": 1}),
    ],
)
def test_facets_count_canonical_values(index: Index, name: str, expected: dict[str, int]) -> None:
    found = facet(index, "topic:ICE", name)
    assert found == expected
    assert list(found) == list(expected)


def test_significant_values_are_frequent_here_and_rare_elsewhere(index: Index) -> None:
    (orgs,) = index.facets("topic:ICE OR is:pdf", ["org"], significant=True)
    assert [(value.value, value.count, value.background) for value in orgs.values] == [
        ("Immigration and Customs Enforcement", 3, 3)
    ]
    (everything,) = index.facets("*", ["person"], significant=True)
    assert not everything.values, "nothing stands out in the whole archive"


def test_an_interval_counts_where_it_fits(index: Index) -> None:
    """A quarter is in its year, not in one of its months; a decade in none."""
    assert facet(index, "night OR filed OR Milwaukee", "mentioned.year") == {"2025": 2}
    assert facet(index, "night OR filed OR Milwaukee", "mentioned.month") == {"2025-11": 1}


def test_a_facet_ignores_its_own_selection_and_no_other(index: Index) -> None:
    chosen = {"person": ["Emil Bove"], "date": ["2025-02"]}
    results = index.search("Krasner", facets=["person", "date", "site"], choose=chosen, today=TODAY)
    assert [hit.id for hit in results.hits] == ["bove"]
    person, days, site = results.facets
    assert [(v.value, v.count, v.selected) for v in person.values] == [
        ("Emil Bove", 1, True),
        ("Hannah Dugan", 1, False),
        ("Larry Krasner", 1, False),
    ]
    assert [(v.value, v.count, v.selected) for v in days.values] == [("2025-02", 1, True)]
    assert [v.value for v in site.values] == ["Reuters"]


def test_choosing_a_value_leaves_as_many_hits_as_it_counted(index: Index) -> None:
    names = ["person", "place", "site", "date.year", "mentioned", "captured.day", "is", "link"]
    for found in index.facets("-bread", names):
        assert found.values
        for value in found.values:
            assert index.search("-bread", choose={found.name: [value.value]}, limit=0).total == value.count


FACETS = [
    "person",
    "place",
    "org",
    "topic",
    "site",
    "tag",
    "author",
    "date.year",
    "mentioned",
    "captured.day",
    "is",
    "link",
]


def test_every_value_can_be_typed_with_the_count_of_its_facet(index: Index) -> None:
    """`person:="…"` finds as many as the facet counts, for every value; excluding it leaves the others."""
    whole = index.search("-bread", limit=0).total
    for found in index.facets("-bread", FACETS, values=ALL_HITS):
        assert found.values
        for value in found.values:
            leaf = Exact((value.value,), found.field)
            assert index.search(f"-bread {leaf}", limit=0).total == value.count
            assert index.search(f"-bread -{leaf}", limit=0).total == whole - value.count
            assert index.search("-bread", exclude={found.name: [value.value]}, limit=0).total == whole - value.count


@pytest.mark.parametrize("facts", [{"choose": {"person": ["Emil Bove"]}}, {"exclude": {"person": ["Emil Bove"]}}])
def test_a_typed_choice_counts_as_a_choice(index: Index, facts: dict[str, dict[str, list[str]]]) -> None:
    """Its own facet is counted as if it had not been made, the others with it."""
    sign = "-" if "exclude" in facts else ""
    names = ["person", "site", "date"]
    typed = index.search(f'Krasner {sign}person:="Emil Bove"', facets=names, today=TODAY)
    chosen = index.search("Krasner", facets=names, today=TODAY, **facts)  # type: ignore[arg-type]
    assert (typed.total, typed.facets) == (chosen.total, chosen.facets)
    person = typed.facets[0]
    assert {v.value: v.count for v in person.values} == facet(index, "Krasner", "person")
    marked = [(v.value, v.selected, v.excluded) for v in person.values if v.selected or v.excluded]
    assert marked == [("Emil Bove", not sign, bool(sign))]


def test_a_choice_beside_a_typed_one_of_the_same_facet_must_hold_too(index: Index) -> None:
    both = ids(index, 'person:="Larry Krasner" person:="Emil Bove"')
    assert both == ids(index, 'person:="Larry Krasner"', choose={"person": ["Emil Bove"]}) == {"bove"}
    assert ids(index, 'person:=("Emil Bove" OR "Cherelle Parker")') == {"bove", "budget"}


@_lawful
@given(node=nodes)
def test_a_tree_taken_apart_is_the_same_question(index: Index, node: Node) -> None:
    parts = split(node)
    assert ids(index, everywhere(parts.node())) == ids(index, everywhere(node))


def test_what_was_chosen_exactly_is_marked_under_each_of_its_names(index: Index) -> None:
    hit = next(hit for hit in index.search('person:="Larry Krasner"', limit=ALL_HITS).hits if hit.id == "raid")
    assert any("Krasner" in hit.snippet.text[start:end] for start, end in hit.snippet.marks)


def test_two_values_of_one_facet_are_alternatives(index: Index) -> None:
    assert ids(index, "*", choose={"person": ["Emil Bove", "Cherelle Parker"]}) == {"bove", "budget"}


def test_a_facet_says_when_it_is_cut_and_keeps_what_is_selected(index: Index) -> None:
    found = index.search("*", facets=["person"], choose={"person": ["Tip O’Neil", "Nobody"]}, values=1).facets[0]
    assert [(v.value, v.count, v.selected) for v in found.values] == [
        ("Larry Krasner", 3, False),
        ("Tip O’Neil", 1, True),
        ("Nobody", 0, True),
    ]
    assert found.truncated
    assert found.distinct == 11
    assert not index.search("bread", facets=["person"]).facets[0].truncated


def test_each_clause_is_counted_by_itself(index: Index) -> None:
    results = index.search("Krasner bread is:changed", explain_clauses=True)
    assert results.total == 0
    assert [(c.query, c.count) for c in results.clauses] == [("Krasner", 3), ("bread", 1), ("is:changed", 1)]


EVERY_OPERATOR = (
    'raid (ICE OR "car wash" OR "ICE raid"~5) -(Bove OR filed) immigra* Krasnr~ date:2025-01..2025-02 -bread '
    "person:(Krasner OR (Dugan -Bove)) title:raid tag:court link:t.co place:* NOT is:pdf"
)


def test_every_operator_is_counted_by_itself(index: Index) -> None:
    """Whatever the search finds; groups come before their parts."""
    clauses = index.search(EVERY_OPERATOR, explain_clauses=True, today=TODAY).clauses
    assert [(clause.depth, clause.query) for clause in clauses] == [
        (0, "raid"),
        (0, 'ICE OR "car wash" OR "ICE raid"~5'),
        (1, "ICE"),
        (1, '"car wash"'),
        (1, '"ICE raid"~5'),
        (0, "-(Bove OR filed)"),
        (1, "Bove"),
        (1, "filed"),
        (0, "immigra*"),
        (0, "Krasnr~"),
        (0, "date:2025-01..2025-02"),
        (0, "-bread"),
        (0, "person:Krasner OR (person:Dugan -person:Bove)"),
        (1, "person:Krasner"),
        (1, "person:Dugan -person:Bove"),
        (2, "person:Dugan"),
        (2, "-person:Bove"),
        (0, "title:raid"),
        (0, "tag:court"),
        (0, "link:t.co"),
        (0, "place:*"),
        (0, "-is:pdf"),
    ]
    for clause in clauses:
        assert clause.count == index.search(clause.query, today=TODAY).total, clause.query
        assert clause.words


def test_a_query_that_finds_nothing_says_which_clause_and_what_may_be_meant(index: Index) -> None:
    results = index.search("raid person:Krosner")
    assert [(c.query, c.count) for c in results.clauses] == [("raid", 6), ("person:Krosner", 0)]
    assert "raid person:krasner" in results.suggestions


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("Inquirer", "site:Inquirer"),
        ("by Ximena Conde", 'author:"Ximena Conde"'),
        ("Ximena raid", "author:Ximena raid"),
        ("place:Inquirer raid", "site:Inquirer raid"),
        ("topic:Inquirer", "site:Inquirer"),
        ("topic: officers", "officers"),
        ("lang:german", "lang:de"),
        ("lang:日本語", "lang:ja"),
        ("lang:de_AT", "lang:de"),
        ('author:"Conde, Ximena"', 'author:"Ximena Conde"'),
        ("2025-01-31", "date:2025-01-31"),
        ("1/31/2025", "date:2025-01-31"),
        ('"Ximena Conde"', 'author:"Ximena Conde"'),
        ("author:Ximena Conde", 'author:"Ximena Conde"'),
        ("author:Ximena Conde raid", 'author:"Ximena Conde" raid'),
        ("author:=Ximena Conde", 'author:="Ximena Conde"'),
        ("author:=Conde", 'author:"Conde"'),
        ('author:="ximena conde"', 'author:"ximena conde"'),
        ('author:"Ms. Conde"', 'author:"Conde"'),
        ("stories by Ximena Conde", 'author:"Ximena Conde"'),
        ("raid as told by Ximena Conde", 'raid as told by author:"Ximena Conde"'),
        ("#Inquirer", "site:Inquirer"),
        ("immigra!", "immigra*"),
        ("Krosner ODER raid", "Krosner OR raid"),
        ("lang:deu", "lang:de"),
        ("date:2025 January", 'date:"2025 January"'),
        ("author:none raid", "-author:* raid"),
        ("lang:pl,de", "lang:(pl OR de)"),
        ("zzz qqq OR krasner raid", "(zzz qqq) OR (krasner raid)"),
    ],
)
def test_what_finds_nothing_is_looked_for_in_other_fields(index: Index, query: str, meant: str) -> None:
    results = index.search(query, today=TODAY)
    assert (results.total, meant in results.suggestions) == (0, True), results.suggestions
    assert index.search(meant, today=TODAY).total


@pytest.mark.parametrize("query", ["xyzzy", "lang:klingonese", "a=b", "xyzzy OR qwertz", "2025-13-45"])
def test_nothing_is_suggested_of_what_is_nowhere(index: Index, query: str) -> None:
    results = index.search(query, today=TODAY)
    assert (results.total, results.suggestions) == (0, ())


def test_short_words_are_respelled_by_little_or_not_at_all(index: Index) -> None:
    assert index.search("ix").suggestions == ()
    assert index.search("rait").suggestions == ("raid", "rail")
    assert index.search("Phildelpia").suggestions == ("philadelphia",)
    assert "philadelphia raid" in index.search("Phildelpia raidd").suggestions, "two words at once"
    assert index.search("phil-adelphia").suggestions == ("philadelphia",)


def test_names_are_suggested_as_they_are_typed(index: Index) -> None:
    assert index.suggest("person", "kras") == [("Larry Krasner", 3), ("Jacob Krassner", 1)]
    assert index.suggest("people", "Lar") == [("Larry Krasner", 3)]


@pytest.mark.parametrize(
    ("field", "typed", "expected"),
    [
        ("person", "larry k", [("Larry Krasner", 3)]),
        ("person", "KRASNER L", [("Larry Krasner", 3)]),
        ("person", "mull", [("Jürg Müller", 1)]),
        ("person", "MÜLL", [("Jürg Müller", 1)]),
        ("who", "o'n", [("Tip O’Neil", 1)]),
        ("person", "小池百", [("小池百合子", 1)]),
        ("person", "Lawrence", [("Larry Krasner", 3)]),
        ("person", "zzz", []),
        ("org", "ICE", [("Immigration and Customs Enforcement", 3)]),
        ("where", "phil", [("Philadelphia", 3), ("North Philadelphia", 1)]),
        ("place", "filad", [("Philadelphia", 3)]),
        ("topic", "festiv", [("Street fairs", 1)]),
        ("link", "nbc", [("nbcphiladelphia.com", 1)]),
        ("author", "cond", [("Ximena Conde", 1)]),
        ("tag", "", [("Court", 1), ("court", 1), ("to check", 1)]),
    ],
)
def test_names_are_suggested_by_any_part_of_them(
    index: Index, field: str, typed: str, expected: list[tuple[str, int]]
) -> None:
    """Whatever the case and accents, and by the other names that the archive knows; shown is the canonical one."""
    assert index.suggest(field, typed) == expected


def test_only_fields_of_names_are_suggested(index: Index) -> None:
    with pytest.raises(QueryError, match="date has no names"):
        index.suggest("date", "2025")
    with pytest.raises(QueryError, match="there is no facet"):
        index.suggest("persn", "kras")


def test_what_is_like_an_article_shares_its_names_and_words(index: Index) -> None:
    first, *others = index.similar("raid")
    assert first.hit.id == "nbc", "the same raid, told elsewhere"
    assert "wash" in first.words
    by_id = {one.hit.id: one for one in others}
    assert SharedName("person", "Larry Krasner") in by_id["bove"].names
    assert "krasner" not in by_id["bove"].words, "it is in the name already"
    assert not {"raid", "missing", "dead"} & by_id.keys()
    assert [one.hit.id for one in index.similar("raid", 2)] == [first.hit.id, others[0].hit.id]


def test_nothing_is_like_what_has_no_article(index: Index) -> None:
    assert index.similar("missing") == []
    with pytest.raises(NotFoundError):
        index.similar("nosuchentry")


def test_a_hit_carries_what_is_shown(index: Index) -> None:
    hit = index.search("person:Krasner statement").hits[0]
    assert (hit.id, hit.site) == ("raid", "The Philadelphia Inquirer")
    assert hit.title == "ICE agents raid a Philadelphia car wash"
    assert hit.url == BY_ID["raid"].url
    assert hit.date == date(2025, 1, 31)
    assert hit.captured == BY_ID["raid"].last_captured


def test_a_check_finds_nothing_wrong(index: Index) -> None:
    assert list(index.check()) == []
    assert index.lag() == 0
    assert index.size() == len(STORIES)
