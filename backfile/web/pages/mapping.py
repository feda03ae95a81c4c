"""The page that shows on a map where what matches takes place."""

from __future__ import annotations

from dataclasses import dataclass

from backfile.desk import Spot
from backfile.web import maps, urls
from backfile.web.calls import Call, Sent
from backfile.web.rendering import Frame, render
from backfile.web.site import Site

MOST = 60  # places


@dataclass(frozen=True, slots=True)
class MapParams:
    """`q`: of which articles."""

    q: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """A place, and the search for the articles that name it."""

    spot: Spot
    url: str


@dataclass(frozen=True, slots=True)
class MapPage:
    """What map.html shows. `map` is None where nothing has a position."""

    q: str
    back: str
    map: maps.Map | None
    places: tuple[Placed, ...]
    distinct: int
    all: str  # the page with all places


def on_map(site: Site, call: Call[MapParams]) -> Sent:
    """The places that most articles name, on a map and as a table."""
    asked = call.params
    narrowed = site.desk.narrow(asked.q)
    found = site.desk.spots(asked.q, MOST)
    places = tuple(Placed(spot, urls.search(narrowed.choosing("place", [spot.name]))) for spot in found.found)
    drawn = [_drawn(one) for one in places if one.spot.latitude is not None]
    page = MapPage(
        asked.q, urls.search(asked.q), maps.drawn(drawn, found.towns) if drawn else None, places, found.distinct,
        urls.facet("place", asked.q),
    )  # fmt: skip
    return render("map.html", Frame(f"{asked.q or 'Everything'} · map", q=asked.q, here="search"), page)


def _drawn(one: Placed) -> maps.Spot:
    spot = one.spot
    return maps.Spot(spot.name, spot.articles, spot.latitude or 0.0, spot.longitude or 0.0, spot.wide, one.url)
