"""Standard output and standard error in every state, unexpected errors, and the exit code."""

from __future__ import annotations

import contextlib
import errno
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from kit.command import BAD_TEXT, run

from cdk_epc.cli import check, main

COMMANDS: list[tuple[int, list[str]]] = [
    (1, ["check", "--format", "json", "bad.json"]),
    (2, ["check", "--format", "json", "bad.json", "missing.json"]),
    (2, ["check", "--format", "sarif", "bad.json", "missing.json"]),
    (2, ["check", "--format", "github", "bad.json", "missing.json"]),
    (2, ["check", "bad.json", "missing.json"]),
    (2, ["check", "--rules", "no.module:RULES", "bad.json"]),
    (2, ["check", "--region", "x", "bad.json"]),
    (2, ["nonsense"]),
    (0, ["rules"]),
    (0, ["explain", "serverless-memory-step"]),
    (2, ["explain", "nonsense"]),
    (0, ["--version"]),
    (0, ["check", "--help"]),
]


class Broken(io.StringIO):
    """Stream that the operating system does not write to."""

    def __init__(self, code: int) -> None:
        super().__init__()
        self.code = code

    def write(self, _: str) -> int:
        raise OSError(self.code, os.strerror(self.code))


def closed() -> io.StringIO:
    stream = io.StringIO()
    stream.close()
    return stream


STATES: dict[str, Callable[[], Any]] = {
    "none": lambda: None,
    "closed": closed,
    "full": lambda: Broken(errno.ENOSPC),
    "pipe": lambda: Broken(errno.EPIPE),
}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.json").write_text(BAD_TEXT, "utf-8")
    return tmp_path


def _run(arguments: list[str], out: Any, err: Any) -> int:
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            return int(main(arguments))
        except SystemExit as exit_:
            return int(exit_.code or 0)


@pytest.mark.parametrize("state", STATES)
def test_no_state_of_stderr_changes_the_output_or_the_code(state: str):
    for code, arguments in COMMANDS:
        usual, out = io.StringIO(), io.StringIO()
        assert _run(arguments, usual, io.StringIO()) == code, arguments
        assert _run(arguments, out, STATES[state]()) == code, arguments
        assert out.getvalue() == usual.getvalue()
        if "json" in arguments or "sarif" in arguments:
            json.loads(out.getvalue())


@pytest.mark.parametrize("state", STATES)
def test_output_that_cannot_be_written(state: str):
    for code, arguments in COMMANDS:
        usual, err = io.StringIO(), io.StringIO()
        has_output = bool(_run(arguments, io.StringIO(), usual) < 2 or "check" in arguments[:1])
        has_output = has_output and not {"--rules", "--region"} & {*arguments}
        is_error = has_output and state != "pipe"
        assert _run(arguments, STATES[state](), err) == (2 if is_error else code), arguments
        more = err.getvalue().removeprefix(usual.getvalue())
        assert more.startswith("cdk-epc: error: the report could not be written: ") is is_error
        assert more.count("\n") == is_error
        assert _run(arguments, STATES[state](), STATES[state]()) == (2 if is_error else code)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a full device")
def test_streams_of_a_process():
    command = f"{sys.executable} -m cdk_epc"
    cases = {
        "--version >/dev/full": 2,
        "--version | true": 0,
        "--help >&-": 2,
        "check missing.json 2>&-": 2,
        "check bad.json missing.json >/dev/full 2>/dev/full": 2,
        "check bad.json missing.json 2> >(exec true)": 2,
    }
    script = "set -o pipefail\n" + "\n".join(
        f'{{ {command} {case} ; }} 2>>log; echo "$?"' for case in cases
    )
    done = subprocess.run(  # noqa: S603 - fixed arguments
        ["/bin/bash", "-c", script],
        check=True,
        capture_output=True,
        timeout=120,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    codes = [line for line in done.stdout.splitlines() if line.isdigit()]
    assert list(map(int, codes)) == list(cases.values())
    log = Path("log").read_text("utf-8")
    assert "Traceback" not in log
    assert "Exception ignored" not in log


@pytest.mark.parametrize(
    "error", [RuntimeError("a\n::error::b"), MemoryError(), RecursionError("deep"), KeyError(1)]
)
def test_an_unexpected_error_asks_for_a_report(
    error: Exception, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    detect = check.detect_document_type
    (tmp_path / "other.json").write_text(BAD_TEXT, "utf-8")
    turns = iter([error])

    def fail(*arguments: Any, **options: Any) -> Any:
        for each in turns:
            raise each
        return detect(*arguments, **options)

    monkeypatch.setattr(check, "detect_document_type", fail)
    done = run("check", "bad.json", "other.json")
    assert done.code == 2
    assert done.err.startswith(f"bad.json: unexpected error in cdk-epc: {type(error).__name__}")
    assert "please report it" in done.err
    assert done.err.count("\n") == 1
    assert done.out.startswith("other.json:7:49: error serverless-memory-step")

    def fail_always(_: object) -> None:
        raise error

    monkeypatch.setattr("cdk_epc.cli.check.check", fail_always)
    done = run("check", "bad.json")
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert done.err.startswith("cdk-epc: unexpected error in cdk-epc: ")
    monkeypatch.setenv("CDK_EPC_DEBUG", "1")
    done = run("check", "bad.json")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("Traceback (most recent call last):\n")
    assert done.err.splitlines()[-1].startswith("cdk-epc: unexpected error in cdk-epc: ")
    assert not any(line.startswith("::") for line in done.err.splitlines())


def test_an_interrupt(monkeypatch: pytest.MonkeyPatch):
    def interrupt(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("cdk_epc.cli.check.check", interrupt)
    done = run("check", "bad.json")
    assert (done.code, done.out, done.err) == (130, "", "")


def test_a_deleted_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    done = run("check", "a.json", "b", str(tmp_path / "bad.json"))
    assert done.code == 2
    assert done.out.startswith(f"{tmp_path}/bad.json:7:49: error serverless-memory-step ")
    assert [line.split(": ")[1][:7] for line in done.err.splitlines()] == ["there i"] * 2
    assert run("check", "--rules", "no.module:RULES", "a.json").code == 2
    assert run("check", "--format", "sarif", str(tmp_path / "bad.json")).code == 1
