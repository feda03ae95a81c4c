"""The people of one story: which of its names are one person, by parts, initials, nicknames and offices."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable

from archive.entities import titles
from archive.entities.places import fold

_MIDDLE = re.compile(r"\s(?:[A-Z]\.?|[\"“”‘’'(][^\"“”’')]+[\"“”’')])(?=\s)")
_NICKNAME = re.compile(r"\s[\"“”‘'(](?P<nick>[^\"“”’')]+)[\"“”’')](?=\s)")
_SUFFIX = re.compile(r",?\s(?:Jr|Sr|II|III|IV)\.?$")
_INITIALS = re.compile(r"(?:(?P<dotted>(?:[A-Z]\.\s?){2,})|(?P<bare>(?:[A-Z]\s){2,}))(?=[A-Z][^\W\d_])")
PARTICLES = frozenset("von van der den de la le du di da del della dos das ter ten zu zur al el bin ibn".split())

Key = tuple[str, ...]
# First names cut short that are no full ones: Martin is not short for Martina.
_SHORTENED = frozenset(
    "alex ben brad chris dan dani don doug fred geoff greg jeff jess jon josh ken kris matt max mitch pat phil ray "
    "rich rob ron sam steph theo tim trish val vic vince wes will zach zack".split()
)


def mixed_case(text: str) -> str:
    """ "LARRY KRASNER" as "Larry Krasner"; a single short word may be an acronym and stays."""
    if text.isupper() and (" " in text or len(text) > 5):
        return re.sub(r"[^\W\d_]+", lambda m: m.group() if len(m.group()) < 2 else m.group().capitalize(), text)
    return text


def written(name: str) -> str:
    """A name as it is shown: without a nickname in quotes, initials close together ("J. K. Rowling": "J.K. …")."""
    if not name.replace(" ", "").isalpha():
        name = _NICKNAME.sub("", name)
    initials = _INITIALS.match(name) if name[1:2] in (".", " ") else None
    if initials is None:
        return name
    letters = [sign for sign in initials.group() if sign.isalpha()]
    return f"{'.'.join(letters)}. {name[initials.end() :]}"


class People:
    """The full names of a story, by their ends and first names, to find whom a part of a name means."""

    def __init__(self, names: Iterable[str]) -> None:
        self.forms: dict[Key, Counter[str]] = defaultdict(Counter)
        self.in_office: dict[str, str] = {}
        self._same: dict[Key, Key] = {}
        names = list(names)
        self._namesakes = _namesakes(names)
        for name in names:
            self.forms[self.key(name)][written(name)] += 1
        self.forms.pop((), None)
        self._join_nicknames(names)
        self._join_initials()
        self._drop_parts()
        self._by_end: dict[Key, list[Key]] = defaultdict(list)
        self._by_first: dict[str, list[Key]] = defaultdict(list)
        for key in self.forms:
            for start in range(1, len(key)):
                self._by_end[key[start:]].append(key)
            self._by_first[key[0]].append(key)
        for short, key in self._same.items():  # "Dottie" of 'Dorothy "Dottie" Fairweather'
            if key in self.forms and key not in self._by_first[short[0]]:
                self._by_first[short[0]].append(key)

    def _join(self, key: Key, into: Key, *, shown: bool) -> None:
        """Count one name with another; its forms may be `shown` for both, or only those of the other."""
        forms = self.forms.pop(key)
        self.forms[into].update(forms if shown else {self.full(into): forms.total()})
        self._same[key] = into

    def _join_nicknames(self, names: Iterable[str]) -> None:
        """'William "Bill" Burns' is Bill Burns too."""
        for name in names:
            if nick := _NICKNAME.search(name):
                key = self.key(name)
                short = (*fold(nick["nick"]).split(), key[-1])
                if short != key:
                    self._same[short] = key
                    if short in self.forms:
                        self._join(short, key, shown=True)

    def _join_initials(self) -> None:
        """ "L. Krasner" beside one Larry Krasner; "Dean Robert Post" beside Robert Post; "DA KRASNER" in a headline."""
        by_last: dict[str, list[Key]] = defaultdict(list)
        for key in self.forms:
            by_last[key[-1]].append(key)
        for key in list(self.forms):
            others = [other for other in by_last[key[-1]] if other != key and other in self.forms]
            if self._in_front(key):
                fits = [other for other in others if other[-len(key) + 1 :] == key[1:]]
            elif len(key) == 2 and len(key[0]) == 1:
                fits = [o for o in others if o[0][0] == key[0][0] and not _is_initials(self.forms[o])]
            else:
                continue
            if len(fits) == 1:  # "H.J. Heinz" with two initials says more than that he is Henry Heinz
                self._join(key, fits[0], shown=False)

    def _in_front(self, key: Key) -> bool:
        """Whether the first word may be an office: one that is a first name too, or a short one among capitals."""
        words = max(self.forms[key], key=len).split()
        shouted = all(form.isupper() or form.istitle() for form in self.forms[key])
        return (len(key) > 2 and titles.possibly(words[0])) or (
            shouted and titles.is_short((words[0].upper(), "Xx"), 0)
        )

    def _drop_parts(self) -> None:
        """Forget names that are the end of a longer one: "von der Leyen" beside "Ursula von der Leyen"."""
        inner = {key[start:] for key in self.forms for start in range(1, len(key) - 1)}
        ends = Counter(k[start:] for k in self.forms if k not in inner for start in range(1, len(k) - 1))
        for key in [key for key in self.forms if ends[key] == 1]:
            del self.forms[key]

    def _first(self, first: str) -> list[Key]:
        """Who of the story is called so by a first name, or by the beginning of one: "Steph" of Stephen Curry."""
        if found := self._by_first.get(first):
            return found
        longer = [name for name in self._by_first if first in _SHORTENED and name.startswith(first)]
        return self._by_first[longer[0]] if len(longer) == 1 else []

    def key(self, name: str) -> Key:
        """What spellings of one full name share: no middle names, suffixes and nicknames, initials in one."""
        key, suffix = _parts(written(name))
        return (*key, suffix) if suffix and key in self._namesakes else self._same.get(key, key)

    def full(self, key: Key) -> str:
        """The form used most; among equals one that is not in capitals, then the longest."""
        forms = self.forms[key]
        return max(forms, key=lambda form: (forms[form], not form.isupper(), len(form)))

    def meant(self, name: str) -> str:
        """The full name that `name` is a part of, when just one is; else `name`."""
        key = self.key(name)
        if key in self.forms:
            return self.full(key)
        if len(key) == 1 and key[0] in self.in_office:
            return self.in_office[key[0]]
        found = self._by_end.get(key) or (self._first(key[0]) if len(key) == 1 else [])
        return self.full(found[0]) if len(found) == 1 else mixed_case(written(name))


def _namesakes(names: Iterable[str]) -> set[Key]:
    """What a father and a son of one story are both called: "Marvin Fairweather Sr." and "… Jr."."""
    suffixes: dict[Key, set[str]] = defaultdict(set)
    for name in names:
        key, suffix = _parts(written(name))
        if suffix:
            suffixes[key].add(suffix)
    return {key for key, found in suffixes.items() if len(found) > 1}


def _parts(name: str) -> tuple[Key, str]:
    """A name as it is `written`, folded: its words without middle names and a suffix, and the suffix, "" for none."""
    suffix = _SUFFIX.search(name)
    key = tuple(fold(_SUFFIX.sub("", _MIDDLE.sub("", name))).split())
    return key, fold(suffix.group().strip(", .")) if suffix else ""


def _is_initials(forms: Iterable[str]) -> bool:
    """Whether a name begins with initials alone: "J.K. Rowling", "L. Krasner"."""
    return any(re.match(r"(?:[A-Z]\.)+(?:[A-Z]\.?)?\s|[A-Z]{1,2}\s(?=[A-Z][a-z])", form) for form in forms)
