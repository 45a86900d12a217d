"""Limits of the reader, each at its last allowed value and one beyond."""

import io
import os
from pathlib import Path
from typing import Any

import pytest

from cdk_epc.parsing import UnusableInputError, read_bytes, read_file
from cdk_epc.parsing._yaml_builder import Offsets
from cdk_epc.parsing.document import MAX_BYTES, MAX_DIGITS
from cdk_epc.parsing.files import bytes_of_stream
from cdk_epc.parsing.folder import walk
from cdk_epc.parsing.json_document import refusal_of
from cdk_epc.parsing.positions import quoted

VALUE_COUNTS: dict[str, tuple[int, int]] = {
    # Content: number of values that it counts for, and the column of the last of them.
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
    # Content: number of levels, and the column of the innermost.
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
    "the input, with its aliases expanded, has more than {:,} values at line 1, column {}; "
    "split it into several files"
)
DEEP = "the input is nested more than {} levels deep at line 1, column {}; reduce the nesting"


def refused(content: bytes, *, yaml: bool | None = None) -> str:
    with pytest.raises(UnusableInputError) as raised:
        read_bytes(content, yaml=yaml)
    return str(raised.value)


@pytest.mark.parametrize("content", VALUE_COUNTS)
def test_values_of_yaml(monkeypatch: pytest.MonkeyPatch, content: str):
    count, column = VALUE_COUNTS[content]
    monkeypatch.setattr("cdk_epc.parsing._yaml_builder.MAX_VALUES", count)
    assert read_bytes(content.encode(), yaml=True).data
    monkeypatch.setattr("cdk_epc.parsing._yaml_builder.MAX_VALUES", count - 1)
    assert refused(content.encode(), yaml=True) == YAML_VALUES.format(count - 1, column)


@pytest.mark.parametrize("content", DEPTHS)
def test_levels_of_yaml(monkeypatch: pytest.MonkeyPatch, content: str):
    levels, column = DEPTHS[content]
    monkeypatch.setattr("cdk_epc.parsing._yaml_builder.MAX_DEPTH", levels)
    assert read_bytes(content.encode(), yaml=True).data
    monkeypatch.setattr("cdk_epc.parsing._yaml_builder.MAX_DEPTH", levels - 1)
    assert refused(content.encode(), yaml=True) == DEEP.format(levels - 1, column)


@pytest.mark.parametrize(
    ("content", "count"),
    [(b"[1, 2, 3]", 3), (b'{"a": {}, "b": {}}', 4), (b"[[], [{}]]", 5), (b"1", 0)],
)
def test_values_of_json(monkeypatch: pytest.MonkeyPatch, content: bytes, count: int):
    monkeypatch.setattr("cdk_epc.parsing.json_document.MAX_VALUES", count)
    assert read_bytes(content, yaml=False).data
    monkeypatch.setattr("cdk_epc.parsing.json_document.MAX_VALUES", count - 1)
    assert refused(content, yaml=False) == (
        f"the input may have more than {count - 1} values; split it into several files"
    )


@pytest.mark.parametrize("pair", [(b"[", b"]"), (b'{"a":', b"}")])
def test_levels_of_json(pair: tuple[bytes, bytes]):
    start, end = pair
    assert read_bytes(start * 100 + b"1" + end * 100, yaml=False).data
    column = 100 * len(start) + 1
    assert refused(start * 101 + b"1" + end * 101, yaml=False) == DEEP.format(100, column)


def test_digits():
    longest = "9" * MAX_DIGITS
    for yaml in (True, False):
        assert read_bytes(f"[{longest}]".encode(), yaml=yaml).data == [int(longest)]
    assert refused(f"[{longest}, NaN]".encode(), yaml=False).startswith(
        "NaN is not allowed in JSON at line 1"
    )
    assert read_bytes(f"- {longest}".encode(), yaml=True).data == [int(longest)]
    assert read_bytes(f"- {longest}9".encode(), yaml=True).data == [longest + "9"]
    assert refused(f"[-{longest}9]".encode(), yaml=False) == (
        "the number has too many digits (302, maximum 300) at line 1, column 2; shorten it"
    )


def test_directives():
    content = b"".join(b"%%TAG !%d! tag:x\n" % i for i in range(100)) + b"--- a"
    assert read_bytes(content).data == "a"


def test_yaml_without_libyaml(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delattr("yaml.CSafeLoader")
    monkeypatch.setattr("cdk_epc.parsing.yaml_document.MAX_BYTES_WITHOUT_LIBYAML", 4)
    assert read_bytes(b"a: 1").data == {"a": 1}
    assert refused(b"a: 12").startswith(
        "the YAML has 5 characters, and without libyaml at most 4 are "
    )


@pytest.mark.parametrize("more", [0, 1])
def test_a_stream(more: int):
    stream = io.BytesIO(b" " * (MAX_BYTES + more))
    if not more:
        assert len(bytes_of_stream(stream)) == MAX_BYTES
        return
    with pytest.raises(UnusableInputError, match=r"^the input is larger than 16 MiB"):
        bytes_of_stream(stream)


def test_entries_of_all_folders_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "c.json").touch()
    monkeypatch.setattr("cdk_epc.parsing.folder._MAX_ENTRIES", 4)
    assert len(list(walk(tmp_path))) == 2
    monkeypatch.setattr("cdk_epc.parsing.folder._MAX_ENTRIES", 3)
    with pytest.raises(
        UnusableInputError, match=r"^the folder has more than 3 entries; name a smaller folder"
    ):
        list(walk(tmp_path))


def test_listing_stops_one_entry_beyond_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for name in "abcdef":
        (tmp_path / name).touch()
    listed: list[str] = []
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
                listed.append(entry.name)
                yield entry

    monkeypatch.setattr("cdk_epc.parsing.folder.os.scandir", Counting)
    monkeypatch.setattr("cdk_epc.parsing.folder._MAX_ENTRIES", 2)
    with pytest.raises(UnusableInputError):
        list(walk(tmp_path))
    assert len(listed) == 3


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a\nb", r"'a\nb'"),
        ("a" * 60, f"'{'a' * 60}'"),
        ("a" * 61, f"'{'a' * 59}…'"),
        ("a" * 99, f"'{'a' * 59}…'"),
    ],
)
def test_a_long_text_is_cut_in_messages(text: str, words: str):
    assert quoted(text) == words


def test_json_beyond_the_recursion_limit_of_the_process():
    assert str(refusal_of('{"a": [1, "b"]}')) == (
        "the input is nested too deep; at most 100 levels are read"
    )


def test_merged_mappings_live_as_long_as_the_offsets():
    """Otherwise another container could get the identity of a merged one, with its offsets."""
    document = read_bytes(b"{<<: {a: 1}, b: 2}", yaml=True)
    kept = document.offsets._kept  # type: ignore[union-attr] - it is YAML
    assert [[value for value, _ in merged] for merged in kept] == [[{"a": 1}]]
    offsets = Offsets()
    offsets.keep("this")
    assert offsets._kept == ["this"]


def test_the_suffix_decides(tmp_path: Path):
    for name in ("a.json", "b.JSON"):
        (tmp_path / name).write_text("{a: 1}")
        with pytest.raises(UnusableInputError, match=r"^the input is not JSON: "):
            read_file(tmp_path / name)
