"""`cdk-epc check` of files and folders: findings, positions and exit codes."""

from __future__ import annotations

import io
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from kit.command import ACKNOWLEDGED_TEXT, BAD_TEXT, GOOD, TEMPLATE_TEXT, run
from kit.requests import FULL_REQUESTS, load
from kit.sarif import run_of

from cdk_epc.requests import check_request


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
    done = run("check", "--format", "json", *arguments)
    return [
        (each["rule_id"], each["file"], each["line"], each["column"], each["resource"])
        for each in done.json["findings"]
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
    done = run("check", "template.yaml")
    assert done.code == 0
    title, finding, *rest = done.out.splitlines()
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


def test_findings_in_the_order_of_the_file():
    variant = {"VariantName": "a", "ModelName": "m", "ServerlessConfig": {"MaxConcurrency": 0}}
    write("bad.json", json.dumps({"ProductionVariants": [variant], "EndpointConfigName": "-"}))
    where = [(line, column) for _, _, line, column, _ in places("bad.json")]
    assert len(where) > 2
    assert where == sorted(where)


def test_files_in_the_order_of_the_command_line():
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
def test_exit_code_does_not_depend_on_the_format(form: str):
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
    done = run("check", "-")
    assert done == (
        2,
        "0 errors, 0 warnings in 0 files; 1 input could not be used\n",
        "<stdin>: the process has no standard input\n",
    )


NEITHER = (
    "the input is neither a CloudFormation template nor a request of SageMaker, such as "
    "CreateEndpointConfig"
)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ({}, "it is an empty mapping"),
        ([], "it is an empty list"),
        ([1], "it is a list of other items"),
        ([GOOD, {"ModelArn": "arn"}], "item 1 of the list has the keys 'ModelArn'"),
        ([{}, GOOD], "item 0 of the list is empty"),
        ("null", "it is empty"),
        ("7", "it is a single value"),
        ({"a": 1, "b": 2, "c": 3}, "its keys are 'a', 'b', 'c'"),
        ({"a": 1, "b": 2, "c": 3, "d": 4}, "its keys are 'a', 'b', 'c', …"),
        # DescribeEndpoint responses are not for a configuration.
        (
            {"EndpointName": "e", "EndpointConfigName": "c", "EndpointStatus": "InService"},
            "its keys are 'EndpointName', 'EndpointConfigName', 'EndpointStatus'",
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
    done = run("check", "other.json")
    assert (done.code, done.err) == (2, f"other.json: {NEITHER}; {found}\n")
    skipped = run("check", "--ignore-other", "other.json")
    assert skipped == (0, "0 errors, 0 warnings in 0 files; 1 other file skipped\n", "")
    assert run("check", ".") == skipped


def test_a_name_alone_makes_a_request_only_in_a_named_file():
    write("only.json", {"EndpointConfigName": "fraud"})
    assert run("check", "only.json").code == 1
    assert run("check", ".").code == 0
    assert run("check", "--ignore-other", "only.json").code == 0


def test_broken_files_in_a_folder():
    write("good.json", GOOD)
    write("tsconfig.json", "{ // not JSON\n}")
    write("scaling.json", "{ // ApplicationAutoScaling\n}")
    done = run("check", ".")
    assert done.code == 0
    assert done.out == "0 errors, 0 warnings in 1 file; 2 other files skipped\n"
    note, line = done.err.splitlines()
    assert note.startswith("scaling.json: ")
    assert note.endswith("; skipped")
    assert line == "1 file is neither JSON nor YAML, and no template; skipped"
    write("more.json", "{ // not JSON\n}")
    assert run("check", ".").err.splitlines()[1].startswith("2 files are neither ")


def test_repeated_key_is_a_warning_and_the_rest_is_checked():
    write(
        "a.yaml", TEMPLATE_TEXT.replace("Resources:", "Description: a\nDescription: b\nResources:")
    )
    found = places("a.yaml")
    assert [each[0] for each in found] == ["key-repeated", "serverless-memory-step"]
    assert run("check", "a.yaml").code == 1
    write("b.yaml", "Description: a\nDescription: b\nResources: {}\n")
    assert run("check", "b.yaml").code == 0
    assert run("check", "--strict", "b.yaml").code == 1


SERVERLESS_FRAMEWORK = """\
service: fraud
provider: {name: aws}
resources:
  Resources:
    Config:
      Type: AWS::SageMaker::EndpointConfig
      DependsOn: IamRoleLambdaExecution
      Properties:
        KmsKeyId: ${self:custom.key}
        ProductionVariants:
          - VariantName: main
            ModelName: !Sub "${self:custom.model}-${Stage}"
            ServerlessConfig: {MemorySizeInMB: 1500, MaxConcurrency: 5}
"""


def test_resources_of_a_serverless_framework_file():
    write("serverless.yml", SERVERLESS_FRAMEWORK)
    expected = ("serverless-memory-step", "serverless.yml", 13, 32)
    assert [each[:4] for each in places("serverless.yml")] == [expected]
    assert [each[:4] for each in places(".")] == [expected]
    as_list = SERVERLESS_FRAMEWORK.replace("  Resources:", "- Resources:").replace(
        "\n    ", "\n      "
    )
    write("serverless.yml", as_list)
    assert [each[0] for each in places("serverless.yml")] == ["serverless-memory-step"]
    write("other.yml", "service: a\nresources: [a]\n")
    assert run("check", "other.yml").code == 2


@pytest.mark.parametrize("mark", ["AWS::SageMaker::EndpointConfig", "ProductionVariants"])
def test_broken_files_in_a_folder_that_look_like_requests_or_templates(mark: str):
    write("broken.json", '{"' + mark)
    for arguments in (["."], ["--ignore-other", "broken.json"]):
        done = run("check", *arguments)
        assert done.code == 2
        (line,) = done.err.splitlines()
        assert line.startswith("broken.json: ")


def test_a_missing_file_is_unusable_even_if_others_are_ignored():
    write("good.json", GOOD)
    done = run("check", "--ignore-other", "good.json", "missing.json")
    assert (done.code, done.err.split(": ")[0]) == (2, "missing.json")


def test_paths_are_relative_to_the_current_folder(here: Path):
    write("a/bad.json", BAD_TEXT)
    name = os.path.join("a", "bad.json")  # noqa: PTH118 - as the system writes it
    for given in (here, here / "a" / "bad.json", "a", "./a", "a/bad.json", "a/"):
        assert [file for _, file, *_ in places(given)] == [name]


def test_paths_outside_the_current_folder_stay_as_given(
    here: Path, monkeypatch: pytest.MonkeyPatch
):
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
    assert [
        rule_id for rule_id, *_ in places("--pack", "pedantic", "--region", region, "a.yaml")
    ] == rule_ids
    assert places("a.yaml") == []


@pytest.mark.parametrize("content", [SERVERLESS, TEMPLATE_TEXT.replace("1111", "1024")])
def test_several_regions(content: str):
    write("a.yaml", content)

    def found(regions: str) -> list[tuple[str, list[str]]]:
        done = run("check", "--pack", "pedantic", "--format", "json", "--region", regions, "a.yaml")
        return [(each["message"], each["regions"]) for each in done.json["findings"]]

    ((message, regions),) = found("us-gov-west-1")
    assert regions == []
    assert found("eu-central-1,eu-west-1") == []
    assert found("us-gov-west-1,us-gov-west-1") == [(message, [])]
    only = (f"{message} (in us-gov-west-1)", ["us-gov-west-1"])
    assert found("eu-central-1,us-gov-west-1") == [only]


def test_valid_requests_have_no_error():
    accepted = {each["id"]: each["request"] for each in load("accepted_requests.json")}
    wrong: dict[str, Any] = {}
    for name, request in {**FULL_REQUESTS, **accepted}.items():
        write("request.json", request)
        done = run("check", "--format", "json", "request.json")
        errors = [each for each in done.json["findings"] if each["severity"] == "error"]
        if errors or done.code != 0:
            wrong[name] = (done.code, errors)
    assert wrong == {}


def test_invalid_requests_have_the_findings_of_check_request():
    wrong: dict[str, Any] = {}
    for each in load("rejected_requests.json"):
        write("request.json", json.dumps(each["request"], indent=2))
        done = run("check", "--format", "json", "request.json")
        found = [(found["rule_id"], found["path"]) for found in done.json["findings"]]
        expected = [(found.rule_id, found.path) for found in check_request(each["request"])]
        sarif = run_of(run("check", "--format", "sarif", "request.json").out)
        in_sarif = [result["ruleId"] for result in sarif["results"]]
        if sorted(found) != sorted(expected) or done.code != 1:
            wrong[each["id"]] = (done.code, found)
        elif in_sarif != [rule_id for rule_id, _ in found]:
            wrong[each["id"]] = in_sarif
    assert wrong == {}
