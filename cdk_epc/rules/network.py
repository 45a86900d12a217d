"""Rules on the network of a model: ways out of its subnets.

SageMaker downloads the model data through the VPC of a model, even with network isolation. It pulls
images from Amazon ECR and writes logs without the VPC.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cdk_epc.rules.hub_models import hub_downloads
from cdk_epc.rules.model_permissions import credentials_functions
from cdk_epc.rules.role_permissions import joined
from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.spec import Path
from cdk_epc.spec.context import ModelContext
from cdk_epc.spec.network import SubnetRoutes

_GUIDE: Final = "https://docs.aws.amazon.com/sagemaker/latest/dg/host-vpc.html"
_REGISTRY: Final = "https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-containers-inference-private.html"
_SUBNETS: Final[Path] = ("vpc_config", "subnets")


def _closed_subnets(subject: ModelContext, service: str) -> tuple[SubnetRoutes, ...]:
    """Return the subnets if none of them leads to a service."""
    subnets = subject.subnets
    if subnets is None or not all(each.is_closed_to(service) for each in subnets):
        return ()
    return subnets


def _has_model_data(subject: ModelContext) -> bool:
    members = {"model_data_url", "s3_uri"}
    return any(path[-1] in members for path in subject.texts)


@rule(
    id="model-subnets-without-s3",
    title="The subnets of a model with model data should have a way to Amazon S3",
    why="The endpoint fails with: Failed to download model data. Please ensure that an S3 VPC "
    "endpoint exists in route table or NAT gateway for the VPC mode.",
    fix="Add a gateway endpoint for S3 to the route tables of the subnets.",
    evidence=Evidence.REAL_ERROR,
    source_url=_GUIDE,
    about=(ModelContext,),
    requires=("subnets",),
    severity=Severity.WARNING,
)
def model_subnets_without_s3(subject: ModelContext) -> Iterator[Violation]:
    subnets = _closed_subnets(subject, "s3")
    if subnets and _has_model_data(subject):
        names = joined([each.logical_id for each in subnets])
        yield Violation(
            path=_SUBNETS,
            got=Words(f"{names} without a way to S3"),
            sentence=f"no route and no VPC endpoint leads from {names} to Amazon S3, from which "
            "SageMaker downloads the model data",
            fix="Add a gateway endpoint for S3 to the route tables of the subnets.",
            python_fix="Call add_gateway_endpoint() of the VPC with "
            "ec2.GatewayVpcEndpointAwsService.S3.",
        )


@rule(
    id="model-subnets-without-lambda",
    title="The subnets of a model should have a way to the function with registry credentials",
    why="SageMaker invokes the function through the VPC of the model when it creates the model.",
    fix="Add an interface endpoint for Lambda to the VPC.",
    evidence=Evidence.DOCUMENTED,
    source_url=_REGISTRY,
    about=(ModelContext,),
    requires=("subnets",),
    severity=Severity.WARNING,
)
def model_subnets_without_lambda(subject: ModelContext) -> Iterator[Violation]:
    subnets = _closed_subnets(subject, "lambda")
    if subnets and any(credentials_functions(subject.model)):
        names = joined([each.logical_id for each in subnets])
        yield Violation(
            path=_SUBNETS,
            got=Words(f"{names} without a way to Lambda"),
            sentence=f"no route and no VPC endpoint leads from {names} to AWS Lambda, whose "
            "function returns the credentials of the registry",
            fix="Add an interface endpoint for Lambda to the VPC.",
            python_fix="Call add_interface_endpoint() of the VPC with "
            "ec2.InterfaceVpcEndpointAwsService.LAMBDA_.",
        )


@rule(
    id="model-subnets-public",
    title="The subnets of a model should have a way out that works without a public address",
    why="SageMaker's network interfaces have no public address, so that an internet gateway is no "
    "way out for them: downloads from Amazon S3 and from the Hugging Face Hub fail.",
    fix="Use private subnets with a NAT gateway, or add a gateway endpoint for S3.",
    evidence=Evidence.INFERRED,
    source_url=_GUIDE,
    about=(ModelContext,),
    severity=Severity.WARNING,
    requires=("subnets",),
)
def model_subnets_public(subject: ModelContext) -> Iterator[Violation]:
    subnets = subject.subnets or ()
    public = [each.logical_id for each in subnets if each.has_internet_gateway]
    if not public or any(each.has_other_route for each in subnets):
        return
    reads_data = _has_model_data(subject) and any("s3" not in each.endpoints for each in subnets)
    if reads_data or any(hub_downloads(subject.model)):
        names = joined(public)
        yield Violation(
            path=_SUBNETS,
            got=Words(f"{names} with an internet gateway only"),
            sentence=f"an internet gateway is the only way out of {names}, which network "
            "interfaces without a public address cannot use",
            fix="Use private subnets with a NAT gateway, or add a gateway endpoint for S3.",
        )


PEDANTIC: Final = (model_subnets_public,)
RULES: Final = (model_subnets_without_s3, model_subnets_without_lambda)
