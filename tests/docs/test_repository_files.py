"""Files for GitHub and pre-commit: they are complete, and what they name exists."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
GITHUB = ROOT / ".github"
FORMS = sorted((GITHUB / "ISSUE_TEMPLATE").iterdir())


def load(path: str) -> Any:
    return yaml.safe_load((ROOT / path).read_text("utf-8"))


def test_issue_forms_have_the_members_of_github() -> None:
    forms = {each.stem: load(f".github/ISSUE_TEMPLATE/{each.name}") for each in FORMS}
    assert set(forms) == {"bug", "config", "failed-deployment", "idea"}
    del forms["config"]
    for form in forms.values():
        assert set(form) == {"name", "description", "title", "labels", "body"}
        ids = [each["id"] for each in form["body"]]
        assert len(ids) == len(set(ids))
        for each in form["body"]:
            assert each["type"] in {"textarea", "input"}
            assert set(each["attributes"]) <= {"label", "description", "render"}
    needed = {each["id"] for each in forms["failed-deployment"]["body"] if "validations" in each}
    assert needed == {"message", "input", "report", "version"}


def test_owners_are_teams() -> None:
    lines = (GITHUB / "CODEOWNERS").read_text("utf-8").splitlines()
    owners = [line.split()[1:] for line in lines if line and not line.startswith("#")]
    assert owners
    assert all(re.fullmatch(r"@[\w-]+/[\w-]+", name) for each in owners for name in each)


def test_updates_cover_all_manifests() -> None:
    updates = load(".github/dependabot.yml")["updates"]
    watched = {
        (each["package-ecosystem"], folder)
        for each in updates
        for folder in each.get("directories", [each.get("directory")])
    }
    assert watched == {("pip", "/"), ("npm", "/"), ("npm", "/npm"), ("github-actions", "/")}
    assert all(
        (ROOT / folder.strip("/") / "package.json").is_file()
        for name, folder in watched
        if name == "npm"
    )


def test_hooks_run_pinned_programs() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    pinned = {
        each.partition("==")[0]
        for each in project["dependency-groups"]["dev"]
        if isinstance(each, str)
    }
    targets = re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    [local] = load(".pre-commit-config.yaml")["repos"]
    assert local["repo"] == "local"
    for hook in local["hooks"]:
        assert hook["language"] == "system"
        program, argument, *_ = hook["entry"].split()
        if program == "make":
            assert argument in targets
        else:
            assert program.removeprefix(".venv/bin/") in {*pinned, "python", "cdk-epc"}
