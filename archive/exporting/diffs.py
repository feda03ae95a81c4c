"""How one version of a page became another, as one HTML page that needs nothing else."""

from __future__ import annotations

from html import escape

from archive.exporting import text
from archive.exporting.html import head, link
from archive.model import Entry, Version
from archive.versions import Difference, Op

_STYLE = (
    "ins{background:#d7f5dd;text-decoration:none}del{background:#fbdcdc}.text{white-space:pre-wrap;"
    "overflow-wrap:anywhere}@media(prefers-color-scheme:dark){ins{background:#174d26}del{background:#5e1f1f}}"
)
_TAGS = {Op.KEPT: "span", Op.ADDED: "ins", Op.REMOVED: "del"}


def diff_page(entry: Entry, old: Version, new: Version, found: Difference) -> str:
    """The page, all text escaped. `found` is how `new` differs from `old`."""
    body = "".join(f"<{_TAGS[piece.op]}>{escape(text.clean(piece.text))}</{_TAGS[piece.op]}>" for piece in found.pieces)
    said = [
        f"Version {old.number}, seen {_seen(old)}; version {new.number}, seen {_seen(new)}.",
        str(found).capitalize(),
    ]
    return (
        f"{head(f'{text.line(new.title)}: versions {old.number} and {new.number}', _STYLE)}"
        f'<header><h1 dir="auto">{escape(text.line(new.title) or text.title(entry))}</h1>\n'
        f"<p>{link(entry.final_url or entry.url)}</p>\n"
        + "".join(f"<p>{escape(line)}</p>\n" for line in said if line)
        + f'</header>\n<main class="text" dir="auto">{body}</main>\n</body>\n</html>\n'
    )


def _seen(version: Version) -> str:
    first, last = (f"{moment:%Y-%m-%d %H:%M} UTC" for moment in (version.first_seen, version.last_seen))
    return first if first == last else f"from {first} to {last}"
