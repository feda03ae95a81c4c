"""Messages and mailboxes: what they link to, and nothing that acts on the reader or tells who wrote to whom."""

from __future__ import annotations

import base64
import quopri
import time
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from archive import Item, Reject, detect_format, read_items
from archive.formats import mail

STORY, OTHER = (
    "https://paper.example/harbour/the-pier-and-the-port-and-what-they-cost?edition=late",
    "https://t.co/XRawnqNPLg",
)
AT = datetime(2025, 1, 31, 10, tzinfo=UTC)
HEADERS = """Return-Path: <news@paper.example>
Delivered-To: ada@desk.example
Received: by mail.desk.example; Fri, 31 Jan 2025 10:00:01 +0000
From: The Paper <news@paper.example>
To: ada@desk.example
Subject: =?utf-8?q?The_pier=E2=80=99s_price?=
Date: Fri, 31 Jan 2025 11:00:00 +0100
Message-ID: <1@paper.example>
List-Unsubscribe: <mailto:u@paper.example>, <https://paper.example/u/1>
MIME-Version: 1.0
"""  # fmt: skip
PAGE = f"""<html><head><title>https://title.example/x</title><style>a {{background: url(https://style.example/x)}}</style></head>
<body><img src="https://pixel.example/1.gif"><a href="{STORY}&amp;x=1"><b>The
pier</b></a> and {OTHER}. <a href="mailto:a@b.example">Write</a>
<a href="{STORY}&amp;x=1">Read on</a>
<a href="https://paper.example/u/1">Click here</a> <a href="https://paper.example/list">Unsubscribe</a>
<a href="https://paper.example/newsletter/unsubscribe?id=7">here</a> <a href="https://last.example/">Last"""


def quoted(text: str) -> str:
    return quopri.encodestring(text.encode()).decode()


TEXT = f"{HEADERS}Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n"
PLAIN = TEXT + quoted(f"Read {STORY} – and {OTHER} via @desk.\n")
BOTH = f"""{HEADERS}Content-Type: multipart/mixed; boundary="out"

--out
Content-Type: multipart/alternative; boundary="in"

--in
Content-Type: text/plain

The text: {STORY}
--in
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: base64

{base64.encodebytes(PAGE.encode()).decode()}
--in--
--out
Content-Type: text/plain; name="notes.txt"
Content-Disposition: attachment; filename="notes.txt"

https://attached.example/
--out--
"""
SECOND = "From ada@desk.example Sat Feb  1 11:00:00 2025"
BOX = (
    f"From news@paper.example Fri Jan 31 11:00:00 2025\n{PLAIN}\n>From now on\nFrom here on\n\n{SECOND}\n"
    f"{BOTH.replace('Fri, 31 Jan 2025', 'Sat, 1 Feb 2025')}"
)
OF_BOTH = [f"{STORY}&x=1", OTHER, "https://last.example/"]


def split(folder: Path, data: str | bytes, format_name: str | None = None) -> tuple[list[Item], list[Reject]]:
    path = folder / "file"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    found = list(read_items(path, format_name))
    return [f for f in found if isinstance(f, Item)], [f for f in found if isinstance(f, Reject)]


@pytest.mark.parametrize(
    ("data", "urls"),
    [
        pytest.param(PLAIN, [STORY, OTHER], id="plain, quoted-printable"),
        pytest.param(PLAIN.replace("\n", "\r\n"), [STORY, OTHER], id="line ends of the net"),
        pytest.param(BOTH, OF_BOTH, id="HTML beside plain text"),
        pytest.param(BOTH.replace("/mixed", "/related"), OF_BOTH, id="with its pictures"),
        pytest.param(
            TEXT + quoted(f"To unsubscribe: https://paper.example/unsubscribe/7 https://paper.example/u/1\n{STORY}\n"),
            [STORY],
            id="what would unsubscribe",
        ),
        pytest.param(PLAIN.replace("=utf-8", "=punycode"), [STORY, OTHER], id="an encoding that is none of mail"),
        pytest.param(f"From: a@b.example\nSubject: x\nTo: c@d.example\n\n{STORY}\n", [STORY], id="few headers"),
    ],
)  # fmt: skip
def test_a_message(tmp_path: Path, data: str, urls: list[str]) -> None:
    items, rejects = split(tmp_path, data)
    assert detect_format(tmp_path / "file").name == "mail"
    assert [item.url for item in items] == urls
    assert rejects == []


