"""The parts of the recogniser: tokens, gazetteer, decoding, agreement and the rules."""

from __future__ import annotations

import itertools
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.entities import extras
from archive.entities.agree import alike
from archive.entities.convolution import within
from archive.entities.decode import Decoder, TokenSpan
from archive.entities.default import DATA
from archive.entities.features import Lexicon, load_lexicon, shape
from archive.entities.foreign_words import ForeignLore
from archive.entities.gazetteer import Gazetteer, joined, load_gazetteer, save_gazetteer
from archive.entities.organisations import bodies, listed, papers, traded
from archive.entities.pieces import pieces
from archive.entities.recogniser import load_recogniser
from archive.entities.repair import acronyms, datelines, lawgivers, movements, offices, surnames, trim
from archive.entities.signs import blanks, covered, divide, keys
from archive.entities.small_words import SmallWords
from archive.entities.tokens import blocks, tokenize
from archive.errors import UsageError
from archive.model import Kind, Span

LABELS = ["O", *(f"{part}-{kind}" for kind in ("PER", "LOC", "ORG", "MISC") for part in "BILU")]


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon(DATA)


# tokens


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Brian O'Neil's aide didn't go.", ["Brian", "O'Neil", "'s", "aide", "did", "n't", "go", "."]),
        ("the U.S. Justice Dept. on Jan. 31", ["the", "U.S.", "Justice", "Dept.", "on", "Jan.", "31"]),
        ("Paris-based Coca-Cola", ["Paris", "-", "based", "Coca", "-", "Cola"]),
        ("see https://t.co/XRawnq via @nbc", ["see", "https://t.co/XRawnq", "via", "@nbc"]),
        ("AT&T paid $3,000.50", ["AT&T", "paid", "$", "3,000.50"]),
        ("Krasner’s “no”", ["Krasner", "’s", "“", "no", "”"]),
    ],
)
def test_tokens(text: str, words: list[str]) -> None:
    assert tokenize(text).words == words


@pytest.mark.parametrize(
    ("text", "firsts"),
    [
        ("He left. She stayed.", ["He", "She"]),
        ('"No," he said. "Never." Then he left.', ['"', "Never", "Then"]),
        ("Mr. Dugan met Gov. Shapiro.", ["Mr."]),
        ("He lives in the U.S. The judge knew.", ["He", "The"]),
        ("Headline\nFirst words", ["Headline", "First"]),
    ],
)
def test_sentences(text: str, firsts: list[str]) -> None:
    tokens = tokenize(text)
    assert [tokens.words[index] for index in tokens.sentences] == firsts


@given(st.text())
def test_every_character_but_white_space_is_in_one_token(text: str) -> None:
    tokens = tokenize(text)
    place = 0
    for word, start in zip(tokens.words, tokens.starts, strict=True):
        assert text[place:start].strip() == ""
        assert text[start : start + len(word)] == word
        place = start + len(word)
    assert text[place:].strip() == ""
    assert tokens.sentences == sorted(set(tokens.sentences))


@given(st.lists(st.sampled_from(["word", ".", "\n", "TokenSpan"]), max_size=60), st.integers(1, 9))
def test_blocks_hold_all_tokens_in_order_and_respect_their_size(parts: list[str], size: int) -> None:
    tokens = tokenize(" ".join(parts))
    found = list(blocks(tokens, size))
    assert [word for block in found for word in block.words] == tokens.words
    assert all(len(block.words) <= size and block.sentences[0] == 0 for block in found)


# what is known of words


def test_gazetteer_finds_the_longest_phrase_and_survives_the_disk(tmp_path: Path) -> None:
    phrases = {"new york": ["CITY"], "new york times": ["PAPER"], "york": ["CITY", "LAST"]}
    save_gazetteer(tmp_path, ["CITY", "LAST", "PAPER"], phrases)
    gazetteer = load_gazetteer(tmp_path)
    assert gazetteer.phrases("the new york times in new york".split(), [1, 2, 5, 6]) == [(1, 4, 4), (5, 7, 1)]
    assert gazetteer.names(gazetteer.mask("york")) == ["CITY", "LAST"]
    assert gazetteer.mask("leeds") == 0


