"""`cdk-epc check` of files and folders: what is said, where, and the exit code."""

from __future__ import annotations

import io
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from kit.command import ACKNOWLEDGED_TEXT, BAD_TEXT, GOOD, TEMPLATE_TEXT, run
from kit.sarif import run_of
from kit.specs import FULL_REQUESTS, load


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(name: str, content: object) -> Path:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    text = content if isinstance(content, str) else json.dumps(content)
    path.write_text(text, "utf-8")
    return path


def places(*arguments: object) -> list[tuple[str, str, int, int, str | None]]:
    said = run("check", "--format", "json", *arguments)
    return [
        (each["rule_id"], each["file"], each["line"], each["column"], each["resource"])
        for each in said.json["findings"]
    ]


def test_clean():
    write("good.json", GOOD)
    assert run("check", "good.json") == (0, "0 errors, 0 warnings in 1 file\n", "")


def test_request_in_json():
    write("bad.json", BAD_TEXT)
    assert places("bad.json") == [("serverless-memory-step", "bad.json", 7, 49, None)]


def test_request_in_yaml():
    write("bad.yaml", json.dumps(json.loads(BAD_TEXT), indent=1))
    assert places("bad.yaml") == [("serverless-memory-step", "bad.yaml", 9, 5, None)]


def test_list_of_requests():
    bad = json.loads(BAD_TEXT)
    write("list.json", f"[\n{json.dumps(GOOD)},\n{json.dumps(bad)}\n]")
    ((rule_id, file, line, _, _),) = places("list.json")
    assert (rule_id, file, line) == ("serverless-memory-step", "list.json", 3)


def test_description():
    write("described.json", {**GOOD, "EndpointConfigArn": "arn:aws:sagemaker:x", "CreationTime": 1})
    assert run("check", "described.json").code == 0


def test_template():
    write("t/template.yaml", TEMPLATE_TEXT)
    assert places("t/template.yaml") == [
        ("serverless-memory-step", "t/template.yaml", 11, 13, "Config")
    ]


def test_acknowledged_in_a_template():
    write("template.yaml", ACKNOWLEDGED_TEXT)
    said = run("check", "template.yaml")
    assert said.code == 0
    title, finding, *rest = said.out.splitlines()
    assert title == "Acknowledged:"
    assert finding.startswith("template.yaml:15:13: error serverless-memory-step [Config] ")
    assert rest == [
        "    reason: Confirmed with support.",
        "",
        "0 errors, 0 warnings, 1 acknowledged in 1 file",
    ]
    (finding,) = run("check", "--format", "json", "template.yaml").json["acknowledged"]
    assert finding["reason"] == "Confirmed with support."
    assert (finding["rule_id"], finding["line"]) == ("serverless-memory-step", 15)


def test_findings_stand_in_the_order_of_the_file():
    variant = {"VariantName": "a", "ModelName": "m", "ServerlessConfig": {"MaxConcurrency": 0}}
    write("bad.json", json.dumps({"ProductionVariants": [variant], "EndpointConfigName": "-"}))
    where = [(line, column) for _, _, line, column, _ in places("bad.json")]
    assert len(where) > 2
    assert where == sorted(where)


def test_files_stand_in_the_order_given():
    write("b.json", BAD_TEXT)
    write("a.json", BAD_TEXT)
    assert [file for _, file, *_ in places("b.json", "a.json", "./b.json")] == ["b.json", "a.json"]


def test_strict():
    unknown = json.loads(json.dumps(GOOD).replace("ml.m5.xlarge", "ml.m99.xlarge"))
    write("new.json", unknown)
    assert run("check", "new.json").code == 0
    strict = run("check", "--strict", "--format", "json", "new.json")
    assert strict.code == 1
    assert {each["severity"] for each in strict.json["findings"]} == {"error"}
    assert strict.json["summary"]["warnings"] == 0


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github"])
def test_exit_code_is_the_same_in_every_format(form: str):
    write("good.json", GOOD)
    write("bad.json", BAD_TEXT)
    write("broken.json", "{")
    assert run("check", "--format", form, "good.json").code == 0
    assert run("check", "--format", form, "good.json", "bad.json").code == 1
    both = run("check", "--format", form, "bad.json", "broken.json")
    assert both.code == 2
    assert "serverless-memory-step" in both.out
    (line,) = both.err.splitlines()
    assert line.startswith("broken.json: ")


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github"])
def test_the_same_output_twice(form: str):
    write("a/bad.json", BAD_TEXT)
    write("z.json", BAD_TEXT)
    write("b.yaml", TEMPLATE_TEXT)
    assert run("check", "--format", form, ".") == run("check", "--format", form, ".")


def test_stdin(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(BAD_TEXT.encode())))
    assert places("-") == [("serverless-memory-step", "<stdin>", 7, 49, None)]


def test_stdin_that_is_closed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "stdin", None)
    said = run("check", "-")
    assert said == (
        2,
        "0 errors, 0 warnings in 0 files; 1 input could not be used\n",
        "<stdin>: there is no standard input\n",
    )


