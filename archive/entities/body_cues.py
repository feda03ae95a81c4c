"""What news in English says of a company, an agency or a paper around its name, and of nobody else (passed_over.py)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from archive.entities.organisations import MAKERS

_WINDOW = 12  # words behind a name that are looked at
_NOTHING = [""] * (_WINDOW + 1)  # behind the last word
_OWNS = frozenset({"'s", "’s"})
# Whom a body has at its head; people have lawyers and managers, too.
_HEADS = frozenset(
    "chief director chairman chairwoman chairperson CEO CFO COO spokesman spokeswoman co-founder".split()
)
_DIRECTING = frozenset("executive managing regional general sales marketing finance commercial creative policy".split())
# What a body is in an apposition.
_KINDS = frozenset(
    "group fund bank chain union company firm agency airline newspaper charity party publisher retailer maker "
    "manufacturer broadcaster insurer lender startup drugmaker carmaker chipmaker brewer supplier label organisation "
    "organization nonprofit watchdog consultancy utility studio brand platform developer regulator operator builder "
    "housebuilder homebuilder supermarket contractor subsidiary unit provider broker".split()
)
_STOPS = frozenset(
    ", . who which that of in for by with founded owned based ; ) ( to at from and behind run led backed formerly "
    "known whose".split()
)
_IS = frozenset({",", "is", "was"})
_APPOSED = 10  # words in which an apposition says what it is
_START_UP = ["start", "-", "up"]
# What the price of a share does, before how many hundredths.
_MOVED = frozenset(
    "rose fell dropped gained lost slid jumped climbed slipped sank surged soared tumbled plunged added shed dipped "
    "eased advanced rallied declined".split()
)
_PERCENT = (["%"], ["percent"], ["per", "cent"])
_FAR = 5  # words from such a verb to the number, at most
_NUMBER = re.compile(r"\d[\d.,]*")
_BOUGHT = frozenset("acquire acquires acquired acquiring".split())
_BOUGHT_IN = {
    ("stake", "in"), ("shares", "in"), ("shares", "of"), ("takeover", "of"), ("acquisition", "of"), ("merger", "with"),
    ("owner", "of"), ("subsidiary", "of"), ("unit", "of"),
}  # fmt: skip
_STAFF = frozenset(
    "analyst analysts economist economists strategist strategists traders executives executive banker bankers employee "
    "employees researcher researchers engineer engineers broker brokers".split()
)
_OWNING = frozenset("owns makes operates manufactures employs publishes sells".split())
# A body says "it" of itself; but "said it was raining".
_SAYS, _ITSELF = frozenset({"said", "says", "announced"}), frozenset({"it", "its"})
_DOES = frozenset(
    "cut raised lifted trimmed slashed reported posted sold opened closed launched expanded doubled kept issued filed "
    "increased reduced lowered delayed moved named hired paused cancelled unveiled listed renamed restated".split()
)
_BANDS = frozenset({"band", "bands", "duo", "trio", "quartet", "quintet", "rockers"})
_WHERE = frozenset("in at of near from around across outside".split())
_NOT_ITSELF = frozenset({"is", "was", "'s", "’s", "would", "could", "might", "may", "seems", "looks", "felt", "seemed"})
# How the names of companies and agencies of several words end.
_ENDINGS = frozenset(
    "Capital Partners Holdings Group Logistics Energy Therapeutics Pharmaceuticals Technologies Airlines Airways "
    "Motors Bank Pharma Biosciences Ventures Entertainment Records Studios Media Foods Insurance Securities Steel "
    "Industries Inspectorate Ombudsman Tribunal Commission Committee Authority Agency Trust Council Association Union "
    "Federation Institute Foundation Society Alliance Coalition Ministry Department Bureau".split()
)
# What a company has, or is, right behind its name.
_THINGS = frozenset(
    "monopoly newspaper magazine daily executives employees shareholders subsidiary shares stores".split()
)
# Before a journal or a paper, and "in".
_PUBLISHED = frozenset("published publishing reported appeared appears study paper article editorial writing".split())
# Between what a person has made, and "which" speaks of, and its maker.
_AUTHORED = frozenset("by of from for with to 's ’s".split())
_HEARERS = frozenset("Mum Dad Mom Mother Father Grandma Grandpa God Mama Papa Parliament Santa".split())
_BEFORE_ACRONYMS = frozenset("the by told asked urged sued accused".split())
# Whom an agency has and what it does, behind its letters.
_BEHIND_ACRONYMS = frozenset(
    "agent agents officer officers official officials spokesman spokeswoman spokesperson chief director investigators "
    "inspectors headquarters raid raids custody detention detainees detainers arrests said says announced".split()
)
_PARTS = frozenset({"-", "index"})  # behind an acronym that is part of another word, or is a number


class Around:
    """The words before a name, the nearest last, and those behind it."""

    def __init__(self, words: Sequence[str], start: int, end: int) -> None:
        self.earlier, self.near = ["", "", *words[max(0, start - 2) : start]][-2:]
        self.after = [*words[end : end + _WINDOW], *_NOTHING]

    def moved(self) -> bool | None:
        """ "fell as much as 4 percent"; None where the verb is no such one."""
        if self.after[0] not in _MOVED:
            return None
        at = next((at for at in range(1, _FAR + 1) if _NUMBER.fullmatch(self.after[at])), 0)
        return at > 0 and any(self.after[at + 1 : at + 1 + len(share)] == share for share in _PERCENT)

    def does_as_bodies_do(self) -> bool:
        """Is bought, has staff and a chief executive, says "it" of itself, is said to be a company."""
        near = self.near.lower()
        pair = self.earlier.lower(), near
        if near in _BOUGHT or pair in _BOUGHT_IN or (near == "at" and pair[0] in _STAFF) or self._headed():
            return True
        if self.after[0] in _DOES and self.after[1] == "its":
            return True  # "Deere cut its outlook"
        says = self.after[0] in _SAYS and self.after[1] in _ITSELF
        if says and self.after[2] not in _NOT_ITSELF:
            return True
        return self.after[0] in _IS and self._told_behind()

    def _headed(self) -> bool:
        """ "Bellway's regional director"."""
        at = 1
        while self.after[at] in _DIRECTING:
            at += 1
        return self.after[0] in _OWNS and self.after[at] in _HEADS

    def _told_behind(self) -> bool:
        """ ", which owns", ", based in", ", the coding start-up formerly called"."""
        if self.after[1] == "which":
            return self.after[2] in _OWNING
        if self.after[1] not in ("a", "an", "the"):
            return self.after[:3] == [",", "based", "in"]
        stop = next((at for at in range(2, _APPOSED) if self.after[at] in _STOPS), 0)
        return stop > 2 and (self.after[stop - 1] in _KINDS or self.after[stop - 3 : stop] == _START_UP)

    def hears(self, word: str) -> bool:
        """ "told Handelsblatt", "citing Anssi"."""
        return self.near.lower() in ("told", "citing") and word not in _HEARERS

    def speaks(self) -> bool:
        """ "Ukrzaliznytsia said"; but "police in Ronks said"."""
        return self.after[0] in _SAYS and self.near.lower() not in _WHERE

    def plays(self) -> bool:
        """ "the band Killing Joke"."""
        return self.near in _BANDS

    def is_read(self) -> bool:
        """ "reported in Nature", "a paper in Cell Metabolism"."""
        return self.near == "in" and self.earlier.lower() in _PUBLISHED

    def is_no_person(self) -> bool:
        """ "Cargill, which runs"; but "a book by Reed, which"."""
        return self.after[:2] == [",", "which"] and self.near.lower() not in _AUTHORED

    def is_called(self) -> bool:
        """ "rival Anysphere", "owns GitHub", "Tabacuba monopoly"."""
        return self.near.lower() in MAKERS or self.near == "owns" or self.after[0] in _THINGS

    def is_initialled(self) -> bool:
        """ "according to ACLED", "the TUC", "ICE agents": for letters that do not stand before a hyphen."""
        if self.after[0] in _PARTS or self.after[0][:1].isdigit():
            return False
        if self.after[0] in _BEHIND_ACRONYMS:
            return True
        return self.near.lower() in _BEFORE_ACRONYMS or (self.earlier.lower(), self.near) == ("according", "to")


def ends_as_bodies_do(run: Sequence[str]) -> bool:
    """ "Thrive Capital", "Planning Inspectorate"."""
    return len(run) > 1 and run[-1] in _ENDINGS