@pytest.mark.parametrize(
    ("word", "form"),
    [
        ("word", "xx"),
        ("Krasner", "Xxx"),
        ("U.S.", "X.X."),
        ("NATO", "XX"),
        ("McCain", "XxXxx"),
        ("2025", "00"),
        ("Москва", "Xxx"),
        ("Éa", "Xx"),
        ("É", "X"),
        ("ǅungla", "xx"),
        ("Al-Quds", "Xx-Xxx"),
    ],
)
def test_shape(word: str, form: str) -> None:
    assert shape(word) == form


def test_pieces_take_the_longest_known_cut() -> None:
    vocabulary = {"krasner": 1, "kra": 2, "##sn": 3, "##e": 4, "##er": 5, "##r": 6, "jose": 7}
    assert pieces("Krasner", vocabulary) == [1]
    assert pieces("Krasneer", vocabulary) == [2, 3, 4, 5]
    assert pieces("José", vocabulary) == [7]
    assert pieces("xyz", vocabulary) == []


# words and signs of other languages


def test_lists_of_small_words_are_read_without_loading_the_packages_that_carry_them() -> None:
    code = (
        "import sys; before = {'whoosh', 'justext', 'dateparser'} & set(sys.modules)\n"
        "from archive.entities.small_words import frequent, small\n"
        "assert {'nach', 'montag', 'januar', 'gestern'} <= small('de') and 'jahre' in frequent('de')\n"
        "assert 'dimanche' in small('fr') and frequent('nb') and not small('xx') and not frequent('xx')\n"
        "assert {'whoosh', 'justext', 'dateparser'} & set(sys.modules) == before\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_word_with_an_ending_is_near_a_listed_name() -> None:
    gazetteer = Gazetteer(("CITY", "MCITY"), {"москва": 2, "berlin": 2, "york": 1}, {})
    lore = ForeignLore(gazetteer)
    assert "nMCITY" in lore.attributes("Москве")
    assert "nMCITY" in lore.attributes("Berlinin")
    assert {"gMCITY", "nMCITY"} & set(lore.attributes("Berlin")) == {"gMCITY"}
    assert not [name for name in lore.attributes("Yorkissa") if name[0] == "n"], "a list of English alone"


@pytest.mark.parametrize(
    ("word", "marked"),
    [("Москва", True), ("дом", False), ("iPhone", True), ("القاهرة", True), ("3", False), ("-", True), (",", False)],
)
def test_what_can_be_a_name_in_any_script(word: str, marked: bool) -> None:
    assert ForeignLore(Gazetteer((), {}, {})).marked(word) is marked


@pytest.mark.parametrize(("most", "expected"), [(0, [3, 8]), (1, [2, 3, 4, 7, 8]), (2, [1, 2, 3, 4, 5, 6, 7, 8])])
def test_what_is_near_is_whatever_is_no_farther(most: int, expected: list[int]) -> None:
    places = np.isin(np.arange(9), [3, 8])
    assert within(places, most).nonzero()[0].tolist() == expected


def test_words_are_cut_into_the_longest_known_pieces_with_their_capitals() -> None:
    vocabulary = {"▁Bund": 1, "es": 2, "kanz": 3, "ler": 4, "▁bund": 5}
    lore = ForeignLore(Gazetteer((), {}, {}))
    assert lore.pieces("Bundeskanzler", vocabulary) == [1, 2, 3, 4]
    assert lore.pieces("bundX", vocabulary) == [5]
    assert lore.pieces("Xyz", vocabulary) == []


def test_lists_are_joined_bit_by_bit() -> None:
    one = Gazetteer(("A",), {"york": 1, "new york": 1}, {"new": 2})
    other = Gazetteer(("B", "C"), {"york": 2, "new york city": 1}, {"new": 3, "new york": 3})
    both = joined(one, other)
    assert (both.lists, both.masks["york"], both.masks["new york city"]) == (("A", "B", "C"), 0b101, 0b10)
    assert both.phrases("new york city".split(), [0]) == [(0, 3, 0b10)]


def test_signs_are_divided_at_lines_and_strong_signs() -> None:
    tokens = divide("安倍は言った。「はい。」\n次 の日")
    assert "".join(tokens.words) == "安倍は言った。「はい。」次の日"
    assert [tokens.words[index] for index in tokens.sentences] == ["安", "「", "次"]
    assert all(tokens.words[n] == "安倍は言った。「はい。」\n次 の日"[start] for n, start in enumerate(tokens.starts))


def test_a_sign_knows_the_piece_that_covers_it_but_across_no_gap() -> None:
    tokens = divide("東京都 京")
    covering, within = covered(tokens.words, tokens.starts, {"東京": 7, "都京": 8, "京": 9})
    assert covering.tolist() == [7, 7, -1, 9]
    assert within.tolist() == [16, 17, 0, 8]


@given(st.text("東京都ーA1 。กข", min_size=1, max_size=20), st.booleans())
def test_what_is_seen_of_a_sign_depends_on_two_to_either_side(text: str, korean: bool) -> None:
    tokens = divide(f"{text}東東{text}")
    if not tokens.words:
        return
    gaps = blanks(tokens, "ko" if korean else "ja")
    seen = keys(tokens.words, gaps, np.zeros(len(tokens.words), np.intp))
    around = [tuple(tokens.words[max(0, n - 2) : n + 3]) for n in range(len(tokens.words))]
    for n in range(2, len(around) - 2):
        for m in range(2, n):
            if around[n] == around[m] and not any(gaps):
                assert np.array_equal(seen[n], seen[m])


# decoding


@given(st.integers(1, 12).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, 2**32 - 1))))
def test_decoding_gives_names_that_are_sorted_disjoint_and_scored(drawn: tuple[int, int]) -> None:
    count, seed = drawn
    random = np.random.default_rng(seed)
    chances = random.dirichlet(np.full(len(LABELS), 0.2), count).astype(np.float32)
    tokens = tokenize(" ".join(["Word"] * count))
    names = Decoder(LABELS).names(tokens, chances)
    assert all(name.start < name.end <= count and 0 < name.score <= 1.0001 for name in names)
    assert all(before.end <= after.start for before, after in itertools.pairwise(names))


