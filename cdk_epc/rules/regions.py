"""Rules on the region of a configuration: available features, instance types and quotas."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cdk_epc.catalog import regions
from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.spec import Path, ServerlessConfig
from cdk_epc.spec.context import ConfigContext
from cdk_epc.spec.unresolved import is_integer

_SERVERLESS: Final = "https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html"
_PRICES: Final = "https://aws.amazon.com/sagemaker/pricing/"
# The default quota of concurrency in the largest regions, which no other region exceeds.
_LARGEST: Final = 1000
_ENDPOINTS: Final = 50
# A type without a price in this region is missing from the whole price list, so its absence from
# another region means nothing.
_HOME: Final = "us-east-1"


def _serverless(subject: ConfigContext) -> Iterator[tuple[Path, ServerlessConfig]]:
    for path, variant in subject.config.production():
        if isinstance(variant.serverless_config, ServerlessConfig):
            yield (*path, "serverless_config"), variant.serverless_config


@rule(
    id="serverless-region-not-listed",
    title="A serverless variant should be in a region with serverless inference",
    why="Serverless inference is not available in every region, and in none in China.",
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
                not_allowed=f"in {region}, which the developer guide does not list for serverless "
                "inference",
                fix="Run the variant on instances, or deploy to another region.",
            )


@rule(
    id="instance-type-region-not-listed",
    title="An instance type should be available in the region",
    why="The deployment fails with: Instance type is not supported for the chosen region. The "
    "rule relies on the price list, which can be out of date.",
    fix="Use another type, or deploy to another region.",
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
                must=f"be available in {region}, where the price list has no price for it",
                fix="Use another type, or deploy to another region.",
            )


@rule(
    id="serverless-quota-exceeded",
    title="The serverless endpoints of an app should stay within the quotas of an account",
    why="By default, an account can have a total concurrency of 1000 in eight large regions and "
    "of 500 in the others, and 50 serverless endpoints in each region. The deployment fails if "
    "the app exceeds a quota.",
    fix="Lower the concurrency, or request a quota increase.",
    evidence=Evidence.DOCUMENTED,
    source_url=_SERVERLESS,
    about=(ConfigContext,),
    requires=("serverless_config",),
    severity=Severity.WARNING,
    facts=("SRV.QUOTA",),
)
def serverless_quota_exceeded(subject: ConfigContext) -> Iterator[Violation]:
    """Yield a violation for the configuration that exceeds a quota first, not for later ones."""
    quota = regions.serverless_concurrency(subject.region or "") or _LARGEST
    before = subject.earlier_concurrency
    for path, serverless in _serverless(subject):
        concurrency = serverless.max_concurrency
        if is_integer(concurrency) and before <= quota < before + concurrency:
            yield Violation(
                path=(*path, "max_concurrency"),
                got=Words(f"{before + concurrency} in total"),
                sentence="`max_concurrency` of the app's serverless endpoints adds up to "
                f"{before + concurrency}; must not exceed {quota}, the default quota of an "
                "account in the region",
                fix="Lower `max_concurrency`, or request a quota increase.",
            )
        if subject.earlier_serverless_variants == _ENDPOINTS:
            yield Violation(
                path=path,
                got=Words(f"serverless endpoint number {_ENDPOINTS + 1}"),
                sentence=f"the app has more than {_ENDPOINTS} serverless endpoints, the default "
                "quota of an account in the region",
                fix="Request a quota increase, or use one endpoint for several models.",
            )


PEDANTIC: Final = (
    serverless_region_not_listed,
    instance_type_region_not_listed,
    serverless_quota_exceeded,
)
"""Rules of the pack `pedantic`."""
