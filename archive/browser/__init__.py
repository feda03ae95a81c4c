"""A page as a browser shows it: its document after scripts, a picture, and every answer that it was made of.

    page ─▶ Chromium ─▶ a proxy of ours on loopback ─▶ the same gate as every fetch ─▶ the web
                └─ document, picture            └─ each request and answer, as on the wire

Needs the extra `browser` and a Chromium or Chrome of the system; nothing is downloaded.
"""

from collections.abc import Iterable

from archive.urls import site_of


def is_named(url: str, hosts: Iterable[str]) -> bool:
    """Whether one of `hosts` is that of `url` or stands above it; "*" is all of them."""
    host = f".{site_of(url)}"
    return any(name == "*" or host.endswith(f".{name.lower().removeprefix('www.')}") for name in hosts)