def test_decoding_mends_labels_that_do_not_fit() -> None:
    chances = np.full((2, len(LABELS)), 0.001, np.float32)
    chances[0, LABELS.index("B-PER")] = 0.9
    chances[1, LABELS.index("L-LOC")] = 0.5
    chances[1, LABELS.index("L-PER")] = 0.4
    assert [(n.type, n.start, n.end) for n in Decoder(LABELS).names(tokenize("Ann Lee"), chances)] == [("PER", 0, 2)]


def said(text: str, *kinds: str) -> np.ndarray:
    """Probabilities for the words of a text: .7 for each label in turn, the rest shared by all."""
    chances = np.full((len(text.split()), len(LABELS)), 0.3 / (len(LABELS) - 1), np.float32)
    chances[np.arange(len(kinds)), [LABELS.index(kind) for kind in kinds]] = 0.7
    return chances


TWICE = "Linkin Park sang . We saw Linkin Park ."
PARK = ("B-ORG", "L-ORG", "O", "O", "O", "O")


@pytest.mark.parametrize(
    ("there", "expected"),
    [
        (("O", "O"), "ORG"),
        (("O", "U-LOC"), "ORG"),
        (("B-LOC", "L-LOC"), "LOC"),
    ],
)
def test_a_name_of_several_words_is_one_wherever_it_stands(there: tuple[str, str], expected: str) -> None:
    chances = said(TWICE, *PARK, *there, "O")
    if there[0] == "B-LOC":
        chances[6:8, LABELS.index("I-LOC")] += 0.2  # surer than the first sentence is
    tokens, decoder = tokenize(TWICE), Decoder(LABELS)
    found = alike(tokens, chances, decoder.names(tokens, chances), decoder)
    assert [(name.type, name.start, name.end) for name in found] == [(expected, 0, 2), (expected, 6, 8)]


