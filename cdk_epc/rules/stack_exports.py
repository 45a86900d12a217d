"""Rules on names that are imported from other stacks, by strong and by weak references."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.spec import Path
from cdk_epc.spec.context import ConfigContext, EndpointContext, InferenceComponentContext

_EXPORTS: Final = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html"
)
_WEAK_URL: Final = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
    "intrinsic-function-reference-getstackoutput.html"
)


def _violation(path: Path, resource: str, *, is_weak: bool, fix: str) -> Violation:
    """Return the violation of a name that another stack owns.

    Args:
        path: Path of the name.
        resource: The named resource, such as "model".
        is_weak: Whether the reference is weak (``Fn::GetStackOutput``).
        fix: Advice for both kinds of references.
    """
    if not is_weak:
        return Violation(
            path=path,
            got=Words("an export of another stack"),
            must=f"be a {resource} in the same stack, because this strong reference blocks each "
            f"update that replaces the {resource}",
            fix=fix,
        )
    return Violation(
        path=path,
        got=Words("an output of another stack"),
        must=f"be a {resource} in the same stack, because with this weak reference an update of "
        f"the other stack deletes a {resource} that is still in use",
        fix=f"{fix} Until then, set the UpdateReplacePolicy of the {resource} to Retain.",
        python_fix=f"{fix} Until then, call apply_removal_policy(cdk.RemovalPolicy.RETAIN) of the "
        f"{resource}.",
        source_url=_WEAK_URL,
    )


@rule(
    id="endpoint-config-imported",
    title="An endpoint and its configuration should be in the same stack",
    why="Every change of a configuration replaces it under a new name. With a strong reference "
    "(Fn::ImportValue), CloudFormation refuses the update because it does not change an export "
    "that another stack imports. With a weak reference (Fn::GetStackOutput), it deletes the old "
    "configuration, and the endpoint keeps its name until the next update of its own stack.",
    fix="Create the configuration in the stack of the endpoint.",
    evidence=Evidence.DOCUMENTED,
    source_url=_EXPORTS,
    about=(EndpointContext,),
    requires=("is_config_imported",),
    severity=Severity.WARNING,
    of_templates=True,
)
def endpoint_config_imported(subject: EndpointContext) -> Iterator[Violation]:
    path = ("endpoint_config_name",)
    if subject.is_config_imported:
        yield _violation(
            path,
            "configuration",
            is_weak=path in subject.weak_references,
            fix="Create the configuration and its models in the stack of the endpoint.",
        )


@rule(
    id="model-imported",
    title="A model should be in the stack of the configuration or component that uses it",
    why="Every change of a model replaces it under a new name. With a strong reference "
    "(Fn::ImportValue), CloudFormation refuses the update because it does not change an export "
    "that another stack imports. With a weak reference (Fn::GetStackOutput), it deletes the old "
    "model, and its user keeps the name until the next update of its own stack.",
    fix="Create the model in the stack of the configuration or component.",
    evidence=Evidence.DOCUMENTED,
    source_url=_EXPORTS,
    about=(ConfigContext, InferenceComponentContext),
    requires=("imported_models",),
    severity=Severity.WARNING,
    of_templates=True,
)
def model_imported(subject: ConfigContext | InferenceComponentContext) -> Iterator[Violation]:
    for path in sorted(subject.imported_models, key=str):
        yield _violation(
            path,
            "model",
            is_weak=path in subject.weak_references,
            fix="Create the model in the same stack; its artifacts can come from another one.",
        )


RULES: Final = (endpoint_config_imported, model_imported)
