"""rules.toml of one archive: read again whenever it changes, applied to entries on their way out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from archive.config import text_of
from archive.errors import SettingsError
from archive.model import Entry

if TYPE_CHECKING:
    from archive.entities.rules import Rules

RULES = "rules.toml"
_FOLLOWS = 1.0  # seconds for which the rules of others are taken to be as they were


class RuleBook:
    """The user's corrections to names. Nothing stored changes: without the file, its effect is gone."""

    def __init__(self, folder: Path, follow: Callable[[], None] = lambda: None) -> None:
        """`follow`: brings the file up to date with what others made of the rules; asked now and then."""
        self._file = folder / RULES
        self._follow = follow
        self._followed = float("-inf")
        self._stamp: tuple[int, int] | None = None  # of the file as it was read: time of change, size
        self._rules: Rules | None = None
        self.digest = ""  # names the rules in force, "" for none

    def rules(self) -> Rules | None:
        """The rules in force, None where there are none. SettingsError names file and key."""
        if monotonic() - self._followed >= _FOLLOWS:
            self._follow()
            self._followed = monotonic()
        try:
            facts = self._file.stat()
            stamp = facts.st_mtime_ns, facts.st_size
            if stamp != self._stamp:
                self._read(self._file.read_bytes())
                self._stamp = stamp
        except FileNotFoundError:
            self._stamp, self._rules, self.digest = None, None, ""
        except OSError as error:
            raise SettingsError(f"cannot be read: {error.strerror}", file=str(self._file)) from error
        return self._rules

    def apply(self, entry: Entry) -> Entry:
        """The entry as the rules want its names."""
        rules = self.rules()
        if not rules:
            return entry
        from archive.entities import rules as ruling

        return ruling.apply(entry, rules)

    def _read(self, data: bytes) -> None:
        from hashlib import sha256

        from archive.entities import rules as ruling

        self._rules = ruling.parse(text_of(data, str(self._file)), str(self._file))
        self.digest = sha256(data).hexdigest()[:16]
