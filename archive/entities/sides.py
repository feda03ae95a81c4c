"""Teams that a sports story calls by their towns: rules over a whole article, after the model has read it (repair.py).

A result, a fixture or a row of a table tells ("Leeds 2-1 Hull", "Hull v Leeds", "Leeds 4 2 1 1"), or what is said of
the place ("beat Leeds", "Leeds are third"). What one mention tells holds for those of which nothing says that the town
is meant. Nations stay places.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from archive.entities.decode import TokenSpan
from archive.entities.features import Lexicon
from archive.entities.organisations import LISTED
from archive.entities.tokens import Tokens

# Words of sports stories; so many different ones make one.
_SPORT = frozenset(
    "league leagues coach striker goalkeeper midfielder defender winger quarterback pitcher inning innings "
    "wicket wickets batsman bowler goal goals match matches season scored scoring halftime half-time playoff "
    "playoffs cup championship championships game games squad stadium referee touchdown touchdowns rebounds "
    "homered homer tournament semifinal semifinals standings fixture fixtures fans kickoff stumps overs "
    "umpire bowled substitute stoppage soccer football baseball basketball hockey rugby cricket scores club "
    "captain captained header headed equaliser equalizer equalised penalty penalties relegation relegated bundesliga "
    "ligue eredivisie laliga hat-trick free-kick "
    "clubs draft roster rookie lineup overtime linebacker receiver puck rink assists dunk midfield offside".split()
)
_ENOUGH = 3
_SCORE = re.compile(r"\d{1,3}")
_YEAR = re.compile(r"\d{4}")
_DASHES = frozenset({"-", "–", "—", ":"})
_AGAINST = frozenset({"v", "vs", "vs.", "V", "VS"})
_ROW = 3  # numbers in a row that make a line one of a table
_PLAYS = frozenset(
    "beat beats beating defeated defeats edged routed thrashed upset outlasted trounced swept stunned drew "
    "won wins win lost lose loses host hosts hosted visit visits face faces trail trails trailed led lead "
    "leads scored struck signed sacked remain remained climbed slipped rose dropped advanced reached play "
    "plays played are were have had levelled equalised outscored rallied clinched qualified conceded bowled "
    "batted go went sit sits fired hired acquired chose drafted picked traded meet meets met eliminated swept".split()
)
_STAFF = frozenset(
    "captain coach manager striker keeper goalkeeper midfielder defender winger quarterback pitcher forward "
    "skipper boss fans supporters fullback prop hooker batsman bowler opener centre-back goalie catcher "
    "shortstop linebacker receiver guard playmaker".split()
)
_BEATEN = frozenset(
    "beat beats beating beaten defeated defeating edged edging routed routing thrashed thrashing upset "
    "outlasted past trounced swept sweeping stunned hosted hosting v vs vs. against host hosts visit visits "
    "face faces hammered crushed downed overcame outscored reduced rivals champions leaders visitors "
    "neighbours strugglers meet meets met seeded ranked unbeaten".split()
)
_OVER = frozenset({"over", "to", "with", "by"})
_RESULT = frozenset(
    "win wins victory victories triumph lead defeat defeats loss lost draw drew drawn loan joined signed trip "
    "travel travels travelled travelling host home away point fixture rout sweep shutout".split()
)
_LOANED = frozenset({"loan", "joined", "signed", "signing", "arrived"})
_FAR = 3  # words behind a place that are looked at
_LACKING = [["will", "be", "without"], ["is", "without", "its"], ["were", "without", "their"]]
_WHERE = frozenset(
    "in near outside around across into towards toward through throughout within north south east west".split()
)
_DATELINE = frozenset({"-", "–", "—", "--", "("})
_TEAMS = frozenset({"West Indies"})
# Teams of motor racing that are called as people or places are, and words of such stories.
_RACING = frozenset({"Prix", "Formula", "FIA"})
_RACED = 2  # such words that make one
_CARS = frozenset(
    "Mercedes McLaren Williams Haas Sauber Alpine Lotus Brabham Tyrrell Jordan Honda Renault Cadillac Audi".split()
)


def sides(tokens: Tokens, names: Sequence[TokenSpan], lexicon: Lexicon) -> list[TokenSpan]:
    """The names of one article, with the teams of a sports story as organisations."""
    words = tokens.words
    met = not _AGAINST.isdisjoint(words)
    if len(_SPORT.intersection(map(str.lower, set(words)))) + met < _ENOUGH:
        return list(names)
    told = [name for name in _listed(tokens) if not _nation(words, name, lexicon)]
    kept = _with(names, told)
    called = {_text(words, name) for name in told}
    called |= {
        _text(words, name)
        for name in kept
        if name.type == "LOC" and _plays(words, name) and not _nation(words, name, lexicon)
    }
    firsts = set(tokens.sentences)
    return [
        replace(name, type="ORG")
        if name.type == "LOC"
        and _text(words, name) in called
        and (_plays(words, name) or not _town(words, name, firsts))
        else name
        for name in kept
    ]


def racing(words: Sequence[str], names: Sequence[TokenSpan]) -> list[TokenSpan]:
    """The names of one article, with the teams of a story of motor racing as organisations."""
    if len(_RACING.intersection(words)) < _RACED:
        return list(names)
    people = {
        word
        for name in names
        if name.type == "PER" and name.end - name.start > 1
        for word in words[name.start : name.end]
    }
    teams = {(word,) for word in _CARS - people} | {("Aston", "Martin")}
    return [
        replace(name, type="ORG") if tuple(words[name.start : name.end]) in teams and name.type != "ORG" else name
        for name in names
    ]


def _text(words: Sequence[str], name: TokenSpan) -> str:
    return " ".join(words[name.start : name.end]).upper()


def _with(names: Sequence[TokenSpan], told: Sequence[TokenSpan]) -> list[TokenSpan]:
    """The names, and those of `told` where none of several words stands or one of a person."""
    by_index = {index: name for name in names for index in range(name.start, name.end)}
    kept = dict.fromkeys(names)
    for name in told:
        there = {by_index[index] for index in range(name.start, name.end) if index in by_index}
        if all(other.type != "PER" or other.end - other.start == 1 for other in there):
            for other in there:
                kept.pop(other, None)
            kept[name] = None
    return sorted(kept, key=lambda name: name.start)


def _listed(tokens: Tokens) -> Iterator[TokenSpan]:
    """Teams in results, fixtures and tables."""
    words = tokens.words
    for begin, end in tokens.bounds():
        at = begin
        while at < end:
            stop = _run(words, at, end)
            if stop == at:
                at += 1
                continue
            if at == begin or words[at - 1] in (";", ":", ",", ".") or words[at - 1] in _AGAINST:
                yield from _paired(words, begin, at, stop, end)
            at = stop


def _paired(words: Sequence[str], begin: int, at: int, stop: int, end: int) -> Iterator[TokenSpan]:
    """The run of capitalised words [at, stop), and the one that it plays."""
    here = TokenSpan("ORG", at, stop, LISTED)
    numbers = 0
    while stop + numbers < end and _SCORE.fullmatch(words[stop + numbers]):
        numbers += 1
    if at == begin and numbers >= _ROW:
        yield here
        return
    if stop < end and words[stop] in _AGAINST:
        second, score = stop + 1, True
    elif numbers == 1 and stop + 2 < end and words[stop + 1] in _DASHES and _SCORE.fullmatch(words[stop + 2]):
        second, score = stop + 3, True
    elif numbers == 1:
        second, score = stop + 1 + (words[stop + 1 : stop + 2] == [","]), False
    elif at == begin and stop - at > 2 and "AT" in words[at + 1 : stop - 1] and stop == end:
        yield replace(here, end=words.index("AT", at + 1, stop - 1))
        return
    else:
        return
    last = _run(words, second, end)
    alone = at == begin or words[at - 1] in (";", ":")
    closed = last < end and _SCORE.fullmatch(words[last]) is not None
    closed = closed and (last + 1 == end or words[last + 1] in (";", ".", "("))
    if last > second and (score or (alone and closed)):
        yield here
        yield TokenSpan("ORG", second, last, LISTED)


def _run(words: Sequence[str], at: int, end: int) -> int:
    """Where the capitalised words that begin at `at` end."""
    while at < end and words[at][0].isupper() and words[at] not in _AGAINST:
        at += 1
    return at


def _nation(words: Sequence[str], name: TokenSpan, lexicon: Lexicon) -> bool:
    run = words[name.start : name.end]
    known = lexicon.gazetteer.names(lexicon.gazetteer.mask(" ".join(run).lower()))
    return " ".join(run) in _TEAMS or ("COUNTRY" in known and "STATE" not in known)


def _plays(words: Sequence[str], name: TokenSpan) -> bool:
    """Whether the words around a place say that it plays."""
    after = words[name.end] if name.end < len(words) else ""
    before = words[name.start - 1].lower() if name.start else ""
    if before in _WHERE or before == "the":
        return False
    later = words[name.end : name.end + _FAR]
    if after in _PLAYS or after in _STAFF or later in _LACKING or _who_play(later):
        return before != "of"
    if before in _BEATEN:
        return True
    earlier = [word.lower() for word in words[max(0, name.start - 5) : name.start - 1]]
    scored = [_SCORE.fullmatch(word) is not None for word in earlier[-2:]]
    if before == "at":
        return scored[-1:] == [True]
    if before == "from":
        return not _LOANED.isdisjoint(earlier)
    return before in _OVER and (any(scored) or not _RESULT.isdisjoint(earlier))


def _who_play(after: Sequence[str]) -> bool:
    """ "Brighton, who beat Fulham"."""
    return len(after) == _FAR and tuple(after[:2]) == (",", "who") and (after[2] in _PLAYS or after[2] in _BEATEN)


def _town(words: Sequence[str], name: TokenSpan, firsts: set[int]) -> bool:
    """Whether the words around a place say that the town is meant: "in Leeds", "LEEDS (AP) -", "Lawrence, Kan."."""
    before = words[name.start - 1].lower() if name.start else ""
    if before in _WHERE or before in ("of", "from", "at"):
        return True
    after, inner = [*words[name.end : name.end + 2], "", ""][:2]
    dateline = name.start in firsts and after in _DATELINE
    return dateline or (after == "," and inner[:1].isupper()) or _YEAR.fullmatch(after) is not None
