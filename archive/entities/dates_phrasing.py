"""What a language needs to say for its periods of time to be read: see dates_phrases."""

from __future__ import annotations

from typing import NamedTuple


class Phrases(NamedTuple):
    """Of one language. Commas part the members of a row, `|` the forms of one; the rest are regular expressions.

    `units` are day, week, month and year; `numbers` begin with one; `seasons` with spring. `ago` and `ahead` have the
    unit at "{u}" and its number at "{n}", or at "{n?}" where a unit alone is one ("год назад"). `last`, `this` and
    `next` stand right before or right behind a unit or a season. `cue` stands before a month or a year that is a date,
    `cue_behind` behind it. `of` is what may part a month or a quarter from its year, `to` and `between` what makes two
    days a range.
    """

    units: str
    numbers: str
    ago: str
    ahead: str
    last: tuple[str, str]
    this: tuple[str, str]
    next: tuple[str, str]
    cue: str
    seasons: str
    quarter: str
    half: str
    ordinals: str
    century: str
    decade: str
    cue_behind: str = ""
    tens: str = ""
    to: str = ""
    between: tuple[str, str] = ("", "")
    of: str = ""
    year_first: str = ""
    years: str = ""  # last year, this year and the next, in one word
    dual: str = ""  # units that are two of them
    hundreds: str = ""  # names of the centuries from the 16th on
    lead: str = ""  # letters that are written together with the word behind them
