"""Write archive/entities/data/companies.txt: names of listed companies, as news text writes them.

    scripts/build_companies.py

Source: the table of stock indices in the package pytickersymbols (MIT), which must be installed. Legal forms, shares'
classes and what stands in brackets are cut; a name stands as written, one a line, sorted.
"""

from __future__ import annotations

import re
from pathlib import Path

TARGET = Path(__file__).parents[1] / "archive" / "entities" / "data" / "companies.txt"
LEGAL = re.compile(
    r"(?:,|\s)+(?:Inc|Incorporated|Corp|Corporation|Co|Company|Companies|Ltd|Limited|plc|PLC|AG|SE|SA|S\.A|S\.p\.A|SpA|"
    r"NV|N\.V|ASA|AB|A/S|Oyj|Oyj|KGaA|GmbH|Group|Holding|Holdings|Cl(?:ass)?\.? [ABC]|\(?publ\)?|& Co|PJSC|PAO|OAO|"
    r"Bhd|Tbk|St|Vz|The|REIT|Trust|International|SCA|SGPS|Aktiengesellschaft|Plc|SAB de CV|Series [AC])\.?$"
)


def plain(name: str) -> str:
    """ "PFIZER INC." and "Pfizer Inc (Class A)" as "Pfizer": without brackets and legal forms."""
    name = re.sub(r"\([^)]*\)", "", name).strip(" .,-")
    while (cut := LEGAL.sub("", name).strip(" .,-&")) != name:
        name = cut
    return name


def main() -> None:
    from pytickersymbols import PyTickerSymbols

    names = {plain(stock["name"]) for stock in PyTickerSymbols().get_all_stocks()}
    kept = sorted(name for name in names if len(name) > 2 and re.match(r"[A-Z\d]", name) and not name.isdigit())
    TARGET.write_text("\n".join(kept) + "\n", encoding="utf-8")
    print(f"{len(kept)} names")


if __name__ == "__main__":
    main()
