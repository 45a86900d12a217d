"""Resource ids of scalable targets: equal expressions, other forms and repeated targets."""

from __future__ import annotations

from typing import Any

import pytest
from kit.templates import BASE, ENDPOINT, Json, rules_by_resource, subjects, target

from cdk_epc.spec.context import ScalableTargetContext

NAMED = {"Fn::Sub": "${App}-prd-${Job}"}
JOINED = {"Fn::Join": ["-", [{"Ref": "App"}, "prd", {"Ref": "Job"}]]}
PARAMETERS = {"App": {"Type": "String"}, "Job": {"Type": "String"}}


def endpoint(name: Any) -> Json:
    return {**ENDPOINT, "Properties": {**ENDPOINT["Properties"], "EndpointName": name}}


def sub(text: str) -> Json:
    return {"Fn::Sub": text}


def join(*parts: Any) -> Json:
    return {"Fn::Join": ["", list(parts)]}


@pytest.mark.parametrize(
    ("name", "resource_id", "is_found"),
    [
        (NAMED, sub("endpoint/${App}-prd-${Job}/variant/main"), True),
        (JOINED, sub("endpoint/${App}-prd-${Job}/variant/main"), True),
        (NAMED, join("endpoint/", {"Ref": "App"}, "-prd-", {"Ref": "Job"}, "/variant/main"), True),
        (NAMED, join("endpoint/", NAMED, "/variant/main"), True),
        (NAMED, sub("endpoint/${Job}-prd-${App}/variant/main"), False),
        (NAMED, sub("endpoint/${App}-dev-${Job}/variant/main"), False),
        (NAMED, sub("endpoint/${App}-prd/variant/main"), False),
        ("fraud", sub("endpoint/${App}-prd-${Job}/variant/main"), False),
    ],
)
def test_endpoints_whose_name_is_an_equal_expression(
    name: Any, resource_id: Any, *, is_found: bool
) -> None:
    resources = {**BASE, "Endpoint": endpoint(name), "T": target(resource_id)}
    (subject,) = subjects(ScalableTargetContext, resources, Parameters=PARAMETERS)
    assert (subject.variant == ("production_variants", 0)) is is_found


def test_two_endpoints_with_equal_names_are_ambiguous() -> None:
    resource_id = sub("endpoint/${App}-prd-${Job}/variant/main")
    both = {"Endpoint": endpoint(NAMED), "Other": endpoint(NAMED), "T": target(resource_id)}
    (subject,) = subjects(ScalableTargetContext, {**BASE, **both}, Parameters=PARAMETERS)
    assert subject.config is None


def _rules(resources: Json) -> set[str]:
    found = rules_by_resource({**BASE, **resources}, Parameters=PARAMETERS)
    return {rule for logical_id, rule in found if logical_id == "T"}


OF_CONFIG = sub("endpoint/${Config.EndpointConfigName}/variant/main")


@pytest.mark.parametrize(
    ("name", "config_name", "is_wrong"),
    [
        (None, None, True),
        ("fraud", None, True),
        (NAMED, None, True),
        ({"Fn::GetAtt": ["Config", "EndpointConfigName"]}, None, False),
        ("fraud", "fraud", False),
        ("fraud", "fraud-7", True),
        (NAMED, "fraud-7", False),
    ],
)
def test_resource_ids_with_the_name_of_the_configuration(
    name: Any, config_name: Any, *, is_wrong: bool
) -> None:
    given = ENDPOINT if name is None else endpoint(name)
    config = BASE["Config"]
    if config_name is not None:
        properties = {**config["Properties"], "EndpointConfigName": config_name}
        config = {**config, "Properties": properties}
    resources = {"Config": config, "Endpoint": given, "T": target(OF_CONFIG)}
    assert ("scaling-resource-is-config" in _rules(resources)) is is_wrong


@pytest.mark.parametrize(
    ("resource_id", "is_wrong"),
    [
        (sub("endpoint/${Endpoint.EndpointName}/variant/main"), False),
        (sub("endpoint/${Endpoint.EndpointName}/main"), True),
        (sub("${Endpoint.EndpointName}/variant/main"), True),
        (sub("variant/${App}"), True),
        (sub("endpoint/${App}"), False),
        (sub("${App}/variant/main"), False),
        ({"Ref": "App"}, False),
        ("endpoint/fraud/variant/main", False),
        ("fraud/variant/main", True),
    ],
)
def test_forms_of_resource_ids(resource_id: Any, *, is_wrong: bool) -> None:
    assert ("scaling-resource-id-wrong" in _rules({"T": target(resource_id)})) is is_wrong


def test_two_targets_of_one_resource() -> None:
    resource_id = sub("endpoint/${Endpoint.EndpointName}/variant/main")
    repeated = "scaling-target-repeated"
    assert repeated in _rules({"First": target(resource_id), "T": target(resource_id)})
    other = target(resource_id, "sagemaker:variant:DesiredProvisionedConcurrency")
    assert repeated not in _rules({"First": other, "T": target(resource_id)})
    conditional = {**target(resource_id), "Condition": "Never"}
    never = {"Never": {"Fn::Equals": ["a", "b"]}}
    found = rules_by_resource(
        {**BASE, "First": conditional, "T": target(resource_id)}, Conditions=never
    )
    assert repeated not in {rule for _, rule in found}
