"""Cloud assemblies written by hand, among them those that lie."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cdk_epc.parsing import UnusableInputError
from cdk_epc.parsing.cloud_assembly import is_assembly, read_assembly

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
    "properties as a list": (
        {"manifest.json": {"artifacts": {"A": {"type": "cdk:tree", "properties": []}}}},
        f"manifest.json: A is no mapping; {AGAIN}",
    ),
    "metadata as a list": (
        {"manifest.json": {"artifacts": {"A": STACK | {"metadata": []}}}, "a.json": {}},
        f"manifest.json: metadata is no mapping; {AGAIN}",
    ),
    "a number for a file": (
        {"manifest.json": {"artifacts": {"A": STACK | {"properties": {"templateFile": 5}}}}},
        f"manifest.json: it names 5 where a file belongs; {AGAIN}",
    ),
    "nothing for a file": (
        {"manifest.json": {"artifacts": {"A": STACK | {"properties": {"templateFile": ""}}}}},
        f"manifest.json: it names '' where a file belongs; {AGAIN}",
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
    monkeypatch.setattr("cdk_epc.parsing.cloud_assembly._MOST_LEVELS", 3)
    assert [each.name for each in read_assembly(folder)] == ["a.json", "b.json", "c.json"]
    monkeypatch.setattr("cdk_epc.parsing.cloud_assembly._MOST_LEVELS", 2)
    with pytest.raises(UnusableInputError, match=r"^c.json: its nested stacks lead back to itself"):
        read_assembly(folder)


def test_no_artifacts(tmp_path: Path):
    assert read_assembly(_write(tmp_path, {"manifest.json": {}})) == []


def entry(kind: str, data: Any) -> list[Any]:
    return [{"type": f"aws:cdk:{kind}", "data": data}]


NESTED = "AWS::CloudFormation::Stack"
# As CDK writes it where its command line does not ask for paths and files in the templates.
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


@pytest.mark.parametrize("beside", [False, True])
def test_what_only_the_metadata_knows(tmp_path: Path, *, beside: bool):
    stack: dict[str, Any] = {
        "type": "aws:cloudformation:stack",
        "properties": {"templateFile": "a.json"},
        "environment": "aws://unknown-account/eu-west-1",
        "metadata": METADATA,
    }
    if beside:  # some in the manifest, the rest in a file of its own
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
def test_where_a_stack_goes(
    tmp_path: Path, environment: Any, region: str | None, account: str | None
):
    files = {
        "manifest.json": {"artifacts": {"A": STACK | {"environment": environment}}},
        "a.json": {},
    }
    (template,) = read_assembly(_write(tmp_path, files))
    assert (template.region, template.account) == (region, account)


def test_the_bytes_of_all_files_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    files = {"manifest.json": {"artifacts": {"A": STACK}}, "a.json": "{}" + " " * 3 * 1024**2}
    folder = _write(tmp_path, files)
    size = sum((folder / name).stat().st_size for name in files)
    monkeypatch.setattr("cdk_epc.parsing.cloud_assembly._MOST_BYTES", size)
    assert len(read_assembly(folder)) == 1
    monkeypatch.setattr("cdk_epc.parsing.cloud_assembly._MOST_BYTES", size - 1)
    with pytest.raises(UnusableInputError) as raised:
        read_assembly(folder)
    assert str(raised.value) == ("a.json: the assembly is too large, 3 MiB of it are read at most")


def test_too_large_in_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("cdk_epc.parsing.cloud_assembly._MOST_BYTES", 0)
    with pytest.raises(UnusableInputError, match=r"^manifest.json: the assembly is too large, "):
        read_assembly(_write(tmp_path, {"manifest.json": {}}))


def test_too_many_templates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("cdk_epc.parsing.cloud_assembly._MOST_TEMPLATES", 0)
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
