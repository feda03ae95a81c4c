"""What extraction lets through and readers do not count as the story: dropped by where it stands in the raw tree. Pure.

Dropped are the headline itself, captions, links to other stories, and text of menus and boxes that is not most of the
article (class names lie, too). What cannot be found in the tree is kept.
"""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import islice

from archive.extraction import byline_words as tables
from archive.extraction.blocks import Blocks, Run, key
from archive.extraction.facts import label_of
from archive.extraction.links.targets import absolute, site_of

_POINTERS = re.compile(
    r"^\W*(?:lesen sie (?:auch|hier|dazu|mehr)|lesetipp|auch interessant|mehr zum thema|mehr dazu|zum artikel|zum thema"
    r"|das könnte sie auch|read (?:more|also|next)\b|also read|see also|more on this|recommended"
    r"|(?:related|similar) (?:articles?|stories|posts?|news|content|topics)|(?:you (?:may|might) )?also like"
    r"|more (?:like this|stories|from\b(?!.*:\W*$))|trending(?: now)?$|most read$|comments$|kommentare$"
    r"|関連(?:記事|ニュース|キーワード|リンク)|おすすめ記事|(?:관련|추천|인기) ?(?:기사|뉴스)"
    r"|相关(?:阅读|新闻|文章)|相關(?:新聞|文章)|延伸閱讀"
    r"|ähnliche(?:\W*$| (?:artikel|beiträge))|articles (?:similaires|connexes|liés)"
    r"|art[íi]culos (?:similares|relacionados)"
    r"|articoli (?:simili|correlati)|artigos relacionados|gerelateerde artikelen|liknande artiklar|don'?t miss"
    r"|sign up (?:for|to)|subscribe (?:to|now)"
    r"|(?:lire|à lire) (?:aussi|également)|sur le même sujet|lea también|lee también|te puede interesar|más información"
    r"|leggi anche|leia (?:também|mais)|les også|läs (?:också|mer)|lees ook|baca juga|читайте также"
    r"|czytaj (?:też|także)|διαβάστε (?:επίσης|ακόμ[αη]|περισσότερα)|δείτε επίσης|ayrıca bkz|bunlar da ilginizi"
    r"|ez is érdekel|kapcsolódó|olvass(?:a|on)? (?:el|tovább)|přečtěte si|prečítajte si"
    r"|(?:čtěte|čítajte) (?:také|též|aj|tiež)|cite[sș]te (?:[sș]i|mai)|vezi [sș]i|čitajte (?:i|još)|pročitajte"
    r"|(?:вижте|прочетете) (?:още|и)|прочитајте|читайте також|дивіться також|смотрите также|по теме"
    r"|lue (?:myös|lisää)|læs (?:også|mere)|llegiu també|loe (?:ka|lisaks)|lasi(?:et)? arī|(?:taip pat )?skaitykite"
    r"|preberite (?:še|tudi)|soma (?:pia|zaidi)|basahin|irakurri (?:ere|gehiago)|xem thêm|đọc thêm|อ่านเพิ่มเติม"
    r"|ข่าวที่เกี่ยวข้อง|[اإ]قر[أا] (?:أيض|المزيد|كذلك)|شاهد أيض|مواضيع ذات صلة|קראו (?:גם|עוד)|כתבות נוספות"
    r"|עוד בנושא|(?:بیشتر )?بخوانید|مطالب مرتبط|(?:यह|ये|इसे) भी पढ़ें|और पढ़ें|আর[ওো] পড়ুন|(?:یہ بھی|مزید) پڑھیں"
    r"|(?:also|more) from this (?:source|author)|(?:anzeige|advertisement|publicidad|publicité|newsletter)$)",
    re.IGNORECASE,
)
# Of those, the beginnings of what may be a sentence of the story ("See also the minutes.").
_SENTENCE = re.compile(
    r"^\W*(?:(?:lesen sie|mehr dazu|read|also read|see also|more on this|(?:lire|à lire)"
    r"|more from|l[ea]+ también|leggi anche|leia|läs|lees)\b)"
    r"(?![^.]{0,20}:)",
    re.IGNORECASE,
)
# Lines that are nothing but a control of the page, a label of an advertisement, or a note of the editing desk.
_CONTROLS = re.compile(
    r"\W*(?:(?:skip|scroll past|end of) (?:ad(?:vert)?|advertisement)|skip to (?:\w+ ){0,3}content"
    r"|ad(?:vert(?:isement)?)?s?|sponsored(?: content)?|anzeige|publicidad|publicité|(?:view|read) (?:this )?"
    r"(?:e-?mail|newsletter|it) (?:in (?:your|a) (?:web ?)?browser|online)"
    r"|supported by"
    r"|(?:(?:article|story) )?continues? (?:after|below)(?: (?:the|this))?(?: ad(?:vert(?:isement)?)?| promotion)?"
    r"|scroll to continue(?: with content)?|(?:share|print|save|copy|e-?mail) (?:(?:the |this )?(?:full )?(?:article"
    r"|story"
    r"|page|post)|link)|link copied|copied to clipboard"
    r"|listen to (?:this|the) (?:article|story)(?:\W+[\d:]+(?: ?min\w*)?)?|(?:view|show|hide|read|post|leave"
    r"|add) (?:\d+ |a |all )?"
    r"comments?|loading|tap to unmute|click (?:here )?to enlarge|view (?:gallery|image in fullscreen|fullscreen)"
    r"|(?:\d+[- ])?min(?:ute)?s? read|reading time\W+\d+ min\w*|lesezeit\W+(?:ca\.? )?\d+ min\w*"
    r"|temps de lecture\W+\d+ ?min\w*"
    r"|(?:tiempo|tempo) d[ei] le[ci]tt?ura\W+\d+ ?min\w*"
    r"|artikel (?:teilen|drucken|anhören|merken)|partager(?: (?:l['’]|cet )article)?|condividi(?: (?:l['’]"
    r"|questo )articolo)?"
    r"|compartir(?: (?:el|este) artículo)?|compart(?:e|ilhe)(?: est[ea] (?:artículo|notícia|matéria))?"
    r"|continua (?:a leggere )?dopo la pubblicità|continua após a publicidade|la suite après la publicité"
    r"|werbung|reklame?|reklam|reklāma|pubblicità|publicidade|advertentie|annonse?|annonce|mainos|hirdetés|oglas"
    r"|реклама"
    r"|διαφήμιση|iklan|quảng cáo|โฆษณา|إعلان|پیام بازرگانی|פרסומת|विज्ञापन|広告|광고|广告|廣告"
    r"|纠错|(?:纠错\W+)?\W*责(?:任编辑|编)\s*[:：].*|責任編輯\s*[:：].*)\W*",
    re.IGNORECASE,
)
# What mail has at its end.
_MAILED = re.compile(
    r"\b(?:unsubscribe (?:here|from (?:this|our|all|these))|(?:update|manage|change) your"
    r" (?:e-?mail |subscription )?preferences|you (?:are receiving|received) this (?:e-?mail|newsletter)"
    r"|add us to your address book"
    r"|newsletter ab(?:bestellen|zubestellen)|se désabonner|vous désinscrire|darse de baja de"
    r"|cancellare l['’]iscrizione|uitschrijven voor)\b",
    re.IGNORECASE,
)
_STOP = re.compile(r"[.!?…。]['\"”’»)]*\s*$")
_RIGHTS = re.compile(
    r"^\W*(?:©|\(c\)|copyright\b|저작권자|版权所有|版權所有)|(?:all rights reserved|alle rechte vorbehalten"
    r"|tous droits réservés|todos los derechos reservados|tutti i diritti riservati|todos os direitos reservados"
    r"|alle rechten voorbehouden|wszelkie prawa zastrzeżone|všechna práva vyhrazena|minden jog fenntartva"
    r"|toate drepturile rezervate|tüm hakları saklıdır|все права защищены|усі права захищені|hak cipta dilindungi"
    r"|جميع الحقوق محفوظة|כל הזכויות שמורות|무단\s?전재.{0,20}금지|禁止转载|禁止轉載|(?:無断|禁無断)転載.{0,12})\W*$",
    re.IGNORECASE,
)
_LABEL = re.compile(r"[^:]{1,40}:\s*$")  # "Warning: …", "Related: …"
_SHORT = 200  # characters; no longer line is taken for a pointer or a notice
_BYLINE = re.compile(r"(?:^|[\s_-])byline(?:$|[\s_-])", re.IGNORECASE)
_HEADINGS = frozenset("h2 h3 h4 h5 h6".split())
_HEADER_LINES = 6
_DAY_BEFORE = re.compile(
    r"[^.!?]{0,30}\d[^.!?]{0,20}\s*[-–—|•·,/]\s*(?:by\s+)?"
)  # before a name: "May 6, 2025 - Ann Reed"
# A day with its year, in numbers or with a month's name.
_DAY = re.compile(
    r"(?<!\d)(?:\d{1,2}\s?[./-]\s?\d{1,2}\s?[./-]\s?(?:19|20)\d\d|(?:19|20)\d\d\s?[./年년-]\s?\d{1,2}\s?[./月월-]\s?\d{1,2}"
    r"|\d{1,2}(?:st|nd|rd|th|er|º|\.)?,?\s(?:de\s|of\s|d['’])?[^\W\d_]{3,12}\.?,?\s(?:de\s|del\s)?(?:19|20)\d\d"
    r"|[^\W\d_]{3,12}\.?\s\d{1,2}(?:st|nd|rd|th)?,?\s(?:19|20)\d\d)(?!\d)"
)
_SIGNS = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
_DAY_LINE, _DAY_WORDS = 100, 6  # characters of a line that is there for its day, and words beside it
_REST = 40  # characters that a byline has beside its names
_RULER = re.compile(r"[\s#*_=~|/•·–—-]+")
_MENU = 20  # lines
_LINK = 0.9  # share of a line that is a link