def test_a_name_within_a_longer_one_stays_part_of_it() -> None:
    text = "New York sued . The New York Post wrote ."
    tokens, decoder = tokenize(text), Decoder(LABELS)
    chances = said(text, "B-LOC", "L-LOC", "O", "O", "O", "B-ORG", "I-ORG", "L-ORG", "O", "O")
    found = alike(tokens, chances, decoder.names(tokens, chances), decoder)
    assert [(name.type, name.start, name.end) for name in found] == [("LOC", 0, 2), ("ORG", 5, 8)]


def test_a_name_that_a_longer_one_begins_with_takes_nothing_from_it() -> None:
    text = "Ann Lim won . Then Ann Lim Wei won ."
    tokens, decoder = tokenize(text), Decoder(LABELS)
    chances = said(text, "B-PER", "L-PER", "O", "O", "O", "O", "U-PER", "U-PER", "O", "O")
    found = alike(tokens, chances, decoder.names(tokens, chances), decoder)
    assert [(name.start, name.end) for name in found] == [(0, 2), (6, 7), (7, 8)]


# the rules


def test_titles_and_possessives_are_no_part_of_a_name() -> None:
    words = "President Trump 's".split()
    assert trim(words, TokenSpan("PER", 0, 3)) == TokenSpan("PER", 1, 2)
    assert trim(words, TokenSpan("PER", 0, 1)) is None


def test_the_party_and_state_of_a_member_are_no_person() -> None:
    assert trim("D - N.Y.".split(), TokenSpan("PER", 0, 3)) is None


@pytest.mark.parametrize("name", ["South Korean", "Danes", "Greek"])
@pytest.mark.parametrize("kind", ["LOC", "ORG"])
def test_a_people_is_no_place_and_no_organisation(name: str, kind: str) -> None:
    words = name.split()
    assert trim(words, TokenSpan(kind, 0, len(words))) is None


def test_a_place_keeps_only_its_own_words() -> None:
    assert trim("Tulcea county".split(), TokenSpan("LOC", 0, 2)) == TokenSpan("LOC", 0, 1)
    assert trim("Special Envoy Hammer".split(), TokenSpan("PER", 0, 3)) == TokenSpan("PER", 2, 3)


@pytest.mark.parametrize("word", ["Nazi", "Republican", "Democrats"])
def test_members_of_a_party_or_camp_are_no_names(word: str) -> None:
    assert trim([word], TokenSpan("ORG", 0, 1)) is None


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("PHILADELPHIA (AP) — The mayor said no.", "PHILADELPHIA"),
        ("KUALA LUMPUR - Police said.", "KUALA LUMPUR"),
        ("BREAKING - Police said.", None),
    ],
)
def test_datelines(lexicon: Lexicon, text: str, place: str | None) -> None:
    tokens = tokenize(text)
    found = [" ".join(tokens.words[name.start : name.end]) for name in datelines(tokens, [], lexicon)]
    assert found == ([place] if place else [])


def test_an_acronym_in_brackets_takes_the_type_of_its_long_form() -> None:
    words = "The Environmental Protection Agency ( EPA ) said EPA rules hold".split()
    found = acronyms(words, [TokenSpan("ORG", 1, 4, 0.8), TokenSpan("PER", 5, 6, 0.5)])
    assert [(name.type, name.start, name.end) for name in found] == [("ORG", 1, 4), ("ORG", 5, 6), ("ORG", 8, 9)]


