"""Rules by the phase in which they run: at the call, or at synth."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, cached_property
from typing import Any

import attrs

from cdk_epc._records import Record
from cdk_epc.constructs.resource_type import ResourceType
from cdk_epc.constructs.values import ArgumentTypeError, require_list
from cdk_epc.rules import Profile, Rule, Severity, Violation
from cdk_epc.rules.evaluation import RuleList
from cdk_epc.rules.registry import rules_of
from cdk_epc.rules.rule import Diagnostic


@attrs.frozen(slots=False, eq=False, repr=False)  # for the cached properties
class RulePhases(Record):
    """Rules by the phase in which they run.

    Attributes:
        eager: Rules that run at each call and raise there.
        at_synth: Rules that run at synth.
        eager_in_context: Rules on the resource with its related resources that run at each call as
            well. They are also among those at synth, when more related resources are known.
    """

    eager: RuleList
    at_synth: RuleList
    eager_in_context: RuleList = attrs.field(factory=RuleList)

    @classmethod
    def of(cls, rules: Iterable[Rule], resource_type: ResourceType[Any]) -> RulePhases:
        """Return the phases of rules for a type of resource.

        A rule runs at the call if it is an error and if no later call can fix its violations.
        """
        eager: list[Rule] = []
        at_synth: list[Rule] = []
        in_context: list[Rule] = []
        for rule in rules:
            is_final = rule.eager or resource_type.is_complete_at_construction
            is_error = rule.severity is Severity.ERROR
            is_eager = is_final and is_error and resource_type.spec in rule.about
            (eager if is_eager else at_synth).append(rule)
            if rule.eager and is_error and resource_type.context in rule.about:
                in_context.append(rule)
        return cls(RuleList(eager), RuleList(at_synth), RuleList(in_context))

    @cached_property
    def every(self) -> tuple[Rule, ...]:
        """Rules of both phases."""
        return self.eager + self.at_synth

    @cached_property
    def errors(self) -> RuleList:
        """Rules of both phases that are errors."""
        return RuleList(rule for rule in self.every if rule.severity is Severity.ERROR)

    def __add__(self, other: RulePhases) -> RulePhases:
        """Return the rules of both, each phase in its order."""
        return RulePhases(
            RuleList(self.eager + other.eager),
            RuleList(self.at_synth + other.at_synth),
            RuleList(self.eager_in_context + other.eager_in_context),
        )


@cache
def built_in_phases(profile: Profile, resource_type: ResourceType[Any]) -> RulePhases:
    """Return the built-in rules for a type of resource, with the severities of a profile."""
    return RulePhases.of(profile.apply(rules_of(resource_type.spec)), resource_type)


@cache
def built_in_diagnostics(profile: Profile) -> tuple[Diagnostic, ...]:
    """Return all built-in diagnostics, with the severities of a profile."""
    # Imported here because this imports the rules of all types of resources.
    from cdk_epc.rules.registry import DIAGNOSTICS  # noqa: PLC0415

    return profile.apply(DIAGNOSTICS)


def checked_custom_rules(rules: object) -> tuple[Rule, ...]:
    """Return custom rules without repetitions: a base class and its caller may pass the same rule.

    Raises:
        ArgumentTypeError: The argument is not a list of rules.
    """
    allowed, fix = "a list of rules (Rule)", "Pass your rules as a list: [rule]."
    given = require_list(rules, allowed, fix)
    for each in given:
        if not isinstance(each, Rule):
            raise ArgumentTypeError(each, allowed, fix)
    if not given:
        return ()
    from cdk_epc.rules.custom_checks import guarded  # noqa: PLC0415 - most constructs have no custom rules

    try:
        return guarded(dict.fromkeys(given))
    except ValueError as error:
        raise ArgumentTypeError(
            given, allowed, "Correct the rule.", sentence=f"rules contains a wrong rule: {error}"
        ) from None


def repeated_id(rules: Iterable[Rule]) -> Violation | None:
    """Return the violation of the first custom rule whose id another rule has already."""
    # Imported here because few apps have custom rules.
    from cdk_epc.rules.registry import DIAGNOSTICS, PACKED  # noqa: PLC0415
    from cdk_epc.rules.update_registry import UPDATE_RULES  # noqa: PLC0415

    taken = {each.id for each in (*DIAGNOSTICS, *UPDATE_RULES)}
    packed = {rule.id for rule in PACKED}
    for rule in rules:
        if rule.id in taken or (rule.id in packed and rule not in PACKED):
            return Violation(
                path=("rules",),
                got=rule.id,
                sentence=f"rules contains {rule.id!r}, which is already the id of another rule",
                fix="Begin the ids of your rules with a word of your own, such as the company's "
                "name.",
            )
        taken.add(rule.id)
    return None