def refined(text: str, blocks: Blocks, title: str, other_title: str = "", authors: tuple[str, ...] = ()) -> str:
    """`text` without the lines that are not the story; `text` itself if little would be left."""
    lines = text.split("\n")
    runs: defaultdict[str, list[Run]] = defaultdict(list)
    for run in blocks.runs:
        if run.text:
            runs[run.letters].append(run)
    keys = [key(line) for line in lines]
    places = [runs.get(letters, []) for letters in keys]
    large = _large_zones(lines, places)
    boxes = _boxes(blocks, lines, places)
    wanted, other = key(title), key(other_title)
    header = next((number for number, line in enumerate(lines) if _is_long(line)), 0)
    further = _further(blocks, wanted)
    elsewhere = _menu(places) | {number for number, place in enumerate(places) if place and _within(place, further)}
    kept = [
        line
        for number, (line, letters, place) in enumerate(zip(lines, keys, places, strict=True))
        if not (_is_title(letters, wanted, number) or (number < _HEADER_LINES and letters == other))
        and not (number == 0 and len(line) < _SHORT and _is_headline(place))
        and not _is_notice(line, place)
        and not (number < _HEADER_LINES and _is_signature(line, authors))
        and not (number < header and _is_dateline(line))
        and not _RULER.fullmatch(line)
        and not _is_aside(place, large, blocks.base)
        and not (boxes and place and _within(place, boxes))
        and number not in elsewhere
    ]
    joined = "\n".join(kept)
    rest = len(text) - sum(len(lines[number]) + 1 for number in elsewhere)
    return joined if 2 * len(joined) > rest and (not elsewhere or len(joined) > _SHORT) else text


