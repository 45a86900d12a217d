"""Rules on a component with its related resources; `test_subjects.py` has a table."""

from __future__ import annotations

import attrs
import pytest
from kit.requests import changed
from kit.subjects import FULL_SUBJECTS, component_context

from cdk_epc.rules import check
from cdk_epc.spec.unresolved import Unresolved

VARIANT = ("config", "config", "ProductionVariants", 0)


@pytest.mark.parametrize("type_", ["ml.inf2.xlarge", "ml.x99.large"])
def test_accelerators_that_the_catalog_does_not_count(type_: str) -> None:
    """AWS does not document whether a component counts Neuron in devices or in cores."""
    full = FULL_SUBJECTS["component_context"]["hosted"]
    full = changed(full, (*VARIANT, "InstanceType"), type_)
    at = ("component", "Specification", "ComputeResourceRequirements")
    many = changed(full, (*at, "NumberOfAcceleratorDevicesRequired"), 99)
    assert check(component_context(many)) == []


def test_a_variant_with_a_model_and_an_unresolved_name() -> None:
    data = changed(FULL_SUBJECTS["component_context"]["adapter"], (*VARIANT, "ModelName"), "m")
    data = changed(data, (*VARIANT, "VariantName"), "${Token[TOKEN.1]}")
    assert [each.message for each in check(component_context(data))] == [
        "the endpoint cannot host inference components, because a variant has a model"
    ]


@pytest.mark.parametrize("unresolved", ["config", "model"])
def test_an_unresolved_isolation_does_not_differ(unresolved: str) -> None:
    subject = component_context(FULL_SUBJECTS["component_context"]["model"])
    assert subject.config is not None
    isolation = Unresolved({"Ref": "Isolated"})
    config, models = subject.config, subject.models
    if unresolved == "config":
        spec = attrs.evolve(config.config, enable_network_isolation=isolation)
        config = attrs.evolve(config, config=spec)
    else:
        models = {
            path: attrs.evolve(
                each, model=attrs.evolve(each.model, enable_network_isolation=isolation)
            )
            for path, each in models.items()
        }
    assert models
    assert check(attrs.evolve(subject, config=config, models=models)) == []
