"""What every answer is made from: the desk, where the site is reached, who may, and what runs beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from backfile.desk import Desk
from backfile.desk.settings import WebSettings
from backfile.desk.tokens import Tokens

if TYPE_CHECKING:
    from backfile.web.jobs import Runner
    from backfile.web.sessions import Sessions


@dataclass(frozen=True, slots=True)
class Origins:
    """Under which addresses the site answers: scheme, host and port. `content` is "" where there is none.

    `hosts` are the values of the header Host that are meant for us, `alias` those that are sent on to `own`.
    """

    own: str
    content: str
    hosts: frozenset[str]
    content_hosts: frozenset[str]
    alias: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Site:
    """One archive that is served. `closed`: nobody may do anything without a token. `describe`: the API, as OpenAPI."""

    desk: Desk
    origins: Origins
    settings: WebSettings
    tokens: Tokens
    sessions: Sessions
    runner: Runner
    describe: Callable[[], dict[str, Any]]
    closed: bool = False
