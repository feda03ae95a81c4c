"""Who signs a story within its first line, as agencies of China, Taiwan, Korea and Japan do. Pure."""

from __future__ import annotations

import re

from archive.extraction.people import distinct, is_person, names_in

_WITHIN = 80  # characters of the line that a dateline may take
_HAN = "\u3400-\u9fff"
_SIGNED = (
    # 新华社北京5月6日电（记者王小明、李大同）
    re.compile(
        rf"[（(〔\[【][{_HAN}]{{0,12}}?(?:记者|記者|通讯员|通訊員)(?![会會团団们們])\s*[:：]?\s*([{_HAN}、，\s]{{2,30}}?)\s*[）)〕\]】]"
    ),
    # （中央社記者陳大文台北6日電）, 記者陳大文／台北報導
    re.compile(
        rf"^[（(〔\[【]?[{_HAN}]{{0,8}}?(?:记者|記者)\s*([{_HAN}、]{{2,20}}?)(?:[／/]|[{_HAN}]{{2}}\d+日|[{_HAN}]{{2}}報導)"
    ),
    # (서울=연합뉴스) 홍길동 기자 =
    re.compile(r"^[\[(（【][^\])）】]{1,40}[\])）】]\s*([가-힣][가-힣\s·,]{1,40}?)\s*(?:선임)?(?:기자|특파원)\s*="),
    # 【ワシントン=山田太郎】
    re.compile(r"^【[^】=＝]{1,12}[=＝]([^】]{2,20})】"),
)


def signed_in(text: str) -> tuple[str, ...]:
    """The persons whom the first line of a story names as its reporters; () where it names none."""
    line = text.split("\n", 1)[0][:_WITHIN]
    if line.isascii():
        return ()
    for pattern in _SIGNED:
        found = pattern.search(line)
        if found:
            return distinct(name for name in names_in(re.sub(r"[，·\s]+", "、", found[1])) if is_person(name))
    return ()
