"""Write what extraction makes of each page in tests/resources/pages beside it, for a person to review as a diff.

    scripts/regenerate_fixtures.py

A page's first line is a comment with its address; NAME.html becomes NAME.json.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from archive import extract

FOLDER = Path(__file__).parents[1] / "tests" / "resources" / "pages"
CAPTURED = datetime(2025, 2, 3, tzinfo=UTC)


def expected(file: Path) -> dict[str, object]:
    """What `extract` says about one page, as plain values."""
    payload = file.read_bytes()
    url = payload.split(b"-->", 1)[0].removeprefix(b"<!--").strip().decode()
    article, outcome, detail = extract(payload, url, charset="utf-8", captured=CAPTURED)
    if article is None:
        return {"outcome": outcome.value, "detail": detail}
    return {
        "outcome": outcome.value,
        "title": article.title,
        "authors": list(article.authors),
        "published": article.published.isoformat() if article.published else None,
        "published_on": str(article.published_on) if article.published_on else None,
        "modified": article.modified.isoformat() if article.modified else None,
        "site": article.site,
        "lang": article.lang,
        "description": article.description,
        "canonical_url": article.canonical_url,
        "keywords": list(article.keywords),
        "sections": list(article.sections),
        "text": article.text.split("\n"),
        "links": [[link.url, link.role.value, link.text, link.context, link.start] for link in article.links],
        "rules": dict(sorted(article.rules.items())),
        "flags": sorted(article.flags),
    }


def main() -> None:
    """Rewrite every expectation, and name those that changed."""
    for file in sorted(FOLDER.glob("*.html")):
        target = file.with_suffix(".json")
        text = json.dumps(expected(file), ensure_ascii=False, indent=1) + "\n"
        if not target.exists() or target.read_text(encoding="utf-8") != text:
            sys.stdout.write(f"changed: {target.name}\n")
            target.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
