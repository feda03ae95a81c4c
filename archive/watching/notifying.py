"""Notices by e-mail and webhook: who gets them, what a message says, and how it is handed over.

A message has a name that stays the same however often it is sent: `Message-ID`, `Idempotency-Key`. Whoever gets it
twice, because we were killed between the other side's yes and our noting it, can tell.
"""

from __future__ import annotations

import json
import os
import ssl
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from archive.errors import SettingsError, UsageError
from archive.exporting import text
from archive.watching.notices import Notice

if TYPE_CHECKING:
    from smtplib import SMTP

    from archive.config import ArchiveSettings, EmailSettings, FetchSettings

_FILE = "backfile.toml"
_MAX_TITLE = 300  # characters of a headline in a message


class DeliveryError(Exception):
    """A message was not taken; str() says what was observed."""


@dataclass(frozen=True, slots=True)
class Place:
    """Somebody who gets notices. `name` says who, `send` hands over a message with its id or raises DeliveryError."""

    name: str
    send: Callable[[str, Sequence[Notice]], None]


def places(settings: ArchiveSettings, folder: Path) -> Iterator[Place]:
    """Everybody who gets notices by the settings of the archive in `folder`. SettingsError where they make no sense."""
    email, webhook = settings.watch.email, settings.watch.webhook
    if email.host:
        _check(email)
        for address in dict.fromkeys(email.to):
            yield Place(f"e-mail to {address}", _mailer(email, settings.fetch, folder, address))
    if webhook.url:
        yield Place(f"webhook {webhook.url}", _poster(settings, folder))


def mail(notices: Sequence[Notice], sender: str, to: Sequence[str], message_id: str) -> EmailMessage:
    """A plain message with a paragraph for each notice."""
    message = EmailMessage()
    many = f"{len(notices)} articles" if len(notices) > 1 else _title(notices[0])
    message["Subject"] = f"Backfile: {many}"
    message["From"] = sender
    message["To"] = ", ".join(dict.fromkeys(to))
    message["Date"] = format_datetime(max(notice.at for notice in notices))
    message["Message-ID"] = f"<{message_id}@{_domain(sender)}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content("\n".join(map(_paragraph, notices)))
    return message


def body(notices: Sequence[Notice], message_id: str) -> bytes:
    """What is posted: `{"id": …, "notices": [{"kind", "watch", "at", "id", "url", "title", "changes", "detail"}]}`."""
    return json.dumps({"id": message_id, "notices": msgspec.to_builtins(list(notices))}).encode()


def _paragraph(notice: Notice) -> str:
    why = f" ({', '.join(notice.changes)})" if notice.changes else ""
    watch = text.line(notice.watch)
    return f"{notice.kind.value}{why}: {_title(notice)}\n{text.address(notice.url)}\n{_time(notice.at)} by {watch}\n"


def _title(notice: Notice) -> str:
    return (text.line(notice.title) or text.address(notice.url))[:_MAX_TITLE]


def _time(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M UTC")


def _domain(sender: str) -> str:
    return sender.rpartition("@")[2].strip("<> ") or "localhost"


def _check(email: EmailSettings) -> None:
    for key, value in (("sender", email.sender), *(("to", address) for address in email.to or ("",))):
        if "@" not in value or not value.isprintable():
            raise SettingsError(f"{value!r} is no address", file=_FILE, key=f"watch.email.{key}")


def _secret(variable: str, file: str, folder: Path) -> str:
    """The value of an environment variable, or the first line of a file (relative to the archive's folder)."""
    if variable:
        if variable not in os.environ:
            raise DeliveryError(f"the environment variable {variable} is not set")
        return os.environ[variable]
    if not file:
        return ""
    try:
        return (folder / Path(file).expanduser()).read_text(encoding="utf-8").partition("\n")[0].strip()
    except (OSError, UnicodeDecodeError) as error:
        raise DeliveryError(f"the password cannot be read from {file}: {error}") from error


def _mailer(
    email: EmailSettings, fetch: FetchSettings, folder: Path, address: str
) -> Callable[[str, Sequence[Notice]], None]:
    from smtplib import SMTPException

    def send(message_id: str, notices: Sequence[Notice]) -> None:
        message = mail(notices, email.sender, email.to, message_id)
        password = _secret(email.password_env, email.password_file, folder)
        try:
            with _connected(email, fetch) as server:
                if email.user:
                    server.login(email.user, password)
                server.send_message(message, email.sender, [address])
        except (SMTPException, OSError, ValueError) as error:
            raise DeliveryError(f"{email.host}: {text.line(str(error))[:_MAX_TITLE]}") from error

    return send


def _connected(email: EmailSettings, fetch: FetchSettings) -> SMTP:
    """A connection to the mail server, encrypted as the settings say and never less."""
    from smtplib import SMTP, SMTP_SSL

    context = ssl.create_default_context(cafile=str(Path(fetch.ca_bundle).expanduser()) if fetch.ca_bundle else None)
    if email.security == "tls":
        return SMTP_SSL(email.host, email.port, timeout=email.timeout, context=context)
    server = SMTP(email.host, email.port, timeout=email.timeout)
    if email.security == "starttls":
        try:
            server.starttls(context=context)
        except BaseException:
            server.close()
            raise
    return server


def _poster(settings: ArchiveSettings, folder: Path) -> Callable[[str, Sequence[Notice]], None]:
    from archive.fetch.connect import NoConnectionError
    from archive.fetch.post import post
    from archive.urls import parse

    webhook = settings.watch.webhook
    try:
        url = parse(webhook.url)
    except UsageError as error:
        raise SettingsError(str(error), file=_FILE, key="watch.webhook.url") from error

    def send(message_id: str, notices: Sequence[Notice]) -> None:
        headers = [("Content-Type", "application/json"), ("Idempotency-Key", message_id)]
        if token := _secret(webhook.token_env, webhook.token_file, folder):
            headers.append(("Authorization", f"Bearer {token}"))
        try:
            reply = post(url, body(notices, message_id), headers, settings.fetch)
        except NoConnectionError as error:
            raise DeliveryError(str(error)) from error
        if reply.status is None or not 200 <= reply.status < 300:
            said = reply.detail or "no answer that is HTTP"
            raise DeliveryError(f"{url.host} returned {reply.status}" if reply.status else f"{url.host}: {said}")

    return send