def test_an_acronym_may_stand_one_word_after_its_long_form() -> None:
    words = "U.S. Immigration and Customs Enforcement agency ( ICE )".split()
    assert acronyms(words, [TokenSpan("ORG", 0, 5, 0.8)])[1:] == [TokenSpan("ORG", 7, 8, 0.8)]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Republican on City Council", "City Council"),
        ("Customs Enforcement agency", "Customs Enforcement"),
        ("Justice Department 's", "Justice Department"),
    ],
)
def test_an_organisation_keeps_only_its_own_words(text: str, kept: str) -> None:
    words = text.split()
    name = trim(words, TokenSpan("ORG", 0, len(words)))
    assert name is not None
    assert " ".join(words[name.start : name.end]) == kept


def test_the_place_of_an_office_is_a_place(lexicon: Lexicon) -> None:
    words = "Philadelphia District Attorney".split()
    assert offices(words, [TokenSpan("ORG", 0, 2, 0.6)], lexicon) == [TokenSpan("LOC", 0, 1, 0.6)]
    assert offices(words, [TokenSpan("ORG", 1, 2, 0.6)], lexicon) == []


def test_the_country_of_a_law_is_a_place(lexicon: Lexicon) -> None:
    words = "the U.S. Constitution".split()
    assert [(n.type, n.start, n.end) for n in lawgivers(words, [TokenSpan("MISC", 1, 3)], lexicon)] == [("LOC", 1, 2)]


def test_a_movement_is_an_organisation_by_its_members_too() -> None:
    words = "any Proud Boy who".split()
    assert [(n.type, n.start, n.end) for n in movements(words, [TokenSpan("PER", 1, 3)])] == [("ORG", 1, 3)]


ORGANISED = [
    ("shares of Moncler rose", "PER"),
    ("Moncler 's sales rose", "LOC"),
    ("carmaker Moncler said", "PER"),
    ("tests by Pfizer show", "PER"),
    ("tests by SHURE show", "PER"),
    ("at Milwee Middle School today", "LOC"),
]


@pytest.mark.parametrize(("text", "kind"), ORGANISED, ids=[row[0] for row in ORGANISED])
def test_an_organisation_is_known_by_the_company_it_keeps(lexicon: Lexicon, text: str, kind: str) -> None:
    words = text.split()
    first = next(index for index, word in enumerate(words) if word[0].isupper())
    last = max(index for index, word in enumerate(words) if word[0].isupper()) + 1
    found = [TokenSpan(kind, first, last, 0.5)]
    for rule in (traded, listed):
        found = rule(words, found, lexicon)
    assert [(name.type, name.start, name.end) for name in bodies(words, found, lexicon)] == [("ORG", first, last)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The Ledger has seen it", "ORG"),
        ("she told the Mirror that", "ORG"),
        ("the Pope said", "PER"),
        ("the Duchess said", "PER"),
        ("the Venn case", "PER"),
        ("as Mirror said", "PER"),
    ],
)
def test_a_common_noun_behind_the_is_nobody(lexicon: Lexicon, text: str, kind: str) -> None:
    words = text.split()
    place = next(index for index, word in enumerate(words) if word.istitle() and word != "The")
    assert [name.type for name in papers(words, [TokenSpan("PER", place, place + 1, 0.5)], lexicon)] == [kind]


@pytest.mark.parametrize("text", ["Harris spokesman", "shares with Harris", "West Bank", "HARRIS TELLS VOTERS"])
def test_people_and_places_stay_what_they_are(lexicon: Lexicon, text: str) -> None:
    words = text.split()
    first = words.index("Harris") if "Harris" in words else 0
    found = [TokenSpan("LOC" if words[0] == "West" else "PER", first, first + (2 if words[0] == "West" else 1), 0.5)]
    for rule in (traded, listed):
        assert rule(words, found, lexicon) == found
    assert bodies(words, found, lexicon) == found


def test_a_listed_company_that_was_passed_over_is_found(lexicon: Lexicon) -> None:
    assert listed("tests by Novartis show".split(), [], lexicon) == [TokenSpan("ORG", 2, 3, 0.9)]


