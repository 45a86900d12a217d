"""Rules of configurations that mix variants with a model and variants for inference components."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cdk_epc.rules.rule import Evidence, Fault, Rule, Severity, Words
from cdk_epc.spec import EndpointConfigSpec
from cdk_epc.spec.unresolved import is_given, is_there, items_of

_PROVIDER: Final = "https://github.com/hashicorp/terraform-provider-aws/issues/40644"
_SDK: Final = "https://github.com/aws/sagemaker-python-sdk/blob/master/src/sagemaker/session.py"


def _mixed(spec: EndpointConfigSpec) -> Iterator[Fault]:
    # A serverless variant without a model has a rule of its own.
    variants = [each for each in spec.production() if each[1].serverless_config is None]
    if not any(is_there(variant.model_name) for _, variant in variants):
        return
    for path, variant in variants:
        if variant.model_name is None:
            yield Fault(
                path=(*path, "model_name"),
                got=None,
                allowed="a model, as other variants have one",
                fix="Name the model, or give the inference components a configuration of their "
                "own.",
            )


def _network(spec: EndpointConfigSpec) -> Iterator[Fault]:
    if not is_given(spec.vpc_config):
        return
    variants = spec.variants()
    if not variants or len(spec.production()) != len(items_of(spec.production_variants)):
        return
    if all(
        is_there(variant.model_name) and variant.serverless_config is None
        for _, variant in variants
    ):
        yield Fault(
            path=("vpc_config",),
            got=Words("a VPC"),
            allowed="nothing, most likely, for each variant's model says its own network",
            fix="Give the VPC to the models.",
        )


RULES: Final = (
    Rule(
        id="inference-component-mix",
        title="Either every production variant has a model, or none",
        why="An endpoint hosts models or inference components; nobody has been seen to have both.",
        mend="Give each kind a configuration of its own.",
        evidence=Evidence.INFERRED,
        source_url=_PROVIDER,
        check=_mixed,
        severity=Severity.WARNING,
        settled=True,
        facts=("VAR.IC_MIX",),
    ),
    Rule(
        id="vpc-with-models",
        title="The configuration's VPC is for inference components",
        why="A model brings its network along. AWS's SDK sends a VPC only with variants that have "
        "no model, and what becomes of it beside one is not documented.",
        mend="Give the VPC to the models.",
        evidence=Evidence.INFERRED,
        source_url=_SDK,
        needs=("vpc_config",),
        check=_network,
        severity=Severity.WARNING,
        facts=("VAR.IC_ONLY_SETTINGS",),
    ),
)
