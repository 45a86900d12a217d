"""Rules of resources that an update replaces, cannot change, or leaves without another one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cdk_epc.rules.finding import shown
from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.spec import EndpointConfigSpec, ModelSpec, Path
from cdk_epc.spec.unresolved import is_string
from cdk_epc.spec.updates import ComponentUpdate, PolicyUpdate, ResourceReplacement

_CFN: Final = "https://docs.aws.amazon.com/AWSCloudFormation/latest/"
_BEHAVIOUR: Final = f"{_CFN}UserGuide/using-cfn-updating-stacks-update-behaviors.html"
_TAKEN: Final = "https://github.com/awslabs/spot-tagging-bot-for-digital-assets/issues/2"
_EXPORT: Final = "https://github.com/aws/aws-cdk/issues/5304"
_OUTPUT: Final = f"{_CFN}TemplateReference/intrinsic-function-reference-getstackoutput.html"
_COMPONENT: Final = (
    "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_UpdateInferenceComponent.html"
)
_ADAPTERS: Final = "https://github.com/aws-samples/sagemaker-genai-hosting-examples"
_NOT_EMPTY: Final = "https://github.com/gruntwork-io/cloud-nuke/issues/1142"
_DEREGISTER: Final = (
    "https://docs.aws.amazon.com/autoscaling/application/APIReference/"
    "API_DeregisterScalableTarget.html"
)
_LISTED: Final = 3
"""Changed properties that a message lists."""


def _changed(subject: ResourceReplacement) -> str:
    listed = list(subject.changed[:_LISTED])
    if more := len(subject.changed) - len(listed):
        listed.append(f"{more} more")
    return ", ".join(listed)


def _kept_name(subject: ResourceReplacement, path: Path) -> Iterator[Violation]:
    if subject.name is not None:
        yield Violation(
            path=path,
            got=subject.name,
            sentence=f"`{path[0]}` stays {shown(subject.name)}, but a change of "
            f"{_changed(subject)} requires a replacement, whose name is then already taken",
            fix=f"Change `{path[0]}` with each change of the content, or remove it.",
        )


@rule(
    id="config-replaced-under-name",
    title="A configuration with a fixed name must not change",
    why="CloudFormation creates the replacement before it deletes the old configuration, and "
    "SageMaker refuses a second configuration with the same name.",
    fix="Remove the name, or change it together with the content.",
    evidence=Evidence.REAL_ERROR,
    source_url=_TAKEN,
    about=(ResourceReplacement,),
)
def config_replaced_under_name(subject: ResourceReplacement) -> Iterator[Violation]:
    if isinstance(subject.new, EndpointConfigSpec):
        yield from _kept_name(subject, ("endpoint_config_name",))


@rule(
    id="model-replaced-under-name",
    title="A model with a fixed name must not change",
    why="CloudFormation creates the replacement before it deletes the old model, and SageMaker "
    "refuses a second model with the same name.",
    fix="Remove the name, or change it together with the content.",
    evidence=Evidence.DOCUMENTED,
    source_url=_BEHAVIOUR,
    about=(ResourceReplacement,),
)
def model_replaced_under_name(subject: ResourceReplacement) -> Iterator[Violation]:
    if isinstance(subject.new, ModelSpec):
        yield from _kept_name(subject, ("model_name",))


@rule(
    id="export-in-use-replaced",
    title="A resource whose export another stack imports must not be replaced",
    why="CloudFormation refuses to change an export while another stack imports it.",
    fix="Keep both resources in one stack, or create the new one beside the old one first.",
    evidence=Evidence.REAL_ERROR,
    source_url=_EXPORT,
    about=(ResourceReplacement,),
)
def export_in_use_replaced(subject: ResourceReplacement) -> Iterator[Violation]:
    if subject.importers:
        yield Violation(
            path=(),
            got=Words(_changed(subject)),
            sentence=f"a change of {_changed(subject)} requires a replacement, but "
            f"{' and '.join(subject.importers)} of another stack imports the name",
            fix="Add the new resource beside the old one under a new construct id, let the other "
            "stack follow, then remove the old one; or keep both in one stack.",
        )


@rule(
    id="weak-reference-replaced",
    title="A resource that another stack reads by a stack output must not be replaced",
    why="CloudFormation deletes the old resource when its stack is deployed, while the endpoint of "
    "the other stack still uses it. AWS forbids that for the configuration of an endpoint.",
    fix="Keep both resources in one stack, or retain the old one with UpdateReplacePolicy.",
    evidence=Evidence.DOCUMENTED,
    source_url=_OUTPUT,
    about=(ResourceReplacement,),
)
def weak_reference_replaced(subject: ResourceReplacement) -> Iterator[Violation]:
    if subject.weak_readers and not subject.importers and not subject.is_retained:
        yield Violation(
            path=(),
            got=Words(_changed(subject)),
            sentence=f"a change of {_changed(subject)} requires a replacement, and the old "
            f"resource is deleted before {' and '.join(subject.weak_readers)} of another stack "
            "is updated",
            fix="Set UpdateReplacePolicy to Retain and delete the old resource later, or keep both "
            "in one stack.",
        )


_MEMBERS: Final = {
    "EndpointName": ("endpoint_name",),
    "VariantName": ("variant_name",),
    "InferenceComponentName": ("inference_component_name",),
}


@rule(
    id="component-moved",
    title="An inference component must keep its name, endpoint and variant",
    why="UpdateInferenceComponent can change none of them. CloudFormation shows a plain update, "
    "which fails or has no effect.",
    fix="Add a component under a new name, move the callers, and remove the old one.",
    evidence=Evidence.DOCUMENTED,
    source_url=_COMPONENT,
    about=(ComponentUpdate,),
)
def component_moved(subject: ComponentUpdate) -> Iterator[Violation]:
    for name, path in _MEMBERS.items():
        if name in subject.changed:
            before = getattr(subject.old, path[0])
            after = getattr(subject.new, path[0])
            change = (
                f"changes from {shown(before)} to {shown(after)}"
                if is_string(before) and is_string(after)
                else "changes"
            )
            yield Violation(
                path=path,
                got=after,
                sentence=f"`{path[0]}` {change}, which no update of a component can do",
                fix="Give the component another logical id and name, so that it is created beside "
                "the old one; move the callers, then remove the old one with its adapters.",
            )


@rule(
    id="adapter-base-changed",
    title="An adapter should keep its base component",
    why="AWS does not document that an update can move an adapter to another base component.",
    fix="Add an adapter under a new name, and remove the old one.",
    evidence=Evidence.INFERRED,
    source_url=_COMPONENT,
    about=(ComponentUpdate,),
    severity=Severity.WARNING,
)
def adapter_base_changed(subject: ComponentUpdate) -> Iterator[Violation]:
    if "BaseInferenceComponentName" in subject.changed and subject.deleted_base is None:
        yield Violation(
            path=("specification", "base_inference_component_name"),
            got=Words("another component"),
            sentence="`base_inference_component_name` changes, which AWS does not document as "
            "possible",
            fix="Give the adapter another logical id and name, and remove the old one.",
        )


@rule(
    id="adapter-base-deleted",
    title="An adapter must be removed with its base component",
    why="SageMaker deletes the adapters of a component with it. The template still lists the "
    "adapter, so that CloudFormation does not create it again.",
    fix="Remove the adapters in one deployment and the base component in the next, and add them "
    "under new names.",
    evidence=Evidence.REAL_ERROR,
    source_url=_ADAPTERS,
    about=(ComponentUpdate,),
)
def adapter_base_deleted(subject: ComponentUpdate) -> Iterator[Violation]:
    if subject.deleted_base is not None:
        yield Violation(
            path=("specification", "base_inference_component_name"),
            got=Words(subject.deleted_base),
            sentence=f"the update deletes the base component {subject.deleted_base}, and SageMaker "
            "deletes this adapter with it",
            fix="Add the adapter under a new logical id and name on the new base component, and "
            "remove this one before the old base.",
        )


@rule(
    id="component-endpoint-deleted",
    title="An endpoint must be deleted after its inference components",
    why="SageMaker refuses to delete an endpoint that still has inference components.",
    fix="Remove the components in one deployment, and the endpoint in the next.",
    evidence=Evidence.REAL_ERROR,
    source_url=_NOT_EMPTY,
    about=(ComponentUpdate,),
)
def component_endpoint_deleted(subject: ComponentUpdate) -> Iterator[Violation]:
    if subject.deleted_endpoint is not None and "EndpointName" not in subject.changed:
        yield Violation(
            path=("endpoint_name",),
            got=Words(subject.deleted_endpoint),
            sentence=f"the update deletes the endpoint {subject.deleted_endpoint}, on which this "
            "component stays",
            fix="Keep the endpoint, or remove the component with it; an endpoint under a new "
            "logical id needs new components.",
        )


@rule(
    id="policy-target-removed",
    title="A scaling policy should keep its scalable target",
    why="The removal of a scalable target deregisters it, and Application Auto Scaling then "
    "deletes all of its policies and scheduled actions. CloudFormation does not notice it, so that "
    "the stack of the policy shows a policy that does not exist.",
    fix="Keep the target, or remove the policy first.",
    evidence=Evidence.DOCUMENTED,
    source_url=_DEREGISTER,
    about=(PolicyUpdate,),
    severity=Severity.WARNING,
)
def policy_target_removed(subject: PolicyUpdate) -> Iterator[Violation]:
    yield Violation(
        path=(),
        got=Words(subject.removed_target),
        sentence=f"the update removes the scalable target {subject.removed_target}, and "
        "Application Auto Scaling deletes this policy with it",
        fix="Keep the target, or remove the policy in an earlier deployment.",
    )


RULES: Final = (
    config_replaced_under_name,
    model_replaced_under_name,
    export_in_use_replaced,
    weak_reference_replaced,
    component_moved,
    component_endpoint_deleted,
    adapter_base_changed,
    adapter_base_deleted,
    policy_target_removed,
)
