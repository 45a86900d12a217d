"""Check for the browser of `make docs-browser`: ``python -m tools.site.browser``."""

from __future__ import annotations

import os
import shutil
import sys
from typing import Final

NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_MISSING: Final = """\
No Chromium was found. Install one (Debian: `apt-get install chromium`, Fedora: `dnf install
chromium`, macOS: `brew install --cask chromium`), or name one:
CHROMIUM=/path/to/chrome make docs-browser
"""


def chromium() -> str | None:
    """Return the path of Chromium: that of the variable ``CHROMIUM``, or one on the path."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def main() -> int:
    """Return the exit status: 1 without a browser, with advice on standard error."""
    if chromium() is None:
        sys.stderr.write(_MISSING)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
