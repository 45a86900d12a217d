"""Comparison of two apps: pairs, semantic equality, replacements and findings of several stacks."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdk_epc.catalog.replacements import create_only_properties
from cdk_epc.rules.explain import example_of
from cdk_epc.rules.update_registry import UPDATE_RULES
from cdk_epc.templates import TemplateInput
from cdk_epc.templates.app import App
from cdk_epc.updates import review_update
from cdk_epc.updates.comparison import Comparison
from cdk_epc.updates.pairs import Pairs

ROLE = "arn:aws:iam::111122223333:role/inference"
TEMPLATE: dict[str, Any] = {
    "Resources": {
        "Model": {
            "Type": "AWS::SageMaker::Model",
            "Properties": {
                "ExecutionRoleArn": ROLE,
                "PrimaryContainer": {"Image": "image:1", "ModelDataUrl": "s3://b/1.tar.gz"},
            },
        },
        "Config": {
            "Type": "AWS::SageMaker::EndpointConfig",
            "Properties": {
                "ProductionVariants": [
                    {
                        "VariantName": "main",
                        "ModelName": {"Fn::GetAtt": ["Model", "ModelName"]},
                        "InstanceType": "ml.m5.large",
                        "InitialInstanceCount": 2,
                    }
                ],
                "Tags": [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}],
            },
        },
        "Endpoint": {
            "Type": "AWS::SageMaker::Endpoint",
            "Properties": {
                "EndpointConfigName": {"Fn::GetAtt": ["Config", "EndpointConfigName"]},
            },
        },
    }
}


def changed(path: str, value: Any) -> dict[str, Any]:
    result = copy.deepcopy(TEMPLATE)
    node: Any = result["Resources"]
    *steps, last = [int(each) if each.isdigit() else each for each in path.split(".")]
    for step in steps:
        node = node[step]
    if value is None:
        del node[last]
    else:
        node[last] = value
    return result


def compared(old: Any, new: Any) -> Comparison:
    sides = [App.of([TemplateInput(template=each)]) for each in (old, new)]
    return Comparison(Pairs.of(*sides))


def changes(new: Any, logical_id: str, old: Any = TEMPLATE) -> list[str]:
    return [each.name for each in compared(old, new).changes((0, logical_id))]


TEMPLATE_VARIANT = TEMPLATE["Resources"]["Config"]["Properties"]["ProductionVariants"][0]
VARIANT = "Config.Properties.ProductionVariants.0"
EQUAL = {
    f"{VARIANT}.InitialInstanceCount": "2",
    "Config.Properties.Tags": [{"Value": "2", "Key": "b"}, {"Key": "a", "Value": "1"}],
    f"{VARIANT}": dict(
        reversed(TEMPLATE["Resources"]["Config"]["Properties"]["ProductionVariants"][0].items())
    ),
}


@pytest.mark.parametrize("path", EQUAL)
def test_equal_values_in_other_words(path: str) -> None:
    assert changes(changed(path, EQUAL[path]), "Config") == []


def test_a_change_follows_references_to_the_endpoint() -> None:
    new = changed("Model.Properties.PrimaryContainer.ModelDataUrl", "s3://b/2.tar.gz")
    assert changes(new, "Model") == ["PrimaryContainer.ModelDataUrl"]
    assert changes(new, "Config") == ["ProductionVariants[0].ModelName"]
    assert changes(new, "Endpoint") == ["EndpointConfigName"]


def test_tags_replace_nothing() -> None:
    new = changed("Config.Properties.Tags", [{"Key": "a", "Value": "2"}])
    comparison = compared(TEMPLATE, new)
    assert [each.name for each in comparison.changes((0, "Config"))] == ["Tags"]
    assert comparison.changes((0, "Endpoint")) == ()


def test_a_default_and_a_literal_name_are_changes() -> None:
    new = changed(f"{VARIANT}.InitialVariantWeight", 1)
    (change,) = compared(TEMPLATE, new).changes((0, "Config"))
    assert (change.name, change.is_default) == ("ProductionVariants[0].InitialVariantWeight", True)
    assert changes(changed(f"{VARIANT}.ModelName", "fraud"), "Config") == [
        "ProductionVariants[0].ModelName"
    ]


def test_an_unchanged_app_has_no_changes() -> None:
    comparison = compared(TEMPLATE, copy.deepcopy(TEMPLATE))
    assert [comparison.changes((0, each)) for each in TEMPLATE["Resources"]] == [(), (), ()]


# Neither 0 nor 1, which are equal to False and True for Python; no property takes both.
VALUES = st.one_of(st.text("abc", max_size=3), st.integers(2, 9), st.booleans())
PROPERTIES = {type_: sorted(names) for type_, names in create_only_properties().items()}


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_replacement_is_a_change_of_a_create_only_property(data: st.DataObject) -> None:
    type_ = data.draw(st.sampled_from(sorted(PROPERTIES)))
    names = st.sampled_from([*PROPERTIES[type_], "Tags", "Description", "Other"])
    resources = st.dictionaries(names, st.dictionaries(st.sampled_from("ab"), VALUES), max_size=4)
    old, new = data.draw(resources), data.draw(resources)
    sides = [{"Resources": {"R": {"Type": type_, "Properties": each}}} for each in (old, new)]
    differing = {
        name
        for name in {*old, *new}
        if {k: str(v).lower() for k, v in old.get(name, {"": 0}).items()}
        != {k: str(v).lower() for k, v in new.get(name, {"": 0}).items()}
    }
    found = {each.path[0] for each in compared(*sides).replacing((0, "R"))}
    assert found == differing & set(PROPERTIES[type_])


def two_stacks(reference: Any, model: str, **config: Any) -> list[TemplateInput]:
    producer = {
        "Resources": {
            "Config": {
                "Type": "AWS::SageMaker::EndpointConfig",
                "Properties": {
                    "ProductionVariants": [
                        {
                            "VariantName": "main",
                            "ModelName": model,
                            "InstanceType": "ml.m5.large",
                            "InitialInstanceCount": 1,
                        }
                    ]
                },
                **config,
            }
        },
        "Outputs": {
            "Name": {
                "Value": {"Fn::GetAtt": ["Config", "EndpointConfigName"]},
                "Export": {"Name": "config-name"},
            }
        },
    }
    consumer = {
        "Resources": {
            "Endpoint": {
                "Type": "AWS::SageMaker::Endpoint",
                "Properties": {"EndpointConfigName": reference},
            }
        }
    }
    return [
        TemplateInput(template=producer, name="producer.json", stack_name="producer"),
        TemplateInput(template=consumer, name="consumer.json", stack_name="consumer"),
    ]


WEAK = {"Fn::GetStackOutput": {"StackName": "producer", "OutputName": "Name"}}
CROSS_STACK = [
    ({"Fn::ImportValue": "config-name"}, {}, ["export-in-use-replaced"]),
    (WEAK, {}, ["weak-reference-replaced"]),
    (WEAK, {"UpdateReplacePolicy": "Retain"}, []),
]


@pytest.mark.parametrize(("reference", "config", "expected"), CROSS_STACK)
def test_references_across_stacks(reference: Any, config: Any, expected: list[str]) -> None:
    old = two_stacks(reference, "fraud-7", **config)
    assert review_update(old, two_stacks(reference, "fraud-7", **config)).findings == ()
    report = review_update(old, two_stacks(reference, "fraud-8", **config))
    assert [each.rule_id for each in report.findings] == expected
    assert len(report.reports[0].findings) == len(expected)
    assert all("Endpoint of another stack" in each.message for each in report.findings)


def test_acknowledgements() -> None:
    for rule in UPDATE_RULES:
        example = example_of(rule.id)
        if example is None:
            continue
        old, bad = ([TemplateInput(template=each)] for each in (example.old, example.bad))
        (finding,) = review_update(old, bad).findings
        template = copy.deepcopy(example.bad)
        resource = template["Resources"][finding.resource]
        resource["Metadata"] = {"cdk-epc": {"acknowledge": {rule.id: "planned", "other": "x"}}}
        (report,) = review_update(old, [TemplateInput(template=template)]).reports
        assert report.findings == ()
        assert [each.acknowledged for each in report.acknowledged] == ["planned"]
        for reasons in ({rule.id: "planned"}, {finding.resource: {rule.id: "planned"}}):
            (report,) = review_update(old, bad, acknowledged=reasons).reports
            assert report.findings == ()
        (report,) = review_update(old, bad, acknowledged={rule.id: " "}).reports
        assert len(report.findings) == 1


def test_a_replaced_endpoint_is_not_updated() -> None:
    """SageMaker compares nothing with a new endpoint."""
    serverless = {
        "VariantName": "main",
        "ModelName": "fraud",
        "ServerlessConfig": {"MemorySizeInMB": 2048, "MaxConcurrency": 5},
    }
    sides = []
    for name, variant in (("a", TEMPLATE_VARIANT), ("b", serverless)):
        template = changed("Endpoint.Properties.EndpointName", name)
        template["Resources"]["Config"]["Properties"]["ProductionVariants"] = [variant]
        sides.append([TemplateInput(template=template)])
    assert [each.rule_id for each in review_update(*sides).findings] == ["endpoint-renamed"]


@pytest.mark.parametrize(
    ("name", "is_fixed"),
    [
        ("fraud", True),
        ({"Fn::Sub": "${AWS::StackName}-config"}, True),
        ({"Ref": "Name"}, False),
        ({"Fn::Sub": "${Name}-config"}, False),
        ({"Fn::If": ["C", "a", "b"]}, False),
    ],
)
def test_a_parameter_may_give_each_deployment_a_name(name: Any, is_fixed: bool) -> None:  # noqa: FBT001
    template = changed("Config.Properties.EndpointConfigName", name)
    template["Parameters"] = {"Name": {"Type": "String", "Default": "fraud"}}
    new = copy.deepcopy(template)
    new["Resources"]["Config"]["Properties"]["ProductionVariants"][0]["InstanceType"] = (
        "ml.g5.large"
    )
    report = review_update([TemplateInput(template=template)], [TemplateInput(template=new)])
    expected = ["config-replaced-under-name"] if is_fixed else []
    assert [each.rule_id for each in report.findings] == expected


def test_a_new_reader_of_an_export_does_not_hinder_the_update() -> None:
    old = two_stacks({"Fn::ImportValue": "config-name"}, "fraud-7")
    old[1] = TemplateInput(template={"Resources": {}}, name="consumer.json")
    new = two_stacks({"Fn::ImportValue": "config-name"}, "fraud-8")
    assert review_update(old, new).findings == ()


def test_a_moved_resource_is_searched_in_its_stack_first() -> None:
    new = json.loads(json.dumps(TEMPLATE).replace('"Endpoint":', '"Moved":'))
    names = ("a", "b")
    report = review_update(
        [TemplateInput(template=TEMPLATE, name=name) for name in names],
        [TemplateInput(template=new, name=name) for name in names],
    )
    assert [each.rule_id for each in report.findings] == ["resource-moved"] * 2
    assert {each.message.split(";")[0] for each in report.findings} == {
        "the resource differs from Endpoint only in its logical id"
    }


def test_the_place_of_a_scaled_variant() -> None:
    """The variant is the second one."""
    example = example_of("scaled-type-changed")
    assert example is not None
    sides: list[Any] = [copy.deepcopy(each) for each in (example.old, example.bad)]
    for each in sides:
        variants = each["Resources"]["Config"]["Properties"]["ProductionVariants"]
        variants.insert(0, {**TEMPLATE_VARIANT, "VariantName": "other"})
    (finding,) = review_update(*([TemplateInput(template=each)] for each in sides)).findings
    assert finding.path == "ProductionVariants[1].InstanceType"


def test_a_deleted_endpoint_is_a_note() -> None:
    new = copy.deepcopy(TEMPLATE)
    del new["Resources"]["Endpoint"]
    report = review_update([TemplateInput(template=TEMPLATE)], [TemplateInput(template=new)])
    assert [(each.logical_id, each.text) for each in report.notes] == [
        ("Endpoint", "the endpoint is deleted, and its callers fail")
    ]


def test_a_renamed_stack_is_the_one_with_the_same_logical_ids() -> None:
    stacks = [
        [TemplateInput(template=TEMPLATE, name=name), TemplateInput(template={}, name="Other")]
        for name in ("Dev", "Prod")
    ]
    pairs = Pairs.of(*(App.of(each) for each in stacks))
    assert pairs.new_templates == {0: 0, 1: 1}


def test_a_long_chain_of_references() -> None:
    def chain(first: str) -> dict[str, Any]:
        resources = {
            f"R{index}": {
                "Type": "AWS::SageMaker::Model",
                "Properties": {"ExecutionRoleArn": {"Ref": f"R{index - 1}"} if index else first},
            }
            for index in range(2000)
        }
        return {"Resources": dict(reversed(resources.items()))}

    assert (
        review_update(
            [TemplateInput(template=chain("a"))], [TemplateInput(template=chain("b"))]
        ).findings
        == ()
    )


def test_a_policy_of_another_stack_loses_its_target() -> None:
    example = example_of("policy-target-removed")
    assert example is not None
    target, policy = (example.old["Resources"][name] for name in ("Target", "Policy"))
    renamed = copy.deepcopy(policy)
    renamed["Properties"]["ResourceId"] = "endpoint/fraud/variant/other"

    def found(new: dict[str, Any], policy_after: Any = policy) -> list[tuple[str, object]]:
        sides = (({"Target": target}, {"Policy": policy}), (new, {"Policy": policy_after}))
        old, after = (
            [
                TemplateInput(template={"Resources": each}, name=name)
                for name, each in zip(("Targets", "Policies"), side, strict=True)
            ]
            for side in sides
        )
        return [(each.rule_id, each.resource) for each in review_update(old, after).findings]

    assert found({"Target": target}) == []
    assert found({}) == [("policy-target-removed", "Policy")]
    moved = copy.deepcopy(target)
    moved["Properties"]["ResourceId"] = "endpoint/fraud/variant/other"
    assert found({"Target": moved}) == [("policy-target-removed", "Policy")]
    assert found({"Target": moved}, renamed) == []  # the policy is replaced as well
    assert found({"Other": target}) == [("scalable-target-recreated", "Other")]


def test_a_removed_resource_that_is_retained_is_not_deleted() -> None:
    for rule_id in (
        "adapter-base-deleted",
        "component-endpoint-deleted",
        "execution-role-removed-early",
        "network-removed-early",
        "policy-target-removed",
    ):
        example = example_of(rule_id)
        assert example is not None
        new: Any = example.bad
        for policy in (None, "Delete", "Retain", "RetainExceptOnCreate"):
            old: Any = copy.deepcopy(example.old)
            for logical_id in old["Resources"].keys() - new["Resources"].keys():
                old["Resources"][logical_id] |= {"DeletionPolicy": policy} if policy else {}
            report = review_update([TemplateInput(template=old)], [TemplateInput(template=new)])
            found = rule_id in {each.rule_id for each in report.findings}
            assert found is (policy in {None, "Delete"}), (rule_id, policy)


def test_a_replaced_configuration_is_deleted_unless_it_is_retained() -> None:
    new = changed(f"{VARIANT}.InitialInstanceCount", 3)
    note = "the old configuration is deleted at the end"
    for retain, expected in ((None, True), ("Retain", False)):
        if retain is not None:
            new["Resources"]["Config"]["UpdateReplacePolicy"] = retain
        report = review_update([TemplateInput(template=TEMPLATE)], [TemplateInput(template=new)])
        (plan,) = report.plans
        assert any(each.startswith(note) for each in plan.notes) is expected
