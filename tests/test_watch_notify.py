"""Notices by e-mail and webhook: to real servers, encrypted as the settings say, each once, and none lost."""

from __future__ import annotations

import email
import json
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Literal

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from newsroom import Newsroom
from test_watch import PAGE, later, story

from archive import (
    Archive,
    ArchiveSettings,
    EmailSettings,
    LinkSettings,
    Notice,
    NoticeKind,
    SettingsError,
    WatchKind,
    WatchSettings,
    WebhookSettings,
    create_archive,
    open_archive,
    read_settings,
)
from archive.watching.notifying import mail

Opened = Callable[..., Archive]
ADA, BO = "ada@example.org", "bo@example.org"


@dataclass
class Post:
    """A mail server's handler: what it took, and whom it refuses."""

    taken: list[tuple[str, EmailMessage]] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, server: SMTP, session: object, envelope: Any, address: str, options: object
    ) -> str:
        if address in self.refused:
            return "550 no such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: object, envelope: Any) -> str:  # noqa: N802
        message = email.message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.taken += [(address, message) for address in envelope.rcpt_tos]
        return "250 taken"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@pytest.fixture
def mailbox() -> Iterator[tuple[Post, EmailSettings]]:
    """A server without encryption, and settings that reach it."""
    post = Post()
    server = Controller(post, hostname="127.0.0.1", port=free_port())
    server.start()
    yield post, EmailSettings("127.0.0.1", server.port, "none", "backfile@example.org", (ADA, BO, ADA), timeout=5)
    server.stop()


@dataclass
class Hook:
    """A webhook: what was posted to it, and what it answers next (200 when it was told nothing)."""

    url: str = ""
    posted: list[tuple[dict[str, str], Any]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)


@pytest.fixture
def hook() -> Iterator[Hook]:
    hook = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            given = self.rfile.read(int(self.headers["Content-Length"]))
            status = hook.answers.pop(0) if hook.answers else 200
            if status == 200:
                headers = {name.lower(): value for name, value in self.headers.items()}
                hook.posted.append((headers, json.loads(given)))
            self.send_response(status)
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        hook.url = f"http://127.0.0.1:{server.server_port}/notices?a=1"
        yield hook
        server.shutdown()


@pytest.fixture
def opened(tmp_path: Path, newsroom: Newsroom) -> Iterator[Opened]:
    """An archive that watches one page, which has a story; keywords are the sections of [watch]."""
    newsroom.add(PAGE, story("A bridge for Lindholm"))
    create_archive(tmp_path / "archive").close()
    archives: list[Archive] = []

    def open_(**watch: Any) -> Archive:
        settings = ArchiveSettings(fetch=newsroom.settings(), links=LinkSettings(depth=0), watch=WatchSettings(**watch))
        archives.append(open_archive(tmp_path / "archive", settings))
        archives[-1].watches.add(PAGE)
        return archives[-1]

    yield open_
    for archive in archives:
        archive.close()


def delivered(archive: Archive) -> list[Notice]:
    return list(archive.watches.deliver(archive.folder))


def test_an_e_mail_says_what_was_noticed(mailbox: tuple[Post, EmailSettings], opened: Opened) -> None:
    """One message for each who is to have it; the second run has nothing to say."""
    post, settings = mailbox
    archive = opened(email=settings)
    list(archive.watches.run())
    assert delivered(archive) == []
    assert [address for address, _ in post.taken] == [ADA, BO]
    message = post.taken[0][1]
    assert (message["Subject"], message["From"]) == ("Backfile: A bridge for Lindholm", "backfile@example.org")
    assert message["To"] == f"{ADA}, {BO}"
    lines = message.get_content().splitlines()
    assert lines[:2] == ["new: A bridge for Lindholm", PAGE]
    assert delivered(archive) == []
    assert len(post.taken) == 2


