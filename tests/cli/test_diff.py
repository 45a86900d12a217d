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
    Path("misspelt.json").write_text('{"Endpoint": {"scaled-typ-changed": "planned"}}', "utf-8")
    Path("no-reason.json").write_text('{"scaled-type-changed": " "}', "utf-8")
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
        ("--acknowledge", "misspelt.json", "old.json", "old.json"): "misspelt.json: there is no "
        "rule 'scaled-typ-changed'; did you mean scaled-type-changed?",
        ("--acknowledge", "no-reason.json", "old.json", "old.json"): "no-reason.json: the "
        "acknowledgement of scaled-type-changed has no reason; write in one sentence why the "
        "finding may stay",
    }
    for arguments, message in wrong.items():
        done = run("diff", *arguments)
        assert (done.code, done.err) == (2, f"{message}\n")


def test_a_git_revision() -> None:
    Path("link.json").symlink_to("old.json")
    for command in (
        ("init", "--quiet"),
        ("add", "old.json", "link.json"),
        ("-c", "user.name=n", "-c", "user.email=e@example.com", "commit", "--quiet", "-m", "m"),
    ):
        subprocess.run(["git", *command], check=True)  # noqa: S603, S607
    assert run("diff", "git:HEAD:old.json", "bad.json").code == 1
    assert "\ngit:HEAD:old.json:" in run("diff", "bad.json", "git:HEAD:old.json").out
    assert run("diff", "git:HEAD:no.json", "bad.json").code == 2
    assert "name its target" in run("diff", "git:HEAD:link.json", "bad.json").err
    assert "the revision does not exist" in run("diff", "git:--all:old.json", "bad.json").err


POLICIES: dict[str, tuple[dict[str, object], str, str]] = {
    "all at once": ({}, "100 % (all at once)", "2 now, 4 at peak, 2 afterwards"),
    "canary": (
        {
            "BlueGreenUpdatePolicy": {
                "TrafficRoutingConfiguration": {
                    "Type": "CANARY",
                    "CanarySize": {"Type": "INSTANCE_COUNT", "Value": 1},
                    "WaitIntervalInSeconds": 90,
                },
                "TerminationWaitInSeconds": 60,
                "MaximumExecutionTimeoutInSeconds": 1800,
            }
        },
        "50 100 % (canary); 4 min of waits and the start of the instances; limit 30 min",
        "2 now, 4 at peak, 2 afterwards",
    ),
    "linear": (
        {
            "BlueGreenUpdatePolicy": {
                "TrafficRoutingConfiguration": {
                    "Type": "LINEAR",
                    "LinearStepSize": {"Type": "CAPACITY_PERCENT", "Value": 30},
                    "WaitIntervalInSeconds": 50,
                }
            }
        },
        "30 60 90 100 % (linear); 200 s of waits and the start of the instances",
        "2 now, 4 at peak, 2 afterwards",
    ),
    "rolling": (
        {
            "RollingUpdatePolicy": {
                "MaximumBatchSize": {"Type": "CAPACITY_PERCENT", "Value": 50},
                "WaitIntervalInSeconds": 60,
            }
        },
        "50 100 % (rolling); 2 min of waits and the start of the instances",
        "2 now, 3 at peak, 2 afterwards; 4 in a rollback",
    ),
}


def endpoint_with(policy: dict[str, object], model: str, count: int = 2) -> str:
    variant = {
        "VariantName": "main",
        "ModelName": model,
        "InstanceType": "ml.m5.large",
        "InitialInstanceCount": count,
    }
    properties = {"EndpointConfigName": {"Fn::GetAtt": ["Config", "EndpointConfigName"]}}
    endpoint = {**properties, "DeploymentConfig": policy} if policy else properties
    types = {"Config": {"ProductionVariants": [variant]}, "Endpoint": endpoint}
    return json.dumps(
        {
            "Resources": {
                name: {
                    "Type": f"AWS::SageMaker::Endpoint{name.removeprefix('Endpoint')}",
                    "Properties": given,
                }
                for name, given in types.items()
            }
        }
    )


