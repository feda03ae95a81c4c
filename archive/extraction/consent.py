"""Whether a page is a wall that asks for consent to cookies and advertising, in whatever words it does so. Pure.

A wall speaks for the site and to the reader ("we and our partners … your device"), of hardly anything but that, and has
a button to agree. An article about cookies speaks of others; a notice beside an article is not its text; a policy says
in its headline what it is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archive.extraction.facts import inner_text
from archive.model import Article

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_LONGEST = 6_000  # characters of a wall: some list purposes and partners
_TOPIC_SHARE, _ASKING_SHARE = 0.7, 0.4  # of the letters, in sentences on the matter, and in those to the reader as well
_SURE_TOPIC, _SURE_ASKING = 0.85, 0.5  # … where the page names an author or a day, as walls hardly do
_SHORT = 100  # letters: no article is as short
_PARAGRAPH = 80  # characters
_ENDS = (".", "!", "?", "。")
_NOTICE = 60  # characters of text and buttons together that say what is agreed to
_BEGINNING = 50  # characters of a line by which it is known again
_OF_NOTICE = 0.6  # of the text
_BUTTON = 50  # characters of what a button says
# Beginnings of words, in lower case, for what walls are about.
_TOPIC = re.compile(
    r"cookie|consent|privacy|personal (?:data|information)|personali[sz]ed"
    r"|legitimate interest|tracking|advertis|\bads?\b"
    r"|\bvendors?\b|\bpartners?\b|third part|on a device|your device|your data|tuoi dati|tus datos|seus dados"
    r"|identifiers?\b|your choices"
    r"|einwillig|zustimm|datenschutz|personenbezogen|ihre daten|deine daten"
    r"|endgerät|werbung|anzeigen|verarbeit|widerruf"
    r"|traceurs|consentement|vie privée|données|partenaires|publicit|confidentialité|intérêt légitime|traitements"
    r"|consens|dati personali|fornitori|annunci|preferenze|trattament|pubblicit|legittimo interesse"
    r"|consentim|datos personales|socios|privacidad|publicidad|anuncios|dados pessoais|parceiros|privacidade"
    r"|galetes|consentiment|dades personals|toestemming|persoonsgegevens|advertenties|apparaat"
    r"|samtyck|kakor|personuppgift|integritet|annons|samtykke|personoplysning"
    r"|personopplysning|informasjonskaps|privatliv"
    r"|personvern|annonc|reklam|eväste|suostumu|henkilötie|yksityisyy|kumppan|mainon"
    r"|zgod[ęayz]|dane osobowe|danych osobowych|prywatno|partnerz|przetwarza"
    r"|souhlas|osobní údaje|osobních údajů|soukrom"
    r"|súhlas|osobné údaje|súkrom|hozzájárul|süti|adatkezel|személyes adat|adatvéd"
    r"|consimțăm|caracter personal|confidențialit"
    r"|συγκατάθ|προσωπικά δεδομένα|απόρρητ|ιδιωτικότητ|συνεργάτ|διαφημίσ|çerez|açık rıza|kişisel veri|gizlili"
    r"|согласи|персональн\w+ данн|конфиденц|партн[её]р|реклам|згод[аиу]|персональн\w+ дан|съгласи|бисквит|лични данни"
    r"|колачи|пристанак|kolači|pristan|privol|osobne podatke|piškot|soglas|osebne podatke|küpsis|nõusolek|isikuandme"
    r"|sīkdat|piekriš|personas dat|slapuk|sutikim|asmens duomen|vafrakök|samþykk"
    r"|persetujuan|data pribadi|đồng ý|riêng tư"
    r"|baimen|クッキー|同意|個人情報|個人データ|プライバシー|広告|パートナー|쿠키|동의"
    r"|개인정보|광고|隐私|隱私|個人資料|个人信息|广告"
    r"|ارتباط|موافقت|خصوصي|بيانات|شركا|רטיס|עוגיות|הסכמ|פרטיות"
)
_SITE = re.compile(
    r"\b(?:we|us|our|this (?:web)?site|diese (?:web)?seite|ce site|quest[oa] sito|est[ea] sit(?:io|e)|deze (?:web)?site"
    r"|wir|uns|unser\w*|nous|notre|nos|noi|nostr[aioe]|utilizziamo|usiamo|trattiamo"
    r"|nosotros|nuestr[oa]s?|utilizamos|usamos|nós|noss[oa]s?|nosaltres"
    r"|nostr[ea]s?|wij|we|onze|ons|vi|våra|vår|vores|våre"
    r"|me|meidän|my|nasi|naszych|naszej|używamy|naši|našich|naším|našimi|mi|partnereink|noi|noștri|nostru"
    r"|εμείς|μας|biz|bizim|ortaklarımız|мы|наши\w*|наш|ми|ние|нашите|naši|naše"
    r"|mi|meie|mēs|mūsu|mes|mūsų|við|okkar|kami"
    r"|chúng tôi|guk|gure)\b"
    r"|kumppan\w+mme|käytämme|当社|弊社|私たち|当サイト|本サイト|우리|당사|저희|我们|我們|本网站|本站"
    r"|نحن|شركائنا|شركاؤنا|אנחנו|אנו|שלנו"
)
_READER = re.compile(
    r"\b(?:you|your|ihre?[mnrs]?|sie|d(?:u|ein\w*)|vous|votre|vos|tu|tuo|tua|tue"
    r"|tuoi|puoi|vostr[oaie]|puede[ns]?|su|sus"
    r"|usted|pode|você|seus?|suas?|teu|tua|podeu|je|jouw|uw|du|din|ditt|dina|dit"
    r"|dine|sinun|voit|suostumuksesi|laitteellesi"
    r"|możesz|twoj\w+|twój|můžete|vaš\w*|svůj|svého|môžete|ön|eszközén"
    r"|dumneavoastră|puteți|tău|μπορείτε|σας|sizin|siz"
    r"|cihazınız\w*|вы|вам\w*|ваш\w*|сво[её]\w*|можете|ви|вашия|možete|vaše\w*"
    r"|lahko|teie|sinu|jūs|jūsu|jūsų|þú|þinn|anda"
    r"|bạn|zure)\b|お客様|あなた|귀하|사용자|您|你的|جهازك|بياناتك|يمكنك|שלך|שלכם"
)
_AGREE = re.compile(
    r"\b(?:accept|agree|stimmen sie .{0,20}zu|allow|consent|got it|i understand|akzeptier\w*|zustimm\w*"
    r"|einverstanden|annehmen|erlauben"
    r"|accepter|j['’]accepte|accepte\w*|autoriser|accett\w+|acconsent\w+"
    r"|acept\w+|permitir|consentir|aceit\w+|concordo"
    r"|accepta\w*|accepteren|akkoord|toestaan|godkänn\w*|acceptera|tillåt|tillad|godta|godkend|godkjenn|samtykk\w*"
    r"|hyväksy\w*|akceptuj\w*|zgadzam|zgoda|přijmout|přijmu|souhlasím|povolit|prijať|súhlasím|elfogad\w*|hozzájárulok"
    r"|sunt de acord|αποδοχ[ηή]|αποδ[εέ]χομαι|συμφων[ωώ]|kabul|onayl\w+|принять"
    r"|принимаю|соглас\w+|прийняти|погоджуюс\w|приемам"
    r"|съгласен|prihva\w+|slažem|прихватам|sprejm\w+|strinjam|nõustun|piekrītu|sutinku|samþykk\w*|setuju|terima"
    r"|đồng ý|chấp nhận|onartu|continue|weiter\w*|continuer|continuar|continua"
    r"|doorgaan|fortsätt|fortsæt|fortsett|jatka"
    r"|przejdź|pokračov\w+|tovább|продолжить)\b|続ける|계속|继续|同意|承諾|許可|동의|허용|接受"
    r"|أوافق|موافق|قبول|אישור|מסכים|אני מאשר",
    re.IGNORECASE,
)
_ASKED = re.compile(f"{_SITE.pattern}|{_AGREE.pattern}")
_POLICY = re.compile(
    r"polic(?:y|ies)|notice|terms|guideline|erklärung|richtlinie|hinweise"
    r"|politique|charte|informativa|política|beleid"
    r"|statement|verklaring|policy|politik|seloste|polityka|zásady|tájékoztató|politica|πολιτική|politika|политика"
    r"|політика|ポリシー|方針|방침|政策|条款|條款|سياسة|מדיניות",
    re.IGNORECASE,
)
_CONTROLS = {"button", "a", "input", "summary", "label", "div", "span"}
# A heading belongs to what stands below it, and so do the points of a list.
_SENTENCE = re.compile(r"(?<=[.!?。！？])\s*")
_NAMED = re.compile(r"[“„«\"「][^“”„«»\"「」]{0,40}[”“»\"」]")  # what a button is called
_QUOTED = re.compile(r"[“”„«»\"「」]")


def is_wall(tree: HtmlElement, text: str, runs: list[str], article: Article) -> bool:
    """Whether the page asks for consent and has nothing else to read: `text` is what would be taken for the article,
    `runs` are all runs of text of the page."""
    said = text or "\n".join(runs)
    if len(said) < 2 * _SHORT:  # what its buttons say is much of it
        buttons = {_bare(label) for element in tree.iter(*_CONTROLS) if (label := _label(element))}
        said = "\n".join(line for line in said.split("\n") if _bare(line) not in buttons)
    if not said or len(said) > _LONGEST:
        return False
    signed = bool(article.authors) or article.rules.get("published", "day of the address") != "day of the address"
    least_topic, least_asking = (_SURE_TOPIC, _SURE_ASKING) if signed else (_TOPIC_SHARE, _ASKING_SHARE)
    topic, asking = _shares(said, least_topic)
    if topic < least_topic or asking < least_asking:
        return False
    return not _is_policy(tree, article.title) and not _has_more(said, runs) and _agrees(tree, said)


def notice_in(tree: HtmlElement, text: str) -> HtmlElement | None:
    """The element with a notice that asks for consent, of which lines stand in `text`; None where there is none."""
    lines = text.split("\n")
    if not any(_SITE.search(line) and _TOPIC.search(line) for line in map(str.lower, lines)):
        return None
    for element in tree.iter(*_CONTROLS):
        if (label := _label(element)) and _AGREE.search(label):
            notice = _around(element)
            topic, asking = _shares("\n".join(lines_within(notice, lines)), _TOPIC_SHARE)
            if topic >= _TOPIC_SHARE and asking >= _ASKING_SHARE:
                return notice
    return None


def lines_within(element: HtmlElement, lines: list[str]) -> list[str]:
    """Those of `lines` that stand in an element."""
    whole = _bare("".join(element.itertext()))
    return [line for line in lines if _bare(line)[:_BEGINNING] in whole]


def _shares(said: str, least: float) -> tuple[float, float]:
    """How much of a text is on consent, and how much speaks of that for the site or to the reader.

    Both are 0 where nothing speaks for the site outside of quotes, or where less than `least` can be on consent.
    """
    sentences = [sentence for sentence in _SENTENCE.split(said.lower()) if sentence.strip()]
    whole = sum(map(len, sentences))
    on_it: list[str] = []
    beside = 0
    for sentence in sentences:
        if _TOPIC.search(sentence) or (whole < _SHORT and _AGREE.search(sentence)):
            on_it.append(sentence)
        elif (beside := beside + len(sentence)) > (1 - least) * whole:
            return 0.0, 0.0
    for_site = _SITE if whole >= _SHORT else _ASKED
    by_site = {
        sentence for sentence in on_it if for_site.search(sentence) and not _QUOTED.search(_NAMED.sub("", sentence))
    }
    asking = [sentence for sentence in on_it if sentence in by_site or _READER.search(sentence)]
    return (sum(map(len, on_it)) / whole, sum(map(len, asking)) / whole) if by_site else (0.0, 0.0)


def _is_policy(tree: HtmlElement, title: str) -> bool:
    headlines = (inner_text(one) for one in tree.iter("h1"))
    return any(_POLICY.search(line) and _TOPIC.search(line.lower()) for line in (title, *headlines))


def _has_more(said: str, runs: list[str]) -> bool:
    """Whether a paragraph speaks of something else: a long one in the text, or any of the page besides."""
    others = (run for run in runs if run[:_BEGINNING] not in said and run.rstrip().endswith(_ENDS))
    return any(
        len(paragraph) >= least and not _TOPIC.search(paragraph.lower())
        for paragraphs, least in ((said.split("\n"), 2 * _PARAGRAPH), (others, _PARAGRAPH))
        for paragraph in paragraphs
    )


def _agrees(tree: HtmlElement, said: str) -> bool:
    """Whether what means yes when it is pressed belongs to the text: the notice around it is most of that."""
    lines = [line for line in (_bare(line) for line in said.split("\n")) if line]
    least = _OF_NOTICE * sum(map(len, lines))
    for element in tree.iter(*_CONTROLS):
        agrees = (label := _label(element)) and _AGREE.search(label)
        if agrees and sum(map(len, lines_within(_around(element), lines))) >= least:
            return True
    return False


def _around(element: HtmlElement) -> HtmlElement:
    """The nearest element around a button that has some text besides those of buttons, or the whole page."""
    outer = element
    while (parent := outer.getparent()) is not None:
        outer = parent
        if len(_bare("".join(outer.itertext()))) >= _NOTICE:
            break
    return outer


def _bare(text: str) -> str:
    return "".join(text.split())


def _label(element: HtmlElement) -> str:
    if element.tag == "input":
        pressed = (element.get("type") or "").lower() in ("submit", "button")
        return (element.get("value") or "") if pressed else ""
    if element.tag in ("div", "span", "label") and element.get("role") != "button":
        return ""
    label = inner_text(element)
    return label if len(label) <= _BUTTON else ""
