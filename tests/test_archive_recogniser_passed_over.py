"""Organisations that the network passed over, and people told apart from what stands beside them, in English."""

from __future__ import annotations

import pytest

from archive.entities.decode import TokenSpan
from archive.entities.default import DATA
from archive.entities.features import Lexicon, load_lexicon
from archive.entities.known_organisations import apart
from archive.entities.organisations import bodies, possessed
from archive.entities.passed_over import passed_over
from archive.entities.repair import acronyms, offices, shouted, trim
from archive.entities.tokens import tokenize
from archive.entities.told_apart import persons


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon(DATA)


def span(words: list[str], name: str, kind: str, score: float = 0.5) -> TokenSpan:
    run = name.split()
    start = next(at for at in range(len(words)) if words[at : at + len(run)] == run)
    return TokenSpan(kind, start, start + len(run), score)


def texts(words: list[str], found: list[TokenSpan], kind: str) -> list[str]:
    return [" ".join(words[name.start : name.end]) for name in found if name.type == kind]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("He wrote on X. Ann Reed replied.", "Ann Reed"), ("He wrote of X. Ann Reed at length.", "X. Ann Reed")],
)
def test_a_platform_at_the_end_of_a_sentence_is_no_initial(lexicon: Lexicon, text: str, expected: str) -> None:
    tokens = tokenize(text)
    found = persons(tokens, [span(tokens.words, "X. Ann Reed", "PER", 0.6)], lexicon)
    assert texts(tokens.words, found, "PER") == [expected]


def test_whose_somebody_is_is_no_person(lexicon: Lexicon) -> None:
    tokens = tokenize("So said her lawyer, Tom Ostrander of Faegre Drinker, to Ann Reed.")
    names = [span(tokens.words, name, "PER", 0.9) for name in ("Tom Ostrander", "Faegre Drinker", "Ann Reed")]
    found = passed_over(tokens, names, lexicon)
    assert texts(tokens.words, found, "ORG") == ["Faegre Drinker"]
    assert texts(tokens.words, found, "PER") == ["Tom Ostrander", "Ann Reed"]


def test_letters_of_an_office_or_a_thing_are_no_body(lexicon: Lexicon) -> None:
    tokens = tokenize("The AG wrote of THC to the FDA.")
    names = [span(tokens.words, name, "ORG", 0.6) for name in ("AG", "THC", "FDA")]
    assert texts(tokens.words, passed_over(tokens, names, lexicon), "ORG") == ["FDA"]


@pytest.mark.parametrize(
    ("name", "kept"), [("Native Alaskan", False), ("Native American", False), ("Pan American", True)]
)
def test_a_people_is_no_body(lexicon: Lexicon, name: str, kept: bool) -> None:
    tokens = tokenize(f"A group of {name} activists came.")
    found = passed_over(tokens, [span(tokens.words, name, "ORG", 0.8)], lexicon)
    assert texts(tokens.words, found, "ORG") == [name] * kept


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Biotech firm to move. A biotech firm went.", []),
        ("Biotech firm to move. It went.", ["Biotech"]),
        ("BIOTECH firm to move. A biotech firm went.", ["BIOTECH"]),
    ],
)
def test_a_noun_that_opens_a_sentence_is_no_body(lexicon: Lexicon, text: str, found: list[str]) -> None:
    tokens = tokenize(text)
    name = TokenSpan("ORG", 0, 1, 0.5)
    assert texts(tokens.words, passed_over(tokens, [name], lexicon), "ORG") == found


@pytest.mark.parametrize(("name", "kind"), [("Hennepin County District Court", "ORG"), ("Hampton Court", "LOC")])
def test_a_court_is_a_body(lexicon: Lexicon, name: str, kind: str) -> None:
    words = f"They met at {name} .".split()
    assert texts(words, bodies(words, [span(words, name, "LOC")], lexicon), kind) == [name]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Then Dato' Lim Wei Chong won.", "Lim Wei Chong"),
        ("Then Senator Quillow Wei Chong won.", "Quillow Wei Chong"),
        ("Then Judge Orders Wei Chong out.", "Wei Chong"),
        ("Then Quillow Wei Chong won.", "Wei Chong"),
    ],
)
def test_a_person_begins_behind_the_office(lexicon: Lexicon, text: str, expected: str) -> None:
    tokens = tokenize(text)
    found = persons(tokens, [span(tokens.words, "Wei Chong", "PER", 0.9)], lexicon)
    assert texts(tokens.words, found, "PER") == [expected]


