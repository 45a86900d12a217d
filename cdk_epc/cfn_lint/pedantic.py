"""Rules of the pack pedantic for cfn-lint: ``--append-rules cdk_epc.cfn_lint.pedantic``."""

from __future__ import annotations

from cdk_epc.cfn_lint import lint_rule as _lint_rule
from cdk_epc.rules import registry as _registry

globals().update(_lint_rule.rule_classes(_registry.PACKS["pedantic"], __name__))
