"""Whatever a path can lead to: a document, or one line that says why not; never a wait."""

import errno
import io
import os
import socket
from pathlib import Path

import pytest

from cdk_epc.parsing import UnusableInputError, read_file
from cdk_epc.parsing.files import bytes_of_stream

PIPE = "it is a pipe, a socket or a device; name a file, or use `-`"
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
def test_the_suffix_is_a_hint(tmp_path: Path, name: str, content: bytes, data: object):
    path = tmp_path / name
    path.write_bytes(content)
    assert read_file(path).data == data


def test_what_is_no_file(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe.json")
    (tmp_path / "link.json").symlink_to("loop.json")
    (tmp_path / "loop.json").symlink_to("link.json")
    (tmp_path / "dangling.json").symlink_to("nothing.json")
    (tmp_path / "file.json").write_bytes(b"")
    missing = "there is no such file or folder; correct the path"
    expected = {
        ".": "it is a folder; name a file in it",
        "pipe.json": PIPE,
        "link.json": "it is a symbolic link that leads back to itself; mend the link",
        "dangling.json": missing,
        "nothing.json": missing,
        "file.json": "it is empty; write a template or a request into it",
        "file.json/below": "it cannot be read: not a directory",
        "a" * 300: "it cannot be read: file name too long",
        "a\0b": "its name is none that a file can have: embedded null byte",
        "\ud800": "its name is none that a file can have",
    }
    assert {
        name: message[: len(expected[name])]
        for name in expected
        for message in [_message(tmp_path / name)]
    } == expected


@pytest.mark.parametrize("path", ["/dev/zero", "/dev/null", "/dev/stdin"])
def test_devices(path: str):
    assert _message(Path(path)) in {PIPE, "it is empty; write a template or a request into it"}


def test_a_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)  # the path of a socket is short
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("s.json")
        assert _message(Path("s.json")) == PIPE


@pytest.mark.parametrize(
    ("number", "message"),
    [
        (errno.EACCES, "it cannot be read: permission denied"),
        (errno.EIO, "it cannot be read: input/output error"),
        (errno.ENOENT, "there is no such file or folder; correct the path"),
    ],
)
def test_what_the_system_refuses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, message: str
):
    def refuse(*_: object) -> int:
        raise OSError(number, os.strerror(number))

    path = tmp_path / "a.json"
    path.write_bytes(b"{}")
    monkeypatch.setattr("cdk_epc.parsing.files.os.open", refuse)
    assert _message(path) == message


def test_a_pipe_that_took_the_place_of_a_file_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = tmp_path / "a.json"
    os.mkfifo(path)
    monkeypatch.setattr("cdk_epc.parsing.files._must_be_file", lambda _: None)
    assert _message(path) == "it is empty; write a template or a request into it"


@pytest.mark.parametrize("size", [LARGEST + 1, 200 * 1024**2])
def test_a_file_that_is_too_large(tmp_path: Path, size: int):
    path = tmp_path / "a.json"
    path.touch()
    os.truncate(path, size)
    assert _message(path) == (
        f"it is {size:,} bytes, and 16 MiB are read at most; CloudFormation takes templates of 1 MB"
    )


def test_the_largest_file(tmp_path: Path):
    path = tmp_path / "a.json"
    path.write_bytes(b"{}" + b" " * (LARGEST - 2))
    assert read_file(path).data == {}


class Endless(io.RawIOBase):
    """A stream without an end, in parts as small as a pipe's may be."""

    given = 0

    def read(self, size: int = -1) -> bytes:
        part = b" " * min(size, 60_000)
        self.given += len(part)
        return part


def test_a_stream_without_an_end():
    stream = Endless()
    with pytest.raises(UnusableInputError, match=r"^it is too large, and 16 MiB are read at"):
        bytes_of_stream(stream)  # type: ignore[arg-type] - it reads
    assert stream.given == LARGEST + 1


def test_an_error_without_words():
    stream = io.BytesIO()
    stream.read = lambda _=-1: (_ for _ in ()).throw(OSError())  # type: ignore[method-assign]
    with pytest.raises(UnusableInputError, match=r"^it cannot be read: oserror$"):
        bytes_of_stream(stream)


def test_a_stream_that_breaks():
    stream = io.BytesIO()
    stream.read = lambda _=-1: (_ for _ in ()).throw(OSError(errno.EIO, "Input/output error"))  # type: ignore[method-assign]
    with pytest.raises(UnusableInputError, match=r"^it cannot be read: input/output error$"):
        bytes_of_stream(stream)
