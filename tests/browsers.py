"""The browser that tests open pages in, where there is one."""

from __future__ import annotations

import os
import shutil

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
SANDBOX = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium refuses its sandbox to root
