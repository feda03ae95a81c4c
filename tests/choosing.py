"""What choosing a value of a facet finds, and what taking it back does, by the links that stand beside the hits."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from backfile.desk import Desk, facet_names
from backfile.web.pages import searching
from backfile.web.pages.searching import Choice


@dataclass
class Checked:
    """How many values were looked at, and those whose links find another number of articles than they should."""

    values: int = 0
    wrong: list[tuple[str, str, tuple[int, ...], tuple[int, ...]]] = field(default_factory=list)


def checked(desk: Desk, query: str, most: int) -> Checked:
    """At most so many values of each facet: each chosen, and left out, by its link, and either undone.

    Where another value of the facet is chosen, a link chooses its own instead: that one is not taken back.
    """
    former = _total(desk, query)
    done = Checked()
    for name in facet_names():
        field_ = name.partition(".")[0]
        instead = field_ in desk.narrow(query).chosen
        for choice in _choices(desk, query, name, most):
            if choice.selected or choice.excluded:
                continue
            chosen, without = _asked(choice.url), _asked(choice.without)
            back = [desk.narrow(one).admitting(field_, choice.value) for one in (chosen, without)]
            found = tuple(_total(desk, one) for one in (chosen, without, *back))
            wanted = (choice.count, *((found[1], found[2]) if instead else (former - choice.count, former)), former)
            done.values += 1
            if found != wanted:
                done.wrong.append((name, choice.value, wanted, found))
    return done


def _choices(desk: Desk, query: str, name: str, most: int) -> list[Choice]:
    narrowed = desk.narrow(query)
    (facet,) = desk.facets(query, [name], values=most)
    return list(searching.panel(searching.recounted(desk, narrowed, facet, most), narrowed).values)


def _asked(address: str) -> str:
    return parse_qs(urlsplit(address).query).get("q", [""])[0]


def _total(desk: Desk, query: str) -> int:
    return desk.search(query, limit=1).total
