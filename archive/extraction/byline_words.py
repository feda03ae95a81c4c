"""Words that bylines are made of, in the languages that we read: one table each, no logic.

They are few on purpose: what a word list cannot know, the shape of names and their place on the page decide.
"""

from __future__ import annotations

import re


def words(text: str) -> frozenset[str]:
    """A table written as running text."""
    return frozenset(text.split())


# What somebody does who signs a story, and what the story then is: before a word for "by", a colon, or the name alone.
_DONE = (
    r"written|story|text|words|reported|posted|submitted|report|reporting|analysis|opinion|interview|article|published|created"
    r"|authored|essay|column|commentary|review|dispatch|profile"
    r"|geschrieben|verfasst|aufgezeichnet|protokolliert|(?:gast|blog|meinungs)?[\s-]?(?:beitrag|kommentar|bericht"
    r"|kolumne|analyse|reportage|artikel|essay|porträt|glosse)|die fragen stellten?|das gespräch führten?"
    r"|écrit|publié|rédigé|recueilli|propos recueillis|entretien|chronique|enquête|récit|tribune"
    r"|escrito|publicado|redactado|texto|entrevista|análisis|análise|crónica|opinión|opinião|reportaje|reportagem"
    r"|scritto|pubblicato|intervista|analisi|commento|reportage|testo"
    r"|geschreven|gepubliceerd|opgetekend|analyse|column|tekst|skrevet|skriven|publicerad|publisert|skreven"
    r"|intervju|scris|publicat|interviu|napisane|opracowane|wywiad|kirjoittanut|ditulis|laporan"
)
_BY = r"by|von|par|por|di|da|de|del|door|av|af|oleh|przez"
# Words that say so alone, with or without a colon behind them.
_ALONE = (
    r"by|words\s*(?=:)|from\s+(?:\w+\s+)?correspondents?(?=\s+[A-Z])|door\s+(?:onze|van\s+onze)\s+(?:\w+\s+)?(?:verslaggever|redacteur|correspondent)s?"
    r"|von\s+unsere[rmn]\s+(?:\w+\s+)?(?:redakteur|korrespondent|reporter|mitarbeiter)(?:in)?"
    r"|de\s+notre\s+(?:envoyée?\s+spéciale?|correspondante?)"
    r"|d(?:al|alla)\s+nostr[oa]\s+(?:inviat[oa]|corrispondente)|de\s+nuestr[oa]\s+(?:corresponsal|enviad[oa])"
    r"|aus\s+[\w/-]+(?:\s+[\w/-]+)?\s+berichte[nt]"
    r"|von(?!\s+de[rnms]?\b)|par|por|a cura di|door|text(?:e|o)?|autor(?:in|en|es|a|ka)?|auteur|authors?"
    r"|van\s+onze\s+(?:\w+\s+)?(?:verslaggever|redacteur|correspondent)s?"
    r"|(?:i?sinulat|ulat|akda)\s+ni(?:na)?|(?:scríofa|arna\s+scríobh)\s+ag|sgrìobhte\s+le|ysgrifennwyd\s+gan"
    r"|propos recueillis par|oleh|penulis|tekst|yazan|yazar|автор\w*|текст|от|від|συντάκτης|autorius|autors|szerző"
    r"|kirjoittaja|forfatter|skribent"
    r"|(?:бесед|подготов|рассказ|запис|переда|сообщ|напис)\w*(?:л|ла|ли|в|ет)\s*:?(?=\s+[А-Я])"
    r"|(?:підготув|розмовля|спілкува|напис)\w*(?:в|ла|ли|вся|лася)(?=\s+[А-ЯІЇЄҐ])"
    r"|(?:rozmawia|przygotowa|opracowa|napisa)ł[ay]?|oprac\.|napsal[ay]?|připravil[ay]?|napísal[ai]?|pripravil[ai]?"
    r"|piše|pišu|napisao|napisala|razgovarao|razgovarala|írta|készítette"
    r"|γράφ(?:ει|ουν)(?:\s+(?:ο|η|οι))?|επιμέλεια|ρεπορτάζ|του|της|των"
    r"|haberi?\s+yazan|röportaj|tác\s+giả|bởi"
    r"|كتبت?|بقلم|إعداد|حوار|تقرير|מאת|נכתב על ידי|نویسنده|به قلم|از|โดย|ผู้เขียน|द्वारा|लेखक|লেখক"
    r"|作者|文/|文：|著者|글|기자명"
)
# Words that say so with a colon only.
_BEFORE_A_COLON = (
    r"(?:guest |contributing |lead )?(?:author|writer|reporter|contributor|columnist|correspondent|blogger)s?"
    r"|interview|intervista|entrevista|entretien|intervju|haber|teksti|haastattelu|texter|texta|reportaż|rozmawia"
    r"|reportage[mn]?|journalist(?:er|e)?|redacción|reporteros?|redakteur(?:in)?|autor/a|autor\(a\)|auteur\.?e|wartawan|jurnalis|laporan"
    r"|egilea(?:k)?|höfundur|awdur|údar|mwandishi|may-akda|müəllif|muallif|autorja|ავტორი|հեղինակ"
    r"|журналист\w*|корреспондент\w*|репортаж|интервью|مراسل|記事|執筆|文・写真|文・構成|취재|撰稿|采写|採訪"
)
# Before the name of an author. Case matters for the short ones: "De Niro Robert" begins with a name.
BY = re.compile(
    rf"^\s*(?:(?i:(?:(?:an?|ein|eine|une?|una?|en|ett?|et|una)\s+)?(?:{_DONE})\s+(?:{_BY})|(?:{_BEFORE_A_COLON})\s*(?=[:：՝])"
    rf"|{_ALONE})"
    r"|d[eia]|[Aa][fv]|A[FV]|[Oo]d)"
    r"(?:\s*[:：՝]\s*|\s+)"
    # Chinese and Japanese set the word apart by a sign, or not at all; an agency or a place may stand before it.
    r"|^\s*(?:取材・)?(?:撰?文(?:[、・/／]?(?:图|圖|摄影|攝影|照片|写真))?|作者|著者"
    r"|(?:本报|本報|见习|見習|特约|特約)?(?:记者|記者))\s*(?:[／/・＝=｜|：:]\s*|\s+)"
    r"|^[\u3400-\u9fff]{0,8}(?:记者|記者|通讯员|通訊員)\s*(?=[\u3400-\u9fff])"
    r"|^\S*(?:編集委員|論説委員|解説委員|特派員|支局長|記者)\s+(?=[\u3400-\u9fff])|^【?[\u30a0-\u30ff\u3400-\u9fff]{2,10}[=＝]"
)
# Words for "by" that also begin names elsewhere (Ni Wei, Gan Wei Ling, Le Thi Hoa, Per Olsson), by the languages that
# say so. "Di" and "De" do before a name with a particle of its own: not in "De Rossi Marco".
_BEFORE_A_WHOLE = (
    r"d[ei](?=\s+\S+\s+(?:\S+\s+)?(?i:de|di|da|do|del|della|dos|das|van|von|la)\s+\S)"
    r"|(?-i:D[EIA](?=\s+[^\sa-z]+\s+[^\sa-z]+))"
)
BY_IN = {
    "fil": "ni", "ga": "le", "gd": "le", "cy": "gan", "ro": "de", "ca": "per", "vi": "theo", "sw": "na",
    **dict.fromkeys(("it", "es", "pt"), _BEFORE_A_WHOLE),
}  # fmt: skip
# Those of BY that do: in other languages they are no words before a name of one word (Von Miller).
NAMELY = {
    "von": words("de lb nds"), "par": words("fr"), "por": words("es pt gl"), "av": words("sv no"),
    "af": words("da is fo"), "di": words("it"), "da": words("it pt"), "de": words("fr es pt ro gl ca it"),
    "del": words("es it"), "door": words("nl"), "od": words("sl hr sr bs cs sk pl"),
}  # fmt: skip
# Words for "and" that mean something else elsewhere.
AND_IN = {
    "fil": "at", "ga": "agus", "gd": "agus|is", "cy": "ac?", "sw": "na", "eu": "eta", "ro": "[sșş]i", "hu": "és",
    "vi": "và", "el": "και", "lt": "ir", "lv": "un", "sq": "dhe", "sl": "in", "az": "və", "mt": "u", "hy": "և",
    "ka": "და", "ha": "da",
}  # fmt: skip
# A line that is nothing but that.
MARK = re.compile(
    r"^(?:by|von|por|par|di|da|de|av|af|door|oleh|od|från|fra|(?:written|posted|submitted|published|reported|words|story)"
    r" by|text|texte|texto|tekst|autor(?:in|a|es|en)?|auteur"
    r"|authors?|written|penulis|yazan|yazar|автор|текст|作者)\s*[:：]?$",
    re.IGNORECASE,
)
LINE = re.compile(
    r"^(?:By|BY|by|Von|VON|von|Por|POR|Par|PAR|Di|di|Da|Av|AV|Af|AF|Door|DOOR|Oleh|OLEH|Автор|Текст|Του|Της|Των)\s*:?\s+(?=(\w))"
)
GUEST = re.compile(
    r"\b(?:guest\s+(?:post|blog(?:\s?post)?|column|contribution|article|essay|author|contributor|writer)\s*(?:by"
    r"|from|is|:)"
    r"|gast(?:beitrag|kommentar|artikel|autor(?:in)?|blog)\s*(?:von|:|ist)|tribune\s+(?:de|par|libre de)"
    r"|billet\s+invité\s+(?:de|par)"
    r"|(?:artículo|post|autora?)\s+invitad[oa]\s*(?:de|por|:)|gastbijdrage\s+(?:van|door)|ospite\s*:)\s*",
    re.IGNORECASE,
)
# Before the name of somebody who had another part in it.
OTHER_PART = re.compile(
    r"\b(?:(?:translat|edit|illustrat|produc|photograph|film|review|fact[- ]?check|verifi|curat|narrat|approv"
    r"|updat)(?:ed|led|ing|ied)\s+by"
    r"|(?:photo(?:s|graph(?:s|y)?)?|pictures?|images?|video|graphics?|illustrations?|editing|translation"
    r"|additional\s+reporting)\s*(?:by|:)"
    r"|übersetz(?:t|ung)\s*(?:von|:|aus)|fotos?\s*(?:von|di|de|por|:)|bild(?:er)?\s*(?:von|:)"
    r"|grafik(?:en)?\s*(?:von|:)|illustration(?:en)?\s*:"
    r"|tradui(?:t|te)\s+(?:par|de)|photos?\s+(?:de|par|:)|traducid[oa]\s+por|traducción\s*(?:de|:)"
    r"|tradott[oa]\s+da|traduzione\s*(?:di|:)"
    r"|traduzido\s+por|vertaald\s+door|foto['’]?s?\s+door|foto['’]s\b|övers(?:att|ättning)\s*(?:av|:)|oversatt\s+av"
    r"|перев(?:од|ёл|ела)\w*\s*:?|фото\s*:"
    r"|(?:kuva|kuvat|kuvaaja|zdjęcia|foto?grafie|fotó|fotók|ảnh|tasarım|fotoğraf(?:lar)?|gambar|φωτογραφί(?:α"
    r"|ες))\s*[:：]"
    r"|medically|edited|reviewed|editor\s*:|editora?\s*:|redigeret|责任编辑|编辑[：:]|責任編輯|(?<![文、・/／])写真[：:・=＝/／]|摄影|攝影"
    r"|(?<![文、・/／])[图圖][/／：:]|사진\s|그래픽\s|영상\s|צילום\s*:|תצלום|تصوير\s*:|عکس\s*:|ภาพ\s*:)",
    re.IGNORECASE,
)
# What a byline asks of its reader, before a name and behind it: "Email Ann Reed", "Ann Reed Follow on X".
_ON = (
    r"(?:\s+(?:on|auf|sur|en|su|op|på|via)\s+"
    r"(?:X|Twitter|Facebook|Instagram|LinkedIn|Threads|Mastodon|Bluesky|TikTok))?"
)
ASKED = re.compile(
    r"\s*(?i:follow|e-?mail|contact|message|meet|subscribe to|(?:view|see) (?:the )?profile (?:of|for))\s+"
    rf"(?P<whom>[A-ZÀ-ÞΑ-ΩА-Я].*?){_ON}"
)
ASKED_BEHIND = re.compile(
    r"[\s,]+(?:follow|folgen|suivre|seguir|volgen|följ|følg|obserwuj)(?:\s+(?:me|him|her|them|us|mir))?"
    rf"{_ON}$",
    re.IGNORECASE,
)
# Not authors, though the line says "by".
SPONSOR = re.compile(
    r"\b(?:sponsored|presented|powered|provided|supported|hosted|brought to you|paid for)\s+by\b", re.IGNORECASE
)

