"""The command line of the generators."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.__main__ import Generator, main
from tools.errors import ToolError

A_PATH, B_PATH = "data/a.json", "b.py"


def fail() -> dict[str, str]:
    message = "cannot download moto 1.2.3"
    raise ToolError(message)


GENERATORS: dict[str, Generator] = {"a": lambda: {A_PATH: "{}\n"}, "b": lambda: {B_PATH: "B = 1\n"}}


def test_all_generators_run_by_default(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([], generators=GENERATORS, root=tmp_path) == 0

    assert (tmp_path / A_PATH).read_text() == "{}\n"
    assert (tmp_path / B_PATH).read_text() == "B = 1\n"
    assert capsys.readouterr().out == f"wrote     {A_PATH}\nwrote     {B_PATH}\n"


def test_named_generator_runs_alone_and_leaves_equal_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / B_PATH).write_text("B = 1\n")

    assert main(["b"], generators=GENERATORS, root=tmp_path) == 0

    assert not (tmp_path / A_PATH).exists()
    assert capsys.readouterr().out == f"unchanged {B_PATH}\n"


def test_failing_source_is_one_line_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([], generators={**GENERATORS, "c": fail}, root=tmp_path) == 1

    assert list(tmp_path.iterdir()) == []
    assert capsys.readouterr().err == "python -m tools: cannot download moto 1.2.3\n"


def test_unknown_name_lists_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["z"], generators=GENERATORS)

    assert caught.value.code == 2
    assert capsys.readouterr().err.endswith("error: unknown generator 'z'; must be one of a, b\n")


def test_newest_writes_the_updated_texts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def newest(root: Path) -> dict[str, str]:
        assert root == tmp_path
        return {B_PATH: "B = 2\n"}

    assert main(["--newest"], generators={"a": fail}, root=tmp_path, newest=newest) == 0

    assert (tmp_path / B_PATH).read_text() == "B = 2\n"
    assert capsys.readouterr().out == f"wrote     {B_PATH}\n"


def test_newest_out_of_reach_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--newest"], root=tmp_path, newest=lambda _: fail()) == 1

    assert list(tmp_path.iterdir()) == []
    assert capsys.readouterr().err == "python -m tools: cannot download moto 1.2.3\n"


def test_newest_is_of_everything(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--newest", "a"], generators=GENERATORS)

    assert caught.value.code == 2
    assert capsys.readouterr().err.endswith(
        "error: --newest regenerates everything, so names are not allowed with it\n"
    )


def test_a_built_page_that_is_generated_no_more_is_removed(tmp_path: Path) -> None:
    folder = tmp_path / "docs/rules"
    folder.mkdir(parents=True)
    for name in ("old.md", "notes.txt"):
        (folder / name).write_text("", "utf-8")
    guide = tmp_path / "docs/guide.md"
    guide.write_text("", "utf-8")
    assert main([], generators={"pages": lambda: {"docs/rules/new.md": ""}}, root=tmp_path) == 0
    assert sorted(each.name for each in folder.iterdir()) == ["new.md", "notes.txt"]
    assert guide.exists()
