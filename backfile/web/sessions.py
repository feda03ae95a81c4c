"""Who has shown a token to the login page: by the random id in a cookie, in memory, until the token is no good."""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from time import monotonic

from backfile.desk.tokens import Token, Tokens

COOKIE = "__Host-backfile"
LASTS = 12 * 3600.0  # seconds
_TRIES = 5  # logins a minute from one address
_MOST = 1000  # sessions at once


@dataclass(frozen=True, slots=True)
class _Session:
    token: str  # its name
    digest: str
    until: float


class Sessions:
    """The sessions of one server. Safe from any thread."""

    def __init__(self, tokens: Tokens, clock: Callable[[], float] = monotonic) -> None:
        self._tokens = tokens
        self._clock = clock
        self._guard = Lock()
        self._held: dict[str, _Session] = {}
        self._tries: dict[str, deque[float]] = {}

    def begin(self, token: Token) -> str:
        """A new session of whoever has this token; its id."""
        with self._guard:
            now = self._clock()
            self._held = {key: one for key, one in self._held.items() if one.until > now}
            while len(self._held) >= _MOST:
                self._held.pop(next(iter(self._held)))
            key = secrets.token_urlsafe(32)
            self._held[key] = _Session(token.name, token.digest, now + LASTS)
            return key

    def token(self, key: str) -> Token | None:
        """The token of a session, if both are still good."""
        with self._guard:
            held = self._held.get(key)
        if held is None or held.until <= self._clock():
            return None
        return next((one for one in self._tokens.good() if one.digest == held.digest), None)

    def end(self, key: str) -> None:
        """It is good for nothing from now on."""
        with self._guard:
            self._held.pop(key, None)

    def may_try(self, address: str) -> bool:
        """Whether a login from there is looked at: five a minute are."""
        with self._guard:
            now = self._clock()
            self._tries = {who: times for who, times in self._tries.items() if times[-1] > now - 60}
            times = self._tries.setdefault(address, deque(maxlen=_TRIES))
            if len(times) == _TRIES and times[0] > now - 60:
                return False
            times.append(now)
            return True
