"""The settings of the web door: the section [web] of backfile.toml."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from archive import Like, Within, frozen, read_section

_PORT = Within(0, 65535)


def _is_listening(text: str) -> bool:
    return text.isprintable() and not set(text) & set("/ @?#") and text.count(":") != 1


def _is_site(text: str) -> bool:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return False
    return (
        bool(parts.hostname)
        and port != 0
        and parts.scheme in ("http", "https")
        and parts.path in ("", "/")
        and not parts.query + parts.fragment
    )


_LISTENING = Like('an address to listen on, without http:// and port: "127.0.0.1"', _is_listening)
_SITE = Like('a scheme, a host and perhaps a port: "https://archive.example.org"', _is_site)


@frozen
class WebSettings:
    """[web]: how `backfile serve` is reached."""

    host: Annotated[str, _LISTENING] = (
        "127.0.0.1"  # the address to listen on; any but this machine's own needs tokens and `public_url`
    )
    port: Annotated[int, _PORT] = 8437  # of the pages and the API
    content_port: Annotated[int, _PORT] = 0  # of archived pages, which are another site; 0: the next one
    public_url: Annotated[str, _SITE] = (
        ""  # under which others reach it, behind a proxy that speaks TLS: "https://archive.example.org"
    )
    content_url: Annotated[str, _SITE] = (
        ""  # of archived pages then, on another host: "https://archive-pages.example.net"
    )
    upload_limit: Annotated[int, Within(1)] = 512 * 2**20  # bytes of one file that is handed in


def read_web_settings(folder: Path) -> WebSettings:
    """[web] of the archive in `folder`. SettingsError."""
    return read_section(folder, "web", WebSettings)
