"""The bounds of single values: what the members' own declarations say, applied."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from cdk_epc.rules.breaches import VARIANTS, faults_of
from cdk_epc.rules.rule import Evidence, Fault, Rule, Severity
from cdk_epc.spec import EndpointConfigSpec, EndpointSpec, InferenceComponentSpec, ModelSpec
from cdk_epc.spec.scaling import ScalableTargetSpec, ScalingPolicySpec

_URL: Final = (
    "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html"
)
_ROOTS: Final = (
    EndpointConfigSpec,
    ModelSpec,
    EndpointSpec,
    InferenceComponentSpec,
    ScalableTargetSpec,
    ScalingPolicySpec,
)


def _no_variants(spec: EndpointConfigSpec) -> Iterator[Fault]:
    if spec.production_variants in (None, ()):
        yield Fault(
            path=VARIANTS,
            got=None,
            allowed="1 to 10 variants",
            fix="Add a variant, for example with add_instance_variant.",
        )


RULES: Final = (
    Rule(
        id="production-variants-required",
        title="A configuration has at least one production variant",
        why="An endpoint without a variant has nothing to send a request to.",
        mend="Add a production variant.",
        evidence=Evidence.DOCUMENTED,
        source_url=_URL,
        check=_no_variants,
        facts=("SCH.ProductionVariants.required",),
    ),
    Rule(
        id="value-required",
        title="A member that its parent cannot do without is given",
        why="SageMaker refuses the request, although CloudFormation's schema may not.",
        mend="Give the member, or take out the object that needs it.",
        evidence=Evidence.DOCUMENTED,
        source_url=_URL,
        about=_ROOTS,
        check=partial(faults_of, "value-required"),
        settled=True,
        facts=("RTE.STRATEGY_REQUIRED",),
    ),
    Rule(
        id="value-type",
        title="A value has the type that the API declares",
        why="SageMaker cannot read the request.",
        mend="Give the value in the type that the API declares: a number without quotes, a "
        "list in brackets.",
        evidence=Evidence.DOCUMENTED,
        source_url=_URL,
        about=_ROOTS,
        check=partial(faults_of, "value-type"),
        settled=True,
    ),
    Rule(
        id="value-range",
        title="A number lies within its published range",
        why="SageMaker refuses the request.",
        mend="Give a number within the range.",
        evidence=Evidence.DOCUMENTED,
        source_url=_URL,
        about=_ROOTS,
        check=partial(faults_of, "value-range"),
        settled=True,
    ),
    Rule(
        id="value-length",
        title="A text has a published length",
        why="SageMaker refuses the request.",
        mend="Shorten the text, or lengthen it.",
        evidence=Evidence.DOCUMENTED,
        source_url=_URL,
        about=_ROOTS,
        check=partial(faults_of, "value-length"),
        settled=True,
        facts=("DEP.NAME_63",),
    ),
    Rule(
        id="value-pattern",
        title="A text matches its published pattern, whole",
        why="SageMaker refuses the request.",
        mend="Take out the characters that do not fit.",
        evidence=Evidence.DOCUMENTED,
        source_url=_URL,
        about=_ROOTS,
        check=partial(faults_of, "value-pattern"),
        settled=True,
    ),
    Rule(
        id="value-choice",
        title="A value is one of the published ones",
        why="SageMaker refuses the request.",
        mend="Take one of the published values, in their spelling.",
        evidence=Evidence.DOCUMENTED,
        source_url=_URL,
        about=_ROOTS,
        check=partial(faults_of, "value-choice"),
        settled=True,
        facts=("MET.FREQ",),
    ),
    Rule(
        id="value-unpublished",
        title="A value of a growing list is one of those published so far",
        why="It may be newer than this library, or mistyped; SageMaker refuses the latter.",
        mend="Check the spelling; if the value is new, acknowledge the warning.",
        evidence=Evidence.DOCUMENTED,
        source_url=_URL,
        about=_ROOTS,
        check=partial(faults_of, "value-unpublished"),
        severity=Severity.WARNING,
        settled=True,
    ),
    Rule(
        id="list-length",
        title="A list has a published number of items",
        why="SageMaker refuses the request.",
        mend="Take some items out or put some in; an empty list is left out.",
        evidence=Evidence.DOCUMENTED,
        source_url=_URL,
        about=_ROOTS,
        check=partial(faults_of, "list-length"),
        settled=True,
        facts=("DEP.ALARMS_MIN", "MDL.CONTAINERS_MAX"),
    ),
    Rule(
        id="member-not-in-cloudformation",
        title="Every member is one that CloudFormation can express",
        why="CloudFormation would refuse the template; dropping the member would change its "
        "meaning.",
        mend="Leave the member out, or create this configuration through the API.",
        evidence=Evidence.DOCUMENTED,
        source_url="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
        "aws-resource-sagemaker-endpointconfig.html",
        about=_ROOTS,
        check=partial(faults_of, "member-not-in-cloudformation"),
        settled=True,
        of_templates=True,
    ),
)
