"""`cdk-epc diff`: inputs, findings, positions and exit codes."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from kit.command import run

from cdk_epc.rules.explain import example_of

EXAMPLE = example_of("scaled-type-changed")
assert EXAMPLE is not None


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert EXAMPLE is not None
    for name in ("old", "good", "bad"):
        text = json.dumps(getattr(EXAMPLE, name), indent=1)
        Path(f"{name}.json").write_text(text, "utf-8")


def test_findings_are_in_the_new_file() -> None:
    done = run("diff", "--format", "json", "old.json", "bad.json")
    (finding,) = done.json["findings"]
    assert (done.code, finding["rule_id"]) == (1, "scaled-type-changed")
    assert (finding["file"], finding["resource"]) == ("bad.json", "Config")
    line = Path("bad.json").read_text("utf-8").splitlines()[finding["line"] - 1]
    assert line.strip() == '"InstanceType": "ml.g5.xlarge",'
    assert run("diff", "old.json", "good.json").code == 0
    assert run("diff", "old.json", "old.json").code == 0


def test_acknowledgements_in_a_file() -> None:
    Path("reasons.json").write_text('{"scaled-type-changed": "planned"}', "utf-8")
    done = run("diff", "--acknowledge", "reasons.json", "old.json", "bad.json")
    assert (done.code, "reason: planned" in done.out) == (0, True)


def test_unusable_inputs() -> None:
    Path("other.json").write_text("[1]", "utf-8")
    Path("folder").mkdir()
    wrong = {
        ("no.json", "old.json"): "no.json: there is no such file or folder; correct the path",
        ("old.json", "other.json"): "other.json: the input is no CloudFormation template; it is a "
        "list of other items",
        ("folder", "old.json"): "folder: the folder is not a cloud assembly, which `cdk synth` "
        "writes; name a template in it",
        ("git:main", "old.json"): "git:main: write git:REVISION:PATH, such as git:main:cdk.out",
        ("--acknowledge", "other.json", "old.json", "old.json"): "other.json: the file must be a "
        "map of rule ids to reasons, or of logical ids to such maps",
    }
    for arguments, message in wrong.items():
        done = run("diff", *arguments)
        assert (done.code, done.err) == (2, f"{message}\n")


def test_a_git_revision() -> None:
    for command in (
        ("init", "--quiet"),
        ("add", "old.json"),
        ("-c", "user.name=n", "-c", "user.email=e@example.com", "commit", "--quiet", "-m", "m"),
    ):
        subprocess.run(["git", *command], check=True)  # noqa: S603, S607
    assert run("diff", "git:HEAD:old.json", "bad.json").code == 1
    assert run("diff", "bad.json", "git:HEAD:old.json").out.startswith("git:HEAD:old.json:")
    assert run("diff", "git:HEAD:no.json", "bad.json").code == 2
    assert "the revision does not exist" in run("diff", "git:--all:old.json", "bad.json").err