@pytest.mark.parametrize("name", POLICIES)
def test_steps_and_instances_of_a_policy(name: str) -> None:
    policy, traffic, instances = POLICIES[name]
    Path("1.json").write_text(endpoint_with(policy, "fraud-7"), "utf-8")
    Path("2.json").write_text(endpoint_with(policy, "fraud-8"), "utf-8")
    lines = run("diff", "1.json", "2.json").out.splitlines()
    assert lines[0] == "Endpoint (2.json): updated in place, with a new fleet"
    assert lines[1] == "    replaced: Config for ProductionVariants[0].ModelName"
    expected = traffic if ";" in traffic else f"{traffic}; no waits and the start of the instances"
    assert lines[2:4] == [f"    traffic: {expected}", f"    ml.m5.large: {instances}"]
    (update,) = run("diff", "--format", "json", "1.json", "2.json").json["updates"]
    assert update["traffic"]["policy"] == name
    assert update["instances"][0]["before"] == {"minimum": 2, "maximum": 2}


def test_the_instances_of_several_endpoints() -> None:
    for file, model in (("1.json", "fraud-7"), ("2.json", "fraud-8")):
        template = json.loads(endpoint_with({}, model))
        template["Resources"]["Second"] = template["Resources"]["Endpoint"]
        Path(file).write_text(json.dumps(template), "utf-8")
    done = run("diff", "--region", "eu-west-1", "1.json", "2.json")
    total = "all endpoints in eu-west-1, ml.m5.large: 4 now, 8 at peak, 4 afterwards"
    assert f"\n{total}\n" in done.out
    done = run("diff", "--format", "markdown", "--region", "eu-west-1", "1.json", "2.json")
    assert "\n- all endpoints in eu-west-1, ml&#46;m5&#46;large&#58; 4 now" in done.out
    lines = run("diff", "--region", "eu-west-1,us-east-1", "1.json", "2.json").out.splitlines()
    assert [line for line in lines if line.startswith("all endpoints")] == [
        total,
        total.replace("eu-west-1", "us-east-1"),
    ]
    (row,) = run("diff", "--format", "json", "1.json", "2.json").json["instances"]
    assert (row["region"], row["peak"]) == (None, {"minimum": 8, "maximum": 8})


def test_markdown_has_a_diagram_and_no_markup_of_the_input() -> None:
    policy, *_ = POLICIES["canary"]
    hostile = "a|b` <img> @team #1 [x](http://x.example) *b*\n```\u202e"
    Path("1.json").write_text(endpoint_with(policy, "fraud-7"), "utf-8")
    template = json.loads(endpoint_with(policy, "fraud-8"))
    template["Resources"][hostile] = template["Resources"].pop("Endpoint")
    Path("2.json").write_text(json.dumps(template), "utf-8")
    template["Resources"]["Config"]["Properties"]["ProductionVariants"][0]["ModelName"] = hostile
    Path("3.json").write_text(json.dumps(template), "utf-8")
    out = run("diff", "--format", "markdown", "2.json", "3.json").out
    assert '  s1 -->|"wait 90 s"| s2["new fleet: 100 %"]' in out
    assert (
        "a&#124;b&#96; &#60;img&#62; &#64;&#8203;team &#35;&#8203;1 &#91;x&#93;(http&#58;//" in out
    )
    assert out.count("```") == 2
    assert "\u202e" not in out
    moved = run("diff", "--format", "markdown", "1.json", "2.json").out
    assert moved.count("\n| warning | `resource-moved` | a&#124;b") == 1


