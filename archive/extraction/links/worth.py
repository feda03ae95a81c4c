"""(pure) Which links of a body are no sources, and why: they stay in the list of links, but are not followed.

A source says something that the story stands on. Tag, author and section pages, share buttons, advertisements, shops,
what earns the publisher a commission, and pages to subscribe, to sign in or to donate say nothing of it. Told by the
address, by `rel`, and by the words of the link where an address does not say it; what is not sure is a source.
"""

from __future__ import annotations

import re
from enum import StrEnum
from urllib.parse import SplitResult

from archive.extraction.links.targets import is_index_of, is_share_button, site_of, split


class Unfollowed(StrEnum):
    """Why a link is not followed. The value is what people and scripts see."""

    INDEX = "tag, author or section page"
    SHARE = "share button"
    ADVERT = "advertisement"
    AFFILIATE = "affiliate link"
    SHOP = "shop"
    SERVICE = "subscription or account page"


def _hosts(names: str) -> re.Pattern[str]:
    """Matches these hosts and what is below them; "amazon.*" is amazon.com, amazon.de, amazon.co.uk …"""
    alternatives = "|".join(re.escape(name).replace(r"\*", r"(?:com?\.)?[a-z]{2,3}") for name in names.split())
    return re.compile(rf"(?:^|\.)(?:{alternatives})$")


def _words(names: str) -> str:
    return f"(?:{'|'.join(names.split())})"


_SPONSORED = frozenset({"sponsored", "sponsor", "advertisement"})
_INDEX_RELS = frozenset({"author", "tag"})

