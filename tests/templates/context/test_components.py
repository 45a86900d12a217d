"""Inference components with their endpoint, base component and models."""

from __future__ import annotations

from typing import Any

from kit.templates import (
    COMPONENT_BASE,
    ENDPOINT,
    ENDPOINT_NAME,
    MODEL,
    NAME_IN_ARN,
    Json,
    component,
    component_context,
    get,
    subjects,
)

from cdk_epc.spec.context import InferenceComponentContext


def test_endpoint_of_a_component() -> None:
    for endpoint, is_after in ((ENDPOINT_NAME, True), ("fraud", False)):
        subject = component_context({**COMPONENT_BASE, "C": component(endpoint)})
        assert subject.endpoint is not None
        assert subject.config is not None
        assert subject.depends_on_endpoint is is_after
        assert list(subject.models) == [("specification", "model_name")]
    dependent = {**component("fraud"), "DependsOn": "Endpoint"}
    assert component_context({**COMPONENT_BASE, "C": dependent}).depends_on_endpoint
    other = component_context({**COMPONENT_BASE, "C": component("other")})
    assert (other.endpoint, other.config, other.depends_on_endpoint) == (None, None, True)


def test_base_of_an_adapter() -> None:
    def adapter(base: Any) -> Json:
        adapted = {"BaseInferenceComponentName": base, "Container": {"ArtifactUrl": "s3://b/a"}}
        given = component(ENDPOINT_NAME, Specification=adapted)
        del given["Properties"]["RuntimeConfig"]
        return given

    named = component(ENDPOINT_NAME, InferenceComponentName="base")
    for base, is_after in (("base", False), (NAME_IN_ARN, True)):
        resources = {"A": adapter(base), **COMPONENT_BASE, "C": named}
        subject = component_context(resources)
        assert subject.base is not None
        assert (subject.base.inference_component_name, subject.depends_on_base) == (
            "base",
            is_after,
        )
    assert component_context({"A": adapter("other"), **COMPONENT_BASE, "C": named}).base is None


def test_endpoint_by_arn() -> None:
    by_arn = component(ENDPOINT_NAME, EndpointArn={"Ref": "Endpoint"})
    del by_arn["Properties"]["EndpointName"]
    subject = component_context({**COMPONENT_BASE, "C": by_arn})
    assert subject.endpoint is not None
    assert subject.endpoint.endpoint_name == "fraud"


def test_imported_models() -> None:
    imported = component(
        ENDPOINT_NAME, Specification={"ModelName": {"Fn::ImportValue": "fraud-model"}}
    )
    subject = component_context({**COMPONENT_BASE, "C": imported})
    assert (subject.imported_models, subject.models) == ({("specification", "model_name")}, {})
    assert (
        component_context({**COMPONENT_BASE, "C": component(ENDPOINT_NAME)}).imported_models
        == frozenset()
    )


def test_names_with_equal_expressions() -> None:
    """The names are parameters without values, so they are unknown but equal."""
    sections = {"Parameters": {name: {"Type": "String"} for name in ("E", "M", "B")}}
    endpoint = {**ENDPOINT["Properties"], "EndpointName": {"Ref": "E"}}
    model = {**MODEL["Properties"], "ModelName": {"Ref": "M"}}
    adapter = component({"Ref": "E"}, Specification={"BaseInferenceComponentName": {"Ref": "B"}})
    base = component({"Ref": "E"}, InferenceComponentName={"Ref": "B"})
    base["Properties"]["Specification"] = {"ModelName": {"Ref": "M"}}
    resources = {
        "A": adapter,
        "B1": base,
        "Config": COMPONENT_BASE["Config"],
        "Endpoint": {**ENDPOINT, "Properties": endpoint},
        "Model": {**MODEL, "Properties": model},
    }
    first, second = subjects(InferenceComponentContext, resources, **sections)
    # A custom rule gets copies, and unresolved values are equal to themselves only.
    assert repr(first.endpoint) == repr(second.endpoint)
    assert first.endpoint is not None
    assert repr(first.config.config) == repr(second.config.config)
    assert first.base.specification.model_name.expression == {"Ref": "M"}
    assert second.base is None
    assert (list(first.models), list(second.models)) == ([], [("specification", "model_name")])


def test_base_by_reference() -> None:
    """An attribute returns the name of a component, and ``Ref`` its ARN."""
    name = get("C", "InferenceComponentName")
    adapter = component(ENDPOINT_NAME, Specification={"BaseInferenceComponentName": name})
    subject = component_context({"A": adapter, **COMPONENT_BASE, "C": component(ENDPOINT_NAME)})
    assert (subject.base is not None, subject.depends_on_base) == (True, True)


def test_creation_order_of_model_and_component() -> None:
    named = {**MODEL, "Properties": {**MODEL["Properties"], "ModelName": "fraud-7"}}
    by_name = component(ENDPOINT_NAME, Specification={"ModelName": "fraud-7"})
    for given, is_after in ((by_name, False), ({**by_name, "DependsOn": "Model"}, True)):
        (model,) = component_context({**COMPONENT_BASE, "Model": named, "C": given}).models.values()
        assert (model.logical_id, model.is_dependency) == ("Model", is_after)
