"""docs/api.md lists every public name with its members, and its links lead to existing files."""

from __future__ import annotations

import enum
import inspect
import re
from pathlib import Path

import pytest
from kit.markdown import without_blocks

import cdk_epc
from cdk_epc import Cron, Endpoint, InstanceType
from cdk_epc.constructs.values import Value
from cdk_epc.spec.fields import Spec
from tools.docs import api
from tools.errors import ToolError

ROOT = Path(__file__).parents[2]
SECTION = re.compile(r"^### (\w+)\n(.*?)(?=^##|\Z)", re.DOTALL | re.MULTILINE)
BASES = re.compile(r"also has the members of (.*)\.$", re.MULTILINE)


@pytest.fixture(scope="module")
def page() -> str:
    return (ROOT / api.PAGE).read_text("utf-8")


def test_the_page_is_up_to_date(page: str) -> None:
    assert page == api.generate_api_page()[api.PAGE], "run `python -m tools docs`"


def test_every_public_name_has_one_entry(page: str) -> None:
    listed = [name for name, _ in SECTION.findall(page)]
    assert sorted(listed) == sorted(cdk_epc.__all__)


def _members(cls: type[object]) -> set[str]:
    """Return the public members of a class that the package defines."""
    shared = {name for base in (Value, Spec) for name in base.__annotations__}
    own = {
        name
        for base in cls.__mro__
        if base.__module__.startswith("cdk_epc")
        for name in {*vars(base), *vars(base).get("__annotations__", {})}
    }
    return {
        name
        for name in own - shared
        if not name.startswith("_") and not (cls is InstanceType and name.startswith("ML_"))
    }


def test_every_member_of_a_public_class_is_listed(page: str) -> None:
    sections = dict(SECTION.findall(page))
    metrics = set(re.findall(r"^\| `(metric_\w+)` \|", page, re.MULTILINE))
    missing: list[str] = []
    for name in cdk_epc.__all__:
        cls = getattr(cdk_epc, name)
        if not inspect.isclass(cls):
            continue
        text = sections[name]
        for base in re.findall(r"\[`(\w+)`\]", "".join(BASES.findall(text))):
            text += sections[base]
        words = {*re.findall(r"\w+", " ".join(re.findall(r"`([^`]*)`", text)))}
        listed = words | metrics if "#metric-methods" in text else words
        missing += [f"{name}.{member}" for member in _members(cls) - listed]
    assert sorted(missing) == []


def test_members_of_an_enumeration_are_listed_by_name(page: str) -> None:
    sections = dict(SECTION.findall(page))
    missing = [
        f"{name}.{member.name}"
        for name in cdk_epc.__all__
        if inspect.isclass(cls := getattr(cdk_epc, name)) and issubclass(cls, enum.Enum)
        for member in cls
        if f"`{member.name}`" not in sections[name]
    ]
    assert missing == []


def test_an_entry_shows_types_instead_of_aliases(page: str) -> None:
    sections = dict(SECTION.findall(page))
    assert "- `model: IModelRef | str`: The model, or its name.\n" in sections["InstanceVariant"]
    assert "- `spec: EndpointSpec`: " in sections["Endpoint"]
    assert "`Endpoint.from_endpoint_name(scope: Construct, id: str, " in sections["Endpoint"]
    assert "`add_instance_variant(...) -> VariantHandle`: " in sections["EndpointConfig"]
    assert "scale_in_cooldown: Duration | None = ..." in sections["ScalableVariant"]
    assert "- `is_shadow: bool`: " in sections["VariantHandle"]


def test_a_name_without_a_topic_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "TOPICS", api.TOPICS[1:])
    with pytest.raises(ToolError, match=r"differs from cdk_epc\.__all__ in EndpointConfig, "):
        api.generate_api_page()


def test_a_member_without_a_description_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Cron, "__doc__", "Recurring time of a schedule.")
    with pytest.raises(ToolError, match="the argument minute of Cron is not described"):
        api.generate_api_page()
    monkeypatch.undo()
    monkeypatch.setattr(Endpoint, "__annotations__", {"colour": "str"})
    with pytest.raises(ToolError, match="the docstring of Endpoint does not describe colour"):
        api.generate_api_page()


def test_links_lead_somewhere() -> None:
    for text in (ROOT / "README.md", *(ROOT / "docs").rglob("*.md")):
        prose = without_blocks(text.read_text("utf-8"))
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", prose):
            assert (text.parent / target).exists(), f"{text.name}: {target}"