def test_two_bodies_taken_for_one_work_are_two() -> None:
    words = "NASA picked Blue Origin and Dynetics over Pride and Prejudice .".split()
    found = [span(words, "Blue Origin and Dynetics", "MISC"), span(words, "Pride and Prejudice", "MISC")]
    assert texts(words, apart(words, found), "ORG") == ["Blue Origin", "Dynetics"]


@pytest.mark.parametrize(
    ("text", "bodies"),
    [
        ("ICE agents took nine workers away on Monday.", ["ICE"]),  # a common word, but for its capitals
        ("They marched against ICE raids, and ICE answered.", ["ICE", "ICE"]),
        ("Ice agents took nine workers away on Monday.", []),
        ("He builds LLM agents for a living.", []),
        ("CEO said no.", []),
    ],
)
def test_letters_with_what_an_agency_has_behind_them_are_one(lexicon: Lexicon, text: str, bodies: list[str]) -> None:
    tokens = tokenize(text)
    assert texts(tokens.words, passed_over(tokens, [], lexicon), "ORG") == bodies


@pytest.mark.parametrize(
    "text",
    [
        "Shares fell as Quillow dropped 17 percent on Monday.",
        "It said Quillow lost as much as 4 per cent.",
        "They want to acquire Quillow soon.",
        "She owns a stake in Quillow with her son.",
        "It was built by Quillow, the coding start-up formerly called Ulm.",
        "Quillow, a maker of eye drops, will close.",
        "Quillow, which owns three mills, will close.",
        "Quillow, based in a barn, will close.",
        "The plant of Ulm and Quillow, which employ nobody, will close.",
        "Quillow, which burned last year, will open again.",
        "The find was reported in Quillow on Monday.",
        "The study in Quillow was small.",
        "Quillow is a Danish chain of shops.",
        "It was told that Quillow employees left.",
        "Quillow's regional director spoke.",
        "An analyst at Quillow spoke.",
        "Quillow said it had appealed.",
        "The rival Quillow has raised money.",
        "He told Quillow that he was tired.",
        "It was told by QLW that it may.",
        "Some 40 died, according to QLW, in May.",
        "He was taken into QLW custody after that.",
        "QLW said on Friday that it would appeal.",
        "At Quillow, Ann Reed spoke for an hour of what came next.",
        "So said Ann Reed of Quillow, who did not vote.",
    ],
)
def test_a_body_is_found_by_what_is_said_of_it(lexicon: Lexicon, text: str) -> None:
    tokens = tokenize(text)
    people = [span(tokens.words, "Ann Reed", "PER", 0.9)] if "Ann" in text else []
    found = texts(tokens.words, passed_over(tokens, people, lexicon), "ORG")
    assert found in (["Quillow"], ["QLW"])


@pytest.mark.parametrize(
    "text",
    [
        "Ann Quillow ran. Then Quillow said it would be hard.",
        "They say Quillow said it was raining.",
        "It was President Quillow, the owner of a bank, who fell.",
        "Sales in May rose 4 percent.",
        "Growth by GDP fell.",
        "The QLW-like word fell.",
        "Sales in London fell 4 percent.",
        "He told Mum that he was tired.",
        "Quillow, a father of two, spoke.",
        "QUILLOW, A MAKER OF EYE DROPS, WILL CLOSE",
        "So said the mayor of Quillow, who did not vote.",
        "The book by Quillow, which was burned, is back.",
        "It was reported in London on Monday.",
        "Two said so: Ann Reed of Quillow village and a cook.",
    ],
)
def test_what_is_said_of_people_and_places_makes_no_body(lexicon: Lexicon, text: str) -> None:
    tokens = tokenize(text)
    words = tokens.words
    names = [span(words, f"Ann {last}", "PER", 0.9) for last in ("Quillow", "Reed") if f"Ann {last}" in text]
    if "village" in text:
        names.append(span(words, "Quillow", "LOC", 0.9))
    assert texts(words, passed_over(tokens, names, lexicon), "ORG") == []


