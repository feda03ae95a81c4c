"""Showing one page: Chromium is started for it, behind a proxy of its own, and ends with it."""

from __future__ import annotations

import os
import shutil
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from archive.config import FetchSettings
from archive.errors import UsageError
from archive.fetch.addresses import Lookup
from archive.model import ResourceKind, ResourceLink
from archive.storage import Brought, Saved
from archive.urls import normal

_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
_QUIET = 5.0  # seconds in which a page that is loaded may go on to ask
_ARGUMENTS = (
    "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run", "--no-pings", "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # whoever goes round the proxy finds no address
)  # fmt: skip
_NOWHERE = "http://127.0.0.1:9"  # the proxy of what the browser asks for itself, which is none of the page
_one = threading.Lock()  # a browser takes some hundred megabytes: one at a time


@dataclass(frozen=True, slots=True)
class Shown:
    """A page as the browser had it in the end, with a picture of it and everything that was asked for. `problem`: why
    there is none of it.
    """

    page: Saved | None
    resources: tuple[Brought, ...]
    problem: str = ""


def executable(settings: FetchSettings) -> str:
    """The browser. UsageError where there is none."""
    found = settings.browser_path or next(filter(None, map(shutil.which, _NAMES)), "")
    if not found or not Path(found).is_file():
        raise UsageError("no Chromium or Chrome is found: name it in backfile.toml, [fetch] browser_path")
    return found


def check(settings: FetchSettings) -> None:
    """UsageError where no page could be shown."""
    executable(settings)
    if not all(map(find_spec, ("cryptography", "playwright"))):
        raise UsageError("pages are shown by playwright: pip install 'backfile[browser]'")


def show(url: str, settings: FetchSettings, lookup: Lookup | None = None) -> Shown:
    """Show the page at `url`. UsageError as `check`; whatever else goes wrong is a `problem`."""
    check(settings)
    from playwright.sync_api import Error

    from archive.browser.certificates import Certificates
    from archive.browser.proxy import Recorder, listening

    with _one, TemporaryDirectory(prefix="backfile-browser-") as folder:
        recorder, certificates = Recorder(settings, lookup), Certificates(Path(folder))
        try:
            with listening(recorder, certificates) as port:
                dom, picture, final_url = _shown(url, settings, port, certificates.fingerprint)
        except Error as error:
            return Shown(None, recorder.kept(), f"the browser did not show it: {_first_line(error)}")
    now = datetime.now(UTC)
    try:
        final_url = normal(final_url)
    except UsageError:
        return Shown(None, recorder.kept(), f"its scripts led to what is no page: {final_url[:100]}")
    if len(dom) > settings.max_decoded:
        return Shown(None, recorder.kept(), f"what the browser made of it has more than {settings.max_decoded} bytes")
    taken = [_picture(final_url, now, picture)] if picture else []
    return Shown(Saved(final_url, now, dom, "text/html", "utf-8"), (*taken, *recorder.kept()))


def _shown(url: str, settings: FetchSettings, port: int, fingerprint: str) -> tuple[bytes, bytes, str]:
    """The document after scripts, a picture of it, and its address. playwright's Error."""
    from playwright.sync_api import Error, sync_playwright

    until = time.monotonic() + settings.browser_timeout

    def left() -> float:
        return max(1.0, (until - time.monotonic()) * 1000)  # milliseconds; 0 would mean for ever

    ours = f"--ignore-certificate-errors-spki-list={fingerprint}"
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=executable(settings), args=[*_ARGUMENTS, ours],
            proxy={"server": _NOWHERE}, timeout=left(), chromium_sandbox=os.geteuid() != 0,
        )  # fmt: skip
        try:
            context = browser.new_context(
                service_workers="block", accept_downloads=False, viewport={"width": 1280, "height": 900},
                user_agent=settings.user_agent, proxy={"server": f"http://127.0.0.1:{port}"},
            )  # fmt: skip
            page = context.new_page()
            page.on("dialog", lambda dialog: dialog.dismiss())
            page.goto(url, wait_until="load", timeout=left())
            with suppress(Error):  # a page that never rests is shown as it is by then
                page.wait_for_load_state("networkidle", timeout=min(_QUIET * 1000, left()))
            dom = page.content().encode("utf-8", "replace")
            picture = b""
            with suppress(Error):
                picture = page.screenshot(full_page=True, timeout=left())
            return dom, picture, page.url
        finally:
            with suppress(Error):
                browser.close()


def _picture(url: str, at: datetime, picture: bytes) -> Brought:
    """Under the address that other archives use for such pictures."""
    name = f"urn:view:{url}"
    return Brought(ResourceLink(name, ResourceKind.SCREENSHOT), saved=Saved(name, at, picture, "image/png"))


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0][:300]
