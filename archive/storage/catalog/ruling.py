"""The rules for names of an archive with several folders, as its catalog has them: a fact about it."""

from __future__ import annotations

import base64

from archive.storage.bucket.rules import KeptRules
from archive.storage.catalog.dialect import Db, upsert, writing

_NAME = "rules"


def kept(db: Db) -> KeptRules:
    """Those that were kept last."""
    found = db.execute("SELECT value FROM meta WHERE name = ?", (_NAME,)).fetchone()
    number, _, data = str(found[0]).partition(" ") if found else ("0", "", "")
    return KeptRules(int(number), base64.b64decode(data))


def keep(db: Db, rules: KeptRules) -> None:
    """They are these from now on, in a transaction of its own. Bytes of a person: whatever they are, they fit."""
    value = f"{rules.number} {base64.b64encode(rules.data).decode()}"
    with writing(db):
        db.execute(upsert("meta", "name, value", "name"), (_NAME, value))
