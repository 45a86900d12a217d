"""CloudFormation templates by the rules: what can be known of them is worked out and judged.

Nothing here imports ``aws_cdk`` or starts Node.
"""

from __future__ import annotations

from cdk_epc.templates.check import (
    PlacedTemplate,
    check_template,
    review_app,
    review_template,
)

__all__ = ["PlacedTemplate", "check_template", "review_app", "review_template"]