ROLE = re.compile(
    r"\b(?:reporter|correspondent|editor|editors|redakteur\w*|korrespondent\w*|journalist\w*|journaliste"
    r"|periodista|giornalista|writer|columnist|contributor"
    r"|contributing|producer|photographer|photojournalist|fotograf\w*|staff|chief|senior|deputy|director|analyst"
    r"|professor|autor(?:in)?|author|redacci[oó]n|redação|mwandishi"
    r"|redazione|redactie|chefredak\w*|volont[äa]r\w*|leiter\w*|ressort\w*|bureau|desk|updated|published"
    r"|correspondant\w*|corresponsal|envoy[ée]\w*"
    r"|enviad[oa]|corrispondente|inviato|collaboratore|colaborador\w*|politics|business|sports?|freier|freie"
    r"|freelance\w*|mitarbeiter\w*"
    r"|redaktion\w*|newsroom|team|newsdesk|posted|guest|manager|marketing|officer|president|founder|co-?founder"
    r"|ceo|cto|cfo|specialist"
    r"|consultant|strategist|engineer|developer|designer|scientist|attorney|blogger|lecturer|physician|dietitian"
    r"|advis[oe]r|assistant"
    r"|associate|coordinator|administrator|executive|secretary|minister|expert|fellow|researcher|student|intern"
    r"|trainee|moderator|curator"
    r"|geschäftsführer\w*|vorstand\w*|kolumnist\w*|gastautor\w*|wissenschaftl\w*|chroniqueu\w+|rédact\w+"
    r"|directeur|directrice|directora?|editora?"
    r"|jurnalis|wartawan|redaktur|dziennikarz\w*|redaktor\w*|toimittaja|korespondent\w*|muhabir\w*"
    r"|корреспондент\w*|редактор\w*|журналист\w*"
    r"|обозреватель|кореспондент\w*|фотограф\w*)\b"
    r"|記者|记者|編集|编辑|特派|기자|특파원|편집|위원|संवाददाता|(?:^|\s)(?:כתבנו|כתבתנו|כתבת?|עורכת?|פרשנ(?:ינו)?)(?:\s|$)"
    r"|(?:^|\s)(?:مراسلة?|محررة?|صحفية?|خبرنگار)(?:\s|$)",
    re.IGNORECASE,
)
# Nouns that name a body, a firm, a paper: such a name may sign, but it is no person's.
BODIES = words(
    "nations issue edition"
    " corporation corp inc llc ltd gmbh ag plc company news newspaper press media agency agentur agence agencia"
    " agenzia times herald tribune gazette"
    " magazine network broadcasting radio television tv fm channel group foundation institute institut"
    " university universität université universidad"
    " college school department ministry ministerium office committee council association society union"
    " federation organisation organization center"
    " centre project editorial online digital wire services bureau contributors community government"
    " administration board commission church museum"
    " library hospital clinic bank partners solutions systems technologies labs academy alliance party partei"
    " party's initiative verein verlag zeitung"
    " nachrichten noticias notizie actualités presse prensa stampa stiftung fundación fondation fondazione blog"
    " wiki podcast club league publishing"
    " publications books journal report reports review weekly daily today post.com agenzie агентство новости"
    " редакция газета"
)
# What names of places begin and end with, where people seldom do.
PLACES_BEGIN = words("new san santa são fort port mount mt los las north south east west upper lower buenos tel kuala")
PLACES_END = words(
    "city beach falls springs county valley island islands bay harbor harbour heights hills d.c. dc port"
)
# Words of the page itself: links, buttons, notices. None is a name that people have.
INTERFACE = words(
    "policy policies terms conditions service services cookie cookies privacy gdpr newsletter newsletters"
    " subscribe subscribing subscription login"
    " logout signup register share sharing follow following comment comments posts articles stories archives"
    " reading minutes minute read: menu"
    " contact advertise advertisement advertising rights reserved copyright disclaimer member members profile"
    " website search view views bio biography"
    " authors contributors latest related trending loading download click clicking submit continue accept agree"
    " account password email e-mail home"
    " date update updated datum fecha güncelleme tarihi дата uppdaterad oppdatert opdateret bijgewerkt aktualisiert"
    " monday tuesday wednesday thursday friday saturday sunday morning afternoon evening tonight"
    " immediate release"
    " homepage about us all see more skip content sitemap faq help feedback print bookmark save listen watch"
    " gallery topics tags categories category"
    " datenschutz datenschutzerklärung impressum agb nutzungsbedingungen anmelden abonnieren teilen kommentare"
    " artikel beiträge lesezeit mehr alle"
    " kontakt startseite drucken merken folgen anzeige werbung"
    " politique confidentialité conditions mentions légales partager commentaires lecture temps abonner abonnez"
    " suivre connexion accueil publicité"
    " política privacidad términos condiciones compartir comentarios leer lectura tiempo ver todos todas"
    " entradas seguir suscríbete iniciar inicio"
    " publicidad aviso contacto"
    " informativa termini condividi commenti leggi lettura tutti tutte accedi abbonati segui pubblicità"
    " privacidade termos compartilhar comentários leia tempo siga assine entrar publicidade"
    " privacybeleid voorwaarden delen reacties lees leestijd volg abonneren inloggen"
    " udostępnij komentarze regulamin polityka prywatności czytaj dela kommentarer läs mer logga följ del les"
    " lue jaa kommentit"
    " политика конфиденциальности условия поделиться комментарии читать подписаться войти главная реклама контакты"
    " gizlilik politikası çerez paylaş yorum devamı oku kebijakan privasi bagikan komentar baca selengkapnya"
) - words("all us see more save print home view les del ver mer lue jaa dela temps tempo tiempo about listen watch")
INTERFACE_EAST = re.compile(
    r"一覧|続き|会員|登録|ログイン|広告|公式|プライバシ|規約|お問|登录|注册|隐私|广告|更多|评论|分享|구독|로그인|댓글|공유|광고|개인정보|더보기"
)
PHRASES = re.compile(
    r"^(?:view|see|read|show|load|all|more|about|sign|log|skip|back|next|previous|follow|share|alle|mehr|voir"
    r"|tous|lire|ver|más|leer|leggi|tutti|lees|czytaj|все|ещё)\b"
    r".*\b(?:all|more|posts?|articles?|us|up|in|to|the|this|page|author|artikel|beiträge|tout|suite|todo|tutto"
    r"|meer|więcej)\b",
    re.IGNORECASE,
)
AGENCIES = words(
    "dpa afp ap apa sda ats reuters ansa efe tass belga ritzau ntb tt stt pti ani xinhua kyodo bloomberg epd kna"
    " sid lusa anp ptb pap čtk mti hina beta aap cp"
)
DEGREES = re.compile(
    r"^(?:jr|sr|i{2,3}|iv|m\.?\s?d|ph\.?\s?d|d\.?\s?phil|esq|m\.?b\.?a|m\.?p\.?h|m\.?\s?sc|m\.?s|m\.?a|b\.?\s?sc"
    r"|b\.?a|b\.?s|ll\.?[bmd]|j\.?d|d\.?d\.?s|dmd|dvm|d\.?o|r\.?n|np|pa-c"
    r"|pharm\.?d|rdn?|ldn?|lcsw|lmft|lpc|psy\.?d|ed\.?d|dnp|msn|bsn|cfp|cfa|cpa|cscs|facs|facp|faap|frcp|frs|obe"
    r"|mbe|cbe|ret|s\.?j|o\.?p)\.?$",
    re.IGNORECASE,
)
TITLES = words(
    "dr prof professor med phil rer nat hc h.c mag dipl ing dott dott.ssa dra sir dame rev fr mr mrs ms"
    " univ.-prof. habil jur pol oec"
)
# Lower-case parts of names.
PARTICLES = words(
    "de del della dello dei degli di da do dos das du la le las los van von vom vor vander der den dem zu zum"
    " zur ten ter te af av al el ul bin ben ibn abu"
    " bint binti bte y e i und and och og d' o st san santa mac mc ap ferch dela della-"
)
# Accounts of editing systems, and what templates are shipped with.
ACCOUNT = re.compile(
    r"^(?:(?:wp[-_ ]?)?admin(?:istrator|istrateur|istrador)?\d*|root|webmaster|web ?admin|editor|user\d*|guest|test"
    r"|wordpress"
    r"|author|autor|auteur|none|null|undefined|n/?a|unknown|anonymous"
    r"|nobody|default|super ?user|system|(?:post|site|your|author|user|full|first|last|display) ?name|name|first"
    r" last|firstname lastname|lorem ipsum|\{\{.*|\[.*\]|%.*%)$",
    re.IGNORECASE,
)
PLACEHOLDERS = words(
    "janedoe johndoe maxmustermann erikamustermann mariorossi fulanodetal jandenovak joebloggs yourname authorname"
)
