"""`backfile serve` as a user runs it, in a process of its own on a free port; and a client that follows nothing."""

from __future__ import annotations

import html
import http.client
import json
import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from commands import EXECUTABLE

_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Answer:
    """What came back. Header names are in lower case; of one that came twice, the last."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    def links(self) -> list[str]:
        """Where the page's links lead, within the site."""
        return [html.unescape(one) for one in re.findall(r'<a [^>]*href="(/[^"]*)"', self.text)]


def without_tags(markup: str) -> str:
    """What is left of markup when its tags are stripped."""
    return html.unescape(_TAG.sub("", markup))


@dataclass(frozen=True)
class Website:
    """A site that is served. `origin` is its own, `content` that of archived pages ("" where none is named)."""

    origin: str
    process: subprocess.Popen[str]

    @property
    def netloc(self) -> str:
        return urlsplit(self.origin).netloc

    def ask(
        self, method: str, path: str, body: bytes = b"", *, at: str = "", host: str | None = None, **headers: str
    ) -> Answer:
        """One request; `at` is another origin to connect to. `host` "" sends no header Host."""
        place = urlsplit(at or self.origin)
        connection = http.client.HTTPConnection("127.0.0.1", place.port, timeout=60)
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            if host != "":
                connection.putheader("Host", host or place.netloc)
            for name, value in headers.items():
                connection.putheader(name.replace("_", "-"), value)
            if body or method in ("POST", "PUT"):
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            answer = connection.getresponse()
            given = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, given, answer.read())
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, b"", at="", **headers)

    def post_json(self, path: str, value: object, method: str = "POST", **headers: str) -> Answer:
        return self.ask(method, path, json.dumps(value).encode(), content_type="application/json", **headers)

    def post_form(self, path: str, fields: Mapping[str, str], **headers: str) -> Answer:
        """As a browser sends a form of the page itself."""
        given = {"sec_fetch_site": "same-origin", "origin": self.origin, **headers}
        given["content_type"] = "application/x-www-form-urlencoded"
        return self.ask("POST", path, urlencode(fields).encode(), at="", host=None, **given)

    def content_origin(self, capture: str) -> str:
        """Where archived pages are, as the page with the frame says."""
        found = re.search(r'<iframe[^>]* src="(http://[^/"]+)/', self.get(f"/page/{capture}").text)
        assert found, "no frame"
        return found[1]


@contextmanager
def serving(folder: Path, *options: str) -> Iterator[Website]:
    """The archive in `folder`, served until the block ends."""
    process = subprocess.Popen(
        [str(EXECUTABLE), "--dir", str(folder), "serve", "--port", "0", *options], text=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True,
        env={**os.environ, "BACKFILE_DIR": ""},
    )  # fmt: skip
    assert process.stderr is not None
    try:
        said, found = "", None
        while found is None and (line := process.stderr.readline()):
            said += line
            found = re.search(r"https?://[^\s;]+", line)
        assert found, said
        yield Website(found[0], process)
    finally:
        process.terminate()
        process.stderr.close()
        process.wait(30)
