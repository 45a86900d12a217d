"""Cloud assemblies written by hand, among them those that lie."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cdk_epc.reading import UnusableInputError
from cdk_epc.reading.assembly import is_assembly, read_assembly

AGAIN = "synthesise again, into an empty folder"
STACK = {"type": "aws:cloudformation:stack", "properties": {"templateFile": "a.json"}}
STAGE = {"type": "cdk:cloud-assembly", "properties": {"directoryName": "."}}
LIES: dict[str, tuple[dict[str, Any], str]] = {
    "no manifest": ({}, "manifest.json: there is no such file or folder; correct the path"),
    "broken": (
        {"manifest.json": "{"},
        (
            "manifest.json: it is not JSON: the text ends too early, expecting property name "
            "enclosed in double quotes at line 1, column 2; mend it"
        ),
    ),
    "a list": ({"manifest.json": []}, f"manifest.json: the whole is no mapping; {AGAIN}"),
    "artifacts as a list": (
        {"manifest.json": {"artifacts": []}},
        f"manifest.json: artifacts is no mapping; {AGAIN}",
    ),
    "an artifact as text": (
        {"manifest.json": {"artifacts": {"A": "b"}}},
        f"manifest.json: A is no mapping; {AGAIN}",
    ),
    "no file": (
        {"manifest.json": {"artifacts": {"A": STACK | {"properties": {}}}}},
        f"manifest.json: it names None where a file belongs; {AGAIN}",
    ),
    "a file that is not there": (
        {"manifest.json": {"artifacts": {"A": STACK}}},
        "a.json: there is no such file or folder; correct the path",
    ),
    "a file outside": (
        {
            "manifest.json": {
                "artifacts": {"A": STACK | {"properties": {"templateFile": "../a.json"}}}
            }
        },
        f"manifest.json: it names '../a.json', outside the folder; {AGAIN}",
    ),
    "a file outside by its whole name": (
        {
            "manifest.json": {
                "artifacts": {"A": STACK | {"properties": {"templateFile": "/etc/passwd"}}}
            }
        },
        f"manifest.json: it names '/etc/passwd', outside the folder; {AGAIN}",
    ),
    "a name with a NUL": (
        {"manifest.json": {"artifacts": {"A": STACK | {"properties": {"templateFile": "a\0"}}}}},
        f"manifest.json: it names 'a\\x00' where a file belongs; {AGAIN}",
    ),
    "a folder outside": (
        {"manifest.json": {"artifacts": {"A": STAGE | {"properties": {"directoryName": ".."}}}}},
        f"manifest.json: it names '..', outside the folder; {AGAIN}",
    ),
    "a folder in itself": (
        {"manifest.json": {"artifacts": {"A": STAGE}}},
        f"manifest.json: its nested assemblies lead back to itself; {AGAIN}",
    ),
    "metadata outside": (
        {"manifest.json": {"artifacts": {"A": STACK | {"additionalMetadataFile": "../m"}}}},
        f"manifest.json: it names '../m', outside the folder; {AGAIN}",
    ),
    "a template that is none": (
        {"manifest.json": {"artifacts": {"A": STACK}}, "a.json": [1]},
        f"a.json: the template is no mapping; {AGAIN}",
    ),
    "a nested stack outside": (
        {
            "manifest.json": {"artifacts": {"A": STACK}},
            "a.json": {
                "Resources": {
                    "N": {
                        "Type": "AWS::CloudFormation::Stack",
                        "Metadata": {"aws:asset:path": "../n.json"},
                    }
                }
            },
        },
        f"a.json: it names '../n.json', outside the folder; {AGAIN}",
    ),
    "a nested stack in itself": (
        {
            "manifest.json": {"artifacts": {"A": STACK}},
            "a.json": {
                "Resources": {
                    "N": {
                        "Type": "AWS::CloudFormation::Stack",
                        "Metadata": {"aws:asset:path": "a.json"},
                    }
                }
            },
        },
        f"a.json: its nested stacks lead back to itself; {AGAIN}",
    ),
}


def _write(folder: Path, files: dict[str, Any]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else json.dumps(content))
    return folder


@pytest.mark.parametrize("case", LIES)
def test_a_lie_is_told(tmp_path: Path, case: str):
    files, message = LIES[case]
    with pytest.raises(UnusableInputError) as raised:
        read_assembly(_write(tmp_path, files))
    assert str(raised.value) == message


def test_a_link_that_leads_outside(tmp_path: Path):
    (tmp_path / "outside.json").write_text("{}")
    folder = _write(tmp_path / "out", {"manifest.json": {"artifacts": {"A": STACK}}})
    (folder / "a.json").symlink_to("../outside.json")
    with pytest.raises(UnusableInputError, match=r"^manifest.json: it names 'a.json', outside "):
        read_assembly(folder)


def _ladder(levels: int) -> Iterator[tuple[str, Any]]:
    """Assemblies in each other, each named twice by the one above."""
    for level in range(levels):
        stage = STAGE | {"properties": {"directoryName": "s"}}
        yield "s/" * level + "manifest.json", {"artifacts": {"A": stage, "B": stage}}
    yield "s/" * levels + "manifest.json", {"artifacts": {"A": STACK}}
    yield "s/" * levels + "a.json", {}


def test_what_is_named_often_is_read_once(tmp_path: Path):
    (template,) = read_assembly(_write(tmp_path, dict(_ladder(40))))
    assert template.name == "s/" * 40 + "a.json"


def test_assemblies_too_deep(tmp_path: Path):
    with pytest.raises(UnusableInputError, match="its nested assemblies lead back to itself"):
        read_assembly(_write(tmp_path, dict(_ladder(50))))


def test_too_large_in_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("cdk_epc.reading.assembly._MOST_BYTES", 0)
    with pytest.raises(UnusableInputError, match=r"^manifest.json: the assembly is too large, "):
        read_assembly(_write(tmp_path, {"manifest.json": {}}))


def test_too_many_templates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("cdk_epc.reading.assembly._MOST_TEMPLATES", 0)
    files = {"manifest.json": {"artifacts": {"A": STACK}}, "a.json": {}}
    with pytest.raises(UnusableInputError, match=r"^a.json: this is one of more than 0 stacks$"):
        read_assembly(_write(tmp_path, files))


def test_metadata_of_another_form_is_left_alone(tmp_path: Path):
    metadata: dict[str, Any] = {
        "/S": [
            *(None, "a", {}, {"type": "aws:cdk:acknowledged-rules"}),
            {"type": "aws:cdk:acknowledged-rules", "data": ["cdk-epc::a"]},
            {"type": "aws:cdk:acknowledged-rules", "data": {"cdk-epc::a": 1, "b": "c"}},
            {"type": "aws:cdk:logicalId", "data": 1},
            {"type": "aws:cdk:templateFile", "data": "a.json"},
        ],
        "/S/R": [{"type": "aws:cdk:logicalId", "data": "R"}],
        "/S/Q": [{"type": "aws:cdk:logicalId", "data": "Q"}],
        "/S/P": [{"type": "aws:cdk:logicalId", "data": "P"}],
        "/T": "no list",
    }
    stack = STACK | {"metadata": metadata, "environment": 7}
    resources = {
        "R": {"Metadata": {"aws:cdk:path": "its/own"}},
        "Q": {"Metadata": "none"},
        "P": "no resource",
        "N": {"Type": "AWS::CloudFormation::Stack", "Metadata": {"aws:asset:path": "/absolute"}},
    }
    files = {
        "manifest.json": {"artifacts": {"A": stack, "B": {"type": "cdk:tree"}}},
        "a.json": {"Resources": resources},
    }
    (template,) = read_assembly(_write(tmp_path, files))
    assert template.acknowledged == {"S": {"a": ""}}
    assert template.template == {"Resources": resources}
    assert (template.nested, template.region, template.account) == ({}, None, None)


@pytest.mark.parametrize("files", [{"manifest.json": {}}, {"cdk.out": "{}"}, {}])
def test_what_is_no_assembly(tmp_path: Path, files: dict[str, Any]):
    assert not is_assembly(_write(tmp_path, files))
    assert not is_assembly(tmp_path / "nothing")