def _further(blocks: Blocks, wanted: str) -> set[int]:
    """The `id` of all runs in stories that follow on the same page, as where reading on never ends.

    Each stands in an <article> of its own with an h1 of its own, behind the one whose h1 is the page's headline.
    """
    headed = [
        (span, key("".join(heading.itertext())))
        for element, span in blocks.spans.items()
        if element.tag == "article" and (heading := element.find(".//h1")) is not None
    ]
    own = [span for span, heading in headed if heading and (heading in wanted or (wanted and wanted in heading))]
    if not own:
        return set()
    end = min(high for _, high in own)
    return {id(run) for (low, high), _ in headed if low >= end for run in blocks.runs[low:high]}


def _within(place: list[Run], among: set[int]) -> bool:
    return all(id(run) in among for run in place)


def _menu(places: list[list[Run]]) -> set[int]:
    """The numbers of lines that are links and nothing else, where many stand one after the other."""
    found: set[int] = set()
    streak: list[int] = []
    for number, place in enumerate([*places, []]):
        if place and all(run.linked > _LINK for run in place):
            streak.append(number)
            continue
        if len(streak) >= _MENU:
            found.update(streak)
        streak = []
    return found


def _large_zones(lines: list[str], places: list[list[Run]]) -> set[object]:
    """The elements named like a menu or box that nevertheless hold a good part of the article."""
    sizes: defaultdict[object, int] = defaultdict(int)
    for line, place in zip(lines, places, strict=True):
        for zone in {run.zone for run in place if run.zone is not None}:
            sizes[zone] += len(line)
    total = sum(map(len, lines))
    return {zone for zone, size in sizes.items() if 4 * size > total}


def _is_title(letters: str, wanted: str, number: int) -> bool:
    """Whether a line is the headline, in the article's header also with a kicker before it; both as `key` has them."""
    if not wanted:
        return False
    return letters == wanted or (number < _HEADER_LINES and letters.endswith(wanted) and len(letters) < 2 * len(wanted))


