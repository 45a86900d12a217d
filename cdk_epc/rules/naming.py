"""Rules of names: fixed names, and ARNs in place of names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from cdk_epc.rules.finding import shown
from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.spec import EndpointConfigSpec, EndpointSpec, InstancePool, ModelSpec, Path
from cdk_epc.spec.context import ConfigContext
from cdk_epc.spec.unresolved import (
    Reference,
    Unresolved,
    is_list,
    is_mapping,
    is_resolved,
    items_of,
)

_USER_GUIDE: Final = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
_CFN_CONFIG: Final = f"{_USER_GUIDE}aws-resource-sagemaker-endpointconfig.html"
_CFN_MODEL: Final = f"{_USER_GUIDE}aws-resource-sagemaker-model.html"

_OF_STACK: Final = frozenset(
    {"AWS::StackName", "AWS::StackId", "AWS::Region", "AWS::AccountId", "AWS::Partition"}
)
"""Pseudo parameters that no update of a stack changes."""
_VARIABLE: Final = re.compile(r"\$\{([^}]*)\}")


@rule(
    id="name-fixed",
    title="A configuration should not have a fixed name",
    why="A change of any property except the tags replaces the configuration, and the replacement "
    "collides with the old one if both have the same name.",
    fix="Remove the name, or let it change with the content, as endpoint_config_name_prefix does.",
    evidence=Evidence.REAL_ERROR,
    source_url=_CFN_CONFIG,
    requires=("endpoint_config_name",),
    of_templates=True,
    severity=Severity.WARNING,
    facts=("NAM.REPLACEMENT",),
)
def name_fixed(spec: EndpointConfigSpec) -> Iterator[Violation]:
    if (name := _fixed_name(spec.endpoint_config_name)) is not None:
        yield Violation(
            path=("endpoint_config_name",),
            got=name,
            sentence=f"`endpoint_config_name` is the fixed name {shown(name)}, which a "
            "replacement would have as well",
            fix="Remove `endpoint_config_name`, or change it with each change of the content.",
            python_fix="Remove `endpoint_config_name`, or use endpoint_config_name_prefix.",
        )


@rule(
    id="name-hash-with-parameter",
    title="The content of a hashed name should not have template parameters",
    why="The hash covers the reference to a parameter, not its value. A new value replaces the "
    "configuration under the same name, and the deployment fails because the name exists.",
    fix="Pass the value at synth, for example from the context of the app, or let CloudFormation "
    "generate the name.",
    evidence=Evidence.INFERRED,
    source_url=_CFN_CONFIG,
    about=(ConfigContext,),
    severity=Severity.WARNING,
)
def name_hash_with_parameter(subject: ConfigContext) -> Iterator[Violation]:
    if subject.hashed_parameters is None:
        return
    for path, name in subject.hashed_parameters().items():
        yield Violation(
            path=path,
            got=Words(f"the parameter {name}"),
            sentence=f"the parameter {name} is part of a hashed name; with a new value the "
            "replacement has the name of the old configuration",
            fix="Pass the value at synth, for example with app.node.try_get_context, or remove "
            "endpoint_config_name_prefix.",
        )


@rule(
    id="model-name-fixed",
    title="A model should not have a fixed name",
    why="A change of any property except the tags replaces the model, and the replacement "
    "collides with the old one if both have the same name.",
    fix="Remove the name; CloudFormation generates another one for each replacement.",
    evidence=Evidence.DOCUMENTED,
    source_url=_CFN_MODEL,
    about=(ModelSpec,),
    requires=("model_name",),
    of_templates=True,
    severity=Severity.WARNING,
    facts=("NAM.REPLACEMENT",),
)
def model_name_fixed(spec: ModelSpec) -> Iterator[Violation]:
    if (name := _fixed_name(spec.model_name)) is not None:
        yield Violation(
            path=("model_name",),
            got=name,
            sentence=f"`model_name` is the fixed name {shown(name)}, which a "
            "replacement would have as well",
            fix="Remove `model_name`; CloudFormation generates a name.",
        )


def _fixed_name(value: object) -> Any:  # noqa: ANN401 - a value of any type
    """Return a name that no update of the stack changes; ``None`` for any other.

    A name of literals and facts about the stack is as fixed as a literal. It is returned as the
    text of ``Fn::Sub``.
    """
    if isinstance(value, Unresolved):
        return _stack_text(value.expression)
    return value if is_resolved(value) else None


def _stack_text(node: object) -> str | None:
    if isinstance(node, str):
        return node
    if not is_mapping(node) or len(node) != 1:
        return None
    ((function, argument),) = node.items()
    if function == "Ref":
        is_of_stack = isinstance(argument, str) and argument in _OF_STACK
        return f"${{{argument}}}" if is_of_stack else None
    if function == "Fn::Sub" and isinstance(argument, str):
        variables = _VARIABLE.findall(argument)
        return argument if variables and _OF_STACK.issuperset(variables) else None
    if function == "Fn::Join" and is_list(argument) and len(argument) == 2:  # noqa: PLR2004
        delimiter, items = argument
        texts = [_stack_text(each) for each in (items if is_list(items) else [None])]
        if isinstance(delimiter, str) and all(each is not None for each in texts):
            return delimiter.join(map(str, texts))
    return None


def _arn_of(value: object, resource_type: str, attribute: str) -> Reference | None:
    """Return the reference in a value if it resolves to the ARN of such a resource.

    Args:
        value: Value of a property.
        resource_type: CloudFormation's type of the resource.
        attribute: Attribute that is the ARN, as `Ref` is.
    """
    reference = value.refers_to if isinstance(value, Unresolved) else None
    if reference is None or reference.type != resource_type:
        return None
    return reference if reference.attribute in (None, attribute) else None


def _arn_violation(path: Path, reference: Reference, attribute: str) -> Violation:
    return Violation(
        path=path,
        got=Words(f"the ARN of {reference.logical_id}"),
        must="be its name",
        fix=f'Use {{"Fn::GetAtt": ["{reference.logical_id}", "{attribute}"]}}.',
    )


@rule(
    id="endpoint-config-name-is-arn",
    title="An endpoint must refer to its configuration by name, not by ARN",
    why="Ref of a configuration is its ARN, which the pattern of EndpointConfigName refuses.",
    fix="Use Fn::GetAtt with EndpointConfigName of the configuration.",
    evidence=Evidence.DOCUMENTED,
    source_url=_CFN_CONFIG,
    about=(EndpointSpec,),
    of_templates=True,
    facts=("NAM.CFN_REF",),
)
def endpoint_config_name_is_arn(spec: EndpointSpec) -> Iterator[Violation]:
    name = spec.endpoint_config_name
    if reference := _arn_of(name, "AWS::SageMaker::EndpointConfig", "EndpointConfigArn"):
        yield _arn_violation(("endpoint_config_name",), reference, "EndpointConfigName")


@rule(
    id="model-name-is-arn",
    title="A variant must refer to its model by name, not by ARN",
    why="Ref of a model is its ARN, which the pattern of ModelName refuses.",
    fix="Use Fn::GetAtt with ModelName of the model.",
    evidence=Evidence.DOCUMENTED,
    source_url=_CFN_MODEL,
    of_templates=True,
    eager=True,
    facts=("NAM.CFN_REF",),
)
def model_name_is_arn(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for path, name in _model_names(spec):
        if reference := _arn_of(name, "AWS::SageMaker::Model", "ModelArn"):
            yield _arn_violation(path, reference, "ModelName")


def _model_names(spec: EndpointConfigSpec) -> Iterator[tuple[Path, Any]]:
    """Yield the model names of variants and pools with their paths."""
    for path, variant in spec.variants():
        yield (*path, "model_name"), variant.model_name
        for index, pool in enumerate(items_of(variant.instance_pools)):
            if isinstance(pool, InstancePool):
                yield (
                    (*path, "instance_pools", index, "model_name_override"),
                    pool.model_name_override,
                )


RULES: Final = (
    name_fixed,
    name_hash_with_parameter,
    model_name_fixed,
    endpoint_config_name_is_arn,
    model_name_is_arn,
)
