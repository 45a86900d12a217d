"""Releases: the changelog that towncrier renders, and the workflow of a tag."""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from towncrier._shell import cli

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
TYPES = [each["directory"] for each in PROJECT["tool"]["towncrier"]["type"]]
WORKFLOW = yaml.safe_load((ROOT / ".github/workflows/release.yml").read_text("utf-8"))


def test_a_release_writes_the_fragments_above_the_older_sections(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("pyproject.toml", "CHANGELOG.md"):
        Path(name).write_bytes((ROOT / name).read_bytes())
    folder = Path("changelog.d")
    folder.mkdir()
    for kind in TYPES:
        (folder / f"+one.{kind}.md").write_text(f"A sentence about {kind}.\n", "utf-8")
    (folder / "12.fixed.md").write_text("Another one.\n", "utf-8")
    arguments = ("build", "--keep", "--version", "9.9.9", "--date", "2030-01-02")
    done = CliRunner().invoke(cli, arguments)
    assert done.exit_code == 0, done.output
    written = Path("CHANGELOG.md").read_text("utf-8")
    before, _, rest = written.partition("<!-- towncrier -->\n")
    assert before.startswith("# Changelog\n")
    section, _, older = rest.partition("\n## [Unreleased]\n")
    assert older.startswith("\nFirst release, 0.1.0.\n")
    expected = "\n## [9.9.9] - 2030-01-02\n"
    for kind in TYPES:
        expected += f"\n### {kind.capitalize()}\n\n"
        expected += "- Another one. (#12)\n" if kind == "fixed" else ""
        expected += f"- A sentence about {kind}.\n"
    assert section.rstrip("\n") == expected.rstrip("\n")


def test_fragments_have_a_type() -> None:
    names = {each.name for each in (ROOT / "changelog.d").iterdir()} - {"README.md"}
    pattern = rf"(\+[\w-]+|\d+)\.({'|'.join(TYPES)})\.md"
    assert [name for name in names if not re.fullmatch(pattern, name)] == []


def test_the_tag_must_be_the_version() -> None:
    [step] = (each for each in WORKFLOW["jobs"]["build"]["steps"] if "name" in each)
    version = PROJECT["project"]["version"]
    for tag, code in ((f"v{version}", 0), (version, 1)):
        done = subprocess.run(  # noqa: S603 - the script of the workflow
            ["/bin/bash", "-e", "-c", step["run"]],
            check=False,
            cwd=ROOT,
            env={**os.environ, "GITHUB_REF_NAME": tag},
            capture_output=True,
            text=True,
        )
        assert (done.returncode, "must be v" in done.stdout) == (code, code == 1)


def test_only_the_trusted_publisher_publishes_and_only_if_enabled() -> None:
    jobs: dict[str, Any] = WORKFLOW["jobs"]
    assert WORKFLOW["permissions"] == {"contents": "read"}
    build = {"contents": "read", "id-token": "write", "attestations": "write"}
    assert {name: job["permissions"] for name, job in jobs.items()} == {
        "build": build,
        "publish": {"id-token": "write"},
    }
    used = {name: [step.get("uses", "") for step in job["steps"]] for name, job in jobs.items()}
    publish = jobs["publish"]
    assert (publish["if"], publish["environment"]) == ("vars.PUBLISH == 'true'", "pypi")
    assert any(each.startswith("pypa/gh-action-pypi-publish@") for each in used["publish"])
    assert sum(each.startswith("actions/attest@") for each in used["build"]) == 2
    assert not any("publish" in str(step) for step in jobs["build"]["steps"])
