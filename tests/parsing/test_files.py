"""Paths of all kinds: a document or a message of one line, and never a wait."""

import errno
import io
import os
import socket
from pathlib import Path

import pytest

from cdk_epc.parsing import UnusableInputError, read_file
from cdk_epc.parsing.files import bytes_of_stream

PIPE = "the path is a pipe, a socket or a device; name a file, or use `-` for standard input"
LARGEST = 16 * 1024**2


def _message(path: Path) -> str:
    with pytest.raises(UnusableInputError) as raised:
        read_file(path)
    return str(raised.value)


@pytest.mark.parametrize(
    ("name", "content", "data"),
    [
        ("a.json", b'{"a": 1}', {"a": 1}),
        ("a.JSON", b"\xef\xbb\xbf[1]", [1]),
        ("a.yaml", b"a: !Ref b", {"a": {"Ref": "b"}}),
        ("a.yml", b'{"a": 1}', {"a": 1}),
        ("a.yaml", b'{\n\t"a": 1}', {"a": 1}),
        ("a.template", b'\n {"a": 1}', {"a": 1}),
        ("a.template", b"a: 1", {"a": 1}),
        ("a.template", b"{a: 1}", {"a": 1}),
        ("a", b"a: 1", {"a": 1}),
        ("a.txt", b"a text", "a text"),
        ("a.json", b"7", 7),
    ],
)
def test_format_by_suffix_or_content(tmp_path: Path, name: str, content: bytes, data: object):
    path = tmp_path / name
    path.write_bytes(content)
    assert read_file(path).data == data


def test_paths_that_are_not_files(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe.json")
    (tmp_path / "link.json").symlink_to("loop.json")
    (tmp_path / "loop.json").symlink_to("link.json")
    (tmp_path / "dangling.json").symlink_to("nothing.json")
    (tmp_path / "file.json").write_bytes(b"")
    missing = "there is no such file or folder; correct the path"
    expected = {
        ".": "the path is a folder; name a file in it",
        "pipe.json": PIPE,
        "link.json": "the path is a cycle of symbolic links; correct the links",
        "dangling.json": missing,
        "nothing.json": missing,
        "file.json": "the input is empty; write a template or a request into it",
        "file.json/below": "the input cannot be read: not a directory",
        "a" * 300: "the input cannot be read: file name too long",
        "a\0b": "the path cannot be that of a file: embedded null byte",
        "\ud800": "the path cannot be that of a file",
    }
    assert {
        name: message[: len(expected[name])]
        for name in expected
        for message in [_message(tmp_path / name)]
    } == expected


@pytest.mark.parametrize("path", ["/dev/zero", "/dev/null", "/dev/stdin"])
def test_devices(path: str):
    assert _message(Path(path)) in {
        PIPE,
        "the input is empty; write a template or a request into it",
    }


def test_a_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)  # the path of a socket is short
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("s.json")
        assert _message(Path("s.json")) == PIPE


@pytest.mark.parametrize(
    ("number", "message"),
    [
        (errno.EACCES, "the input cannot be read: permission denied"),
        (errno.EIO, "the input cannot be read: input/output error"),
        (errno.ENOENT, "there is no such file or folder; correct the path"),
    ],
)
def test_errors_of_the_operating_system(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, message: str
):
    def refuse(*_: object) -> int:
        raise OSError(number, os.strerror(number))

    path = tmp_path / "a.json"
    path.write_bytes(b"{}")
    monkeypatch.setattr("cdk_epc.parsing.files.os.open", refuse)
    assert _message(path) == message


def test_a_pipe_that_replaced_a_file_does_not_block(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = tmp_path / "a.json"
    os.mkfifo(path)
    monkeypatch.setattr("cdk_epc.parsing.files._check_is_file", lambda _: None)
    assert _message(path) == "the input is empty; write a template or a request into it"


@pytest.mark.parametrize("size", [LARGEST + 1, 200 * 1024**2])
def test_a_file_that_is_too_large(tmp_path: Path, size: int):
    path = tmp_path / "a.json"
    path.touch()
    os.truncate(path, size)
    assert _message(path) == (
        "the input is larger than 16 MiB; CloudFormation accepts templates of up to 1 MB"
    )


def test_the_largest_file(tmp_path: Path):
    path = tmp_path / "a.json"
    path.write_bytes(b"{}" + b" " * (LARGEST - 2))
    assert read_file(path).data == {}


class Endless(io.RawIOBase):
    """Endless stream in small parts, like a pipe."""

    given = 0

    def read(self, size: int = -1) -> bytes:
        part = b" " * min(size, 60_000)
        self.given += len(part)
        return part


def test_endless_stream():
    stream = Endless()
    with pytest.raises(UnusableInputError, match=r"^the input is larger than 16 MiB"):
        bytes_of_stream(stream)  # type: ignore[arg-type] - it reads
    assert stream.given == LARGEST + 1


def test_an_error_without_a_message():
    stream = io.BytesIO()
    stream.read = lambda _=-1: (_ for _ in ()).throw(OSError())  # type: ignore[method-assign]
    with pytest.raises(UnusableInputError, match=r"^the input cannot be read: oserror$"):
        bytes_of_stream(stream)


def test_a_stream_with_an_error():
    stream = io.BytesIO()
    stream.read = lambda _=-1: (_ for _ in ()).throw(OSError(errno.EIO, "Input/output error"))  # type: ignore[method-assign]
    with pytest.raises(UnusableInputError, match=r"^the input cannot be read: input/output error$"):
        bytes_of_stream(stream)
