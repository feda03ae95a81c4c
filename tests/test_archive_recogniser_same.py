"""The same text gives the same names, to the last digit: whatever was read before, in any process, in any thread."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from threading import Event
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from threadpoolctl import threadpool_info

from archive.entities import extras
from archive.entities.default import DATA, DefaultRecogniser
from archive.entities.features import Lexicon, load_lexicon
from archive.entities.network import MODEL_FILE, Network
from archive.entities.recogniser import load_recogniser
from archive.entities.tokens import tokenize
from archive.entities.vectors import MOST_WORDS, WordVectors
from archive.model import Span

STORIES = [
    f"LINDHOLM - The council of Lindholm{n} met on Tuesday. Mayor Ada Brandt of the Harbour Board{n} spoke in Oslo. "
    f"Officer Jan Kubrick{n} went from Bergen{n} to Trondheim with {n} members of the Øresund Union (ØU).\n" * 8
    for n in range(24)
]
READ = """
import sys
from archive.entities.recogniser import load_recogniser
print([str(span) for span in load_recogniser().spans(sys.argv[1], "en")])
"""

words = st.text("abcdeghijklnoprstuvzABEKMÜé'-7", min_size=1, max_size=9)
texts = st.lists(words | st.sampled_from(["the", "of", ".", "\n", "Krasner", "City"]), max_size=40).map(" ".join)

foreign_words = words | st.sampled_from(
    "Berlin Merkel dell'Università Москва Зеленский العربية 东京 安倍晋三 は 서울에서 กรุงเทพ. 。 die de".split()
)
foreign_texts = st.lists(foreign_words, max_size=30).map(" ".join)
langs = st.sampled_from(["de", "fr", "it", "ru", "ar", "el", "zh", "ja", "ko", "th"])


@pytest.fixture(scope="module")
def networks() -> tuple[Network, Network]:
    lexicon = load_lexicon(DATA)
    return Network(DATA, lexicon), Network(DATA, lexicon)


@settings(deadline=None, max_examples=150)
@given(text=texts, others=st.lists(texts, max_size=3))
def test_what_was_read_before_changes_no_bit(networks: tuple[Network, Network], text: str, others: list[str]) -> None:
    """Words are worked out alone or in company, early or late: what the network says of them is the same."""
    used, other = networks
    for before in others:
        used.probabilities(tokenize(before))
    found = used.probabilities(tokenize(text))
    for word in reversed(tokenize(text).words):
        other.probabilities(tokenize(word))
    assert np.array_equal(found, other.probabilities(tokenize(text)))


@settings(deadline=None, max_examples=25)
@given(st.lists(words, min_size=1, max_size=60, unique=True), st.data())
def test_a_word_has_one_vector_in_whatever_company(found: list[str], data: st.DataObject) -> None:
    """Batches of any size and order, beside any other words."""
    cut = data.draw(st.integers(0, len(found)))
    together, apart = _fresh(), _fresh()
    whole = together.vectors[together.rows(found)]
    apart.rows([f"{word}x" for word in found[cut:]])
    apart.rows(found[cut:][::-1])
    apart.rows(found[:cut])
    assert np.array_equal(whole, apart.vectors[apart.rows(found)])


@pytest.fixture(scope="module")
def foreign() -> tuple[DefaultRecogniser, DefaultRecogniser]:
    return DefaultRecogniser(), DefaultRecogniser()


@settings(deadline=None, max_examples=60)
@given(text=foreign_texts, others=st.lists(st.tuples(foreign_texts, langs), max_size=3), lang=langs)
def test_in_no_language_does_what_was_read_before_change_a_bit(
    foreign: tuple[DefaultRecogniser, DefaultRecogniser], text: str, others: list[tuple[str, str]], lang: str
) -> None:
    """Words and signs, whatever was read in whichever language, and word by word."""
    used, other = foreign
    for before, of in others:
        used.spans(before, of)
    found = used.spans(text, lang)
    for word in reversed(text.split()):
        other.spans(word, lang)
    assert found == other.spans(text, lang)


def test_words_that_were_forgotten_come_back_the_same(networks: tuple[Network, Network]) -> None:
    network = networks[0]
    before = network.probabilities(tokenize(STORIES[0]))
    network.probabilities(tokenize(" ".join(f"Wort{n:o}x" for n in range(MOST_WORDS + 10))))
    assert np.array_equal(before, network.probabilities(tokenize(STORIES[0])))


def test_another_process_finds_the_same() -> None:
    recogniser = load_recogniser()
    for story in STORIES[:9]:
        recogniser.spans(story, "en")
    ran = subprocess.run([sys.executable, "-c", READ, STORIES[9]], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == str([str(span) for span in recogniser.spans(STORIES[9], "en")])


def test_one_recogniser_serves_several_threads() -> None:
    """What archive.reading keeps is one object for all threads of a process."""
    alone, shared = load_recogniser(), load_recogniser()
    threads = _library_threads()
    expected = [alone.spans(story, "en") for story in STORIES]
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda n: shared.spans(STORIES[n % len(STORIES)], "en"), range(4 * len(STORIES))))
    assert found == expected * 4
    assert _library_threads() == threads, "the number of threads of the whole process was changed for good"


def test_libraries_that_know_no_threads_are_asked_in_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, most = list[str](), list[int]()

    class Library:
        name = "spacy:x"

        def spans(self, text: str, lang: str) -> list[Span]:
            asked.append(text)
            most.append(len(asked))
            Event().wait(0.001)  # where another thread would come in
            asked.remove(text)
            return []

    monkeypatch.setattr(extras, "load_spacy", lambda _: Library())
    recogniser = load_recogniser("spacy:x")
    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(lambda n: recogniser.spans(str(n), "en"), range(24))) == [[]] * 24
    assert (recogniser.name, max(most)) == ("spacy:x", 1)


def _fresh() -> WordVectors:
    """A store that knows no word beforehand, on tables that are loaded once."""
    arrays, lexicon = _tables()
    return WordVectors(arrays, replace(lexicon, background={}))


@cache
def _tables() -> tuple[dict[str, Any], Lexicon]:
    with np.load(DATA / MODEL_FILE) as arrays:
        return {name: arrays[name] for name in arrays.files}, load_lexicon(DATA)


def _library_threads() -> list[int]:
    return [library["num_threads"] for library in threadpool_info()]
