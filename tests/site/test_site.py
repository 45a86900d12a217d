"""The built documentation site in a browser: pages, search, phone width and accessibility."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT: Final = Path(__file__).parents[2]
SITE: Final = ROOT / "build" / "docs"
AXE: Final = ROOT / "node_modules" / "axe-core" / "axe.min.js"
RULE: Final = "rules/serverless-memory-step.html"
SAMPLE: Final = (
    "index.html",
    "README.html",
    "variants.html",
    "changing.html",
    "rules.html",
    "api.html",
    "gallery.html",
    "gallery/fraud.html",
    "gallery/assistant.html",
    "reference/index.html",
    "reference/configuration.html",
    "reference/specs.html",
    "reference/cdk_epc.rules.html",
    "decisions/README.html",
    "decisions/0001-wire-mapping.html",
    "project/changelog.html",
    "project/contributing.html",
    "project/security.html",
    "genindex.html",
    "search.html?q=serverless-memory",
    RULE,
)
"""A page of every kind."""
PHONE: Final = {"width": 390, "height": 844}
DESKTOP: Final = {"width": 1280, "height": 900}


class Visit:
    """Page of a browser that records errors, and requests to other hosts, which it refuses."""

    def __init__(self, page: Page, local: str) -> None:
        self.page = page
        self.problems: list[str] = []
        self._local = local
        page.route("**/*", self._route)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.problems.append(f"error: {error}"))
        page.on("requestfailed", lambda request: self.problems.append(f"failed: {request.url}"))
        page.on("response", self._response)

    def open(self, path: str) -> None:
        """Open a page of the site, and wait for its diagrams."""
        self.page.goto(f"{self._local}{path}", wait_until="load")
        self.page.wait_for_function(
            "[...document.querySelectorAll('pre.diagram')].every(each => each.dataset.processed)"
        )

    def _route(self, route: Any) -> None:
        if route.request.url.startswith((self._local, "data:", "blob:")):
            route.continue_()
        else:
            self.problems.append(f"request: {route.request.url}")
            route.abort()

    def _console(self, message: Any) -> None:
        if message.type in {"error", "warning"}:
            self.problems.append(f"console: {message.text}")

    def _response(self, response: Any) -> None:
        if response.status >= 400:
            self.problems.append(f"{response.status}: {response.url}")


@contextmanager
def visit(browser: Browser, local: str, **options: Any) -> Iterator[Visit]:
    context = browser.new_context(**options)
    try:
        yield Visit(context.new_page(), local)
    finally:
        context.close()


def test_pages_load_without_errors_and_without_requests_to_other_hosts(
    browser: Browser, served: str
):
    every = [str(path.relative_to(SITE)) for path in sorted(SITE.rglob("*.html"))]
    # The pages of rules have one form; every tenth stands for them.
    rules = [path for path in every if path.startswith("rules/")]
    pages = [path for path in every if path not in rules] + rules[::10]
    assert len(pages) > 90
    with visit(browser, served) as site:
        for path in pages:
            site.open(path)
    assert site.problems == []


def test_pages_work_from_files(browser: Browser):
    with visit(browser, f"{SITE.as_uri()}/") as site:
        for path in ("index.html", RULE, "gallery/fraud.html", "search.html?q=serverless-memory"):
            site.open(path)
        site.page.wait_for_selector("ul.search li")
    assert site.problems == []


def test_the_search_finds_a_rule_by_its_id(browser: Browser, served: str):
    with visit(browser, served) as site:
        site.open("index.html")
        site.page.fill("input[name=q]", "serverless-memory")
        site.page.keyboard.press("Enter")
        site.page.wait_for_selector("ul.search li a")
        # The results fetch their excerpts; leaving the page earlier would abort that.
        site.page.wait_for_load_state("networkidle")
        first = site.page.locator("ul.search li a").first
        assert first.get_attribute("href").startswith(RULE)
        first.click()
        site.page.wait_for_url(f"**/{RULE}**")
        assert site.page.locator("h1").inner_text().startswith("serverless-memory-step")
    assert site.problems == []


def test_the_page_of_a_rule_has_a_bad_and_a_good_example(browser: Browser, served: str):
    with visit(browser, served) as site:
        site.open("rules.html")
        site.page.click("text=serverless-memory-step")
        site.page.wait_for_url(f"**/{RULE}**")
        article = site.page.locator("article").inner_text()
        blocks = site.page.locator("article pre").all_inner_texts()
    bad, finding, good = blocks[:3]
    assert re.search(r"\bBad:\s.*\bFinding:\s.*\bGood:\s", article, re.DOTALL)
    assert '"MemorySizeInMB": 2500' in bad
    assert "error serverless-memory-step: " in finding
    assert "fix: " in finding
    assert re.search(r'"MemorySizeInMB": (1024|2048|3072|4096|5120|6144)\b', good)


@pytest.mark.parametrize("path", ["index.html", "gallery/fraud.html", RULE, "api.html"])
def test_every_kind_of_link_stays_on_the_site(browser: Browser, served: str, path: str):
    with visit(browser, served) as site:
        site.open(path)
        links = site.page.eval_on_selector_all("a[href]", "all => all.map(each => each.href)")
    own = {link.partition("#")[0] for link in links if link.startswith(served)}
    missing = [link for link in own if not (SITE / link.removeprefix(served)).exists()]
    assert missing == []
    assert len(own) > 20


def test_no_page_is_wider_than_a_phone(browser: Browser, served: str):
    wide = []
    with visit(browser, served, viewport=PHONE) as site:
        for path in SAMPLE:
            site.open(path)
            width = site.page.evaluate("document.documentElement.scrollWidth")
            if width > PHONE["width"]:
                wide.append((path, width))
    assert wide == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_serious_fault_of_accessibility(browser: Browser, served: str, scheme: str):
    faults = []
    with visit(browser, served, viewport=DESKTOP, color_scheme=scheme) as site:
        for path in SAMPLE:
            site.open(path)
            site.page.add_script_tag(path=AXE)
            result = site.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
            faults += [
                (path, each["id"], each["nodes"][0]["html"][:200], len(each["nodes"]))
                for each in result["violations"]
                if each["impact"] in {"serious", "critical"}
            ]
    assert faults == []
