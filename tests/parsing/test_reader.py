"""Content that the reader refuses: each kind, with the whole message."""

import codecs

import pytest

from cdk_epc.parsing import UnusableInputError, read_bytes

TOO_DEEP = "the input is nested more than 100 levels deep at {}; reduce the nesting"
CASES = {
    "nothing": (b"", "the input is empty; write a template or a request into it"),
    "only a byte order mark": (
        codecs.BOM_UTF8,
        "the input is empty; write a template or a request into it",
    ),
    "only blanks": (b" \n\t\r\n", "the input is empty; write a template or a request into it"),
    "only comments": (
        b"# nothing\n",
        "the YAML has only comments; write a template or a request",
    ),
    "a NUL": (
        "é: \0".encode(),
        "the input is binary, with a NUL character at byte offset 4; save it as UTF-8 text",
    ),
    "UTF-16 without a mark": (
        "a: 1".encode("utf-16-le"),
        "the input is binary, with a NUL character at byte offset 1; save it as UTF-8 text",
    ),
    "Latin-1": (
        "{'é'".encode("latin-1"),
        "the input is not text: the byte at offset 2 is not valid UTF-8; save it as UTF-8",
    ),
    "a surrogate in UTF-8": (
        b"\xef\xbb\xbfa: \xed\xa0\x80",
        "the input is not text: the byte at offset 6 is not valid UTF-8; save it as UTF-8",
    ),
    "half a character of UTF-16": (
        codecs.BOM_UTF16_LE + b"a\0b",
        "the input is not text: the byte at offset 4 is not valid UTF-16-LE; save it as UTF-8",
    ),
    "a compressed file": (
        b"\x1f\x8b\x08\x00",
        "the input is not text: the byte at offset 1 is not valid UTF-8; save it as UTF-8",
    ),
    "truncated JSON": (
        b'{"a": [1,\n 2',
        (
            "the input is not JSON: the text ends too early, expecting ',' delimiter at line 2, "
            "column 3; "
            "correct the syntax"
        ),
    ),
    "truncated in a text": (
        b'{"a": "b',
        "the input is not JSON: unterminated string at line 1, column 7; correct the syntax",
    ),
    "a text twice is no fault": (
        b'[["a", "a", "a"], NaN]',
        "NaN is not allowed in JSON at line 1, column 19; write a number, or remove the member",
    ),
    "NaN": (
        b'["NaN",\n NaN]',
        "NaN is not allowed in JSON at line 2, column 2; write a number, or remove the member",
    ),
    "an infinity": (
        b'{"a": -Infinity}',
        (
            "-Infinity is not allowed in JSON at line 1, column 7; write a number, or remove the "
            "member"
        ),
    ),
    "a number beyond a float": (
        b"[-1e999]",
        "the number '-1e999' is out of range at line 1, column 2; write a smaller number",
    ),
    "a constant and more": (
        b'["a", 1, -Infinityx]',
        (
            "-Infinity is not allowed in JSON at line 1, column 10; write a number, or remove the "
            "member"
        ),
    ),
    "a number and more": (
        b"[1.5e400.2]",
        "the number '1.5e400' is out of range at line 1, column 2; write a smaller number",
    ),
    "a very long number": (
        b"[" + b"9" * 5000 + b"]",
        "the number has too many digits (5,000, maximum 300) at line 1, column 2; shorten it",
    ),
    "half of a character": (
        b'["\\\\ud800", "\\ud83d\\ude00", "\\ud83d"]',
        (
            "the surrogate \\ud83d is not part of a pair at line 1, column 30; "
            "write the character itself"
        ),
    ),
    "JSON too deep": (
        b"[" * 101 + b"]" * 101,
        TOO_DEEP.format("line 1, column 101"),
    ),
    "JSON much too deep": (
        b'{"a":[' * 200_000,
        TOO_DEEP.format("line 1, column 301"),
    ),
    "too many values": (
        b"[" + b"0," * 1_000_000 + b"0]",
        "the input may have more than 1,000,000 values; split it into several files",
    ),
    "too many bytes": (
        b" " * (16 * 1024**2 + 1),
        ("the input is larger than 16 MiB; CloudFormation accepts templates of up to 1 MB"),
    ),
    "a tag that runs code": (
        b"a: !!python/object/apply:os.system ['true']",
        (
            "the tag '!!python/object/apply:os.system' is not a short form of CloudFormation "
            "at line 1, column 4; remove the tag"
        ),
    ),
    "an unknown tag": (
        b"a:\n  - !Foo {}",
        (
            "the tag '!Foo' is not a short form of CloudFormation at line 2, column 5; "
            "remove the tag"
        ),
    ),
    "a mistyped tag": (
        b"a: !GetAttr B.C",
        (
            "the tag '!GetAttr' is not a short form of CloudFormation at line 1, column 4; did "
            "you mean !GetAtt?"
        ),
    ),
    "a tag that CloudFormation does not support": (
        b"a: !!binary aGk=",
        (
            "the tag '!!binary' is not a short form of CloudFormation at line 1, column 4; "
            "remove the tag"
        ),
    ),
    "a tag of another collection": (
        b"!!seq {}",
        (
            "the tag '!!seq' is not a short form of CloudFormation at line 1, column 1; "
            "remove the tag"
        ),
    ),
    "a tag that does not match the value": (
        b"a: !!int b",
        (
            "the value 'b' does not match its tag at line 1, column 4; "
            "remove the tag, or correct the value"
        ),
    ),
    "several documents": (
        b"a: 1\n---\nb: 1\n",
        (
            "the file has several YAML documents; the second starts at line 2, column 1; "
            "put each document into a separate file"
        ),
    ),
    "a tab": (
        b"a:\n\t- b",
        (
            "the input is not YAML: a tab is not allowed as indentation at line 2, column 1; "
            "indent with spaces"
        ),
    ),
    "a control character": (
        "é: 'x\x07'".encode(),
        (
            "the input is not YAML: the character '\\x07' is not allowed at line 1, column 6; "
            "write an escape sequence, or remove the character"
        ),
    ),
    "a syntax error": (
        b"a: b: c",
        (
            "the input is not YAML: mapping values are not allowed in this context at line 1, "
            "column 5; "
            "correct the syntax"
        ),
    ),
    "a list that does not end": (
        b"- [a\nb: c",
        (
            "the input is not YAML: while parsing a flow sequence, did not find expected ',' or "
            "']' "
            "at line 2, column 2; correct the syntax"
        ),
    ),
    "another YAML": (
        b"%YAML 2.0\n---\na",
        (
            "the input is not YAML: found incompatible YAML document at line 1, column 1; correct "
            "the syntax"
        ),
    ),
    "many directives": (
        b"".join(b"%%TAG !%d! tag:x\n" % i for i in range(101)) + b"--- a",
        "the YAML has more than 100 `%TAG` directives; remove them",
    ),
    "a key that is a list": (
        b"? [a]\n: b",
        "the key is a list or a mapping at line 1, column 3; write the key as text",
    ),
    "a key that is an alias of a list": (
        b"- &a []\n- *a : b",
        "the key is a list or a mapping at line 2, column 3; write the key as text",
    ),
    "a key that is an alias of a short form": (
        b"- &a !Ref x\n- *a : b",
        "the key is a list or a mapping at line 2, column 3; write the key as text",
    ),
    "a key with a tag": (
        b"!Ref a: b",
        "the key has a tag at line 1, column 1; write the key as text",
    ),
    "an alias of nothing": (
        b"a: *b",
        (
            "there is no earlier anchor for the alias '*b' at line 1, column 4; "
            "define the anchor '&b' before it"
        ),
    ),
    "an alias in itself": (
        b"a: &a\n  b: [*a]",
        (
            "the value of an anchor contains its own alias '*a' at line 2, column 7; write the "
            "value without the alias"
        ),
    ),
    "merging no mapping": (
        b"a: &a [1]\nb: {<<: *a}",
        (
            "`<<` has a value that is not a mapping at line 2, column 9; "
            "use the alias of a mapping, or a list of them"
        ),
    ),
    "merging a short form": (
        b"a:\n  <<: !Ref b",
        (
            "`<<` has a value that is not a mapping at line 2, column 7; "
            "use the alias of a mapping, or a list of them"
        ),
    ),
    "YAML too deep": (
        b"- " * 101 + b"a",
        TOO_DEEP.format("line 1, column 201"),
    ),
    "short forms too deep": (
        b"!Not [" * 51 + b"]" * 51,
        TOO_DEEP.format("line 1, column 301"),
    ),
    "a short form on the last level": (
        b"- " * 99 + b"!GetAtt a.b",
        TOO_DEEP.format("line 1, column 199"),
    ),
    "aliases too deep": (
        b"- &a " + b"[" * 60 + b"]" * 60 + b"\n- " + b"[" * 60 + b"*a" + b"]" * 60,
        TOO_DEEP.format("line 2, column 63"),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_refused(case: str):
    content, message = CASES[case]
    with pytest.raises(UnusableInputError) as raised:
        read_bytes(content)
    assert str(raised.value) == message


def test_a_json_file_is_not_read_as_yaml():
    content = b'{"a": 1,}'
    assert read_bytes(content).data == {"a": 1}
    assert read_bytes(content, yaml=True).data == {"a": 1}
    with pytest.raises(UnusableInputError) as raised:
        read_bytes(content, yaml=False)
    assert str(raised.value).startswith("the input is not JSON: ")


@pytest.mark.parametrize(("sure", "language"), [(None, "JSON"), (False, "JSON"), (True, "YAML")])
def test_the_error_is_that_of_the_most_likely_format(*, sure: bool | None, language: str):
    with pytest.raises(UnusableInputError) as raised:
        read_bytes(b'{"a": 1', yaml=sure)
    assert str(raised.value).startswith(f"the input is not {language}: ")


def test_maximum_depth():
    for content in (b"[" * 100 + b"]" * 100, b"- " * 100 + b"a"):
        assert read_bytes(content).data


@pytest.mark.parametrize(
    ("content", "data", "repeated"),
    [
        (
            b'{"b": {"a": {"a": 1}, "c": "a", "\\u0061": 2}}',
            {"b": {"a": 2, "c": "a"}},
            ("a", (1, 33)),
        ),
        (b'{"b": {}, "a": {}, "a": 1}', {"b": {}, "a": 1}, ("a", (1, 20))),
        (b'{"a": [1], "a": 2}', {"a": 2}, ("a", (1, 12))),
        (b'{"x": {"a": 1}, "a": 2, "x": 3}', {"x": 3, "a": 2}, ("x", (1, 25))),
        (b"a: 1\n'a': 2\n", {"a": 2}, ("a", (2, 1))),
        (b"1: a\n'1': b\n", {"1": "b"}, ("1", (2, 1))),
    ],
)
def test_repeated_key_has_its_last_value(
    content: bytes, data: object, repeated: tuple[str, tuple[int, int]]
) -> None:
    document = read_bytes(content)
    assert (document.data, document.repeated_keys) == (data, (repeated,))
    key, position = repeated
    if key in document.data:
        assert document.positions([(key,)]) == {(key,): position}


def test_repeated_keys_are_reported_up_to_a_limit() -> None:
    for content in (b"{" + b'"a": [], ' * 500 + b'"a": [1]}', b"a: []\n" * 500 + b"a: [1]\n"):
        document = read_bytes(content)
        assert document.data == {"a": [1]}
        assert len(document.repeated_keys) == 100