def test_a_surname_alone_is_the_person_named_in_full() -> None:
    words = "Larry Krasner spoke . Krasner left".split()
    assert surnames(words, [TokenSpan("PER", 0, 2, 0.9)]) == [TokenSpan("PER", 0, 2, 0.9), TokenSpan("PER", 4, 5, 0.9)]


# the recogniser as a whole


@pytest.mark.parametrize("text", ["", " \n ", ".", "\x00", "a" * 50_000, "Ab " * 5_000, "“”" * 500, "né à Zürich 東京"])
def test_any_text_can_be_read(text: str) -> None:
    for span in load_recogniser().spans(text, "en"):
        assert 0 <= span.start < span.end <= len(text)


# recognisers of other projects


@pytest.mark.parametrize("name", ["spacy:no_such_model", "gliner:no/such-model"])
def test_a_missing_extra_says_what_to_install(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, name.partition(":")[0], None)  # an import of it fails, installed or not
    with pytest.raises(UsageError, match="pip install"):
        load_recogniser(name)


@given(st.text(alphabet="ab \n", max_size=80), st.integers(1, 20))
def test_windows_cover_the_text(text: str, size: int) -> None:
    found = extras.windows(text, size)
    assert "".join(text[start:end] for start, end in found) == text
    assert all(0 < end - start <= size for start, end in found)


def test_of_overlapping_spans_the_surer_stays() -> None:
    sure, doubtful, apart = Span(Kind.ORG, 0, 5, 0.9), Span(Kind.PLACE, 3, 8, 0.6), Span(Kind.PERSON, 9, 12, 0.5)
    assert extras.without_overlap([apart, doubtful, sure]) == [sure, apart]


# other languages


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("de", "Die Kanzlerin traf Thomas Jäger in Hamburg. Auch Österreich war dabei.",
         {(Kind.PERSON, "Thomas Jäger"), (Kind.PLACE, "Hamburg"), (Kind.PLACE, "Österreich")}),
        ("fr", "Le président a rencontré Javier López en Allemagne. Elle est partie.",
         {(Kind.PERSON, "Javier López"), (Kind.PLACE, "Allemagne")}),
        ("es", "El ministro habló ayer con Antony Blinken en los Estados Unidos.",
         {(Kind.PERSON, "Antony Blinken"), (Kind.PLACE, "Estados Unidos")}),
        ("he", "בנימין נתניהו ביקר בירושלים.", set()),
    ],
)  # fmt: skip
def test_names_in_other_languages(lang: str, text: str, expected: set[tuple[Kind, str]]) -> None:
    found = load_recogniser().spans(text, lang)
    assert {(span.kind, text[span.start : span.end]) for span in found} == expected


SMALL = SmallWords(Gazetteer(("MFIRST",), {"giovanni": 1, "nella": 1, "карл": 1}, {}))


@pytest.mark.parametrize(
    ("lang", "text", "score", "kept"),
    [
        ("it", "Nella città piove .", 0.7, False),
        ("it", "Nella città piove .", 0.9, True),
        ("it", "Giovanni parla .", 0.7, True),
        ("es", "Ayer llovió .", 0.7, False),
        ("nn", "Måndag regna det .", 0.7, False),
        ("fr", "Lens gagne . Les lens .", 0.9, False),
        ("fr", "Lens gagne .", 0.3, True),
        ("ru", "Карл говорит .", 0.7, True),
        ("ru", "Однако идёт дождь .", 0.7, False),
        ("xx", "Nella città piove .", 0.7, True),
    ],
)
def test_a_small_word_with_a_capital_is_no_name(lang: str, text: str, score: float, kept: bool) -> None:
    tokens = tokenize(text)
    first = TokenSpan("PER", 0, 1, score)
    assert SMALL.without(tokens, [first], lang) == ([first] if kept else [])


def test_a_word_of_a_longer_name_of_the_text_stays() -> None:
    tokens = tokenize("Nella Rossi parla . Nella tace .")
    names = [TokenSpan("PER", 0, 2, 0.9), TokenSpan("PER", 4, 5, 0.6)]
    assert SMALL.without(tokens, names, "it") == names
