"""Rules of whole templates."""

from __future__ import annotations

from typing import Final

from cdk_epc.rules.rule import Evidence, Rule, Severity

# The reader of templates sees the transform; no resource has a place for it.
NOT_JUDGED: Final = Rule(
    id="template-not-judged",
    title="A template is not rewritten before it is deployed",
    why="A macro may change every resource, so nothing in the template is judged.",
    mend="Check the template that the macro makes: that of the change set.",
    evidence=Evidence.OURS,
    source_url="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
    "template-macros.html",
    about=(),
    check=lambda _: (),
    severity=Severity.WARNING,
    of_templates=True,
)
RULES: Final = (NOT_JUDGED,)
