"""Tests of the evaluation of rules."""

from __future__ import annotations

import attrs

from cdk_epc.rules import RULES
from cdk_epc.rules.evaluation import RuleList, evaluate
from cdk_epc.spec import EndpointConfigSpec, ProductionVariant
from cdk_epc.spec.context import ConfigContext


def test_list_of_rules_asks_the_same_rules_and_remembers_them() -> None:
    variant = ProductionVariant(variant_name="a", model_name="m", instance_type="ml.m5.large")
    wrong = attrs.evolve(variant, variant_name="a_b", initial_instance_count=0)
    configs = [
        EndpointConfigSpec(),
        EndpointConfigSpec(production_variants=(variant,)),
        EndpointConfigSpec(production_variants=(wrong, variant)),
        EndpointConfigSpec(production_variants=(wrong,), kms_key_id="k" * 3000),
    ]
    subjects = [*configs, *(ConfigContext(config=each, region="eu-west-1") for each in configs)]
    rules = RuleList(RULES)
    for _ in range(2):
        for subject in subjects:
            assert list(evaluate(subject, rules)) == list(evaluate(subject, list(RULES)))
    first = rules.applicable(configs[1])
    assert 0 < sum(len(group) for _, group in first) < len(RULES)
    assert rules.applicable(attrs.evolve(configs[1])) is first
    assert rules.applicable(subjects[5]) is not first