_ADVERTS = _hosts(
    "doubleclick.net googlesyndication.com googleadservices.com adnxs.com taboola.com outbrain.com criteo.* adform.net"
    " smartadserver.com serving-sys.com amazon-adsystem.com adsrvr.org revcontent.com mgid.com plista.com sascdn.com"
    " flashtalking.com adition.com yieldlab.net ligatus.com zergnet.com adskeeper.com adskeeper.co.uk"
)
_ADVERT_HOST = re.compile(r"^(?:ads?|adclick|adserver|adv|banners?)\d*\.")
_ADVERT_PATH = re.compile(r"/(?:adclick|adserver|aclk|ad-?redirect|sponsored?|advertorials?)(?:[/?.]|$)", re.IGNORECASE)
# Parameters that networks add to the clicks they are paid for.
_PAID = re.compile(
    r"(?:^|&)(?:gclid|gbraid|wbraid|msclkid|gad(?:_source)?|utm_medium=(?:cpc|ppc|paid))\b", re.IGNORECASE
)
# Networks that pay for the way to a shop, and their short links.
_AFFILIATES = _hosts(
    "amzn.to amzn.eu awin1.com zenaps.com tidd.ly anrdoezrs.net dpbolvw.net jdoqocy.com kqzyfj.com tkqlhce.com"
    " qksrv.net"
    " emjcd.com shareasale.com shrsl.com linksynergy.com skimresources.com skimlinks.com viglink.com redirectingat.com"
    " shop-links.co shop-edit.com howl.me howl.link narrativ.com prf.hn pntra.com pntrs.com pntrac.com pjtra.com"
    " gopjn.com"
    " pxf.io sjv.io 7eer.net evyy.net ojrq.net rover.ebay.com ebay.us geni.us fave.co rstyle.me shopstyle.it"
    " s.click.aliexpress.com tradedoubler.com tradetracker.net belboon.com belboon.de zanox.com zanox-affiliate.de"
    " financeads.net digidip.net adtr.co webgains.com partnerize.com avantlink.com flexoffers.com effiliation.com"
    " kelkoogroup.net refersion.com goto.walmart.com goto.target.com hotmart.com clickbank.net partner-ads.com"
    " adservice.no"
    " adtraction.com cna.st zdcs.link"
)
_AFFILIATE_QUERY = re.compile(
    r"(?:^|&)(?:tag=[\w-]+-2[0-9](?:&|$)|awc=|irclickid=|affiliate(?:_?id)?=|aff(?:_?id|_sub)?=|afftrack=|ascsubtag="
    r"|linkcode=|utm_medium=affiliate|partner_?id=|campid=\d|cjevent=|ranmid=)",
    re.IGNORECASE,
)
_AFFILIATE_PATH = re.compile(r"/(?:affiliate-?links?|affiliates?|partner-?link)/", re.IGNORECASE)
_SHOPS = _hosts(
    "amazon.* ebay.* etsy.com walmart.com bestbuy.com target.com aliexpress.com alibaba.com temu.com shein.com"
    " wayfair.com"
    " homedepot.com lowes.com costco.com macys.com nordstrom.com sephora.* ulta.com zalando.* otto.de mediamarkt.*"
    " saturn.de"
    " thalia.* hugendubel.de fnac.com cdiscount.com bol.com allegro.pl mercadolibre.* rakuten.co.jp flipkart.com"
    " barnesandnoble.com bookshop.org waterstones.com play.google.com apps.apple.com itunes.apple.com ticketmaster.*"
    " eventim.* audible.* zazzle.com redbubble.com teespring.com patreon.com ko-fi.com buymeacoffee.com paypal.com"
    " paypal.me"
    " chewy.com newegg.com gumroad.com donorbox.org steadyhq.com liberapay.com tipeee.com givebutter.com"
    " fundjournalism.org"
    " idealo.* geizhals.* billiger.de pricerunner.* kelkoo.* verivox.de check24.de booking.com viator.com"
    " getyourguide.*"
)
_SHOP_HOST = re.compile(r"^(?:www\.)?(?:shops?|stores?|boutique|tienda|loja|butikk|shopping|merch)\.")
_SHOP_PATH = re.compile(r"/(?:shop|store|boutique|tienda|warenkorb|cart|checkout|basket|dp|itm)/", re.IGNORECASE)
_GOODS_PATH = re.compile(r"/(?:products?|produkte?|listing)/", re.IGNORECASE)
_OF_GOODS = re.compile(r"\.(?:com|shop|store|net|de|fr|es|it|nl|uk)$")  # sites of offices have products, too
_NO_SHOP = re.compile(
    r"(?:^|\.)(?:press|news(?:room)?|media|aboutamazon|corporate|corp|company|blog|help|sell|aws|about|music|ir"
    r"|investors?|legal|polic(?:y|ies)|research|transparency)\."
)
# What a shop says of itself, for which it may be cited.
_OF_THE_HOUSE = re.compile(
    r"/(?:legal|help|(?:[\w-]*-)?polic(?:y|ies)|terms|press(?:e|room)?|news(?:room|-?releases?)?|investors?|corporate"
    r"|about|unternehmen|reports?|statements?|transparency|recalls?)(?:[/.]|$)",
    re.IGNORECASE,
)
_SERVICE = re.compile(
    r"/(?:[\w-]{1,12}-)?"
    + _words("newsletters? subscribe subscriptions? unsubscribe sign-?up sign-?in log-?in logout")
    + r"(?:\.\w+)?(?:/|$)|/"
    + _words(
        "register registration konto e-?mail-?preferences preferences preference-?cent(?:er|re) my-?account account abo"
        " abos abonn(?:ement|er|iere?n|ieren)? abonament suscri(?:bete|birse|pcion(?:es)?) assine assinatura abbonati"
        " abbonamenti prenumerera donate donations? spenden? memberships? mitgliedschaft supporter"
        r" support(?:-us|-the-[\w-]+) gift-?cards? e-?paper rss feeds? push alerts? contact(?:-us)? kontakt impressum"
        r" imprint about(?:-us)? ueber-uns qui-sommes-nous quienes-somos chi-siamo tips? ethics corrections"
        r" (?:ethics|corrections|editorial|comments?)-(?:policy|standards|guidelines)"
        r" (?:submit|send)(?:-us)?-an?-(?:tip|letter|photo|correction|story)"
        r" datenschutz\w* privacy(?:-(?:policy|notice))? terms(?:-(?:of|and)-\w+)? cookie-?policy agb advertise"
        " mediadaten jobs careers? faq"
    )
    + r"(?:\.\w{2,5})?/?$",
    re.IGNORECASE,
)
_SERVICE_HOST = re.compile(
    r"^(?:www\.)?"
    + _words("newsletters? abo abos subscribe subscriptions? accounts? login signup membership epaper donate support")
    + r"\."
)
_MAILERS = _hosts("list-manage.com eepurl.com cmail19.com cmail20.com")
_LEGAL = re.compile(
    r"^\W*(?:our )?(?:privacy (?:policy|notice)|terms (?:of (?:use|service)|and conditions)|cookie policy"
    r"|datenschutz(?:erklärung)?|agb|impressum|mentions légales|aviso legal|política de privacidad)\W*$",
    re.IGNORECASE,
)
_CALLS = re.compile(
    r"^\W*(?:subscribe|sign up|sign in|log in|register|donate|follow (?:us|me)|like us|download (?:our|the) app"
    r"|buy (?:now|tickets|here)|shop (?:now|here)|order (?:now|here)|newsletter|jetzt (?:abonnieren|bestellen|kaufen"
    r"|anmelden)"
    r"|abonnieren|anmelden|zum (?:shop|angebot)|hier (?:abonnieren|anmelden|bestellen)|folgen sie|suscr[íi]bete"
    r"|ap[úu]ntate"
    r"|s['’]abonner|abonnez|inscrivez|iscriviti|abbonati|assine|prenumerera|abonner)\b",
    re.IGNORECASE,
)
# What a publisher asks of readers in its own name, wherever it leads: to its channels, to those who collect for it.
_OURS = re.compile(
    r"^\W*(?:follow|like|find|join|support|subscribe to|listen to|watch|add|download|take|send|sign up for|get) (?:us\b"
    r"|our\b)|^\W*listen (?:and subscribe )?on \w+|^\W*(?:folg(?:en sie|t) uns|unterstützen sie uns"
    r"|abonnieren sie unseren|s[ií]guenos|únete a nuestr[oa]|ap[óo]yanos|suivez[- ]nous|rejoignez[- ]nous"
    r"|soutenez[- ]nous"
    r"|seguici|segui(?:te)?ci|sostienici|siga-nos|apoie-nos|volg ons|steun ons)\b",
    re.IGNORECASE,
)
_LISTS = re.compile(
    "^"
    + _words(
        "tags?(?:_\\w+)? topics? hashtags? themen? stichwort schlagwort(?:e)? etiquetas? temas? latest all-about"
        " person(?:en)?"
        " signataires? journalistes? journalists? reporters? contributors? columnists? redakteure? firm[ae] autor[ei]"
        " hemeroteca quote authors? autor(?:en)? auteurs? profile?s? categor(?:y|ies|ia) kategorien? keywords? search"
        " suche"
        " buscar recherche"
    )
    + "$",
    re.IGNORECASE,
)
_SEARCHES = re.compile(
    r"(?:twitter|x|facebook|instagram|tiktok|youtube|linkedin)\.com/(?:hashtag|explore/tags|tag|feed/hashtag|search"
    r"|results)\b"
    r"|google\.[a-z.]+/search|\.substack\.com/t/",
    re.IGNORECASE,
)


