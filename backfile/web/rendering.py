"""Templates → pages. Everything is escaped; nothing in a template can be anything but text, an address or a number."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from functools import cache

import jinja2

from archive import Kind
from backfile.desk import SHEET_MARK
from backfile.web import static, urls
from backfile.web.calls import Sent

HTML = "text/html; charset=utf-8"
RTL = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ks", "ku", "ps", "sd", "ug", "ur", "yi"})
KINDS = {Kind.PERSON: "person", Kind.PLACE: "place", Kind.ORG: "organisation", Kind.DATE: "date"}


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around every page. `q` is in the query box; `json`, `atom`: other forms of the page."""

    title: str
    q: str = ""
    here: str = ""  # which entry of the navigation
    json: str = ""
    atom: str = ""
    jsonfeed: str = ""
    next: str = ""  # the page behind this one
    canonical: str = ""
    sort: str = ""
    focus: bool = False  # whether the query box has it at once
    plain: bool = False  # without a query box: nobody is logged in


def render(template: str, frame: Frame, page: object, status: int = 200) -> Sent:
    """The page that a template makes of its context, a dataclass whose fields are its names."""
    names = {field.name: getattr(page, field.name) for field in fields(page)}  # type: ignore[arg-type]
    text = environment().get_template(template).render(frame=frame, **names)
    return Sent(text.encode("utf-8", "replace"), HTML, status)


def spreadsheet(name: str, lines: Iterable[str]) -> Sent:
    """CSV to be kept as `name`.csv; `lines` are those of `backfile.desk.sheet`."""
    disposition = f'attachment; filename="{name}.csv"'
    body = f"{SHEET_MARK}{''.join(lines)}".encode("utf-8", "replace")
    return Sent(body, "text/csv; charset=utf-8", 200, {"content-disposition": disposition})


@cache
def environment() -> jinja2.Environment:
    """Made once: templates are compiled when they are first asked for."""
    made = jinja2.Environment(
        loader=jinja2.PackageLoader("backfile.web"), autoescape=True, undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, auto_reload=False, cache_size=100,
    )  # fmt: skip
    made.filters.update(
        iso=iso, day=day, minute=minute, size=size, number=number, shown=shown, words=words, plural=plural
    )
    made.globals.update(urls=urls, static=static.address, KINDS=KINDS)
    made.tests.update(web=is_web)
    return made


def iso(moment: datetime) -> str:
    """For the attribute `datetime`, to the second."""
    return moment.isoformat(timespec="seconds")


def day(moment: datetime | date | None) -> str:
    """`2025-01-31`, "" where there is none."""
    return f"{moment:%Y-%m-%d}" if moment else ""


def minute(moment: datetime) -> str:
    """`2025-01-31 10:00`, in UTC."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M}"


def number(count: int) -> str:
    """`1,204`."""
    return f"{count:,}"


def plural(count: int, one: str, many: str = "") -> str:
    """`1 article`, `1,204 articles`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def size(count: float) -> str:
    """Bytes for people: `12.3 MB`, in powers of 1000 as disks are sold."""
    for unit in ("bytes", "kB", "MB", "GB"):
        if count < 1000:
            return f"{count:.0f} {unit}" if unit == "bytes" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} TB"


def shown(text: str) -> str:
    """A short text in one line, without characters that would turn or hide what stands beside it."""
    if text.isprintable():
        return text
    return "".join(
        " " if char in "\n\r\t" else char for char in text if char in "\n\r\t\u200c\u200d" or not _is_hidden(char)
    )


def words(value: object) -> str:
    """A constant of the archive ("not_found", an enum) in words."""
    return str(getattr(value, "value", value)).replace("_", " ")


_WEB = re.compile(r"https?://(?![^/?#]*\.invalid(?:[/?#:]|$))", re.IGNORECASE)


def is_web(url: str) -> bool:
    """Whether a link to it leads to a page and nothing else: to none where an address was made for what has none."""
    return _WEB.match(url) is not None


def direction(lang: str) -> str:
    """In which direction a language is written: "rtl", or "auto" where its text says."""
    return "rtl" if lang.partition("-")[0].lower() in RTL else "auto"


def _is_hidden(char: str) -> bool:
    return unicodedata.category(char) in {"Cc", "Cf", "Cs", "Cn"}
