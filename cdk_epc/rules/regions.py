"""Rules of the region that a configuration is deployed to: what it has, and how much of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from cdk_epc.catalog import regions
from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.spec import Path, ServerlessConfig, patterns
from cdk_epc.spec.context import ConfigContext
from cdk_epc.spec.unresolved import is_integer, is_string

_SERVERLESS: Final = "https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html"
_PRICES: Final = "https://aws.amazon.com/sagemaker/pricing/"
# What an account has in the largest regions, and so the most anywhere before an increase.
_LARGEST: Final = 1000
_ENDPOINTS: Final = 50
# A type without a price here has a gap in its prices, so that no gap elsewhere says anything.
_HOME: Final = "us-east-1"


_CONTAINER: Final = (
    "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html"
)


def _serverless(subject: ConfigContext) -> Iterator[tuple[Path, ServerlessConfig]]:
    for path, variant in subject.config.production():
        if isinstance(variant.serverless_config, ServerlessConfig):
            yield (*path, "serverless_config"), variant.serverless_config


@rule(
    id="serverless-region-not-listed",
    title="A serverless variant is in a region that has serverless inference",
    why="Serverless inference does not exist in every region, and nowhere in China.",
    fix="Run the variant on instances, or deploy to another region.",
    evidence=Evidence.DOCUMENTED,
    source_url=_SERVERLESS,
    about=(ConfigContext,),
    requires=("serverless_config",),
    severity=Severity.WARNING,
    facts=("SRV.REGION",),
)
def serverless_region_not_listed(subject: ConfigContext) -> Iterator[Violation]:
    region = subject.region
    for path, _ in _serverless(subject):
        if region is not None and regions.has_serverless(region) is False:
            yield Violation(
                path=path,
                got=Words(f"a serverless variant in {region}"),
                must="be a region that the guide lists for serverless inference",
                fix="Run the variant on instances, or deploy to another region.",
            )


@rule(
    id="instance-type-region-not-listed",
    title="An instance type is offered in the region",
    why="The service answers: Instance type is not supported for the chosen region. The list "
    "here is that of the prices, which can be older.",
    fix="Take another type, or deploy to another region.",
    evidence=Evidence.REAL_ERROR,
    source_url=_PRICES,
    about=(ConfigContext,),
    severity=Severity.WARNING,
    facts=("RGN.INSTANCE",),
)
def instance_type_region_not_listed(subject: ConfigContext) -> Iterator[Violation]:
    region = subject.region
    if region is None:
        return
    for path, name in subject.config.instance_types():
        if regions.has_hosting(region, name) is False and regions.has_hosting(_HOME, name):
            yield Violation(
                path=path,
                got=name,
                must=f"be a type that has a price in {region}",
                fix="Take another type, or deploy to another region.",
            )


@rule(
    id="serverless-quota-exceeded",
    title="The serverless endpoints of an app stay within the quotas of an account",
    why="An account has a concurrency of 1000 in eight large regions and of 500 in the others, "
    "and 50 serverless endpoints in each, before any increase.",
    fix="Lower the concurrency, or have the quota raised.",
    evidence=Evidence.DOCUMENTED,
    source_url=_SERVERLESS,
    about=(ConfigContext,),
    requires=("serverless_config",),
    severity=Severity.WARNING,
    facts=("SRV.QUOTA",),
)
def serverless_quota_exceeded(subject: ConfigContext) -> Iterator[Violation]:
    """A fault for the configuration that goes beyond a quota, not for each one after it."""
    most = regions.serverless_concurrency(subject.region or "") or _LARGEST
    before = subject.earlier_concurrency
    for path, serverless in _serverless(subject):
        wanted = serverless.max_concurrency
        if is_integer(wanted) and before <= most < before + wanted:
            yield Violation(
                path=(*path, "max_concurrency"),
                got=Words(f"{before + wanted} together with the endpoints before it"),
                must=f"be {most} for all serverless endpoints of an account in a region",
                fix="Lower the concurrency, or have the quota raised.",
            )
        if subject.earlier_serverless_variants == _ENDPOINTS:
            yield Violation(
                path=path,
                got=Words(f"serverless endpoint number {_ENDPOINTS + 1}"),
                must=f"be {_ENDPOINTS} serverless endpoints of an account in a region",
                fix="Have the quota raised, or share an endpoint.",
            )


_ECR: Final = re.compile(patterns.ECR_IMAGE, re.ASCII)


@rule(
    id="model-image-other-region",
    title="An image is in the region of the endpoint",
    why="SageMaker takes images of its own region's ECR alone.",
    fix="Copy the image into a repository of the region, or let ECR replicate it.",
    evidence=Evidence.DOCUMENTED,
    source_url=_CONTAINER,
    about=(ConfigContext,),
)
def model_image_other_region(subject: ConfigContext) -> Iterator[Violation]:
    for path, model in subject.models.items():
        for _, container in model.model.every_container():
            uri = container.image
            found = _ECR.fullmatch(uri) if is_string(uri) else None
            if found is not None and subject.region not in (None, found["region"]):
                yield Violation(
                    path=path,
                    got=Words(f"{model.logical_id}, whose image is in {found['region']}"),
                    must=f"be a model whose image is in {subject.region}",
                    fix="Copy the image into a repository of this region; ECR can replicate it.",
                )


RULES: Final = (
    serverless_region_not_listed,
    instance_type_region_not_listed,
    serverless_quota_exceeded,
    model_image_other_region,
)
