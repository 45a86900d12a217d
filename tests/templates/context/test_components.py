"""What templates show of inference components: their endpoint, their base, their models."""

from __future__ import annotations

from typing import Any

from kit.template_resources import (
    CUT,
    ENDPOINT,
    HOST,
    MODEL,
    NAME,
    Json,
    as_placed,
    component,
    get,
    subjects,
)

from cdk_epc.spec.context import InferenceComponentContext


def test_what_a_component_is_placed_on() -> None:
    for endpoint, waits in ((NAME, True), ("fraud", False)):
        subject = as_placed({**HOST, "C": component(endpoint)})
        assert subject.endpoint is not None
        assert subject.config is not None
        assert subject.depends_on_endpoint is waits
        assert list(subject.models) == [("specification", "model_name")]
    waiting = {**component("fraud"), "DependsOn": "Endpoint"}
    assert as_placed({**HOST, "C": waiting}).depends_on_endpoint
    apart = as_placed({**HOST, "C": component("other")})
    assert (apart.endpoint, apart.config, apart.depends_on_endpoint) == (None, None, True)


def test_the_base_of_an_adapter() -> None:
    def adapter(base: Any) -> Json:
        adapted = {"BaseInferenceComponentName": base, "Container": {"ArtifactUrl": "s3://b/a"}}
        given = component(NAME, Specification=adapted)
        del given["Properties"]["RuntimeConfig"]
        return given

    named = component(NAME, InferenceComponentName="base")
    for base, waits in (("base", False), (CUT, True)):
        resources = {"A": adapter(base), **HOST, "C": named}
        subject = as_placed(resources)
        assert subject.base is not None
        assert (subject.base.inference_component_name, subject.depends_on_base) == (
            "base",
            waits,
        )
    assert as_placed({"A": adapter("other"), **HOST, "C": named}).base is None


def test_an_endpoint_by_its_arn() -> None:
    by_arn = component(NAME, EndpointArn={"Ref": "Endpoint"})
    del by_arn["Properties"]["EndpointName"]
    subject = as_placed({**HOST, "C": by_arn})
    assert subject.endpoint is not None
    assert subject.endpoint.endpoint_name == "fraud"


def test_a_model_of_another_stack_is_an_import() -> None:
    imported = component(NAME, Specification={"ModelName": {"Fn::ImportValue": "fraud-model"}})
    subject = as_placed({**HOST, "C": imported})
    assert (subject.imported_models, subject.models) == ({("specification", "model_name")}, {})
    assert as_placed({**HOST, "C": component(NAME)}).imported_models == frozenset()


def test_names_that_are_written_alike() -> None:
    """Parameters without choices: nobody knows the names, but they are the same."""
    called = {"Parameters": {name: {"Type": "String"} for name in ("E", "M", "B")}}
    endpoint = {**ENDPOINT["Properties"], "EndpointName": {"Ref": "E"}}
    model = {**MODEL["Properties"], "ModelName": {"Ref": "M"}}
    adapter = component({"Ref": "E"}, Specification={"BaseInferenceComponentName": {"Ref": "B"}})
    base = component({"Ref": "E"}, InferenceComponentName={"Ref": "B"})
    base["Properties"]["Specification"] = {"ModelName": {"Ref": "M"}}
    resources = {
        "A": adapter,
        "B1": base,
        "Config": HOST["Config"],
        "Endpoint": {**ENDPOINT, "Properties": endpoint},
        "Model": {**MODEL, "Properties": model},
    }
    first, second = subjects(InferenceComponentContext, resources, **called)
    assert first.endpoint == second.endpoint is not None
    assert first.config.config == second.config.config
    assert first.base.specification.model_name.expression == {"Ref": "M"}
    assert second.base is None
    assert (list(first.models), list(second.models)) == ([], [("specification", "model_name")])


def test_the_base_by_reference() -> None:
    """CloudFormation gives the name of a component by an attribute, and its ARN by ``Ref``."""
    name = get("C", "InferenceComponentName")
    adapter = component(NAME, Specification={"BaseInferenceComponentName": name})
    subject = as_placed({"A": adapter, **HOST, "C": component(NAME)})
    assert (subject.base is not None, subject.depends_on_base) == (True, True)


def test_a_model_by_an_equal_name_is_not_waited_for() -> None:
    named = {**MODEL, "Properties": {**MODEL["Properties"], "ModelName": "fraud-7"}}
    by_name = component(NAME, Specification={"ModelName": "fraud-7"})
    for placed, waits in ((by_name, False), ({**by_name, "DependsOn": "Model"}, True)):
        (found_,) = as_placed({**HOST, "Model": named, "C": placed}).models.values()
        assert (found_.logical_id, found_.is_dependency) == ("Model", waits)
