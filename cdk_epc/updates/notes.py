"""Notes on an update: effects that are no fault."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import attrs

from cdk_epc._records import Record
from cdk_epc.rules.finding import shown
from cdk_epc.spec import InferenceComponentSpec
from cdk_epc.spec.unresolved import is_resolved
from cdk_epc.spec.updates import EndpointUpdate
from cdk_epc.templates.app import COMPONENT, ENDPOINT
from cdk_epc.templates.context.scaled_resources import TARGET, is_of_sagemaker
from cdk_epc.templates.references import ResourceKey, spec_of
from cdk_epc.templates.scenarios import Evaluation
from cdk_epc.updates.comparison import Comparison
from cdk_epc.updates.subjects import config_of, config_spec

_BOUNDS: Final = ("MinCapacity", "MaxCapacity")
_SPECIFICATION: Final = frozenset({"Specification", "Specifications"})


@attrs.frozen(kw_only=True, eq=False, repr=False)
class UpdateNote(Record):
    """Effect of an update that is no fault.

    Attributes:
        stack: Name of the template.
        logical_id: Logical id of the resource.
        text: The effect, as a sentence without a full stop.
    """

    stack: str
    logical_id: str
    text: str


def notes_of(comparison: Comparison) -> Iterator[UpdateNote]:
    """Yield the notes on removed endpoints, scalable targets and inference components."""
    old, new = comparison.pairs.old, comparison.pairs.new
    for template, logical_id in old.of_type(ENDPOINT) if not comparison.pairs.is_described else ():
        key = (template.index, logical_id)
        if comparison.is_in_old(key) and comparison.is_deleted(key):
            text = _removed(comparison.old_evaluation(template.index), logical_id)
            yield UpdateNote(stack=template.input.name, logical_id=logical_id, text=text)
    for template, logical_id in new.of_type(TARGET):
        if is_of_sagemaker(template, logical_id):
            for text in _bounds(comparison, (template.index, logical_id)):
                yield UpdateNote(stack=template.input.name, logical_id=logical_id, text=text)
    for template, logical_id in new.of_type(COMPONENT):
        for text in _component(comparison, (template.index, logical_id)):
            yield UpdateNote(stack=template.input.name, logical_id=logical_id, text=text)


def _removed(evaluation: Evaluation, logical_id: str) -> str:
    spec = config_spec(config_of(evaluation, logical_id))
    text = "the endpoint is deleted, and its callers fail"
    if spec is not None and spec.async_inference_config is not None:
        text += "; AWS does not document the effect on requests in its queue, so drain it first"
    return text


def _bounds(comparison: Comparison, key: ResourceKey) -> Iterator[str]:
    for change in comparison.changes(key):
        if change.path[0] in _BOUNDS:
            yield (
                f"{change.name} changes from {shown(change.old)} to {shown(change.new)}; capacity "
                "outside of the new bounds is corrected at once"
            )


def _component(comparison: Comparison, key: ResourceKey) -> Iterator[str]:
    changed = {change.path[0] for change in comparison.changes(key)}
    if not changed & _SPECIFICATION:
        return
    read = spec_of(comparison.new_evaluation(key[0]), key[1], InferenceComponentSpec)
    if read is None:
        return
    config = read[0].deployment_config
    policy = getattr(config, "rolling_update_policy", None)
    size = getattr(policy, "maximum_batch_size", None)
    value, unit = (getattr(size, name, None) for name in ("value", "type"))
    if policy is None:
        yield "the copies are replaced all at once, which needs instances for twice as many"
    elif is_resolved(value):
        percent = " percent of the copies" if unit == "CAPACITY_PERCENT" else " copies at a time"
        yield (
            f"the copies are replaced in batches of {value}{percent}; old and new copies respond "
            "side by side, and a batch needs instances of its own"
        )


def fleet_notes(comparison: Comparison, key: ResourceKey, update: EndpointUpdate) -> Iterator[str]:
    """Yield the notes on a new fleet.

    Args:
        comparison: Comparison of the apps.
        key: The endpoint in the new app.
        update: Its update.
    """
    if update.fleet is None:
        return
    yield "scaling actions wait for the end of the update, and caches start empty"
    config = config_of(comparison.new_evaluation(key[0]), key[1])
    if config is not None and comparison.deletes_old(config.key):
        yield (
            "the old configuration is deleted at the end; with UpdateReplacePolicy Retain, it "
            "stays for a rollback by hand"
        )
    if update.fleet.new.async_inference_config is not None:
        yield "AWS does not document the effect on requests that wait in the queue"
    if any(each.model_name is None for _, each in update.fleet.new.production()):
        template = comparison.pairs.new.templates[key[0]]
        components = len(list(template.of_type(COMPONENT)))
        yield (
            f"AWS does not document the effect on inference components of the endpoint (the "
            f"template has {components})"
        )
