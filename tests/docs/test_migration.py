"""Names of this library in docs/migrate.md: each of them exists."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path

from kit.markdown import without_blocks

import cdk_epc

PAGE = Path(__file__).parents[2] / "docs" / "migrate.md"
ROW = re.compile(r"^\| (?P<there>.+?) \| (?P<here>.+?) \|$", re.MULTILINE)
OF_COMMANDS = re.compile(
    r"^## (?:Generating code|From notebooks and Studio|Adopting resources with cdk import)$.*?"
    r"(?=^## |\Z)",
    re.DOTALL | re.MULTILINE,
)
"""Sections about commands and about CloudFormation, without names of this library."""
CODE = re.compile(r"`([^`]+)`")
TEXT = re.compile(r'"[^"]*"')
WORD = re.compile(r"[A-Za-z_]\w*(?:\.\.\.)?")

OF_OTHERS = {
    "cdk_epc": "package",
    "cdk": "command",
    "synth": "command",
    "create_alarm": "method of CDK's metrics",
    "override_logical_id": "method of CDK's L1 constructs",
    "node": "attribute of CDK's constructs",
    "default_child": "attribute of CDK's constructs",
    "add_property_override": "method of CDK's L1 constructs",
    "CfnModel": "L1 construct of CDK",
    "CfnEndpointConfig": "L1 construct of CDK",
    "Size": "class of CDK",
    "Duration": "class of CDK",
    "create_endpoint_config": "method of boto3",
    "describe_endpoint_config": "method of boto3",
    "None": "value of Python",
    "construct": "example of a construct",
    "config": "example of a configuration",
    "variant": "example of a variant",
    "component": "example of an inference component",
    "endpoint": "example of an endpoint",
    "alarm": "example of an alarm",
    "request": "example of a request",
    "role": "example of a role",
    "key": "example of a key",
}
"""Words that are not names of this library, each with its origin."""


def words_of(page: str) -> Iterator[tuple[str, str]]:
    """Yield the words of the right column and of inline code, each with its code."""
    page = OF_COMMANDS.sub("", without_blocks(page))
    prose = re.sub(r"^\|.*$", "", page, flags=re.MULTILINE)
    for code in CODE.findall(prose):
        plain = TEXT.sub("", code)
        yield from ((code, word) for word in WORD.findall(plain) if "sagemaker-alpha" not in code)
    for row in ROW.finditer(page):
        for code in CODE.findall(row["here"]):
            plain = TEXT.sub("", code)
            yield from ((code, word) for word in WORD.findall(plain))


def vocabulary() -> set[str]:
    """Return the public names, the members of their classes, and all arguments."""
    known = set(OF_OTHERS)
    for name in cdk_epc.__all__:
        public = getattr(cdk_epc, name)
        known |= {name, *_arguments(public)}
        if inspect.isclass(public):
            for member in dir(public):
                if not member.startswith("_"):
                    known |= {member, *_arguments(getattr(public, member))}
    return known


def _arguments(public: object) -> Iterator[str]:
    if callable(public):
        try:
            # The metaclass of jsii hides the signature of the constructor.
            yield from inspect.signature(
                public.__init__ if inspect.isclass(public) else public
            ).parameters
        except ValueError:  # a class of jsii or an enumeration has no signature
            return


def test_names_exist() -> None:
    known = vocabulary()
    for code, word in words_of(PAGE.read_text("utf-8")):
        if word.endswith("..."):
            assert any(name.startswith(word.removesuffix("...")) for name in known), code
        else:
            assert word in known, code


def test_a_name_that_does_not_exist_is_found() -> None:
    page = "| There | Here |\n|---|---|\n| `a` | `Endpoint(nowhere=1)`, `.nowhere_...` |\n"
    words = {word for _, word in words_of(page)}
    assert words == {"Endpoint", "nowhere", "nowhere_..."}
    assert not words & vocabulary() - {"Endpoint"}
