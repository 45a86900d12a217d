"""Rules at synth: one validation for each stage, which knows the stage's configurations.

A validation of its own for each construct would cost a call into Node each; the walk that runs
validations does not go into nested stages, so there is one guard for each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

import aws_cdk as cdk
import jsii
from constructs import Construct, IConstruct, IValidation

from cdk_epc.rules import Severity

if TYPE_CHECKING:
    from cdk_epc.constructs.endpoint_config import EndpointConfig

ACKNOWLEDGE_PREFIX: Final = "cdk-epc:"


@jsii.implements(IValidation)
class Guard:
    """The validation of one stage."""

    _by_scope: Final[WeakKeyDictionary[IConstruct, Guard]] = WeakKeyDictionary()

    def __init__(self) -> None:
        """Make a guard of nothing yet."""
        self._watched: list[EndpointConfig] = []
        self._warned: set[tuple[EndpointConfig, str]] = set()

    @classmethod
    def of(cls, scope: Construct) -> Guard:
        """The guard of the stage that a scope is in."""
        guard = cls._by_scope.get(scope)
        if guard is None:
            stage = cdk.Stage.of(scope) or scope.node.root
            guard = cls._by_scope.get(stage)
            if guard is None:
                guard = cls._by_scope[stage] = cls()
                stage.node.add_validation(guard)
            cls._by_scope[scope] = guard
        return guard

    def watch(self, config: EndpointConfig) -> None:
        """Check this configuration at synth."""
        self._watched.append(config)

    def validate(self) -> list[str]:
        """Every error of every configuration; warnings are left with the constructs."""
        errors: list[str] = []
        for config in self._watched:
            for finding in config.findings_at_synth():
                if finding.severity is Severity.ERROR:
                    errors.append(str(finding))
                elif (config, text := str(finding)) not in self._warned:
                    self._warned.add((config, text))
                    cdk.Validations.of(config).add_warning(
                        f"{ACKNOWLEDGE_PREFIX}{finding.rule_id}",
                        text.removeprefix(f"{finding.severity} "),
                    )
        return errors