def unfollowed(url: str, page_url: str, rel: str = "", words: str = "") -> str:
    """Why the link to `url` in the page at `page_url` is no source, "" where it may be one.

    `rel` is the attribute of the anchor, `words` are its text.
    """
    rels = frozenset(rel.lower().split())
    parts = split(url)
    host = (parts.hostname or "").lower()
    own = site_of(url) == site_of(page_url)
    if _SEARCHES.search(url):
        return Unfollowed.INDEX
    if is_share_button(url):
        return Unfollowed.SHARE
    if _is_affiliate(host, parts):
        return Unfollowed.AFFILIATE
    if rels & _SPONSORED or _is_advert(host, parts):
        return Unfollowed.ADVERT
    if _is_shop(host, parts, own=own):
        return Unfollowed.SHOP
    if _is_service(host, parts, words, split(page_url).hostname or "", own=own):
        return Unfollowed.SERVICE
    return Unfollowed.INDEX if rels & _INDEX_RELS or _is_index(url, page_url, parts) else ""


def _is_affiliate(host: str, parts: SplitResult) -> bool:
    return bool(_AFFILIATES.search(host) or _AFFILIATE_QUERY.search(parts.query) or _AFFILIATE_PATH.search(parts.path))


def _is_advert(host: str, parts: SplitResult) -> bool:
    named = _ADVERTS.search(host) or _ADVERT_HOST.match(host)
    return bool(named or _ADVERT_PATH.search(parts.path) or _PAID.search(parts.query))


def _is_shop(host: str, parts: SplitResult, *, own: bool) -> bool:
    if own or _NO_SHOP.search(host) or _OF_THE_HOUSE.search(parts.path):
        return False
    goods = _GOODS_PATH.search(parts.path) and _OF_GOODS.search(host)
    return bool(_SHOPS.search(host) or _SHOP_HOST.match(host) or _SHOP_PATH.search(parts.path) or goods)


def _is_service(host: str, parts: SplitResult, words: str, page_host: str, *, own: bool) -> bool:
    """Of other sites only where it is sure: their pages on such things may be what a story is about."""
    if _MAILERS.search(host) or _LEGAL.match(words) or _OURS.match(words):
        return True
    elsewhere = host != page_host.lower() and _SERVICE_HOST.match(host)
    return own and bool(elsewhere or _SERVICE.search(parts.path) or _CALLS.match(words))


def _is_index(url: str, page_url: str, parts: SplitResult) -> bool:
    """Whether the address is that of a list of what was written on a subject, or by somebody."""
    if is_index_of(url, page_url):
        return True
    segments = [part for part in parts.path.split("/") if part]
    return len(segments) > 1 and bool(_LISTS.match(segments[-2]))
