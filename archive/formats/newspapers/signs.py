"""Which newspaper database a text is from, by lines that only its exports have. Pure."""

from __future__ import annotations

import re

_FLAGS = re.MULTILINE
# "1 of 25 DOCUMENTS", as each language of the interface has it.
FIRST = r"[ \t]*(?:FOCUS - )?\d{1,5} (?:of|von|de|van|di|sur) \d{1,5} (?:DOCUMENT|DOKUMENT)[A-Z]{0,3}[ \t]*"
END = (
    r"[ \t]*(?:End of Document|Ende des Dokuments|Dokumentende|Fin du document|Fin del documento|Fine del documento"
    r"|Einde van document)[ \t]*"
)
BODY = r"[ \t]*(?:Body|Textkörper|Haupttext|Corps|Cuerpo|Corpo|Hoofdtekst)[ \t]*:?[ \t]*"
WORDS = r"[ \t]*\d[\d,.\u00a0 ]{0,8} ?(?:words|mots|Wörter|palabras|parole|palavras|woorden|ord|sanaa|słów|слов)[ \t]*"
NUMBER = r"[ \t]*(?:Document|Dokument|Documento)[ \t]+(?=[A-Za-z]*\d)[A-Za-z0-9]{8,60}[ \t]*"
SOURCE = r"[ \t]*Quelle[ \t]*:"
PRINTED = r"(?:Publicerat|Publicerad|Publisert|Publiceret|Published|Sänt) (?:i|på|in|on)\b"
PAPER = (
    r"(?P<site>[^>\n][^\n]{0,120}?), (?P<day>\d{4}-\d\d-\d\d|\d\d\.\d\d\.\d{4})"
    r"(?:,? (?:kl\. ?)?\d\d[:.]\d\d(?:[:.]\d\d)?)?[ \t]*"
)
_CODE = re.compile(r"^[ \t]*(HD|WC|PD|SN|SC|LA|CY|LP|TD|AN)(?:[ \t]+\S|[ \t]*$)", _FLAGS)
_CODES = 4  # different ones, that no other text has at the beginning of lines

_NEXIS = re.compile(rf"^{FIRST}$|^(?:LOAD-DATE|DATE-CHARGEMENT): ", _FLAGS)
_NEXIS_BODY, _NEXIS_END = re.compile(rf"^{BODY}$", _FLAGS), re.compile(rf"^{END}$", _FLAGS)
_NEXIS_LABEL = re.compile(r"^(?:Load-Date|Length|Section|Byline|Länge|Longueur|Copyright)\b", _FLAGS)
_SHOWN = re.compile(
    rf"^{WORDS}\n(?:[ \t]*\n)?[^\n]{{0,40}}\d{{4}}[ \t]*\n(?:[^\n]*\n){{1,12}}?[ \t]*(?:\(c\)|©|Copyright)",
    _FLAGS | re.IGNORECASE,
)
_WORDS = re.compile(rf"^{WORDS}$", _FLAGS)
_NUMBER = re.compile(rf"^{NUMBER}$", _FLAGS)
_PROQUEST = re.compile(r"^[ \t]*(?:ProQuest document ID: *\d|Report Information from ProQuest)", _FLAGS | re.IGNORECASE)
_RULE, _PROQUEST_LABEL = (
    re.compile(r"^_{40,}[ \t]*$", _FLAGS),
    re.compile(r"^(?:Full text|Publication title): ", _FLAGS),
)
_RETRIEVER = re.compile(rf"^{PAPER}\n(?:[^\n]*\n){{0,4}}?[ \t]*{PRINTED}", _FLAGS)
_SOURCE = re.compile(rf"^{SOURCE}", _FLAGS)
_GENIOS = re.compile(
    r"^[ \t]*(?:Dokumentnummer[ \t]*:|Dauerhafte Adresse des Dokuments:|(?:©|\(c\)) ?GBI-Genios)", _FLAGS
)
# Who exports what we may not know.
_OTHERS = re.compile(
    r"Factiva, Inc\.|Dow Jones & Company, Inc\. All rights reserved|LexisNexis|Nexis Uni|ProQuest LLC"
    r"|GBI-Genios|retriever-info\.com|Europresse|CEDROM-SNi|EBSCOhost|NewsBank|Access World News|Infomedia A/S"
    r"|Gale OneFile|Gale Academic|PressDisplay|Cision"
)
_LABELLED = re.compile(
    r"^[ \t]*(?:Title|Titel|Titre|Headline|Author|Byline|Date|Section|Source|Publication)[ \t]*:", _FLAGS
)
_HTML = re.compile(r"\d of \d{1,5} DOCUMENTS|ProQuest document ID:|LOAD-DATE:|Load-Date:|GBI-Genios")


def database_in(text: str) -> str:
    """The format that the beginning of a text has, "" for any other."""
    text = text.replace("\r\n", "\n")
    if _NEXIS.search(text):
        return "nexis"
    if _NEXIS_BODY.search(text) and (_NEXIS_END.search(text) or _NEXIS_LABEL.search(text)):
        return "nexis"
    if len(set(_CODE.findall(text))) >= _CODES or _is_shown(text):
        return "factiva"
    if _PROQUEST.search(text) or (_RULE.search(text) and _PROQUEST_LABEL.search(text)):
        return "proquest"
    if _SOURCE.search(text) and _GENIOS.search(text):
        return "genios"
    return "retriever" if _RETRIEVER.search(text) else ""


def _is_shown(text: str) -> bool:
    """Whether papers of Factiva are displayed: with a number of words each, and its own number or day and rights."""
    return bool(_WORDS.search(text) and (_NUMBER.search(text) or _SHOWN.search(text)))


def may_be_markup_of_one(text: str) -> bool:
    """Whether HTML has words in it that such exports have."""
    return _HTML.search(text) is not None


def looks_like_one(text: str) -> str:
    """The name of a database in a text that looks like an export of it, and has a shape that is not known; else ""."""
    found = _OTHERS.search(text)
    return found[0].removesuffix(", Inc.") if found and len(set(_LABELLED.findall(text))) > 1 else ""
