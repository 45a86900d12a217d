"""Positions of values: lines and columns from 1, in characters, as editors count them."""

import pytest

from cdk_epc.parsing import read_bytes
from cdk_epc.parsing.positions import lines_and_columns

JSON = '{\r\n\t"é😀": {"a\\"b": [1, {"c": null}, "x"]},\r\n  "\\u0065" :\n[ true ,\r [] ] }'
JSON_PLACES = {
    (): (1, 1),
    ("é😀",): (2, 2),
    ("é😀", 'a"b'): (2, 9),
    ("é😀", 'a"b', 0): (2, 18),
    ("é😀", 'a"b', 1): (2, 21),
    ("é😀", 'a"b', 1, "c"): (2, 22),
    ("é😀", 'a"b', 2): (2, 34),
    ("e",): (3, 3),
    ("e", 0): (4, 3),
    ("e", 1): (5, 2),
}
MISSING = {
    ("nowhere",): (1, 1),
    ("nowhere", 0, "x"): (1, 1),
    ("é😀", 'a"b', 1, "d", "e"): (2, 21),
    ("é😀", 'a"b', 3): (2, 9),
    ("é😀", 'a"b', -1): (2, 9),
    ("e", "0"): (3, 3),
    ("e", 0, "deeper"): (4, 3),
    (0,): (1, 1),
}
YAML = """\
# first
é😀: &anchor
  'a b': [1, x: 2]
  ? long
  : !GetAtt A.B
list:
- !Sub
  - ${x}
  - x: !Ref Y
-   - deep
- *anchor
merged:
  <<: *anchor
  own: 1
  long: 2
1: number
"""
YAML_PLACES = {
    (): (2, 1),
    ("é😀",): (2, 1),
    ("é😀", "a b"): (3, 3),
    ("é😀", "a b", 0): (3, 11),
    ("é😀", "a b", 1): (3, 14),
    ("é😀", "a b", 1, "x"): (3, 14),
    ("é😀", "long"): (4, 5),
    ("é😀", "long", "Fn::GetAtt"): (5, 5),
    ("é😀", "long", "Fn::GetAtt", 1): (5, 5),
    ("list",): (6, 1),
    ("list", 0): (7, 3),
    ("list", 0, "Fn::Sub"): (7, 3),
    ("list", 0, "Fn::Sub", 0): (8, 5),
    ("list", 0, "Fn::Sub", 1, "x"): (9, 5),
    ("list", 0, "Fn::Sub", 1, "x", "Ref"): (9, 8),
    ("list", 1, 0): (10, 7),
    ("list", 2): (11, 3),
    ("list", 2, "a b"): (3, 3),  # the value of an alias is at its anchor
    ("merged", "<<"): (12, 1),
    ("merged", "a b"): (3, 3),
    ("merged", "own"): (14, 3),
    ("merged", "long"): (15, 3),
    ("1",): (16, 1),
    ("list", 3): (6, 1),
    ("list", 2, "nowhere", 1): (11, 3),
    ("list", "0"): (6, 1),
    (0,): (2, 1),
}


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_json_positions(encoding: str, mark: str):
    if not mark and encoding != "utf-8":
        mark = "\ufeff"
    expected = JSON_PLACES | MISSING
    assert read_bytes((mark + JSON).encode(encoding)).positions(expected) == expected


def test_json_without_blanks():
    places = {
        (): (1, 1),
        ("a",): (1, 2),
        ("a", 0): (1, 7),
        ("a", 1): (1, 9),
        ("a", 1, "b"): (1, 10),
        ("a", 1, "b", "c"): (1, 15),
        ("a", 2): (1, 23),
        ("d",): (1, 27),
        ("e",): (1, 33),
    }
    content = b'{"a":[1,{"b":{"c":2}},[]],"d":3,"e":4}'
    assert read_bytes(content).positions(places) == places


def test_several_positions_on_one_line():
    assert lines_and_columns("a\nb\rcd", [5, 4, 4, 0]) == {0: (1, 1), 4: (3, 1), 5: (3, 2)}


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_yaml_positions(line_end: str):
    content = YAML.replace("\n", line_end).encode()
    assert read_bytes(content).positions(YAML_PLACES) == YAML_PLACES


def test_lines_end_as_in_editors():
    # YAML 1.1 has three more line ends, which no editor counts.
    content = "a: 1\u2028b: 2\x85c: 3\nd: 4".encode()
    document = read_bytes(content)
    assert document.data == {"a": 1, "b": 2, "c": 3, "d": 4}
    assert document.positions([("b",), ("c",), ("d",)]) == {
        ("b",): (1, 6),
        ("c",): (1, 11),
        ("d",): (2, 1),
    }


@pytest.mark.parametrize("content", [b"\n  7", b"\n  a", b'\n  "a"', b"\n  !Ref a"])
def test_position_of_a_scalar_is_its_start(content: bytes):
    document = read_bytes(content)
    assert document.positions([(), ("a", 0)]) == {(): (2, 3), ("a", 0): (2, 3)}


def test_no_paths_no_positions():
    assert read_bytes(b"[]").positions([]) == {}
    assert read_bytes(b"- a").positions([]) == {}
