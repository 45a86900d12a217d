"""Rules of references: where a template has the ARN of a resource, and SageMaker wants its name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from cdk_epc.rules.rule import Evidence, Fault, Rule, Words
from cdk_epc.spec import EndpointConfigSpec, EndpointSpec, InstancePool, Path
from cdk_epc.spec.unresolved import Reference, Unknown, items_of

_REFERENCE: Final = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"


def _arn_of(value: object, resource: str, attribute: str) -> Reference | None:
    """The reference behind a value, if it gives the ARN of such a resource."""
    refers = value.refers_to if isinstance(value, Unknown) else None
    if refers is None or refers.type != resource or refers.attribute not in (None, attribute):
        return None
    return refers


def _config_arn(spec: EndpointSpec) -> Iterator[Fault]:
    name = spec.endpoint_config_name
    if refers := _arn_of(name, "AWS::SageMaker::EndpointConfig", "EndpointConfigArn"):
        yield _fault(("endpoint_config_name",), refers, "EndpointConfigName")


def _model_arn(spec: EndpointConfigSpec) -> Iterator[Fault]:
    for path, name in _model_names(spec):
        if refers := _arn_of(name, "AWS::SageMaker::Model", "ModelArn"):
            yield _fault(path, refers, "ModelName")


def _model_names(spec: EndpointConfigSpec) -> Iterator[tuple[Path, Any]]:
    for path, variant in spec.variants():
        yield (*path, "model_name"), variant.model_name
        for index, pool in enumerate(items_of(variant.instance_pools)):
            if isinstance(pool, InstancePool):
                yield (
                    (*path, "instance_pools", index, "model_name_override"),
                    pool.model_name_override,
                )


def _fault(path: Path, refers: Reference, attribute: str) -> Fault:
    return Fault(
        path=path,
        got=Words(f"the ARN of {refers.logical_id}"),
        allowed="a name",
        fix=f'Take {{"Fn::GetAtt": ["{refers.logical_id}", "{attribute}"]}}.',
    )


RULES: Final = (
    Rule(
        id="endpoint-config-name-is-arn",
        title="An endpoint gets the name of its configuration, not the ARN",
        why="Ref of a configuration is its ARN, which the pattern of EndpointConfigName refuses.",
        mend="Take Fn::GetAtt EndpointConfigName of the configuration.",
        evidence=Evidence.DOCUMENTED,
        source_url=f"{_REFERENCE}aws-resource-sagemaker-endpointconfig.html",
        about=(EndpointSpec,),
        check=_config_arn,
        of_templates=True,
        facts=("NAM.CFN_REF",),
    ),
    Rule(
        id="model-name-is-arn",
        title="A variant gets the name of its model, not the ARN",
        why="Ref of a model is its ARN, which the pattern of ModelName refuses.",
        mend="Take Fn::GetAtt ModelName of the model.",
        evidence=Evidence.DOCUMENTED,
        source_url=f"{_REFERENCE}aws-resource-sagemaker-model.html",
        check=_model_arn,
        of_templates=True,
        settled=True,
        facts=("NAM.CFN_REF",),
    ),
)
