"""Whether a page says that the rest of its story is for those who pay. Pure."""

from __future__ import annotations

import re

from archive.extraction.blocks import Blocks

_LAST = 3  # runs of the text that may say so
_LONGEST = 250  # characters of such a notice
# What is reserved must be this text, or its rest: a button "Subscribe" stands on every page.
_NOTICE = re.compile(
    r"\b(?:this|the (?:rest|full)|full|rest of (?:this|the)) (?:article|story|post|content|text|piece)\b.{0,30}"
    r"(?:\bfor|(?:available|limited|open|exclusive|accessible)\b.{0,20}\bto) (?:our )?(?:pa(?:ying|id) |premium "
    r"|registered )?"
    r"(?:subscribers?|members?)\b(?! of)"
    r"|(?:subscribe|sign in|log ?in|register|become a (?:member|subscriber)|start your (?:free )?trial"
    r"|free account)\b.{0,30}"
    r"\bto (?:continue|keep|read the (?:full|rest)|finish|unlock)"
    r"|(?:continue|keep) reading\b.{0,20}(?:with|for|by|subscribe)\b.{0,40}(?:subscri|trial|member|account|today)"
    r"|want to read (?:more|on)\?.{0,20}subscribe|exclusive(?:ly)? (?:for|to) (?:our )?(?:subscribers|members)"
    r"|you(?:['’]| ha)ve (?:reached|read) (?:your|the|all).{0,30}(?:free|limit)"
    r"|(?:jetzt|sie möchten|wollen sie|um) .{0,40}weiterlesen\b.{0,40}(?:abo|\?|$|test)|abo .{0,30}weiterlesen"
    r"|(?:diese[rn]|(?:der|den) (?:ganzen?|vollständigen?)) (?:artikel|text|beitrag)\b.{0,40}\b(?:abonnent|abo\b|plus"
    r"|exklusiv|registriert)"
    r"|(?:la suite|cet article|le reste|contenu)\b.{0,40}\bréservée?s?\b.{0,20}abonn"
    r"|il vous reste \d.{0,30}à (?:lire|découvrir)"
    r"|(?:suscríbe\w*|regístrat\w*|inicia sesión) .{0,20}para (?:seguir|continuar) leyendo"
    r"|(?:contenido|artículo|noticia) (?:exclusiv[oa]|solo|reservad[oa]) para (?:los )?(?:suscriptores|socios)"
    r"|(?:contenuto|articolo)\b.{0,20}\b(?:riservato|esclusivo|solo)\b.{0,20}abbonati"
    r"|per continuare a leggere.{0,30}abbon|abbonati per (?:continuare|leggere)"
    r"|(?:conteúdo|matéria|texto)\b.{0,20}\b(?:exclusiv[oa]|só|restrit[oa])\b.{0,20}assinantes"
    r"|assine (?:já )?para continuar"
    r"|(?:dit artikel|verder lezen)\b.{0,40}\b(?:abonnees|abonnement|inloggen)"
    r"|(?:denne|artikkelen|artiklen|artikeln|den här artikeln)\b.{0,30}\b(?:abonnent|prenumerant)"
    r"|lue koko (?:juttu|artikkeli)\b.{0,20}tila|bu (?:haber|yazı|içerik)\b.{0,20}aboneler"
    r"|(?:artykuł|tekst|treść|materiał)\b.{0,30}\b(?:tylko dla|dostępn\w+ dla)\b.{0,20}(?:prenumerator|subskrybent)"
    r"|(?:материал|текст|статья|продолжение)\b.{0,30}\bтолько\b.{0,20}подписчик"
    r"|(?:artikel|berita) ini\b.{0,20}\bkhusus pelanggan|הכתבה.{0,20}למנויים|للاستمرار في القراءة.{0,20}اشترك"
    r"|有料(?:会員(?:限定|の方|のみ|になると(?!.{0,12}も)|登録)|記事です)|会員限定(?:記事)?(?!.{0,6}も)|この(?:記事|続き)は.{0,10}(?:有料|会員)"
    r"|残り\s?[\d,]+\s?文字|続きを読むには|本文(?:为|為)(?:付费|付費|订阅|訂閱)|(?:订阅|訂閱)(?:以|後|后).{0,6}(?:阅读|閱讀)"
    r"|유료\s?(?:회원|구독)|구독(?:자|회원) 전용",
    re.IGNORECASE,
)


def is_reserved(blocks: Blocks, text: str) -> bool:
    """Whether a short line of the page says so, behind the beginning of its story, which is `text`."""
    blocks.body(text)
    matched = [number for number, run in enumerate(blocks.runs) if run.matched]
    return bool(matched) and any(
        len(run.text) <= _LONGEST and (not run.matched or number >= matched[-_LAST:][0]) and _is_notice(run.text)
        for number, run in enumerate(blocks.runs)
        if number >= matched[0]
    )


def _is_notice(text: str) -> bool:
    return _NOTICE.search(" ".join(text.split())) is not None