def test_annotations() -> None:
    lines = run("diff", "--format", "github", "old.json", "bad.json").out.splitlines()
    assert lines[0].startswith(
        "::notice file=bad.json,title=endpoint update::Endpoint: updated in place, with a new "
        "fleet%0Areplaced: Config for ProductionVariants[0]"
    )
    assert lines[1].startswith("::error file=bad.json,line=")
    (run_,) = json.loads(run("diff", "--format", "sarif", "old.json", "bad.json").out)["runs"]
    assert [each["ruleId"] for each in run_["results"]] == ["scaled-type-changed"]


def test_notes() -> None:
    example = example_of("scaled-type-changed")
    assert example is not None
    template = json.loads(json.dumps(example.old))
    template["Resources"]["Target"]["Properties"]["MaxCapacity"] = 4
    Path("new.json").write_text(json.dumps(template), "utf-8")
    note = (
        "MaxCapacity changes from 8 to 4; capacity outside of the new bounds is corrected at once"
    )
    assert f"Target (new.json): {note}\n" in run("diff", "old.json", "new.json").out
    notes = run("diff", "--format", "json", "old.json", "new.json").json["notes"]
    assert notes == [{"stack": "new.json", "resource": "Target", "text": note}]


def test_a_running_endpoint_is_in_one_region() -> None:
    done = run("diff", "--live", "fraud", "--region", "eu-west-1,us-east-1", "bad.json")
    assert done.err == "fraud: a running endpoint is in one region; give one with --region\n"


def test_a_description_is_the_old_side_only() -> None:
    responses = [{"EndpointName": "fraud", "EndpointArn": "arn", "EndpointStatus": "Updating"}]
    Path("live.json").write_text(json.dumps(responses), "utf-8")
    assert run("diff", "live.json", "old.json").code == 0  # nothing changes
    assert run("diff", "old.json", "live.json").err == (
        "live.json: only OLD can be a description of a running endpoint\n"
    )
    for arguments in (("old.json",), ("--live", "fraud", "old.json", "bad.json")):
        done = run("diff", *arguments)
        assert (done.code, done.err) == (
            2,
            "cdk-epc diff: error: give either OLD or --live, and NEW\n",
        )


CUSTOM = """
from cdk_epc import Rule, Violation
from cdk_epc.spec.updates import FleetUpdate


def check(update):
    print("printed")
    if update.endpoint.deployment_config is None:
        yield Violation(path=("production_variants",), sentence="no canary", fix="Add one.")
    raise KeyError("later")


RULES = [Rule(id="linden-canary", title="t", why="w", about=(FleetUpdate,), check=check)]
OTHER = Rule(id="linden-other", title="t", why="w", check=lambda _: ())
"""


def test_custom_rules_about_updates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(".")
    Path("updating.py").write_text(CUSTOM, "utf-8")
    Path("1.json").write_text(endpoint_with({}, "fraud-7"), "utf-8")
    Path("2.json").write_text(endpoint_with({}, "fraud-8"), "utf-8")
    done = run("diff", "--format", "json", "--rules", "updating:RULES", "1.json", "2.json")
    (finding,) = done.json["findings"]
    assert (finding["rule_id"], finding["resource"]) == ("linden-canary", "Config")
    assert done.code == 2
    assert "2.json: rule linden-canary raises KeyError: 'later' (updating.py:10)\n" in done.err
    assert "printed\n" in done.err
    done = run("check", "--rules", "updating:RULES", "2.json")
    message = (
        "cdk-epc check: error: argument --rules: all of the rules are about updates; "
        "`cdk-epc diff` applies them\n"
    )
    assert (done.code, done.err) == (2, message)
    both = ("--rules", "updating:RULES", "--rules", "updating:OTHER")
    assert run("check", *both, "2.json").code == 0
    done = run("diff", "--rules", "updating:OTHER", "1.json", "2.json")
    message = (
        "cdk-epc diff: error: argument --rules: none of the rules is about updates "
        "(cdk_epc.spec.updates); `cdk-epc check` applies the other ones\n"
    )
    assert (done.code, done.err) == (2, message)
