"""docs/coming-from.md: every name that it attributes to this library exists."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import cdk_epc

PAGE = Path(__file__).parents[2] / "docs" / "coming-from.md"
ROW = re.compile(r"^\| (?P<there>.+?) \| (?P<here>.+?) \|$", re.MULTILINE)
CODE = re.compile(r"`([^`]+)`")
TEXT = re.compile(r'"[^"]*"')
WORD = re.compile(r"[A-Za-z_]\w*(?:\.\.\.)?")

OF_OTHERS = {
    "cdk_epc": "the package",
    "cdk": "the command",
    "synth": "the command",
    "create_alarm": "of CDK's metrics",
    "override_logical_id": "of CDK's L1s",
    "node": "of CDK's constructs",
    "default_child": "of CDK's constructs",
    "construct": "stands for any",
    "variant": "stands for any",
    "component": "stands for any",
    "endpoint": "stands for any",
    "alarm": "stands for any",
    "request": "stands for one",
    "role": "stands for one",
}
"""Words that are not ours, each with what it is."""


def words_of(page: str) -> Iterator[tuple[str, str]]:
    """The words of code on the right of each row, each with its code."""
    prose = re.sub(r"^\|.*$", "", page, flags=re.MULTILINE)
    for code in CODE.findall(prose):
        yield from ((code, word) for word in WORD.findall(code) if "sagemaker-alpha" not in code)
    for row in ROW.finditer(page):
        for code in CODE.findall(row["here"]):
            plain = TEXT.sub("", code)
            yield from ((code, word) for word in WORD.findall(plain))


def vocabulary() -> set[str]:
    """The public names, the members of their classes, and the arguments of all these."""
    known = set(OF_OTHERS)
    for name in cdk_epc.__all__:
        public = getattr(cdk_epc, name)
        known |= {name, *_arguments(public)}
        if inspect.isclass(public):
            for member in dir(public):
                if not member.startswith("_"):
                    known |= {member, *_arguments(getattr(public, member))}
    return known


def _arguments(what: object) -> Iterator[str]:
    if callable(what):
        try:
            # The metaclass of jsii accepts any attribute.
            yield from inspect.signature(
                what.__init__ if inspect.isclass(what) else what
            ).parameters
        except ValueError:  # one of jsii's, or an enumeration's
            return


def test_what_is_here_is_here() -> None:
    known = vocabulary()
    for code, word in words_of(PAGE.read_text("utf-8")):
        if word.endswith("..."):
            assert any(name.startswith(word.removesuffix("...")) for name in known), code
        else:
            assert word in known, code


def test_a_word_that_is_nowhere_is_found() -> None:
    page = "| There | Here |\n|---|---|\n| `a` | `Endpoint(nowhere=1)`, `.nowhere_...` |\n"
    words = {word for _, word in words_of(page)}
    assert words == {"Endpoint", "nowhere", "nowhere_..."}
    assert not words & vocabulary() - {"Endpoint"}
