"""All stacks of one region: one with the stateful resources, and one for each use case.

A pipeline deploys the stages one after the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aws_cdk as cdk

from sample_app.assistant import AssistantStack
from sample_app.churn import ChurnStack
from sample_app.foundation import Foundation
from sample_app.fraud import FraudStack
from sample_app.moderation import ModerationStack
from sample_app.question_answering import QuestionAnsweringStack
from sample_app.ranking import RankingStack

if TYPE_CHECKING:
    from constructs import Construct

USE_CASES = {
    "Assistant": AssistantStack,
    "Churn": ChurnStack,
    "Fraud": FraudStack,
    "Moderation": ModerationStack,
    "QuestionAnswering": QuestionAnsweringStack,
    "Ranking": RankingStack,
}


class ShopStage(cdk.Stage):
    """Stacks of the shop in one region.

    Attributes:
        foundation: Stack with the stateful resources.
        use_cases: Stacks without state, by name of the use case.
    """

    def __init__(self, scope: Construct, construct_id: str, **options: Any) -> None:  # noqa: ANN401 - arguments of `Stage`
        """Create all stacks in the region of ``env``."""
        super().__init__(scope, construct_id, **options)
        self.foundation = Foundation(self, "Foundation")
        self.use_cases = {
            name: stack(self, name, foundation=self.foundation) for name, stack in USE_CASES.items()
        }
