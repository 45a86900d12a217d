"""Rules of this library for cfn-lint: ``cfn-lint --append-rules cdk_epc.cfn_lint``.

cfn-lint creates a rule from each class of this module. The opt-in packs are the modules
``cdk_epc.cfn_lint.security`` and ``cdk_epc.cfn_lint.pedantic``. ``docs/cfn-lint.md`` lists the ids.

This package neither imports ``aws_cdk`` nor starts Node.
"""

from __future__ import annotations

from importlib.util import find_spec as _find_spec

if _find_spec("cfnlint") is None:
    raise ModuleNotFoundError(
        "cdk_epc.cfn_lint needs cfn-lint; install it with: pip install 'cdk-epc[cfn-lint]'",
        name="cfnlint",
    )

from cdk_epc.cfn_lint import lint_rule as _lint_rule
from cdk_epc.rules import lint_ids as _lint_ids

AcknowledgedFinding = _lint_rule.AcknowledgedFinding
globals().update(_lint_rule.rule_classes(_lint_ids.LINTED, __name__))
