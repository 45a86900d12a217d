"""Imports of the reader, and its behaviour without PyYAML and without libyaml."""

import subprocess
import sys

import pytest
import yaml

from cdk_epc.parsing import UnusableInputError, read_bytes
from cdk_epc.parsing.document import MAX_BYTES_WITHOUT_LIBYAML

SCRIPT = """
import sys
from cdk_epc.parsing import read_bytes
read_bytes(b'{"a": 1}').positions([("a",)])
print(sorted({"yaml", "difflib", "jsii", "aws_cdk"} & set(sys.modules)))
"""


def test_json_is_read_without_pyyaml():
    ran = subprocess.run(  # noqa: S603 - our own
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True
    )
    assert ran.stdout == "[]\n"


def test_without_pyyaml(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "yaml", None)
    with pytest.raises(UnusableInputError) as raised:
        read_bytes(b"a: 1")
    assert str(raised.value) == (
        'the input is YAML, which needs PyYAML; install it with `pip install "cdk-epc[yaml]"`'
    )
    with pytest.raises(UnusableInputError, match=r"^the input is not JSON: "):
        read_bytes(b"{a: 1}")


def test_without_libyaml(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delattr(yaml, "CSafeLoader")
    content = b"# \xc3\xa9\na: &a\n  <<: {b: !Sub x}\nc: [*a]\n"
    document = read_bytes(content)
    assert document.data == {"a": {"b": {"Fn::Sub": "x"}}, "c": [{"b": {"Fn::Sub": "x"}}]}
    assert document.positions([("a", "b"), ("c", 0)]) == {("a", "b"): (3, 8), ("c", 0): (4, 5)}
    with pytest.raises(UnusableInputError) as raised:
        read_bytes(b"#" * (MAX_BYTES_WITHOUT_LIBYAML + 1))
    assert str(raised.value) == (
        "the YAML has 1,048,577 characters, and without libyaml at most 1,048,576 are read; "
        "install a PyYAML with libyaml"
    )


@pytest.mark.parametrize("content", [b"a:\n\t- b", b"a: b: c", b"[a", b'"\\q"', b"a: 'b"])
def test_syntax_errors_without_libyaml(monkeypatch: pytest.MonkeyPatch, content: bytes):
    monkeypatch.delattr(yaml, "CSafeLoader")
    with pytest.raises(UnusableInputError, match=r"^the input is not (YAML|JSON): .* at line"):
        read_bytes(content)


def test_a_lone_surrogate_without_libyaml(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delattr(yaml, "CSafeLoader")
    with pytest.raises(UnusableInputError) as raised:
        read_bytes(b'a: "\\ud800"')
    assert str(raised.value) == (
        "the surrogate \\ud800 is not part of a pair; write the character itself"
    )


def test_a_syntax_error_without_a_position(monkeypatch: pytest.MonkeyPatch):
    class Broken:
        def __init__(self, _: str) -> None:
            """Accept the text; the first event fails."""

        def get_event(self) -> None:
            raise yaml.YAMLError("odd")

    monkeypatch.setattr(yaml, "CSafeLoader", Broken)
    with pytest.raises(
        UnusableInputError, match=r"^the input is not YAML: 'odd'; correct the syntax$"
    ):
        read_bytes(b"a: b")