def test_the_date_of_the_message_is_when_the_link_came_and_nobody_is_named(tmp_path: Path) -> None:
    """A source stays unnamed: no address, name or subject goes from a mail into the archive."""
    (item, _), _ = split(tmp_path, PLAIN)
    assert (item.added, item.published, item.origin.line) == (AT, None, 1)
    assert "desk.example" not in repr(item)
    assert "price" not in repr(item)


def test_a_story_about_leaving_a_list_is_a_story(tmp_path: Path) -> None:
    story = "https://paper.example/2025/01/31/why-readers-unsubscribe-from-everything-at-once"
    page = f'<a href="{story}">Why readers unsubscribe from everything at once</a> {story}-again'
    items, _ = split(tmp_path, f"{HEADERS}Content-Type: text/html\n\n{page}\n")
    assert [item.url for item in items] == [story, f"{story}-again"]


def test_a_mailbox(tmp_path: Path) -> None:
    items, rejects = split(tmp_path, BOX)
    assert [(item.url, item.added and item.added.day) for item in items] == [
        (STORY, 31), (OTHER, 31), (f"{STORY}&x=1", 1), (OTHER, 1), ("https://last.example/", 1),
    ]  # fmt: skip
    second = BOX.split("\n").index(SECOND) + 1
    assert [item.origin.line for item in items] == [1, 1, second, second, second]
    assert rejects == []


def test_a_folder_of_messages(tmp_path: Path) -> None:
    for folder, data in (("cur", PLAIN), ("new", BOTH)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "1738317600.M1P1.desk:2,S").write_text(data)
    assert len(list(read_items(tmp_path))) == 5


def test_an_address_that_is_none_is_said(tmp_path: Path) -> None:
    long = f"https://paper.example/{'x' * 20_000}"
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@b.example", "c@d.example", "x"
    message.set_content(f'<a href="{long}">x</a> <a href="https://[/">y</a> <a href="{STORY}">z</a>', "html")
    items, rejects = split(tmp_path, bytes(message))
    assert [item.url for item in items] == [STORY]
    assert len(rejects) == 2


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("From here to there\n\nhttps://a.example/1\n", id="a sentence"),
        pytest.param("To: everybody\nhttps://a.example/1\n", id="a note"),
        pytest.param("Title: One\nDate: today\nURL: https://a.example/1\n", id="names and values"),
    ],
)
def test_text_that_only_begins_like_a_message(tmp_path: Path, text: str) -> None:
    (item,), _ = split(tmp_path, text)
    assert (item.url, item.origin.format == "mail") == ("https://a.example/1", False)


def test_a_message_that_is_too_large_is_said_and_the_next_one_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "_MAX_MESSAGE", 5_000)
    items, rejects = split(tmp_path, BOX.replace(">From now on\n", ("x" * 70 + "\n") * 100))
    assert [item.url for item in items] == OF_BOTH
    assert (rejects[0].origin.line, rejects[0].reason) == (1, "the message is larger than 5000 bytes")


def test_a_message_that_nests_without_end(tmp_path: Path) -> None:
    deep = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(3_000))
    began = time.process_time()
    items, rejects = split(tmp_path, f"{HEADERS}{deep}\n\nFrom x Fri Jan 31 11:00:00 2025\n{PLAIN}")
    assert (items, len(rejects)) == ([], 1)
    assert time.process_time() - began < 10
