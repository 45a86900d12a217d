"""YAML as CloudFormation reads it."""

import math
import sys
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from cdk_epc.parsing import read_bytes
from cdk_epc.parsing._yaml_scalars import plain_scalar

SCALARS: dict[str, Any] = {
    "text": "text",
    "1": 1,
    "-1": -1,
    "+1_000": 1000,
    "1__0.5": 10.5,
    "1__0": 10,
    "010": 8,
    "-0x1F": -31,
    "0b101": 5,
    "1:30": 90,
    "-1:30.5": -90.5,
    "1.5": 1.5,
    ".5": 0.5,
    "1.": 1.0,
    "1.0e+3": 1000.0,
    "1e3": "1e3",
    "08": "08",
    "0x_": "0x_",
    "-0b_": "-0b_",
    "1.5.2": "1.5.2",
    ".inf": ".inf",
    "-.INF": "-.INF",
    ".nan": ".nan",
    "1.0e+999": "1.0e+999",
    "-1.7976931348623157e+308": -sys.float_info.max,
    "1" * 301: "1" * 301,
    "0x" + "f" * 298: "0x" + "f" * 298,
    "yes": True,
    "Off": False,
    "TRUE": True,
    "y": "y",
    "null": None,
    "~": None,
    "": None,
    "2012-10-17": "2012-10-17",
    "2001-12-14t21:59:43.10-05:00": "2001-12-14t21:59:43.10-05:00",
    "=": "=",
    "'1'": "1",
    '"yes"': "yes",
    "! 1": "1",
    "!!str 1": "1",
    "!!int '1'": 1,
    "!!float '1'": 1.0,
    "!!float 1.5": 1.5,
    "!!bool on": True,
    "!!null ''": None,
    "! [a]": ["a"],
    "! {a: b}": {"a": "b"},
    "!!seq [a]": ["a"],
    "!!map {a: b}": {"a": "b"},
    "|\n 1\n": "1\n",
}
SHORT_FORMS: dict[str, Any] = {
    "!Ref A": {"Ref": "A"},
    "!Condition A": {"Condition": "A"},
    "!GetAtt A.B.C": {"Fn::GetAtt": ["A", "B.C"]},
    "!GetAtt A": {"Fn::GetAtt": ["A"]},
    "!GetAtt [A, !Ref B]": {"Fn::GetAtt": ["A", {"Ref": "B"}]},
    "!Sub '${A}'": {"Fn::Sub": "${A}"},
    "!Sub [a, {b: !Ref C}]": {"Fn::Sub": ["a", {"b": {"Ref": "C"}}]},
    "!Sub 1": {"Fn::Sub": "1"},
    "!Join ['', [a, !Ref B]]": {"Fn::Join": ["", ["a", {"Ref": "B"}]]},
    "!Select [0, !GetAZs '']": {"Fn::Select": [0, {"Fn::GetAZs": ""}]},
    "!GetAZs\n Ref: A": {"Fn::GetAZs": {"Ref": "A"}},
    "!Split [',', a]": {"Fn::Split": [",", "a"]},
    "!FindInMap [A, B, C]": {"Fn::FindInMap": ["A", "B", "C"]},
    "!If [A, 1, !Ref AWS::NoValue]": {"Fn::If": ["A", 1, {"Ref": "AWS::NoValue"}]},
    "!And [!Condition A, !Not [!Equals [a, b]]]": {
        "Fn::And": [{"Condition": "A"}, {"Fn::Not": [{"Fn::Equals": ["a", "b"]}]}]
    },
    "!Or [!Condition A]": {"Fn::Or": [{"Condition": "A"}]},
    "!Base64 a": {"Fn::Base64": "a"},
    "!Cidr [a, 1, 2]": {"Fn::Cidr": ["a", 1, 2]},
    "!ImportValue a": {"Fn::ImportValue": "a"},
    "!GetStackOutput {StackName: a}": {"Fn::GetStackOutput": {"StackName": "a"}},
    "!Transform {Name: a}": {"Fn::Transform": {"Name": "a"}},
    "!Length [a]": {"Fn::Length": ["a"]},
    "!ToJsonString {a: 1}": {"Fn::ToJsonString": {"a": 1}},
    "!ForEach [A, [a], {'${A}': 1}]": {"Fn::ForEach": ["A", ["a"], {"${A}": 1}]},
    "!EachMemberIn [[a], !RefAll B]": {"Fn::EachMemberIn": [["a"], {"Fn::RefAll": "B"}]},
    "Fn::GetAtt: A.B": {"Fn::GetAtt": "A.B"},
}
MERGES: dict[str, Any] = {
    "{<<: {a: 1}, b: 2}": {"a": 1, "b": 2},
    "{a: 1, <<: {a: 2, b: 3}}": {"a": 1, "b": 3},
    "{<<: [{a: 1}, {a: 2, b: 3}], c: 4}": {"a": 1, "b": 3, "c": 4},
    "{<<: {<<: {a: 1}, b: 2}, c: 3}": {"a": 1, "b": 2, "c": 3},
    "{<<: {}, <<: {a: 1}}": {"a": 1},
    "{<<: []}": {},
    "{'<<': 1}": {"<<": 1},
}