def test_a_name_may_begin_with_a_noun_and_not_with_what_leads_to_it(lexicon: Lexicon) -> None:
    tokens = tokenize("Acquisition Quillow, a firm from Perth, won. Meanwhile Quorn, a firm from Lima, lost it.")
    assert texts(tokens.words, passed_over(tokens, [], lexicon), "ORG") == ["Acquisition Quillow", "Quorn"]


def test_what_one_place_tells_holds_for_all_of_the_article(lexicon: Lexicon) -> None:
    tokens = tokenize("Then Quillow spoke. Quillow fell 3 percent. The Quillow House stood.")
    house = span(tokens.words, "Quillow House", "LOC")
    person = TokenSpan("PER", 1, 2, 0.5)
    found = passed_over(tokens, [person, house], lexicon)
    assert texts(tokens.words, found, "ORG") == ["Quillow", "Quillow"]
    assert texts(tokens.words, found, "LOC") == ["Quillow House"]


def test_in_a_row_with_two_bodies_stands_one(lexicon: Lexicon) -> None:
    tokens = tokenize(
        "It names Ubs, Quillow, Zoom Arms and Nestle, then tells what became of Ann Reed, Quorn and Nestle in the end."
    )
    words = tokens.words
    names = [span(words, "Ubs", "ORG", 0.9), span(words, "Nestle", "ORG", 0.9), span(words, "Ann Reed", "PER", 0.9)]
    last = max(at for at, word in enumerate(words) if word == "Nestle")
    found = passed_over(tokens, sorted([*names, TokenSpan("ORG", last, last + 1, 0.9)], key=lambda n: n.start), lexicon)
    assert texts(words, found, "ORG") == ["Ubs", "Quillow", "Zoom Arms", "Nestle", "Nestle"]


@pytest.mark.parametrize(
    ("text", "name", "kind", "expected"),
    [
        ("Hope Duke of Flint came", "Hope Duke of Flint", "PER", {"PER": ["Hope Duke"], "LOC": ["Flint"]}),
        ("Quill Group of Singapore", "Quill Group of Singapore", "ORG", {"ORG": ["Quill Group"], "LOC": ["Singapore"]}),
        ("Objector Mary Rose spoke", "Objector Mary Rose", "PER", {"PER": ["Mary Rose"]}),
        ("Parent Mary Rose spoke", "Parent Mary Rose", "PER", {"PER": ["Mary Rose"]}),
        ("Maria Mary Rose spoke", "Maria Mary Rose", "PER", {"PER": ["Maria Mary Rose"]}),
        ("in Phnom Penh then", "Phnom Penh", "PER", {"LOC": ["Phnom Penh"]}),
        ("so J.D. Vance said", "J.D. Vance", "ORG", {"PER": ["J.D. Vance"]}),
        ("so JK Rowling said", "JK Rowling", "ORG", {"PER": ["JK Rowling"]}),
        ("so UN Women said", "UN Women", "ORG", {"ORG": ["UN Women"]}),
        ("so AC Milan said", "AC Milan", "ORG", {"ORG": ["AC Milan"]}),
        ("Duke of York said", "Duke of York", "PER", {"PER": ["Duke of York"]}),
        ("said Dr. Paul Offit of it", "Paul", "PER", {"PER": ["Paul Offit"]}),
        ("said Dr. Paul Table of it", "Paul", "PER", {"PER": ["Paul"]}),
    ],
)
def test_people_begin_and_end_where_they_do(
    lexicon: Lexicon, text: str, name: str, kind: str, expected: dict[str, list[str]]
) -> None:
    tokens = tokenize(text)
    found = persons(tokens, [span(tokens.words, name, kind, 0.49)], lexicon)
    assert {of: texts(tokens.words, found, of) for of in ("PER", "LOC", "ORG") if texts(tokens.words, found, of)} == (
        expected
    )


