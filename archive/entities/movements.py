"""Movements whose names are common words, which the text seldom explains. Who belongs to one speaks for it."""

from __future__ import annotations

# The movement, and one of its members where that is a form of its name.
MOVEMENTS = {
    "Proud Boys": "Proud Boy",
    "Oath Keepers": "Oath Keeper",
    "Three Percenters": "Three Percenter",
    "Ku Klux Klan": "",
    "Black Lives Matter": "",
    "Patriot Front": "",
    "Moms for Liberty": "",
    "Extinction Rebellion": "",
    "Just Stop Oil": "",
    "Muslim Brotherhood": "",
    "Golden Dawn": "",
    "Islamic Jihad": "",
}
_BY_MEMBER = {member: movement for movement, member in MOVEMENTS.items() if member}


def movement(name: str) -> str:
    """The movement that a member is of ("Proud Boy" → "Proud Boys"); any other name as it is."""
    return _BY_MEMBER.get(name, name)
