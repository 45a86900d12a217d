"""CloudFormation templates by the rules: what can be known of them is worked out and judged.

Nothing here imports ``aws_cdk`` or starts Node.
"""

from __future__ import annotations

from cdk_epc.templates.check import check_template, review_app, review_template
from cdk_epc.templates.template import TemplateInput

__all__ = ["TemplateInput", "check_template", "review_app", "review_template"]