def test_a_webhook_gets_json(hook: Hook, opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOOK_TOKEN", "s3cret")
    archive = opened(webhook=WebhookSettings(hook.url, token_env="HOOK_TOKEN"))
    (notice,) = archive.watches.run()
    assert delivered(archive) == []
    ((headers, said),) = hook.posted
    assert (headers["content-type"], headers["authorization"]) == ("application/json", "Bearer s3cret")
    assert headers["idempotency-key"] == said["id"]
    assert said["notices"] == [
        {
            "kind": "new", "watch": PAGE, "at": notice.at.isoformat().replace("+00:00", "Z"), "id": notice.id,
            "url": PAGE, "title": "A bridge for Lindholm", "changes": [], "detail": "returned 200",
        }
    ]  # fmt: skip


@pytest.mark.slow
def test_what_was_not_taken_is_sent_again_and_under_the_same_name(
    hook: Hook, newsroom: Newsroom, opened: Opened
) -> None:
    """A failure is told each time, once; what comes after waits behind it; nothing is lost and nothing comes twice."""
    hook.answers += [500, 302, 404]
    archive = opened(webhook=WebhookSettings(hook.url))
    list(archive.watches.run())
    for status in (500, 302):
        (failure,) = delivered(archive)
        assert (failure.kind, failure.watch) == (NoticeKind.FAILED, f"webhook {hook.url}")
        assert failure.detail == f"127.0.0.1 returned {status}"
    newsroom.add(PAGE, story("No bridge for Lindholm"))
    list(archive.watches.run(later(hours=2)))
    archive.rebuild()
    assert len(delivered(archive)) == 1
    assert delivered(archive) == []
    titles = [[notice["title"] for notice in said["notices"]] for _, said in hook.posted]
    assert titles == [["A bridge for Lindholm"], ["No bridge for Lindholm"]]
    assert len({said["id"] for _, said in hook.posted}) == 2
    assert delivered(archive) == []


def test_many_notices_wait_as_few_messages(hook: Hook, newsroom: Newsroom, opened: Opened) -> None:
    """What comes while a message cannot be delivered waits unpacked: a hundred in a message, none twice, in order."""
    hook.answers += [503] * 3
    archive = opened(webhook=WebhookSettings(hook.url))
    watch = archive.watches.add("bridge", WatchKind.QUERY)
    at = datetime(2025, 1, 31, 10, tzinfo=UTC)
    for number in range(3):
        news = [Notice(NoticeKind.MATCH, "bridge", at, f"{number}-{n}", PAGE, f"{number}-{n}") for n in range(70)]
        archive.watches.seen(watch, [notice.id for notice in news], notices=news)
        assert len(delivered(archive)) == 1
    assert delivered(archive) == []
    sizes = [len(said["notices"]) for _, said in hook.posted]
    assert sizes == [70, 100, 40]
    titles = [notice["title"] for _, said in hook.posted for notice in said["notices"]]
    assert titles == [f"{number}-{n}" for number in range(3) for n in range(70)]


def test_one_who_is_refused_does_not_keep_it_from_others(mailbox: tuple[Post, EmailSettings], opened: Opened) -> None:
    post, settings = mailbox
    post.refused.add(ADA)
    archive = opened(email=settings)
    list(archive.watches.run())
    (failure,) = delivered(archive)
    assert failure.watch == f"e-mail to {ADA}"
    assert "no such person" in failure.detail
    post.refused.clear()
    assert delivered(archive) == []
    assert [address for address, _ in post.taken] == [BO, ADA]
    assert post.taken[0][1]["Message-ID"] != post.taken[1][1]["Message-ID"]


def test_nobody_there(opened: Opened, hook: Hook) -> None:
    """A server that is not there is a failure to tell, not an error."""
    archive = opened(email=EmailSettings("127.0.0.1", 1, "none", "b@example.org", (ADA,), timeout=2))
    list(archive.watches.run())
    (failure,) = delivered(archive)
    assert "refused" in failure.detail


def test_what_waits_for_somebody_who_is_no_longer_named_is_dropped(opened: Opened, hook: Hook) -> None:
    hook.answers.append(500)
    archive = opened(webhook=WebhookSettings(hook.url))
    list(archive.watches.run())
    assert len(delivered(archive)) == 1
    assert delivered(opened()) == []
    assert delivered(archive) == []
    assert hook.posted == []


def test_an_address_of_a_private_network_is_refused(tmp_path: Path, hook: Hook, opened: Opened) -> None:
    """S17: the same gate as for every fetch, unless the settings allow the network."""
    archive = opened(webhook=WebhookSettings(hook.url))
    list(archive.watches.run())
    strict = replace(archive.settings, fetch=replace(archive.settings.fetch, allow_addresses=()))
    archive.close()
    with open_archive(tmp_path / "archive", strict) as closed:
        (failure,) = delivered(closed)
    assert "127.0.0.1" in failure.detail
    assert hook.posted == []


class Tls:
    """A mail server that wants encryption, and after STARTTLS a password."""

    def __init__(self, folder: Path, *, implicit: bool) -> None:
        authority = trustme.CA()
        self.ca_file = folder / "mail-ca.pem"
        authority.cert_pem.write_to_path(str(self.ca_file))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(context)
        self.post = Post()
        explicit = {
            "tls_context": context, "require_starttls": True, "auth_required": True, "authenticator": self._check,
        }  # fmt: skip
        own: dict[str, Any] = {"ssl_context": context} if implicit else explicit
        self.server = Controller(self.post, hostname="127.0.0.1", port=free_port(), **own)
        self.server.start()
        self.port = self.server.port

    def _check(self, server: object, session: object, envelope: object, mechanism: str, data: object) -> AuthResult:
        good = isinstance(data, LoginPassword) and (data.login, data.password) == (b"ada", b"s3cret")
        return AuthResult(success=good, handled=False)


@pytest.mark.parametrize(
    ("security", "password"), [("starttls", "file"), ("starttls", "wrong"), ("starttls", "missing"), ("tls", "none")]
)
def test_encrypted_and_with_a_password(
    tmp_path: Path, opened: Opened, security: Literal["starttls", "tls"], password: str
) -> None:
    """The password is nowhere but in a file or the environment; without it nothing goes out, and it is said why."""
    server = Tls(tmp_path, implicit=security == "tls")
    try:
        settings = EmailSettings(
            "127.0.0.1", server.port, security, "b@example.org", (ADA,), "ada" if password != "none" else "",
            password_file="secret" if password != "none" else "", timeout=5,
        )  # fmt: skip
        archive = opened(email=settings)
        if password in ("file", "wrong"):
            (archive.folder / "secret").write_text("s3cret\n" if password == "file" else "wrong\n")
        list(archive.watches.run())
        trusting = replace(archive.settings, fetch=replace(archive.settings.fetch, ca_bundle=str(server.ca_file)))
        archive.close()
        with open_archive(archive.folder, trusting) as again:
            failures = delivered(again)
    finally:
        server.server.stop()
    said = {"wrong": ["535"], "missing": ["cannot be read from secret"]}.get(password, [])
    assert len(failures) == len(said)
    assert all(word in failure.detail for word, failure in zip(said, failures, strict=True)), failures
    assert len(server.post.taken) == (not said)


def test_a_server_whose_certificate_nobody_trusts_gets_no_password(tmp_path: Path, opened: Opened) -> None:
    server = Tls(tmp_path, implicit=False)
    try:
        settings = EmailSettings("127.0.0.1", server.port, "starttls", "b@example.org", (ADA,), timeout=5)
        archive = opened(email=settings)
        list(archive.watches.run())
        (failure,) = delivered(archive)
    finally:
        server.server.stop()
    assert "certificate" in failure.detail.lower()
    assert server.post.taken == []


@pytest.mark.parametrize(
    ("section", "key"),
    [
        ('[watch.email]\nhost = "localhost"\nsender = "b@example.org"', "watch.email.to"),
        ('[watch.email]\nhost = "localhost"\nto = ["a@example.org"]', "watch.email.sender"),
        ('[watch.email]\nhost = "localhost"\nsender = "a@b"\nto = ["c@d"]\nsecurity = "ssl"', "watch.email.security"),
        ('[watch.webhook]\nurl = "ftp://example.org/"', "watch.webhook.url"),
        ('[watch.email]\nhots = "localhost"', "watch.email.hots"),
        ("[watch]\nemail = 3", "watch.email"),
        ("[watch.email]\nport = true", "watch.email.port"),
    ],
)
def test_settings_that_make_no_sense_are_named_before_anything_is_asked(
    tmp_path: Path, newsroom: Newsroom, section: str, key: str
) -> None:
    (tmp_path / "backfile.toml").write_text(section)
    create_archive(tmp_path / "archive").close()

    def run() -> None:
        settings = replace(read_settings(tmp_path), fetch=newsroom.settings())
        with open_archive(tmp_path / "archive", settings) as archive:
            list(archive.watches.run())

    with pytest.raises(SettingsError) as error:
        run()
    assert error.value.key == key
    assert newsroom.requests == []


def test_a_headline_cannot_write_headers() -> None:
    """U02: whatever a story is called, it is words in one line."""
    at = datetime(2025, 1, 31, 10, tzinfo=UTC)
    notice = Notice(
        NoticeKind.CHANGED,
        "q\r\nx",
        at,
        "1",
        "https://a.example/\r\nBcc: x",
        "A\r\nBcc: eve@x.example\u202e",
        ("body",),
    )
    message = mail([notice], "b@example.org", [ADA], "1")
    assert message["Bcc"] is None
    assert message["Subject"] == "Backfile: A Bcc: eve@x.example"
    parsed = email.message_from_bytes(message.as_bytes(), policy=policy.default)
    assert parsed["Bcc"] is None
    lines = parsed.get_content().splitlines()
    assert lines[:2] == ["changed (body): A Bcc: eve@x.example", "https://a.example/%0D%0ABcc:%20x"]


@pytest.mark.slow
@pytest.mark.parametrize("rounds", [4, pytest.param(16, marks=pytest.mark.kills)])
def test_killed_at_any_moment_nothing_is_lost_and_no_message_says_it_twice(
    tmp_path: Path, newsroom: Newsroom, hook: Hook, rounds: int
) -> None:
    """Printed: at least once. By webhook: each notice in exactly one message, which may come twice under one name."""
    for number in range(rounds):
        newsroom.add(f"https://paper.example/{number}", story(f"Bridge {number}"))
    create_archive(tmp_path / "archive").close()
    (tmp_path / "archive" / "backfile.toml").write_text(f'{newsroom.toml()}\n[watch.webhook]\nurl = "{hook.url}"\n')
    driver = [sys.executable, str(Path(__file__).with_name("watch_kill_driver.py")), str(tmp_path / "archive")]
    ran = subprocess.run([*driver, str(rounds), "7"], capture_output=True, text=True, check=False, timeout=300)
    assert (ran.returncode, ran.stderr) == (0, "")
    told = json.loads(ran.stdout.splitlines()[-1])
    expected = {(kind, f"https://paper.example/{number}") for kind in ("new", "match") for number in range(rounds)}
    assert {(one["kind"], one["url"]) for one in told["printed"]} == expected
    messages = {said["id"]: said["notices"] for _, said in hook.posted}
    sent = [(one["kind"], one["url"]) for notices in messages.values() for one in notices]
    assert sorted(sent) == sorted(expected)
    assert told["kills"] >= max(1, rounds // 4)
