"""Pages of the rules: the index in git is up to date, and every page can be built."""

from __future__ import annotations

import re
from pathlib import Path

import attrs
import pytest
from kit.rule_examples import WITHOUT_EXAMPLE

from cdk_epc.rules import RULES, registry
from cdk_epc.rules.explain import example_of, written
from cdk_epc.rules.registry import DIAGNOSTICS, PACKED
from cdk_epc.rules.update_registry import UPDATE_RULES
from tools.docs.generate import FOLDER, INDEX, generate_index, generate_pages
from tools.docs.pages import rule_page
from tools.docs.topics import topics
from tools.errors import ToolError

ROOT = Path(__file__).parents[2]
EVERY = (*DIAGNOSTICS, *PACKED, *UPDATE_RULES)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
_HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    return generate_pages()


def test_the_index_is_up_to_date() -> None:
    generated = generate_index()
    assert list(generated) == [INDEX]
    assert (ROOT / INDEX).read_text("utf-8") == generated[INDEX], "run `python -m tools docs`"


def test_the_index_has_every_rule_once() -> None:
    index = generate_index()[INDEX]
    assert [
        rule.id for rule in EVERY if index.count(f"| `{rule.id}` | {rule.severity} |") != 1
    ] == []


def test_there_is_a_page_for_every_rule_and_an_index_with_links(pages: dict[str, str]) -> None:
    names = ["index", *(rule.id for rule in EVERY)]
    assert sorted(pages) == sorted(f"{FOLDER}/{name}.md" for name in names)
    index = pages[f"{FOLDER}/index.md"]
    assert [rule.id for rule in EVERY if f"| [{rule.id}]({rule.id}.md) |" not in index] == []


def test_every_page_has_the_example_and_the_finding(pages: dict[str, str]) -> None:
    incomplete = []
    for rule in EVERY:
        page, example = pages[f"{FOLDER}/{rule.id}.md"], example_of(rule.id)
        if rule.id in WITHOUT_EXAMPLE:
            assert example is None
            continue
        if (
            example is None
            or f"\n{written(example.bad)}\n" not in page
            or f"\n{written(example.good)}\n" not in page
            or f"{rule.severity} {rule.id}: {example.finding['message']}\n" not in page
            or f"    fix: {example.finding['fix']}\n" not in page
        ):
            incomplete.append(rule.id)
    assert incomplete == []


def anchors(text: str) -> set[str]:
    """Return the anchors that GitHub gives to the headings of a page."""
    words = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in _HEADING.findall(text))
    return {each.replace(" ", "-") for each in words}


def broken_links(texts: dict[str, str]) -> list[tuple[str, str]]:
    """Return the links without a target, each with its page.

    Args:
        texts: Text of each page by its path in the repository.
    """
    broken = []
    for path, text in texts.items():
        for link in _LINK.findall(_CODE.sub("", text)):
            if link.startswith(("https://", "mailto:")):
                continue
            name, _, anchor = link.partition("#")
            # Resolved, because the folder of the built pages need not exist.
            target = ((ROOT / path).parent / name if name else ROOT / path).resolve()
            known = texts.get(str(target.relative_to(ROOT)))
            if known is None and target.is_file():
                known = target.read_text("utf-8")
            if target.is_dir() and not anchor:
                continue
            if known is None or (anchor and anchor not in anchors(known)):
                broken.append((path, link))
    return broken


def test_links_in_the_documentation_resolve() -> None:
    paths = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]
    paths += (ROOT / "docs" / "decisions").glob("*.md")
    texts = {str(path.relative_to(ROOT)): path.read_text("utf-8") for path in paths}
    assert broken_links(texts) == []


def test_links_in_the_built_pages_resolve(pages: dict[str, str]) -> None:
    assert broken_links(pages) == []


def test_a_page_has_no_markup_by_accident() -> None:
    rule = attrs.evolve(RULES[0], why="A <type> of `<code> * 2`, and * of a|b.")
    assert "\n\nA &lt;type> of `<code> * 2`, and \\* of a\\|b.\n\n" in rule_page(rule)


def test_a_rule_outside_of_a_module_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "DIAGNOSTICS", (*DIAGNOSTICS, RULES[0]))
    with pytest.raises(ToolError, match="the RULES of the modules are not those of the registry"):
        topics()
