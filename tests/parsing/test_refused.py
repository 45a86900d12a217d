"""Content that nothing can be made of: each kind, with the whole message."""

import codecs

import pytest

from cdk_epc.parsing import UnusableInputError, read_bytes

TOO_DEEP = "it is nested more than 100 levels deep at {}; nothing in AWS is, so write it flatter"
CASES = {
    "nothing": (b"", "it is empty; write a template or a request into it"),
    "only a byte order mark": (
        codecs.BOM_UTF8,
        "it is empty; write a template or a request into it",
    ),
    "only blanks": (b" \n\t\r\n", "it is empty; write a template or a request into it"),
    "only comments": (
        b"# nothing\n",
        "it is empty but for comments; write a template or a request",
    ),
    "a NUL": (
        "é: \0".encode(),
        "it is binary: there is a NUL character at byte offset 4; save it as UTF-8 text",
    ),
    "UTF-16 without a mark": (
        "a: 1".encode("utf-16-le"),
        "it is binary: there is a NUL character at byte offset 1; save it as UTF-8 text",
    ),
    "Latin-1": (
        "{'é'".encode("latin-1"),
        "it is no text: the byte at offset 2 is not valid UTF-8; save it as UTF-8",
    ),
    "a surrogate in UTF-8": (
        b"\xef\xbb\xbfa: \xed\xa0\x80",
        "it is no text: the byte at offset 6 is not valid UTF-8; save it as UTF-8",
    ),
    "half a character of UTF-16": (
        codecs.BOM_UTF16_LE + b"a\0b",
        "it is no text: the byte at offset 4 is not valid UTF-16-LE; save it as UTF-8",
    ),
    "a compressed file": (
        b"\x1f\x8b\x08\x00",
        "it is no text: the byte at offset 1 is not valid UTF-8; save it as UTF-8",
    ),
    "truncated JSON": (
        b'{"a": [1,\n 2',
        (
            "it is not JSON: the text ends too early, expecting ',' delimiter at line 2, column 3; "
            "mend it"
        ),
    ),
    "truncated in a text": (
        b'{"a": "b',
        "it is not JSON: unterminated string at line 1, column 7; mend it",
    ),
    "a key twice": (
        b'{"b": {"a": {"a": 1}, "c": "a", "\\u0061": 2}}',
        "the key 'a' is there twice at line 1, column 33; take one of them out",
    ),
    "a key twice, after one that is empty": (
        b'{"b": {}, "a": {}, "a": 1}',
        "the key 'a' is there twice at line 1, column 20; take one of them out",
    ),
    "a key twice, after a list": (
        b'{"a": [1], "a": 2}',
        "the key 'a' is there twice at line 1, column 12; take one of them out",
    ),
    "a key twice, after one inside": (
        b'{"x": {"a": 1}, "a": 2, "x": 3}',
        "the key 'x' is there twice at line 1, column 25; take one of them out",
    ),
    "a text twice is no fault": (
        b'[["a", "a", "a"], NaN]',
        "NaN is no JSON at line 1, column 19; write a number, or leave the member out",
    ),
    "NaN": (
        b'["NaN",\n NaN]',
        "NaN is no JSON at line 2, column 2; write a number, or leave the member out",
    ),
    "an infinity": (
        b'{"a": -Infinity}',
        "-Infinity is no JSON at line 1, column 7; write a number, or leave the member out",
    ),
    "a number beyond a float": (
        b"[-1e999]",
        "the number '-1e999' is out of range at line 1, column 2; write a smaller one",
    ),
    "a constant and more": (
        b'["a", 1, -Infinityx]',
        "-Infinity is no JSON at line 1, column 10; write a number, or leave the member out",
    ),
    "a number and more": (
        b"[1.5e400.2]",
        "the number '1.5e400' is out of range at line 1, column 2; write a smaller one",
    ),
    "a very long number": (
        b"[" + b"9" * 5000 + b"]",
        "a number has 5,000 digits, more than 300 at line 1, column 2; shorten it",
    ),
    "half of a character": (
        b'["\\\\ud800", "\\ud83d\\ude00", "\\ud83d"]',
        (
            "half of a character, \\ud83d, stands without its other half at line 1, column 30; "
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
        "it may hold more than 1,000,000 values; split it into several files",
    ),
    "too many bytes": (
        b" " * (16 * 1024**2 + 1),
        ("it is too large, and 16 MiB are read at most; CloudFormation takes templates of 1 MB"),
    ),
    "a tag that runs code": (
        b"a: !!python/object/apply:os.system ['true']",
        (
            "the tag '!!python/object/apply:os.system' is none of CloudFormation's "
            "at line 1, column 4; take it out, CloudFormation does not know it"
        ),
    ),
    "a tag that nobody knows": (
        b"a:\n  - !Foo {}",
        (
            "the tag '!Foo' is none of CloudFormation's at line 2, column 5; "
            "take it out, CloudFormation does not know it"
        ),
    ),
    "a mistyped tag": (
        b"a: !GetAttr B.C",
        "the tag '!GetAttr' is none of CloudFormation's at line 1, column 4; did you mean !GetAtt?",
    ),
    "a tag that CloudFormation does not support": (
        b"a: !!binary aGk=",
        (
            "the tag '!!binary' is none of CloudFormation's at line 1, column 4; "
            "take it out, CloudFormation does not know it"
        ),
    ),
    "a tag of another collection": (
        b"!!seq {}",
        (
            "the tag '!!seq' is none of CloudFormation's at line 1, column 1; "
            "take it out, CloudFormation does not know it"
        ),
    ),
    "a tag that the value belies": (
        b"a: !!int b",
        (
            "the value 'b' is not what its tag says at line 1, column 4; "
            "take the tag out, or correct the value"
        ),
    ),
    "several documents": (
        b"a: 1\n---\nb: 1\n",
        (
            "it holds several YAML documents: the second starts at line 2, column 1; "
            "put each into a file of its own"
        ),
    ),
    "a tab": (
        b"a:\n\t- b",
        "it is not YAML: there is a tab at line 2, column 1; indent with spaces",
    ),
    "a control character": (
        "é: 'x\x07'".encode(),
        (
            "it is not YAML: there is the character '\\x07' at line 1, column 6; "
            "write it as an escape, or take it out"
        ),
    ),
    "YAML gone wrong": (
        b"a: b: c",
        (
            "it is not YAML: mapping values are not allowed in this context at line 1, column 5; "
            "mend it"
        ),
    ),
    "a list that does not end": (
        b"- [a\nb: c",
        (
            "it is not YAML: while parsing a flow sequence, did not find expected ',' or ']' "
            "at line 2, column 2; mend it"
        ),
    ),
    "another YAML": (
        b"%YAML 2.0\n---\na",
        "it is not YAML: found incompatible YAML document at line 1, column 1; mend it",
    ),
    "many directives": (
        b"".join(b"%%TAG !%d! tag:x\n" % i for i in range(101)) + b"--- a",
        "it has more than 100 `%TAG`; take them out",
    ),
    "a YAML key twice": (
        b"a: 1\n'a': 2\n",
        "the key 'a' is there twice at line 2, column 1; take one of them out",
    ),
    "a key as a number and as text": (
        b"1: a\n'1': b\n",
        "the key '1' is there twice at line 2, column 1; take one of them out",
    ),
    "a key that is a list": (
        b"? [a]\n: b",
        "a key is a list or a mapping at line 1, column 3; write the key as text",
    ),
    "a key that is an alias of a list": (
        b"- &a []\n- *a : b",
        "a key is a list or a mapping at line 2, column 3; write the key as text",
    ),
    "a key that is an alias of a short form": (
        b"- &a !Ref x\n- *a : b",
        "a key is a list or a mapping at line 2, column 3; write the key as text",
    ),
    "a key with a tag": (
        b"!Ref a: b",
        "a key has a tag at line 1, column 1; write the key as text",
    ),
    "an alias of nothing": (
        b"a: *b",
        (
            "nothing before has the anchor of the alias '*b' at line 1, column 4; "
            "put '&b' before what it stands for"
        ),
    ),
    "an alias in itself": (
        b"a: &a\n  b: [*a]",
        "the alias '*a' stands in what it stands for at line 2, column 7; write out what is meant",
    ),
    "merging no mapping": (
        b"a: &a [1]\nb: {<<: *a}",
        (
            "`<<` is given something else than mappings at line 2, column 9; "
            "name a mapping, or a list of them"
        ),
    ),
    "merging a short form": (
        b"a:\n  <<: !Ref b",
        (
            "`<<` is given something else than mappings at line 2, column 7; "
            "name a mapping, or a list of them"
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


def test_what_is_json_for_sure_is_not_tried_as_yaml():
    content = b'{"a": 1,}'
    assert read_bytes(content).data == {"a": 1}
    assert read_bytes(content, yaml=True).data == {"a": 1}
    with pytest.raises(UnusableInputError) as raised:
        read_bytes(content, yaml=False)
    assert str(raised.value).startswith("it is not JSON: ")


@pytest.mark.parametrize(("sure", "language"), [(None, "JSON"), (False, "JSON"), (True, "YAML")])
def test_what_is_neither_is_told_as_what_it_is_most_likely(*, sure: bool | None, language: str):
    with pytest.raises(UnusableInputError) as raised:
        read_bytes(b'{"a": 1', yaml=sure)
    assert str(raised.value).startswith(f"it is not {language}: ")


def test_the_deepest_that_is_read():
    for content in (b"[" * 100 + b"]" * 100, b"- " * 100 + b"a"):
        assert read_bytes(content).data