@pytest.mark.parametrize("short", ["J.K.", "JK"])
def test_initials_before_a_last_name_of_the_article_are_that_persons(lexicon: Lexicon, short: str) -> None:
    tokens = tokenize(f"Joan Quillow came . Then {short} Quillow and UK Power left .")
    words = tokens.words
    power = span(words, "UK Power", "ORG")
    found = persons(
        tokens, [span(words, "Joan Quillow", "PER"), span(words, f"{short} Quillow", "LOC"), power], lexicon
    )
    assert [name.type for name in found] == ["PER", "PER", "ORG"]


@pytest.mark.parametrize(("rest", "kind"), [("Anders Karl Dahl spoke", "PER"), ("Army Kite Depot shut", "ORG")])
def test_initials_are_the_persons_unless_a_body_has_them(lexicon: Lexicon, rest: str, kind: str) -> None:
    tokens = tokenize(f"Anna Kerr Dow , AKD , and {rest}")
    words = tokens.words
    name = " ".join(rest.split()[:3])
    names = [span(words, "Anna Kerr Dow", "PER"), span(words, "AKD", "ORG"), span(words, name, kind)]
    assert persons(tokens, names, lexicon)[1].type == kind


def test_letters_behind_or_make_a_body_of_what_they_stand_for() -> None:
    words = "Janatha Vimukthi Peramuna , or JVP , and Ann Reed Dow , or AK , won . JVP lost .".split()
    names = [span(words, "Janatha Vimukthi Peramuna", "PER"), span(words, "Ann Reed Dow", "PER")]
    found = acronyms(words, names)
    assert texts(words, found, "ORG") == ["Janatha Vimukthi Peramuna", "JVP", "JVP"]
    assert texts(words, found, "PER") == ["Ann Reed Dow"]


def test_a_court_and_a_division_have_their_number() -> None:
    words = "the 5th U.S. Circuit Court of Appeals and the 2nd Acme Works".split()
    assert trim(words, span(words, "U.S. Circuit Court of Appeals", "ORG")) == span(
        words, "5th U.S. Circuit Court of Appeals", "ORG"
    )
    works = span(words, "Acme Works", "ORG")
    assert trim(words, works) == works


def test_a_headline_in_capitals_has_the_names_of_the_story() -> None:
    words = "CAMP EAST MONTANA TO CLOSE . At Camp East Montana it".split()
    found = shouted(words, [TokenSpan("LOC", 2, 3, 0.9), span(words, "Camp East Montana", "LOC", 0.8)])
    assert texts(words, found, "LOC") == ["CAMP EAST MONTANA", "Camp East Montana"]


def test_a_county_keeps_its_name_before_an_office(lexicon: Lexicon) -> None:
    words = "said Harris County Commissioner Ann Reed".split()
    assert texts(words, offices(words, [span(words, "Harris County", "LOC")], lexicon), "LOC") == ["Harris County"]


def test_a_body_that_somebody_owns_is_not_cut_out_of_a_longer_one(lexicon: Lexicon) -> None:
    words = "at Women 's Hospital of Perth today".split()
    whole = span(words, "Women 's Hospital of Perth", "ORG")
    assert possessed(words, [whole], lexicon) == [whole]


def test_a_county_that_is_hardly_a_body_is_a_place(lexicon: Lexicon) -> None:
    words = "The El Paso County medical examiner saw Derby County play".split()
    names = [span(words, "El Paso County", "ORG", 0.3), span(words, "Derby County", "ORG", 0.9)]
    assert [name.type for name in bodies(words, names, lexicon)] == ["LOC", "ORG"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("while QLIM , which is tied to it ,", "ORG"),
        ("the fort ( QLIM ) stood", "ORG"),
        ("there in QLIM it stood", "LOC"),
        ("QLIM , Bosnia 1996", "LOC"),
        ("in PARIS it stood", "LOC"),
    ],
)
def test_letters_that_no_list_of_places_knows_are_a_body(lexicon: Lexicon, text: str, kind: str) -> None:
    words = text.split()
    at = next(at for at, word in enumerate(words) if word.isupper() and len(word) > 1)
    assert bodies(words, [TokenSpan("LOC", at, at + 1, 0.4)], lexicon)[0].type == kind
