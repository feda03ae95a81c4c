"""What languages call countries, parts of them, unions of countries and continents: Unicode CLDR (through babel) and
data/names_lands.tsv, which has what CLDR does not: "США", "EE. UU.", "Inghilterra". And what they call bodies of many
countries: data/names_bodies.tsv."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from archive.entities.languages import listed_as
from archive.entities.tables import rows

_DATA = Path(__file__).parent / "data"
_FILE = _DATA / "names_lands.tsv"
_BODIES = _DATA / "names_bodies.tsv"
_BY_CODE = {
    "002": "Africa",
    "003": "North America",
    "005": "South America",
    "009": "Oceania",
    "150": "Europe",
    "419": "Latin America",
}
CONTINENTS = frozenset(_BY_CODE.values())
UNIONS = {"EU": "European Union", "UN": "United Nations"}


@cache
def territories(lang: str) -> dict[str, str]:
    """Names in a language by CLDR → ISO codes; EU and UN; continents by their English names. Empty where unknown."""
    from babel import Locale, UnknownLocaleError

    try:
        locales = [Locale.parse(tag) for tag in (("zh", "zh_Hant") if lang == "zh" else (lang,))]
    except (ValueError, UnknownLocaleError):
        return {}
    names = ((str(name), str(code)) for of in locales for code, name in of.territories.items())
    return {name: _BY_CODE.get(code, code) for name, code in names if code.isalpha() or code in _BY_CODE}


@cache
def also(lang: str) -> dict[str, str]:
    """Short forms and everyday names in a language → ISO codes, EU, UN, or English names."""
    code = listed_as(lang)
    return {form: land for of, land, forms in rows(_FILE) if of == code for form in forms.split("|")}


@cache
def bodies(lang: str) -> dict[str, str]:
    """What a language calls unions of countries and other bodies of many → their English names: "ООН", "EZB"."""
    names, code = territories(lang) | also(lang), listed_as(lang)
    unions = {name: UNIONS[land] for name, land in names.items() if land in UNIONS}
    return unions | {form: body for of, body, forms in rows(_BODIES) if of == code for form in forms.split("|")}
