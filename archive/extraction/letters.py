"""The letters beyond ASCII of the languages that each single-byte encoding is written in, most frequent first (data).

Counted in our corpora of names where they have the language, by published tables of letter frequencies elsewhere.
Capitals are counted as small letters. The place of a letter among those of its language gives its share (`detect`).
"""

from __future__ import annotations

from collections.abc import Mapping

LANGUAGES: Mapping[str, Mapping[str, str]] = {
    "cp1252": {
        "Catalan": "àèóéíçòú·ïü",
        "Danish, Norwegian": "øåæéö",
        "Dutch": "ëéïèüöóêá",
        "Estonian": "äõüöšž",
        "Finnish": "äöåé",
        "French": "éèàêçôâîùûïœë",
        "German": "üäößé",
        "Icelandic": "áðíþóúéæýö",
        "Italian": "èàòùìéó",
        "Portuguese": "ãçáéíóêõúâôàºª",
        "Spanish": "óíáéñúü¿¡ºª",
        "Swedish": "åäöé",
    },
    "cp1251": {
        "Belarusian": "аінеоырясклтвудмзпьгбчўцжшхйюэёф",
        "Bulgarian": "аеиотнрсвлдкпмзуягъбчжцщхшюфйь",
        "Macedonian": "аоеитнрсвдкплумјзгбчшцжњхфќљѓџѕ",
        "Russian": "оаиенрствлкмдпугяыбзйьчхжцюшфэщёъ",
        "Serbian": "аоиенрсјтувкдмплзгбшчцњљћжхфђџ",
        "Ukrainian": "оаниівтерсклдумпязьгбчйхжїцщюєфшґ",
    },
    "koi8-r": {"Russian": "оаиенрствлкмдпугяыбзйьчхжцюшфэщёъ"},
    "cp1250": {
        "Croatian": "čšćžđ",
        "Czech": "íáéěřýčžšůúťňďó",
        "Hungarian": "áéöóőíüúű",
        "Polish": "łęąóżśćńź",
        "Romanian": "ăşţîâ",
        "Slovak": "áčíýšžúéťľôďňäóĺŕ",
        "Slovenian": "čšž",
    },
    "cp1253": {"Greek": "αοιτεσνηυρπκμλςίόάέήωγδθχύφβώξζψϊϋΐΰ"},
    "cp1254": {"Turkish": "ıüşçğöîâû"},
    "cp1255": {"Hebrew": "יוהלאתרבמשנעםדחפקכגטסזןץךף"},
    "cp1256": {
        "Arabic": "اليمونرتبةعدفهكسأقحجطصخشىإذثضزغءئظآؤ،؟",
        "Persian": "ايرندهمتوسشکبزلگعفخقآحجصپطچضغظثژذئ،؟",
    },
    "cp874": {"Thai": "ารนก่อง้ัมเวยีทลดติสะหบปคจพไแชืขุใำ์ูโ็ผณศถึธ"},
}

LATIN = frozenset({"cp1250", "cp1252", "cp1254"})
SIGNS = frozenset("“”‘’„‚–—…«»•°©®™§€£\xa0")
"""What all languages write beside letters."""
