"""Each limit to the last value, level, digit and byte that is read."""

import io
import os
from pathlib import Path
from typing import Any

import pytest

from cdk_epc.parsing import UnusableInputError, read_bytes, read_file
from cdk_epc.parsing._yaml_builder import Marks
from cdk_epc.parsing.document import MOST_BYTES, MOST_DIGITS
from cdk_epc.parsing.files import bytes_of_stream
from cdk_epc.parsing.folder import walk
from cdk_epc.parsing.json_document import violation_in
from cdk_epc.parsing.positions import shown

SPENT: dict[str, tuple[int, int]] = {
    # What is read: how many values it counts for, and the column of the last of them.
    "a": (1, 1),
    "[a, b]": (3, 5),
    "{a: b}": (3, 5),
    "[[a], {}]": (4, 7),
    "[!Ref a]": (4, 2),
    "[!GetAtt a.b]": (4, 2),
    "[!Not [a]]": (3, 8),
    "[&a x, *a]": (3, 8),
    "[&a !Ref x, *a]": (7, 13),
    "[b, &a [x, y], *a]": (8, 16),
    "[&a [&b [x], *b], *a]": (11, 19),
    "[&a !Not [x], *a]": (5, 15),
    "{<<: {a: 1}, b: 2}": (8, 6),
}
DEPTHS: dict[str, tuple[int, int]] = {
    # What is read: how many levels it has, and the column of the innermost.
    "[[a]]": (2, 2),
    "{a: {b: c}}": (2, 5),
    "[!Ref a]": (2, 2),
    "[!GetAtt a.b]": (3, 2),
    "[!Not [a]]": (3, 2),
    "[&a x, [*a]]": (2, 8),
    "[&a [x], [*a]]": (3, 11),
    "[&a [[x]], [*a]]": (4, 13),
    "[&a !Ref x, [*a]]": (4, 14),
    "[&a !Not [x], [*a]]": (4, 16),
    "[&a [x], &b [*a], [*b]]": (4, 20),
    "[&a [!GetAtt a.b], [*a]]": (5, 21),
}
YAML_VALUES = (
    "with its aliases written out, it holds more than {:,} values at line 1, column {}; "
    "write less, or split it into several files"
)
DEEP = (
    "it is nested more than {} levels deep at line 1, column {}; "
    "nothing in AWS is, so write it flatter"
)


def refused(content: bytes, *, yaml: bool | None = None) -> str:
    with pytest.raises(UnusableInputError) as raised:
        read_bytes(content, yaml=yaml)
    return str(raised.value)


@pytest.mark.parametrize("content", SPENT)
def test_values_of_yaml(monkeypatch: pytest.MonkeyPatch, content: str):
    count, column = SPENT[content]
    monkeypatch.setattr("cdk_epc.parsing._yaml_builder.MOST_VALUES", count)
    assert read_bytes(content.encode(), yaml=True).data
    monkeypatch.setattr("cdk_epc.parsing._yaml_builder.MOST_VALUES", count - 1)
    assert refused(content.encode(), yaml=True) == YAML_VALUES.format(count - 1, column)


@pytest.mark.parametrize("content", DEPTHS)
def test_levels_of_yaml(monkeypatch: pytest.MonkeyPatch, content: str):
    levels, column = DEPTHS[content]
    monkeypatch.setattr("cdk_epc.parsing._yaml_builder.MOST_LEVELS", levels)
    assert read_bytes(content.encode(), yaml=True).data
    monkeypatch.setattr("cdk_epc.parsing._yaml_builder.MOST_LEVELS", levels - 1)
    assert refused(content.encode(), yaml=True) == DEEP.format(levels - 1, column)


@pytest.mark.parametrize(
    ("content", "count"),
    [(b"[1, 2, 3]", 3), (b'{"a": {}, "b": {}}', 4), (b"[[], [{}]]", 5), (b"1", 0)],
)
def test_values_of_json(monkeypatch: pytest.MonkeyPatch, content: bytes, count: int):
    monkeypatch.setattr("cdk_epc.parsing.json_document.MOST_VALUES", count)
    assert read_bytes(content, yaml=False).data
    monkeypatch.setattr("cdk_epc.parsing.json_document.MOST_VALUES", count - 1)
    assert refused(content, yaml=False) == (
        f"it may hold more than {count - 1} values; split it into several files"
    )


