"""Sections of a template."""

from __future__ import annotations

from kit.templates import evaluation_of


def test_raw_properties() -> None:
    resources = {"A": {"Type": "T", "Properties": {"P": 1}}, "B": {"Type": "T", "Properties": [1]}}
    template = evaluation_of(Resources={**resources, "C": {"Type": "T"}}).template
    assert [template.raw_property(name, "P") for name in "ABC"] == [1, None, None]
    assert [template.raw_properties(name) for name in "ABC"] == [{"P": 1}, [1], {}]
