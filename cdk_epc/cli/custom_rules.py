"""Rules of the user's own, which the command line names as ``package.module:RULES``."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from importlib import import_module

from cdk_epc.cli.exceptions import RulesError
from cdk_epc.cli.inputs import current_folder
from cdk_epc.rules.custom_checks import guarded, line_of
from cdk_epc.rules.rule import Rule
from cdk_epc.spec.unresolved import is_list


def load_rules(names: Iterable[str], taken: Iterable[str]) -> tuple[Rule, ...]:
    """Return the rules with these names, each once.

    Modules are searched for in the current folder first, as ``python -m`` does.

    Args:
        names: Names of the form ``package.module:RULES``.
        taken: Ids that no custom rule may have.

    Raises:
        RulesError: A module cannot be imported, a name is no rule or list of rules, or an id is
            taken.
    """
    here = current_folder()
    if here is not None and str(here) not in sys.path:
        sys.path.insert(0, str(here))
    rules = tuple(dict.fromkeys(rule for name in names for rule in _rules_of(name)))
    try:
        rules = guarded(rules)
    except ValueError as error:
        raise RulesError(str(error)) from error
    ids = set(taken)
    for rule in rules:
        if rule.id in ids:
            raise RulesError(f"{rule.id!r} is already the id of another rule; choose another id")
        ids.add(rule.id)
    return rules


def _rules_of(name: str) -> list[Rule]:
    module, colon, variable = name.partition(":")
    if not (module and colon and variable):
        raise RulesError(f"{name!r} does not have the form package.module:RULES")
    try:
        imported = import_module(module)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # `sys.exit` of a module is no exit of this program
        place = f" ({where})" if (where := line_of(error.__traceback__)) else ""
        reason = f"{type(error).__name__}: {error}"
        raise RulesError(f"{module} cannot be imported: {reason}{place}") from error
    try:
        found = getattr(imported, variable)
    except AttributeError:
        raise RulesError(f"module {module} has no {variable}") from None
    rules = list(found) if is_list(found) else [found]
    if not rules or not all(isinstance(each, Rule) for each in rules):
        raise RulesError(f"{name} must be a rule or a list of rules (cdk_epc.Rule)")
    return rules
