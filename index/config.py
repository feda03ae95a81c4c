"""Settings of the search: the [search] section of backfile.toml. Every default stands here."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from archive import SettingsError, Within, frozen, read_section
from index.engines import ENGINES
from index.patterns import later

SETTINGS_FILE = "backfile.toml"
_NAME = later(r"[a-z0-9][a-z0-9_.-]{0,99}")  # as OpenSearch takes it


@frozen
class SearchSettings:
    """[search]: which engine keeps the index, and what one question may cost."""

    engine: str = "whoosh"  # whoosh, opensearch, or memory (kept in no file: for tests); `backfile reindex` moves
    url: str = ""  # of OpenSearch: http://HOST:9200 (its user: BACKFILE_SEARCH_USER, BACKFILE_SEARCH_PASSWORD)
    index: str = "backfile"  # the name in OpenSearch under which the index stands: each archive has its own
    shards: Annotated[int, Within(1)] = (
        1  # parts of the index in OpenSearch: one for every 30 GB or so that it will have
    )
    seconds: Annotated[float, Within(0.001, 10**9)] = 10.0  # for one question
    expansion: Annotated[int, Within(1)] = 20_000  # words that one `immigra*` or `Krasnr~` may stand for
    snippet: Annotated[int, Within(1)] = 240  # characters
    batch: Annotated[int, Within(1)] = 1000  # entries in one commit of the index
    lock_wait: float = 60.0  # seconds to wait for another process that writes the index


def read_settings(folder: Path) -> SearchSettings:
    """The [search] section of `folder`/backfile.toml. SettingsError (the archive's) names file and key."""
    return check(read_section(folder, "search", SearchSettings), folder)


def check(settings: SearchSettings, folder: Path | str) -> SearchSettings:
    """These settings, which are of `folder`. SettingsError names the key of what cannot be."""
    file = str(Path(folder) / SETTINGS_FILE)
    if settings.engine not in ENGINES:
        known = ", ".join(ENGINES)
        message = f"there is no engine {settings.engine!r}; there are {known}"
        raise SettingsError(message, file=file, key="search.engine")
    if settings.engine == "opensearch" and not settings.url.startswith(("http://", "https://")):
        raise SettingsError("it must say where OpenSearch is, like http://HOST:9200", file=file, key="search.url")
    if "@" in settings.url:
        message = (
            "it must hold no name and password: BACKFILE_SEARCH_USER and BACKFILE_SEARCH_PASSWORD in the environment"
        )
        raise SettingsError(message, file=file, key="search.url")
    if not _NAME.fullmatch(settings.index):
        raise SettingsError("must be lower-case letters, digits, - and _", file=file, key="search.index")
    return settings
