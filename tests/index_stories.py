"""A small newsroom, written for the tests of the index, and a stand-in for the archive that holds it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from archive import (
    Article,
    Change,
    Citation,
    Entry,
    Interval,
    Kind,
    Link,
    Mention,
    Outcome,
    Part,
    Reading,
    Role,
    Source,
    Topic,
    url_key,
)

TODAY = date(2025, 2, 5)  # a Wednesday
_FIRST = datetime(2025, 1, 31, 9, 30, tzinfo=UTC)

Names = Mapping[str, Sequence[str]]  # canonical name → how the text writes it


def _mentions(kind: Kind, names: Names, text: str) -> list[Mention]:
    return [
        Mention(kind, form, max(0, text.find(form)), max(0, text.find(form)) + len(form), name, Part.TEXT)
        for name, forms in names.items()
        for form in (forms or [name])
    ]


_day = date.fromisoformat


def _dates(dates: Iterable[tuple[str, str, str]]) -> list[Mention]:
    return [
        Mention(
            Kind.DATE, first, 0, 1, first, when=Interval(date.fromisoformat(first), date.fromisoformat(last), grain)
        )
        for first, last, grain in dates
    ]


def cited(url: str, *hops: str, id: str | None = None, outcome: Outcome | None = Outcome.OK) -> Source:  # noqa: A002
    """A link to `url` and where it led."""
    final = hops[-1] if hops else url
    return Source(Link(url, Role.CITED, "", ""), url_key(final), final, (url, *hops), outcome, id=id)


def story(
    id: str,  # noqa: A002
    title: str,
    text: str,
    *,
    url: str = "",
    published: str = "",
    site: str = "",
    people: Names | None = None,
    places: Names | None = None,
    orgs: Names | None = None,
    topics: Iterable[Topic] = (),
    dates: Iterable[tuple[str, str, str]] = (),
    authors: tuple[str, ...] = (),
    lang: str = "en",
    flags: Iterable[str] = (),
    description: str = "",
    captured: datetime = _FIRST,
    **facts: object,
) -> Entry:
    """An entry with an article. `facts` are fields of Entry."""
    url = url or f"https://www.example.org/{id}"
    mentions = [
        *_mentions(Kind.PERSON, people or {}, text),
        *_mentions(Kind.PLACE, places or {}, text),
        *_mentions(Kind.ORG, orgs or {}, text),
        *_dates(dates),
    ]
    article = Article(
        url=url,
        title=title,
        text=text,
        authors=authors,
        published_on=date.fromisoformat(published) if published else None,
        site=site,
        lang=lang,
        flags=frozenset(flags),
        description=description,
    )
    entry = Entry(
        id=id,
        key=url_key(url),
        url=url,
        final_url=url,
        outcome=Outcome.OK,
        detail="returned 200",
        first_captured=captured,
        last_captured=captured,
        article=article,
        reading=Reading(tuple(mentions), tuple(topics)),
        media_type="text/html",
        versions=1,
    )
    return replace(entry, **facts)  # type: ignore[arg-type]


def failed(id: str, url: str, outcome: Outcome, **facts: object) -> Entry:  # noqa: A002
    """An entry that no capture has shown an article of."""
    entry = Entry(id, url_key(url), url, url, outcome, "", _FIRST, _FIRST)
    return replace(entry, **facts)  # type: ignore[arg-type]


RAID = Citation("raid", "https://www.inquirer.com/news/ice-raid-car-wash-20250131.html", "ICE agents raid")
ICE = Topic("Immigration and Customs Enforcement", "acronym", aliases=("ICE",))
IMMIGRATION = Topic("Immigration", "section")
KRASNER = {"Larry Krasner": ["Larry Krasner", "Krasner"]}
ICE_ORG = {"Immigration and Customs Enforcement": ["Immigration and Customs Enforcement", "ICE"]}
PHILADELPHIA = {"Philadelphia": ["Philadelphia", "Philly"]}

STORIES: tuple[Entry, ...] = (
    story(
        "raid",
        "ICE agents raid a Philadelphia car wash",
        "PHILADELPHIA - District Attorney Larry Krasner said on Friday that he would charge officers who break laws. "
        "Agents of Immigration and Customs Enforcement arrested seven people at a car wash in Philly on Tuesday.\n"
        "“We will not look away,” Krasner’s statement read. The ICE raid was the first this year.",
        url="https://www.inquirer.com/news/ice-raid-car-wash-20250131.html?utm_source=t.co",
        published="2025-01-31",
        site="The Philadelphia Inquirer",
        people=KRASNER,
        places=PHILADELPHIA,
        orgs=ICE_ORG,
        topics=[ICE, IMMIGRATION],
        dates=[("2025-01-28", "2025-01-28", "day"), ("2025-01-31", "2025-01-31", "day")],
        authors=("Jane Doe", "Ximena Conde"),
        sources=(
            cited(
                "https://t.co/XRawnqNPLg",
                "https://bit.ly/3abc",
                "https://www.nbcphiladelphia.com/news/local/car-wash/4090521/",
                id="nbc",
            ),
            cited("https://www.ice.gov/statement.pdf", id="report"),
        ),
        tags=("to check", "Court"),
        note="Callback: Jane on Monday",
        versions=3,
    ),
    story(
        "nbc",
        "Seven arrested in car wash raid",
        "Federal agents raided a car wash in North Philadelphia on Tuesday morning, witnesses said.",
        url="https://www.nbcphiladelphia.com/news/local/car-wash/4090521/",
        published="2025-01-28",
        site="NBC10 Philadelphia",
        places={"North Philadelphia": []},
        topics=[IMMIGRATION],
        dates=[("2025-01-28", "2025-01-28", "day")],
        depth=1,
        cited_by=(RAID,),
    ),
    story(
        "bove",
        "Bove names sanctuary cities",
        "Emil Bove, the acting deputy attorney general, told Judge Hannah Dugan and Krasner that ICE would not wait.",
        published="2025-02-03",
        site="Reuters",
        people={"Emil Bove": [], "Hannah Dugan": ["Judge Hannah Dugan"], **KRASNER},
        orgs=ICE_ORG,
        topics=[ICE],
        captured=datetime(2025, 2, 4, 8, tzinfo=UTC),
    ),
    story(
        "dugan",
        "Judge Dugan speaks",
        "Hannah Dugan spoke in Milwaukee. The courtroom was full, and policies were not discussed.",
        published="2025-01-15",
        site="Reuters",
        people={"Hannah Dugan": []},
        places={"Milwaukee": []},
        dates=[("2025-11-01", "2025-11-30", "month")],
    ),
    story(
        "budget",
        "Parker presents her budget",
        "Mayor Cherelle Parker presented a budget of 1,200.50 million dollars at 10:30 in Philadelphia’s City Hall.",
        published="2024-12-31",
        people={"Cherelle Parker": []},
        places={**PHILADELPHIA, "City Hall": []},
        dates=[("2025-01-01", "2025-12-31", "year")],
    ),
    story(
        "charges",
        "Krasner files charges",
        "The district attorney, Lawrence Krasner, filed charges over the death of a driver.",
        published="2023-09-08",
        people={"Larry Krasner": ["Lawrence Krasner"]},
        dates=[("2020-01-01", "2029-12-31", "decade")],
    ),
    story(
        "bakery",
        "A bakery turns a hundred",
        "Jacob Krassner sells bread, and ice from the well-known ice house.",
        published="2025-01-01",
        people={"Jacob Krassner": []},
    ),
    story(
        "oneil",
        "A biography of Tip O’Neil",
        "Tip O'Neil's life in politics, retold. It doesn't spare him.",
        published="2024-02-29",
        people={"Tip O’Neil": ["Tip O'Neil"]},
        authors=("Siân O'Hara",),
    ),
    story(
        "zurich",
        "Müller trifft die Bürgermeisterin",
        "Jürg Müller traf in Zürich die Bürgermeisterin Corine Mauch. Die Straße war gesperrt: 12\u202f500 Menschen.",
        lang="de",
        published="2025-01-20",
        people={"Jürg Müller": [], "Corine Mauch": []},
        places={"Zürich": []},
    ),
    story(
        "lodz",
        "Pożar w fabryce w Łodzi",
        "Pożar wybuchł w fabryce. Burmistrz Łodzi, Hanna Zdanowska, przyjechała nocą; ewakuowano 12 500 osób.",
        lang="pl",
        published="2025-01-21",
        people={"Hanna Zdanowska": []},
        places={"Łódź": ["Łodzi"]},
    ),
    story(
        "tokyo",
        "東京都知事が会見",
        "東京都の小池百合子知事は31日、記者会見を開いた。移民政策について語った。",
        lang="ja",
        published="2025-01-31",
        people={"小池百合子": []},
        places={"東京都": []},
    ),
    story(
        "beijing",
        "北京举行会议",
        "会议在北京举行，讨论移民问题。",
        lang="zh",
        published="2025-01-30",
        places={"北京": []},
    ),
    story(
        "trade",
        "U.S. and E.U. agree on steel",
        "The U.S. and the E.U. agreed on Monday. U.S. officials in Washington, D.C. called it a good day.",
        published="2025-02-01",
        places={"United States": ["U.S."], "Washington": ["Washington, D.C."]},
        orgs={"European Union": ["E.U."]},
    ),
    story(
        "steel",
        "US steel wants tariffs",
        "The US industry asked for tariffs of 25 percent on 1200 products.",
        published="2025-01-10",
        places={"United States": ["US"]},
    ),
    failed("missing", "https://www.inquirer.com/news/gone-20240101.html", Outcome.NOT_FOUND),
    failed("wall", "https://news.example.com/challenge", Outcome.BLOCKED, tags=("court",)),
    failed("dead", "https://example.net/x", Outcome.TIMED_OUT),
    story(
        "rotten",
        "A story that went away",
        "It was here once: a raid in Camden.",
        outcome=Outcome.GONE,
        published="2022-06-30",
    ),
    story(
        "report",
        "Statement on enforcement",
        "Immigration and Customs Enforcement statement. Officers raided one site.",
        url="https://www.ice.gov/statement.pdf",
        media_type="application/pdf",
        orgs={"Immigration and Customs Enforcement": []},
        depth=1,
        cited_by=(RAID,),
    ),
    story("premium", "Inside the raid", "Only subscribers read on.", outcome=Outcome.PAYWALL, published="2025-01-29"),
    story("thin", "Gallery", "Pictures of the week, with ice.", flags=["doubtful"]),
    story(
        "fair",
        "🙂 at the fair",
        "The fair drew 3,000 people 🙂. immigrant-owned stalls sold out; immigrants came early.",
        published="2025-01-26",
        topics=[Topic("Street fairs", "keyword", aliases=("festivals",)), IMMIGRATION],
        description="What to see at the county fair this weekend",
    ),
    story(
        "far",
        "A long way between",
        "ICE said that in the course of one long night there was a raid. Raid of ice.",
        published="2025-01-05",
        dates=[("2025-01-01", "2025-03-31", "quarter")],
    ),
    story(
        "redada",
        "Redada de inmigración en Filadelfia",
        "La redada fue el martes, dijo la jueza Peña. L’homme d’État ne dit rien.",
        lang="es",
        published="2025-01-29",
        people={"María Peña": ["Peña"]},
        places={"Philadelphia": ["Filadelfia"]},
    ),
    story(
        "hindi",
        "हिन्दी समाचार",
        "दिल्ली में आज बारिश हुई, २५० मिमी।",
        lang="hi",
        published="2025-01-12",
        places={"Delhi": ["दिल्ली"]},
    ),
    story(
        "rail",
        "Rail line to Médine opens",
        "The rail line opened in the café near Malmö. See https://example.org/timetable for more.",
        published="2025-01-31",
        places={"Malmö": []},
        captured=datetime(2025, 2, 5, 0, 30, tzinfo=UTC),
        sources=(cited("https://example.org/timetable", outcome=None),),
    ),
)

BY_ID = {entry.id: entry for entry in STORIES}
READABLE = frozenset(entry.id for entry in STORIES if entry.article)


class FakeArchive:
    """What the index asks of an archive, kept in memory."""

    def __init__(self, entries: Iterable[Entry] = (), log: str = "first") -> None:
        self.held: dict[str, Entry] = {}
        self.log: list[Change] = []
        self.name = log
        for entry in entries:
            self.put(entry)

    def put(self, entry: Entry) -> None:
        self.held[entry.id] = entry
        self.log.append(Change(len(self.log) + 1, entry.id))

    def remove(self, id_: str) -> None:
        del self.held[id_]
        self.log.append(Change(len(self.log) + 1, id_, deleted=True))

    def changes(self, since: int, limit: int) -> list[Change]:
        return self.log[since : since + limit]

    def last_change(self) -> int:
        return len(self.log)

    def get(self, id: str) -> Entry | None:  # noqa: A002
        return self.held.get(id)

    def get_many(self, ids: Iterable[str]) -> dict[str, Entry]:
        return {id_: entry for id_ in ids if (entry := self.get(id_))}

    def entries(self, after: str = "", limit: int = 100) -> list[Entry]:
        return [self.held[id_] for id_ in sorted(self.held) if id_ > after][:limit]

    def log_id(self) -> str:
        return self.name


def retold(entry: Entry, text: str) -> Entry:
    """`entry` with another text, captured an hour later."""
    assert entry.article
    article = replace(entry.article, text=text)
    return replace(entry, article=article, last_captured=entry.last_captured + timedelta(hours=1), versions=2)
