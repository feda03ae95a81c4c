"""The settings of the web door: the section [web] of backfile.toml."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from archive import read_section


@dataclass(frozen=True, slots=True)
class WebSettings:
    """[web]: how `backfile serve` is reached."""

    host: str = "127.0.0.1"  # the address to listen on; any but this machine's own needs tokens and `public_url`
    port: int = 8437  # of the pages and the API
    content_port: int = 0  # of archived pages, which are another site; 0: the next one
    public_url: str = ""  # under which others reach it, behind a proxy that speaks TLS: "https://archive.example.org"
    content_url: str = ""  # of archived pages then, on another host: "https://archive-pages.example.net"
    upload_limit: int = 512 * 2**20  # bytes of one file that is handed in


def read_web_settings(folder: Path) -> WebSettings:
    """[web] of the archive in `folder`. SettingsError."""
    return read_section(folder, "web", WebSettings)
