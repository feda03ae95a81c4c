"""Writes tests/resources/openapi.json: the description of the API that scripts may rely on from now on.

python scripts/write_openapi.py    to be run when something was added to the API; nothing may be taken away
"""

from __future__ import annotations

import json
from pathlib import Path

from backfile.web.openapi import description

KEPT = Path(__file__).resolve().parents[1] / "tests" / "resources" / "openapi.json"


def main() -> None:
    """Writes it."""
    KEPT.write_text(json.dumps(description(), indent=1, sort_keys=True) + "\n", encoding="utf-8")
    print(KEPT.name)


if __name__ == "__main__":
    main()
