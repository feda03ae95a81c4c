"""Rules of names written and taken back by a click: what a person wrote stays, and nothing stored changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive import Correction, Kind, NotFoundError, SettingsError, UsageError, create_archive
from archive.entities.correcting import corrections, with_one, without

HAND = """# Names, kept by Anna.

[[same]]   # the mayor
names = [
  "Cherelle Parker",
  "Mayor Parker",
]

# not a person at all
[[hide]]
kind = "person"
names = ["Ledger"]

[[split]]
name = "Michael Jackson"
as = "Michael Jackson (general)"
when = ["Kosovo"]
"""
SHORT = 'hide = ["Getty Images"]\nsame = [["A", "B"],\n  ["C", "D"]]\n'
NAMES = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=9)
ONE = Correction(("Larry Krasner", 'Lawrence "Larry" Krasner'), Kind.PERSON)


@pytest.mark.parametrize("text", ["", HAND, HAND.rstrip("\n"), SHORT.partition("same")[0], "# nothing\n"])
def test_a_rule_is_written_behind_what_is_there_and_taken_out_again(text: str) -> None:
    longer = with_one(text, ONE, "written on a page\n[[hide]]")
    assert longer.startswith(text)
    assert list(corrections(longer)) == [*(one for one in corrections(text) if not one.hides), ONE, *hidden(text)]
    assert without(longer, ONE).rstrip("\n") == text.rstrip("\n")


def hidden(text: str) -> list[Correction]:
    return [one for one in corrections(text) if one.hides]


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(NAMES, NAMES, st.sampled_from([*Kind][:3]), st.booleans()), max_size=5), st.randoms())
def test_what_is_written_can_be_taken_back(rows: list[tuple[str, str, Kind, bool]], chance: object) -> None:
    text, made = HAND, []
    for name, other, kind, hides in rows:
        one = Correction((name,) if hides else (name, other), kind, hides=hides)
        try:
            text = with_one(text, one, "a test")
        except UsageError:
            continue  # it contradicts what is there, or brings a name together with itself
        made.append(one)
        assert one in list(corrections(text))
    chance.shuffle(made)  # type: ignore[attr-defined]
    for one in made:
        text = without(text, one)
    assert text.rstrip("\n") == HAND.rstrip("\n")


def test_a_rule_of_a_person_can_be_taken_back_with_its_lines_alone() -> None:
    left = without(HAND, Correction(("Ledger",), Kind.PERSON, hides=True))
    assert left == HAND.replace('[[hide]]\nkind = "person"\nnames = ["Ledger"]\n', "")


@pytest.mark.parametrize("one", [Correction(("Getty Images",), None, hides=True), Correction(("C", "D"), None)])
def test_a_short_form_is_left_to_its_writer(one: Correction) -> None:
    with pytest.raises(UsageError, match="by hand"):
        without(SHORT, one)


def test_what_contradicts_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    create_archive(tmp_path / "archive").close()
    from archive import open_archive

    with open_archive(tmp_path / "archive") as archive:
        rules = archive.folder / "rules.toml"
        rules.write_text(HAND)
        kept = archive.corrections.same(["Boss", "Larry"], Kind.PERSON)
        for names in (["Chief", "Larry"], ["Cherelle Parker"], ["x", "  "], ["x", "y" * 201], ["a", "\0"]):
            with pytest.raises(UsageError):
                archive.corrections.same(names, Kind.PERSON)
        with pytest.raises(NotFoundError):
            archive.corrections.take_back("[[hide]]\n")
        archive.corrections.take_back(kept.lines)
        assert rules.read_text().rstrip() == HAND.rstrip()
        rules.write_text("[[hide")
        with pytest.raises(SettingsError, match=r"rules\.toml"):
            archive.corrections.all()
        assert [path.name for path in archive.folder.iterdir() if "part" in path.name] == []


def test_the_file_keeps_its_bytes_and_its_rights(tmp_path: Path) -> None:
    from archive import open_archive

    create_archive(tmp_path / "archive").close()
    with open_archive(tmp_path / "archive") as archive:
        rules = archive.folder / "rules.toml"
        made = archive.corrections.hide("Ledger", Kind.PERSON, "a test")
        assert rules.stat().st_mode & 0o777 == archive.folder.stat().st_mode & 0o666
        assert archive.corrections.all() == [made]
        rules.write_bytes(HAND.replace("\n", "\r\n").encode())
        rules.chmod(0o600)
        archive.corrections.same(["Alice Marlow", "A. Marlow"], Kind.PERSON)
        assert rules.read_bytes().startswith(HAND.replace("\n", "\r\n").encode())
        assert rules.stat().st_mode & 0o777 == 0o600
