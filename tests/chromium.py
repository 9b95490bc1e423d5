"""Which browser the tests walk in: no test brings one, and none is downloaded."""

import os
import shutil
from pathlib import Path

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
HOW_TO_GET_IT = (
    "Install one (on Debian: apt-get install chromium) or name one: CHROMIUM=/path/to/chromium"
)


def find_chromium():
    """Return what CHROMIUM names, else a browser of the machine, else Playwright's own, or None."""
    if named := os.environ.get("CHROMIUM"):
        return shutil.which(named)
    for name in NAMES:
        if found := shutil.which(name):
            return found
    downloaded = Path("~/.cache/ms-playwright").expanduser().glob("chromium-*/chrome-linux*/chrome")
    return next((str(path) for path in sorted(downloaded, reverse=True)), None)
