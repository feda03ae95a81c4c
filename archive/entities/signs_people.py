"""Where names of people end in Japanese and Chinese: before an office that stands behind them, before a verb.

The network cuts "森山裕幹｜事長" and "潘功｜胜说" here and there; what stands behind a name says where it ends.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from archive.entities.decode import TokenSpan

_OFFICES = (
    "首相 総理 大統領 国家主席 主席 総書記 書記長 外相 財務相 防衛相 厚労相 経産相 国交相 農相 環境相 "
    "法相 総務相 文科相 官房長官 長官 大臣 次官 知事 市長 区長 町長 村長 議員 議長 幹事長 代表 党首 "
    "総裁 会長 社長 専務 常務 頭取 理事長 教授 准教授 学長 総長 校長 監督 選手 投手 捕手 主将 コーチ "
    "容疑者 被告 受刑者 裁判長 裁判官 弁護士 検事 記者 編集長 医師 院長 所長 署長 大使 報道官 司令官 "
    "国王 女王 天皇 皇太子 枢機卿 教皇 法王 さん 氏"
).split()
_OFFICE = re.compile("|".join(sorted(_OFFICES, key=len, reverse=True)) + "(?![名族])")
_HAN = re.compile("[\u3400-\u9fff々]+")
_FORMER = frozenset("元前新副現故両同各")  # between a name and an office, or before it
_GAP = 3  # signs of a given name that the network left out
_NEW = range(3, 6)  # signs of a name that it did not see: a surname of two, and a given name
_LONGEST = 12  # signs of a name before an office
_SURE = 0.7
# Verbs behind a Chinese name; and signs that are seldom in one, between a name and a verb.
_VERB = re.compile("说|說|表示|称|稱|认为|認為|指出|宣布|强调|強調|透露|介绍|告诉")
_SMALL = frozenset(
    "说說表称稱在和与與对對的是将將也等及于为為则則曾已还還又就都会會要认認指强出抵访訪批宣被向从從到以道并並却昨今明均再亦仍正刚"
    "未不没可能应須须需必让讓把给給跟同或其这這那上下前后後中内外时時日月年多先女方总主校院部局所小市省州国人员長长士"
)
_SHORT = 2  # signs of a Chinese name that may lack its last


def before_offices(
    signs: Sequence[str], names: Sequence[TokenSpan], is_surname: Callable[[str], bool]
) -> list[TokenSpan]:
    """Japanese names of people up to the office behind them: 植田和男総裁, 森山裕幹事長."""
    text = "".join(signs)
    if len(text) != len(signs):
        return list(names)
    found = list(names)
    for office in _OFFICE.finditer(text):
        at = office.start()
        near = next((name for name in found if 0 < at - name.start <= _LONGEST and at <= name.end + _GAP), None)
        if near is not None:
            gap = text[near.end : at]
            cut = at < near.end
            longer = near.type == "PER" and gap and _HAN.fullmatch(gap) and _FORMER.isdisjoint(gap)
            if near.type == "PER" and (cut or longer) and not _FORMER & set(text[at - 1]):
                found[found.index(near)] = replace(near, end=at)
        elif new := _unseen(text, at, is_surname):
            found.append(new)
    return sorted(found, key=lambda name: name.start)


def _unseen(text: str, end: int, is_surname: Callable[[str], bool]) -> TokenSpan | None:
    """A name that begins with a surname of two signs and of which the network saw nothing."""
    run = re.search("[\u3400-\u9fff々]+$", text[max(0, end - _NEW.stop) : end])
    if run is None or len(run[0]) not in _NEW or run[0][-1] in _FORMER or not is_surname(run[0][:2]):
        return None
    return TokenSpan("PER", end - len(run[0]), end, _SURE)


def before_verbs(
    signs: Sequence[str], names: Sequence[TokenSpan], is_surname: Callable[[str], bool]
) -> list[TokenSpan]:
    """Chinese names of people with the last sign of their given name, where a verb tells that it is one: 潘功胜说."""
    found = []
    for name in names:
        last = "".join(signs[name.end : name.end + 1])
        if (
            name.type == "PER"
            and name.end - name.start == _SHORT
            and is_surname(signs[name.start])
            and _HAN.fullmatch(last)
            and last not in _SMALL
            and _VERB.match("".join(signs[name.end + 1 : name.end + 3]))
        ):
            name = replace(name, end=name.end + 1)
        found.append(name)
    return found