@pytest.mark.parametrize("written", SCALARS)
def test_scalars(written: str):
    (value,) = read_bytes(f"- {written}\n".encode(), yaml=True).data
    assert (type(value), value) == (type(SCALARS[written]), SCALARS[written])


@pytest.mark.parametrize("written", SHORT_FORMS)
def test_short_forms(written: str):
    assert read_bytes(written.encode(), yaml=True).data == SHORT_FORMS[written]


@pytest.mark.parametrize("written", MERGES)
def test_merges_as_safe_loader_does(written: str):
    assert read_bytes(written.encode(), yaml=True).data == MERGES[written]
    assert yaml.safe_load(written) == MERGES[written]


def test_keys_are_text_as_written():
    content = (
        b"111122223333: a\n0123: b\nyes: c\n~: d\n1.50: e\n!!str f: g\n? ''\n: h\n&i j: k\n*i : l\n"
    )
    assert read_bytes(content).repeated_keys == (("j", (10, 1)),)
    assert read_bytes(content.replace(b"*i : l\n", b"l: *i\n")).data == {
        "111122223333": "a",
        "0123": "b",
        "yes": "c",
        "~": "d",
        "1.50": "e",
        "f": "g",
        "": "h",
        "j": "k",
        "l": "j",
    }


def test_aliases_share_their_value():
    data = read_bytes(b"- &a {b: &c [1, &d !Ref x]}\n- *a\n- *c\n- *d\n- &a 2\n- *a").data
    shared = [1, {"Ref": "x"}]
    assert data == [{"b": shared}, {"b": shared}, shared, {"Ref": "x"}, 2, 2]
    assert data[0] is data[1]
    assert data[2] is data[0]["b"]


@pytest.mark.parametrize("content", [b"{a: [b, !Ref c]}", b"[a: b]"])
def test_flow_style_that_looks_like_json(content: bytes):
    assert read_bytes(content).data == read_bytes(content, yaml=True).data


@given(st.one_of(st.from_regex(r"[-+0-9.:_eExXbob]{1,8}", fullmatch=True), st.text(max_size=8)))
def test_plain_scalars_as_safe_loader_resolves_them(text: str):
    tag = yaml.SafeLoader("").resolve(yaml.ScalarNode, text, (True, False))
    value = plain_scalar(text)
    kind = tag.removeprefix("tag:yaml.org,2002:")
    if kind not in {"int", "float", "bool", "null"}:
        assert value == text
        return
    try:
        expected = yaml.SafeLoader("").construct_object(yaml.ScalarNode(tag, text))
    except ValueError:
        expected = text
    if isinstance(expected, float) and not math.isfinite(expected):
        expected = text
    assert (type(value), value) == (type(expected), expected)