@pytest.mark.parametrize("pair", [(b"[", b"]"), (b'{"a":', b"}")])
def test_levels_of_json(pair: tuple[bytes, bytes]):
    start, end = pair
    assert read_bytes(start * 100 + b"1" + end * 100, yaml=False).data
    column = 100 * len(start) + 1
    assert refused(start * 101 + b"1" + end * 101, yaml=False) == DEEP.format(100, column)


def test_digits():
    longest = "9" * MOST_DIGITS
    for yaml in (True, False):
        assert read_bytes(f"[{longest}]".encode(), yaml=yaml).data == [int(longest)]
    assert refused(f"[{longest}, NaN]".encode(), yaml=False).startswith("NaN is no JSON at line 1")
    assert read_bytes(f"- {longest}".encode(), yaml=True).data == [int(longest)]
    assert read_bytes(f"- {longest}9".encode(), yaml=True).data == [longest + "9"]
    assert refused(f"[-{longest}9]".encode(), yaml=False) == (
        "a number has 302 digits, more than 300 at line 1, column 2; shorten it"
    )


def test_directives():
    content = b"".join(b"%%TAG !%d! tag:x\n" % i for i in range(100)) + b"--- a"
    assert read_bytes(content).data == "a"


def test_yaml_without_libyaml(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delattr("yaml.CSafeLoader")
    monkeypatch.setattr("cdk_epc.parsing.yaml_document.MOST_BYTES_WITHOUT_LIBYAML", 4)
    assert read_bytes(b"a: 1").data == {"a": 1}
    assert refused(b"a: 12").startswith("it is YAML of 5 characters, and without libyaml 4 are ")


@pytest.mark.parametrize("more", [0, 1])
def test_a_stream(more: int):
    stream = io.BytesIO(b" " * (MOST_BYTES + more))
    if not more:
        assert len(bytes_of_stream(stream)) == MOST_BYTES
        return
    with pytest.raises(UnusableInputError, match=r"^it is too large, and 16 MiB are read at most"):
        bytes_of_stream(stream)


def test_entries_of_all_folders_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "c.json").touch()
    monkeypatch.setattr("cdk_epc.parsing.folder._MOST_ENTRIES", 4)
    assert len(list(walk(tmp_path))) == 2
    monkeypatch.setattr("cdk_epc.parsing.folder._MOST_ENTRIES", 3)
    with pytest.raises(UnusableInputError, match=r"^it holds more than 3 entries; name less of it"):
        list(walk(tmp_path))


def test_no_more_entries_are_looked_at_than_are_allowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for name in "abcdef":
        (tmp_path / name).touch()
    looked_at: list[str] = []
    scan = os.scandir

    class Counting:
        def __init__(self, path: Path) -> None:
            self.found = scan(path)

        def __enter__(self) -> Any:
            return self

        def __exit__(self, *_: object) -> None:
            self.found.close()

        def __iter__(self) -> Any:
            for entry in self.found:
                looked_at.append(entry.name)
                yield entry

    monkeypatch.setattr("cdk_epc.parsing.folder.os.scandir", Counting)
    monkeypatch.setattr("cdk_epc.parsing.folder._MOST_ENTRIES", 2)
    with pytest.raises(UnusableInputError):
        list(walk(tmp_path))
    assert len(looked_at) == 3


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a\nb", r"'a\nb'"),
        ("a" * 60, f"'{'a' * 60}'"),
        ("a" * 61, f"'{'a' * 59}…'"),
        ("a" * 99, f"'{'a' * 59}…'"),
    ],
)
def test_how_long_a_text_is_shown(text: str, words: str):
    assert shown(text) == words


def test_json_that_only_the_caller_has_no_room_for():
    assert str(violation_in('{"a": [1, "b"]}')) == (
        "it is nested too deep; 100 levels are read at most"
    )


def test_what_is_merged_lives_as_long_as_the_marks():
    """Else another container might be where it was, and be taken for it."""
    document = read_bytes(b"{<<: {a: 1}, b: 2}", yaml=True)
    kept = document.marks._kept  # type: ignore[union-attr] - it is YAML
    assert [[value for value, _ in merged] for merged in kept] == [[{"a": 1}]]
    marks = Marks()
    marks.keep("this")
    assert marks._kept == ["this"]


def test_the_suffix_decides(tmp_path: Path):
    for name in ("a.json", "b.JSON"):
        (tmp_path / name).write_text("{a: 1}")
        with pytest.raises(UnusableInputError, match=r"^it is not JSON: "):
            read_file(tmp_path / name)
