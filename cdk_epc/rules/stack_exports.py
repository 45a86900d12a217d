"""Rules on names that are imported from other stacks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.spec.context import ConfigContext, EndpointContext, InferenceComponentContext

_EXPORTS: Final = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html"
)
_EXPORT: Final = Words("an export of another stack")


@rule(
    id="endpoint-config-imported",
    title="An endpoint and its configuration should be in the same stack",
    why="Every change of a configuration replaces it under a new name. CloudFormation refuses to "
    "change an export while another stack imports it, so the first update fails.",
    fix="Create the configuration in the stack of the endpoint.",
    evidence=Evidence.DOCUMENTED,
    source_url=_EXPORTS,
    about=(EndpointContext,),
    severity=Severity.WARNING,
    of_templates=True,
)
def endpoint_config_imported(subject: EndpointContext) -> Iterator[Violation]:
    if subject.is_config_imported:
        yield Violation(
            path=("endpoint_config_name",),
            got=_EXPORT,
            must="be a configuration in the stack of the endpoint",
            fix="Create the configuration and its models in the stack of the endpoint.",
        )


@rule(
    id="model-imported",
    title="A model should be in the stack of the configuration or component that uses it",
    why="Every change of a model replaces it under a new name. CloudFormation refuses to change "
    "an export while another stack imports it, so the first update fails.",
    fix="Create the model in the stack of the configuration or component.",
    evidence=Evidence.DOCUMENTED,
    source_url=_EXPORTS,
    about=(ConfigContext, InferenceComponentContext),
    severity=Severity.WARNING,
    of_templates=True,
)
def model_imported(subject: ConfigContext | InferenceComponentContext) -> Iterator[Violation]:
    for path in sorted(subject.imported_models, key=str):
        yield Violation(
            path=path,
            got=_EXPORT,
            must="be a model in the same stack",
            fix="Create the model in the same stack; its artifacts can come from another one.",
        )


RULES: Final = (endpoint_config_imported, model_imported)