def _is_headline(place: list[Run]) -> bool:
    """Whether a line stands in the page as a headline: what a page calls itself is not always what its h1 says."""
    return any(outer.tag == "h1" for run in place for outer in (run.element, *run.element.iterancestors()))


def _is_notice(line: str, place: list[Run]) -> bool:
    if len(line) >= _SHORT:
        return False
    pointer = _POINTERS.match(line) and not (_SENTENCE.match(line) and any(map(is_sentence, place)))
    return bool(
        pointer or _RIGHTS.search(line) or _MAILED.search(line) or _CONTROLS.fullmatch(line) or _is_byline(line, place)
    )


def _is_signature(line: str, authors: tuple[str, ...]) -> bool:
    """Whether a line is a name of an author, with a word for "by" before it and a place or an office behind it."""
    if len(line) >= _SHORT or _STOP.search(line):
        return False
    named = tables.BY.sub("", line).casefold()
    names = [author.casefold() for author in authors]
    if any(named.endswith(name) and _DAY_BEFORE.fullmatch(named.removesuffix(name)) for name in names):
        return True
    first = next(filter(named.startswith, names), None)
    if first is None:
        return False
    rest = named.removeprefix(first)
    for name in names:
        rest = rest.replace(name, "")
    return len(rest) < _REST and ":" not in rest


def _is_long(line: str) -> bool:
    """Whether a line is as long as paragraphs are; signs that stand for words count for three letters."""
    return len(line) + 2 * len(_SIGNS.findall(line)) > _DAY_LINE


def _is_dateline(line: str) -> bool:
    """Whether a line is there for the days that it gives, with no more than a few words beside them."""
    if _is_long(line) or _STOP.search(line) or line.endswith((":", "：")) or not _DAY.search(line):
        return False
    return len(re.findall(r"[^\W\d_]{2,}", _DAY.sub(" ", line))) <= _DAY_WORDS


def _is_byline(line: str, place: list[Run]) -> bool:
    """Whether all that a line is stands where the page says who wrote the story."""
    return bool(place) and not _STOP.search(line) and all(map(_in_byline, place))


def _in_byline(run: Run) -> bool:
    around = (run.element, *islice(run.element.iterancestors(), 2))
    return any(_BYLINE.search(label_of(one)) for one in around if one.tag not in ("article", "main", "body"))


def is_sentence(run: Run) -> bool:
    """Whether a run ends as a sentence does, and what is linked in it is no headline but words of it."""
    if not _STOP.search(run.text):
        return False
    first = run.text[run.anchors[0].start : run.anchors[0].end].strip()[:1] if run.anchors else ""
    return run.linked < 0.5 or (first.islower() and not run.text.lstrip().startswith(first))


def _boxes(blocks: Blocks, lines: list[str], places: list[list[Run]]) -> set[int]:
    """The `id` of all runs in elements that begin with a heading like "Similar articles"."""
    found: set[int] = set()
    for line, place in zip(lines, places, strict=True):
        if len(line) < _SHORT and _POINTERS.match(line):
            for run in place:
                heading = next(
                    (
                        outer
                        for outer in (run.element, *islice(run.element.iterancestors(), 2))
                        if outer.tag in _HEADINGS
                    ),
                    None,
                )
                holder = heading.getparent() if heading is not None else None
                low, high = blocks.spans.get(holder, (0, 0)) if holder is not None else (0, 0)
                if low < high and blocks.runs[low] is run:
                    found.update(map(id, blocks.runs[low:high]))
    return found


def _is_aside(place: list[Run], large: set[object], base: str) -> bool:
    """Whether everywhere that a line stands in the page is beside the story."""
    return bool(place) and all(
        run.caption or (run.zone is not None and run.zone not in large) or _is_other_story(run, base) for run in place
    )


def _is_other_story(run: Run, base: str) -> bool:
    """Whether a run is only a link to a page of the same site, long enough to be a headline; a label may precede it."""
    text = run.text.strip()
    if run.anchors and (label := _LABEL.match(run.text[: run.anchors[0].start])):
        text = run.text[label.end() :].strip()
    linked = sum(anchor.end - anchor.start for anchor in run.anchors)
    if len(text.split()) < 4 or 10 * linked < 9 * len(text):
        return False
    targets = [absolute(anchor.href, base) for anchor in run.anchors]
    return all(target is not None and site_of(target) == site_of(base) for target in targets)
