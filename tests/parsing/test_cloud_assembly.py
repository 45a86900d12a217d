"""Cloud assemblies written by hand, valid and invalid ones."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cdk_epc.parsing import UnusableInputError
from cdk_epc.parsing.cloud_assembly import is_assembly, read_assembly

FIX = "run `cdk synth` again with an empty output folder"
STACK = {"type": "aws:cloudformation:stack", "properties": {"templateFile": "a.json"}}
STAGE = {"type": "cdk:cloud-assembly", "properties": {"directoryName": "."}}
INVALID: dict[str, tuple[dict[str, Any], str]] = {
    "no manifest": ({}, "manifest.json: there is no such file or folder; correct the path"),
    "broken": (
        {"manifest.json": "{"},
        (
            "manifest.json: the input is not JSON: the text ends too early, expecting property "
            "name "
            "enclosed in double quotes at line 1, column 2; correct the syntax"
        ),
    ),
    "a list": ({"manifest.json": []}, f"manifest.json: the content is not a mapping; {FIX}"),
    "artifacts as a list": (
        {"manifest.json": {"artifacts": []}},
        f"manifest.json: artifacts is not a mapping; {FIX}",
    ),
    "an artifact as text": (
        {"manifest.json": {"artifacts": {"A": "b"}}},
        f"manifest.json: A is not a mapping; {FIX}",
    ),
    "properties as a list": (
        {"manifest.json": {"artifacts": {"A": {"type": "cdk:tree", "properties": []}}}},
        f"manifest.json: A is not a mapping; {FIX}",
    ),
    "metadata as a list": (
        {"manifest.json": {"artifacts": {"A": STACK | {"metadata": []}}}, "a.json": {}},
        f"manifest.json: metadata is not a mapping; {FIX}",
    ),
    "a number for a file": (
        {"manifest.json": {"artifacts": {"A": STACK | {"properties": {"templateFile": 5}}}}},
        f"manifest.json: the name of a file is 5; {FIX}",
    ),
    "nothing for a file": (
        {"manifest.json": {"artifacts": {"A": STACK | {"properties": {"templateFile": ""}}}}},
        f"manifest.json: the name of a file is ''; {FIX}",
    ),
    "no file": (
        {"manifest.json": {"artifacts": {"A": STACK | {"properties": {}}}}},
        f"manifest.json: the name of a file is None; {FIX}",
    ),
    "a missing file": (
        {"manifest.json": {"artifacts": {"A": STACK}}},
        "a.json: there is no such file or folder; correct the path",
    ),
    "a file outside": (
        {
            "manifest.json": {
                "artifacts": {"A": STACK | {"properties": {"templateFile": "../a.json"}}}
            }
        },
        f"manifest.json: the file '../a.json' is outside the assembly; {FIX}",
    ),
    "a file outside with an absolute path": (
        {
            "manifest.json": {
                "artifacts": {"A": STACK | {"properties": {"templateFile": "/etc/passwd"}}}
            }
        },
        f"manifest.json: the file '/etc/passwd' is outside the assembly; {FIX}",
    ),
    "a name with a NUL": (
        {"manifest.json": {"artifacts": {"A": STACK | {"properties": {"templateFile": "a\0"}}}}},
        f"manifest.json: the name of a file is 'a\\x00'; {FIX}",
    ),
    "a folder outside": (
        {"manifest.json": {"artifacts": {"A": STAGE | {"properties": {"directoryName": ".."}}}}},
        f"manifest.json: the file '..' is outside the assembly; {FIX}",
    ),
    "a folder in itself": (
        {"manifest.json": {"artifacts": {"A": STAGE}}},
        f"manifest.json: the nested assemblies form a cycle; {FIX}",
    ),
    "metadata outside": (
        {"manifest.json": {"artifacts": {"A": STACK | {"additionalMetadataFile": "../m"}}}},
        f"manifest.json: the file '../m' is outside the assembly; {FIX}",
    ),
    "a template that is a list": (
        {"manifest.json": {"artifacts": {"A": STACK}}, "a.json": [1]},
        f"a.json: the template is not a mapping; {FIX}",
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
        f"a.json: the file '../n.json' is outside the assembly; {FIX}",
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
        f"a.json: the nested stacks form a cycle; {FIX}",
    ),
}


def _write(folder: Path, files: dict[str, Any]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else json.dumps(content))
    return folder


@pytest.mark.parametrize("case", INVALID)
def test_invalid_assembly(tmp_path: Path, case: str):
    files, message = INVALID[case]
    with pytest.raises(UnusableInputError) as raised:
        read_assembly(_write(tmp_path, files))
    assert str(raised.value) == message


def test_symbolic_link_to_a_file_outside(tmp_path: Path):
    (tmp_path / "outside.json").write_text("{}")
    folder = _write(tmp_path / "out", {"manifest.json": {"artifacts": {"A": STACK}}})
    (folder / "a.json").symlink_to("../outside.json")
    with pytest.raises(UnusableInputError, match=r"^manifest.json: the file 'a.json' is outside "):
        read_assembly(folder)


def _ladder(levels: int) -> Iterator[tuple[str, Any]]:
    """Nested assemblies, each named twice by its parent."""
    for level in range(levels):
        stage = STAGE | {"properties": {"directoryName": "s"}}
        yield "s/" * level + "manifest.json", {"artifacts": {"A": stage, "B": stage}}
    yield "s/" * levels + "manifest.json", {"artifacts": {"A": STACK}}
    yield "s/" * levels + "a.json", {}


def test_an_assembly_that_is_named_twice_is_read_once(tmp_path: Path):
    (template,) = read_assembly(_write(tmp_path, dict(_ladder(40))))
    assert template.name == "s/" * 40 + "a.json"


def test_assemblies_too_deep(tmp_path: Path):
    with pytest.raises(UnusableInputError, match="the nested assemblies form a cycle"):
        read_assembly(_write(tmp_path, dict(_ladder(50))))


def nesting(file: str) -> dict[str, Any]:
    about = {"aws:asset:path": file}
    return {"Resources": {"N": {"Type": "AWS::CloudFormation::Stack", "Metadata": about}}}


def test_nested_stacks_too_deep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    files = {
        "manifest.json": {"artifacts": {"A": STACK}},
        "a.json": nesting("b.json"),
        "b.json": nesting("c.json"),
        "c.json": {},
    }
    folder = _write(tmp_path, files)
    monkeypatch.setattr("cdk_epc.parsing.cloud_assembly._MAX_DEPTH", 3)
    assert [each.name for each in read_assembly(folder)] == ["a.json", "b.json", "c.json"]
    monkeypatch.setattr("cdk_epc.parsing.cloud_assembly._MAX_DEPTH", 2)
    with pytest.raises(UnusableInputError, match=r"^c.json: the nested stacks form a cycle"):
        read_assembly(folder)


def test_no_artifacts(tmp_path: Path):
    assert read_assembly(_write(tmp_path, {"manifest.json": {}})) == []


def entry(kind: str, data: Any) -> list[Any]:
    return [{"type": f"aws:cdk:{kind}", "data": data}]


NESTED = "AWS::CloudFormation::Stack"
# As CDK writes it if no command line makes it write paths and files into the templates.
METADATA: dict[str, Any] = {
    "/S": [
        *entry("templateFile", "a.json"),
        *entry("acknowledged-rules", {"cdk-epc::a-b": "why", "other::c": "not ours"}),
        *entry("acknowledged-rules", {"cdk-epc::d-e": "so"}),
        *entry("asset", "a.json"),
    ],
    "/S/C": [*entry("logicalId", "C"), *entry("logicalId", 7), *entry("creationStack", "text")],
    "/S/D/E": entry("logicalId", "D"),
    "/S/N.NestedStack/N.NestedStackResource": entry("logicalId", "N"),
    "/S/N": [
        *entry("templateFile", "x/n.json"),
        *entry("templateFile", ["x/n.json"]),
        *entry("acknowledged-rules", {"other::c": "not ours"}),
    ],
    "/S/N/C": [*entry("logicalId", "NC"), *entry("acknowledged-rules", {"cdk-epc::f": "deep"})],
    "/S/N/M.NestedStack/M.NestedStackResource": entry("logicalId", "M"),
    "/S/N/M": entry("templateFile", "m.json"),
    "/S/N/M/C": entry("logicalId", "MC"),
    "/T/C": entry("logicalId", "C2"),
    "/U": None,
}


def expected_of(name: str, data: Any, template: Any, nested: dict[str, str]) -> dict[str, Any]:
    return {
        "name": name,
        "data": data,
        "template": template,
        "region": "eu-west-1",
        "account": None,
        "nested": nested,
        "acknowledged": {
            "S": {"a-b": "why", "d-e": "so"},
            "S/N/C": {"f": "deep"},
        },
    }


def path(construct: str, **more: str) -> dict[str, Any]:
    return {"Metadata": {**more, "aws:cdk:path": construct}}


@pytest.mark.parametrize("in_file", [False, True])
def test_paths_and_nested_stacks_from_the_metadata(tmp_path: Path, *, in_file: bool):
    stack: dict[str, Any] = {
        "type": "aws:cloudformation:stack",
        "properties": {"templateFile": "a.json"},
        "environment": "aws://unknown-account/eu-west-1",
        "metadata": METADATA,
    }
    if in_file:  # some in the manifest, the rest in a separate file
        first = dict(list(METADATA.items())[:3])
        rest = {key: value for key, value in METADATA.items() if key not in first}
        stack |= {"metadata": first, "additionalMetadataFile": "more.json"}
        _write(tmp_path / "s" / "t", {"more.json": rest})
    outer = {
        "Resources": {
            "C": {"Type": "T", "Metadata": {"a": "b"}},
            "D": {"Type": "T"},
            "E": {"Type": NESTED, "Metadata": "none"},
            "N": {"Type": NESTED},
            "C2": {"Type": "T"},
        },
        "Outputs": {},
    }
    inner = {"Resources": {"NC": {"Type": "T"}, "M": {"Type": NESTED}, "C": {"Type": "T"}}}
    files = {
        "manifest.json": {
            "artifacts": {
                "P": {"type": "cdk:cloud-assembly", "properties": {"directoryName": "s/t"}}
            }
        },
        "s/t/manifest.json": {"artifacts": {"A": stack}},
        "s/t/a.json": outer,
        "s/t/x/n.json": inner,
        "s/t/m.json": {"Resources": {"MC": {"Type": "T"}}},
    }
    found = read_assembly(_write(tmp_path, files))
    n, m = "S/N.NestedStack/N.NestedStackResource", "S/N/M.NestedStack/M.NestedStackResource"
    assert [
        {
            "name": each.name,
            "data": each.document.data,
            "template": each.template,
            "region": each.region,
            "account": each.account,
            "nested": each.nested,
            "acknowledged": each.acknowledged,
        }
        for each in found
    ] == [
        expected_of(
            "s/t/a.json",
            outer,
            {
                "Resources": {
                    "C": {"Type": "T", **path("S/C", a="b")},
                    "D": {"Type": "T", **path("S/D/E")},
                    "E": {"Type": NESTED, "Metadata": "none"},
                    "N": {"Type": NESTED, **path(n)},
                    "C2": {"Type": "T"},
                },
                "Outputs": {},
            },
            {"N": "s/t/x/n.json"},
        ),
        expected_of(
            "s/t/x/n.json",
            inner,
            {
                "Resources": {
                    "NC": {"Type": "T", **path("S/N/C")},
                    "M": {"Type": NESTED, **path(m)},
                    "C": {"Type": "T"},
                }
            },
            {"M": "s/t/m.json"},
        ),
        expected_of(
            "s/t/m.json",
            {"Resources": {"MC": {"Type": "T"}}},
            {"Resources": {"MC": {"Type": "T", **path("S/N/M/C")}}},
            {},
        ),
    ]
    assert [each.path for each in found] == [tmp_path / each.name for each in found]
    assert [each.stack_name for each in found] == ["A", None, None]


@pytest.mark.parametrize(
    ("environment", "region", "account"),
    [
        ("aws://111122223333/eu-west-1", "eu-west-1", "111122223333"),
        ("aws://unknown-account/unknown-region", None, None),
        ("aws://111122223333/unknown-region", None, "111122223333"),
        ("aws:///eu-west-1", None, None),
        (None, None, None),
    ],
)
def test_region_and_account_of_a_stack(
    tmp_path: Path, environment: Any, region: str | None, account: str | None
):
    files = {
        "manifest.json": {"artifacts": {"A": STACK | {"environment": environment}}},
        "a.json": {},
    }
    (template,) = read_assembly(_write(tmp_path, files))
    assert (template.region, template.account) == (region, account)


def test_name_of_a_stack(tmp_path: Path):
    stack = {**STACK, "properties": {**STACK["properties"], "stackName": "models"}}
    files = {"manifest.json": {"artifacts": {"A": stack}}, "a.json": {}}
    (template,) = read_assembly(_write(tmp_path, files))
    assert template.stack_name == "models"


def test_size_limit_of_all_files_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    files = {"manifest.json": {"artifacts": {"A": STACK}}, "a.json": "{}" + " " * 3 * 1024**2}
    folder = _write(tmp_path, files)
    size = sum((folder / name).stat().st_size for name in files)
    monkeypatch.setattr("cdk_epc.parsing.cloud_assembly._MAX_BYTES", size)
    assert len(read_assembly(folder)) == 1
    monkeypatch.setattr("cdk_epc.parsing.cloud_assembly._MAX_BYTES", size - 1)
    with pytest.raises(UnusableInputError) as raised:
        read_assembly(folder)
    assert str(raised.value) == ("a.json: the assembly is larger than 3 MiB")


def test_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("cdk_epc.parsing.cloud_assembly._MAX_BYTES", 0)
    with pytest.raises(UnusableInputError, match=r"^manifest.json: the assembly is larger than "):
        read_assembly(_write(tmp_path, {"manifest.json": {}}))


def test_too_many_templates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("cdk_epc.parsing.cloud_assembly._MAX_TEMPLATES", 0)
    files = {"manifest.json": {"artifacts": {"A": STACK}}, "a.json": {}}
    with pytest.raises(UnusableInputError, match=r"^a.json: the assembly has more than 0 stacks$"):
        read_assembly(_write(tmp_path, files))


def test_metadata_of_another_form_is_ignored(tmp_path: Path):
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
def test_folders_that_are_not_assemblies(tmp_path: Path, files: dict[str, Any]):
    assert not is_assembly(_write(tmp_path, files))
    assert not is_assembly(tmp_path / "nothing")
