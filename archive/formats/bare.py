"""Addresses without a scheme, as people note them: example.com/story (pure).

One is read where it is clearly meant: with a path behind it, or alone in a line. A name of a file is none, and so is
what stands within a longer address, a path or a mail address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from archive.urls import Found, scan_urls

# The ends of names of hosts: countries, and the general ones that are in use for news and by those who are cited.
_COUNTRIES = frozenset(
    """
    ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw by bz ca cc cd
    cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo fr ga gd ge
    gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh
    ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw
    mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb
    sc sd se sg sh si sk sl sm sn so sr ss st sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug uk us
    uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw
    """.split()
)
_GENERAL = frozenset(
    """
    com org net edu gov mil int info biz name pro museum coop aero jobs mobi travel asia cat tel arpa example test
    news media press today report live blog online site website app dev page world global life agency studio london
    berlin paris nyc tokyo wien hamburg koeln bayern eus gal bzh scot wales swiss amsterdam brussels istanbul moscow
    xyz club shop store cloud tech digital email social network foundation institute university academy school
    international radio film video photography fyi wiki guide directory community center earth green health law
    """.split()
)
# Those that names of files end in, too: alone in a line they are none.
_FILES = frozenset("md py rs sh pl ps so ai cc in ml st tf tm gs do la app video pro name live".split())
_BARE = re.compile(
    r"(?<![\w@./:%=&?#\\~+-])((?:[A-Za-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+([a-z]{2,24}))(?::\d{2,5})?(/[^\s\"'<>|\\^`{}]*)?"
    r"(?![\w@-])"
)
_ALONE = re.compile(r"[ \t]*(?:(?:[-*•+>]|\d{1,4}[.)])[ \t]+)?[<\"']?\Z")
_BEHIND = re.compile(r"[>\"']?[ \t]*\r?(?:\n|\Z)")


def scan_bare(text: str) -> Iterator[Found]:
    """Such addresses in a text, with what they stand for."""
    for found in _BARE.finditer(text) if "." in text else ():
        _host, last, path = found.groups()
        if last not in _COUNTRIES and last not in _GENERAL:
            continue
        if not (len(path or "") > 1 or _is_alone(text, found, last)):
            continue
        start = found.start()
        written = next((one.url for one in scan_urls(f"https://{found[0]}")), f"https://{found[0]}")
        end = start + len(written) - len("https://")
        yield Found(written, start, end)


def _is_alone(text: str, found: re.Match[str], last: str) -> bool:
    if last in _FILES:
        return False
    begin = text.rfind("\n", max(0, found.start() - 20), found.start()) + 1
    if not begin and found.start() > 20:
        return False
    return bool(_ALONE.match(text[begin : found.start()]) and _BEHIND.match(text, found.end()))
