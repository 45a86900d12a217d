"""Browser for the tests of the built documentation site."""

from __future__ import annotations

import importlib.util
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from tools.site.browser import chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT: Final = Path(__file__).parents[2]
SITE: Final = ROOT / "build" / "docs"
SUB_PATH: Final = "/cdk-epc/"
"""Path of the site on the server: GitHub Pages serves a project below its name."""
ARGUMENTS: Final = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class _Quiet(SimpleHTTPRequestHandler):
    def translate_path(self, path: str) -> str:
        # A path outside of the sub-path leads to nothing, as on GitHub Pages.
        inside = path.removeprefix(SUB_PATH)
        return super().translate_path("/missing" if inside == path else f"/{inside}")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="session")
def served() -> Iterator[str]:
    """Return the address of the site on a server on this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(SITE)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}{SUB_PATH}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return a browser, for all tests of the site."""
    if not (SITE / "index.html").is_file():
        pytest.skip("the site is not built; `make docs-browser` builds it")
    executable = chromium()
    if executable is None or importlib.util.find_spec("playwright") is None:
        pytest.skip("no Chromium on the path; `make docs-browser` says how to install it")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield browser
        browser.close()