NEITHER = "neither a CloudFormation template nor a CreateEndpointConfig request"


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ({}, "it is an empty mapping"),
        ([], "it is an empty list"),
        ([1], "it is a list, and not one of requests"),
        ("null", "it is empty"),
        ("7", "it is a single value"),
        ({"a": 1, "b": 2, "c": 3}, "its keys are 'a', 'b', 'c'"),
        ({"a": 1, "b": 2, "c": 3, "d": 4}, "its keys are 'a', 'b', 'c', …"),
        # What CreateEndpoint and DescribeEndpoint take and give is none of ours.
        (
            {"EndpointName": "e", "EndpointConfigName": "c"},
            "its keys are 'EndpointName', 'EndpointConfigName'",
        ),
        (
            {"EndpointName": "e", "ProductionVariants": []},
            "its keys are 'EndpointName', 'ProductionVariants'",
        ),
        ({"Resources": []}, "its keys are 'Resources'"),
    ],
)
def test_other_files(content: object, found: str):
    write("other.json", content)
    said = run("check", "other.json")
    assert (said.code, said.err) == (2, f"other.json: {NEITHER}; {found}\n")
    skipped = run("check", "--ignore-other", "other.json")
    assert skipped == (0, "0 errors, 0 warnings in 0 files; 1 other file skipped\n", "")
    assert run("check", ".") == skipped


def test_a_name_alone_makes_a_request_only_where_it_is_meant():
    write("only.json", {"EndpointConfigName": "fraud"})
    assert run("check", "only.json").code == 1
    assert run("check", ".").code == 0
    assert run("check", "--ignore-other", "only.json").code == 0


def test_broken_files_in_a_folder():
    write("good.json", GOOD)
    write("tsconfig.json", "{ // not JSON\n}")
    said = run("check", ".")
    assert said.code == 0
    assert said.out == "0 errors, 0 warnings in 1 file; 1 other file skipped\n"
    (line,) = said.err.splitlines()
    assert line.startswith("tsconfig.json: ")
    assert line.endswith("; skipped")


@pytest.mark.parametrize("mark", ["AWS::SageMaker::EndpointConfig", "ProductionVariants"])
def test_broken_files_in_a_folder_that_are_meant_for_us(mark: str):
    write("broken.json", '{"' + mark)
    for arguments in (["."], ["--ignore-other", "broken.json"]):
        said = run("check", *arguments)
        assert said.code == 2
        (line,) = said.err.splitlines()
        assert line.startswith("broken.json: ")


def test_what_nobody_can_look_into_is_unusable_however_it_came():
    write("good.json", GOOD)
    said = run("check", "--ignore-other", "good.json", "missing.json")
    assert (said.code, said.err.split(": ")[0]) == (2, "missing.json")


def test_paths_are_relative_to_the_current_folder(here: Path):
    write("a/bad.json", BAD_TEXT)
    name = os.path.join("a", "bad.json")  # noqa: PTH118 - as the system writes it
    for given in (here, here / "a" / "bad.json", "a", "./a", "a/bad.json", "a/"):
        assert [file for _, file, *_ in places(given)] == [name]


def test_paths_elsewhere_stay_as_given(here: Path, monkeypatch: pytest.MonkeyPatch):
    write("a/bad.json", BAD_TEXT)
    write("b/none", "")
    monkeypatch.chdir("b")
    assert [file for _, file, *_ in places("../a/bad.json")] == ["../a/bad.json"]
    absolute = str(here / "a" / "bad.json")
    assert [file for _, file, *_ in places(absolute)] == [absolute]


SERVERLESS = BAD_TEXT.replace("1111", "1024")


@pytest.mark.parametrize(
    ("region", "rule_ids"),
    [("eu-central-1", []), ("us-gov-west-1", ["serverless-region-not-listed"])],
)
@pytest.mark.parametrize("content", [SERVERLESS, TEMPLATE_TEXT.replace("1111", "1024")])
def test_region(content: str, region: str, rule_ids: list[str]):
    write("a.yaml", content)
    assert [rule_id for rule_id, *_ in places("--region", region, "a.yaml")] == rule_ids
    assert places("a.yaml") == []


@pytest.mark.parametrize("name", FULL_REQUESTS)
def test_full_requests(name: str):
    write("full.json", FULL_REQUESTS[name])
    said = run("check", "--format", "json", "full.json")
    assert [each for each in said.json["findings"] if each["severity"] == "error"] == []
    assert said.code == 0


@pytest.mark.parametrize("each", load("accepted_requests.json"), ids=lambda each: each["id"])
def test_accepted(each: dict[str, Any]):
    write("request.json", each["request"])
    said = run("check", "--format", "json", "request.json")
    assert [found for found in said.json["findings"] if found["severity"] == "error"] == []
    assert said.code == 0


@pytest.mark.parametrize("each", load("rejected_requests.json"), ids=lambda each: each["id"])
def test_rejected(each: dict[str, Any]):
    from cdk_epc.requests import check_request

    write("request.json", json.dumps(each["request"], indent=2))
    said = run("check", "--format", "json", "request.json")
    found = sorted((found["rule_id"], found["path"]) for found in said.json["findings"])
    assert found == sorted((each.rule_id, each.path) for each in check_request(each["request"]))
    assert said.code == 1
    sarif = run_of(run("check", "--format", "sarif", "request.json").out)
    assert [each["ruleId"] for each in sarif["results"]] == [
        each["rule_id"] for each in said.json["findings"]
    ]
