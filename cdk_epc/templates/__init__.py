"""Check of CloudFormation templates, as far as their values are known before the deployment.

This package does not import ``aws_cdk`` and does not start Node.
"""

from __future__ import annotations

from cdk_epc.templates.check import check_template, review_app, review_template
from cdk_epc.templates.template import TemplateInput

__all__ = ["TemplateInput", "check_template", "review_app", "review_template"]
