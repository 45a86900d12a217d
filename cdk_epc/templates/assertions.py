"""The rules of a template, which say what parameters may be together."""

from __future__ import annotations

from typing import Any

from cdk_epc.spec.unresolved import is_list, is_mapping
from cdk_epc.templates.conditions import is_true
from cdk_epc.templates.expressions import named
from cdk_epc.templates.scenarios import Scope


def may_be(scope: Scope) -> bool:
    """Whether the rules of the template allow the parameters that were decided on.

    A rule that asks for nothing that was decided is left alone. One that cannot be worked out
    allows everything.
    """
    declared = scope.source.section("Rules")
    if not declared:
        return True
    here = scope.source.index
    decided = {name for index, name in scope.run.parameters if index == here}
    return all(
        _allows(scope, rule)
        for rule in declared.values()
        if is_mapping(rule) and any(name in decided for _, name in named(rule))
    )


def _allows(scope: Scope, rule: Any) -> bool:  # noqa: ANN401 - JSON
    if "RuleCondition" in rule and is_true(scope, rule["RuleCondition"]) is not True:
        return True
    assertions = rule.get("Assertions")
    return all(
        is_true(scope, assertion.get("Assert")) is not False
        for assertion in (assertions if is_list(assertions) else ())
        if is_mapping(assertion)
    )
