"""Everything of one region: the stack that stays, and a stack for each story that comes and goes.

A pipeline deploys one such stage after the other; CloudFormation does the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aws_cdk as cdk

from sample_app.answers import AnswersStack
from sample_app.assistant import AssistantStack
from sample_app.churn import ChurnStack
from sample_app.foundation import Foundation
from sample_app.fraud import FraudStack
from sample_app.moderation import ModerationStack
from sample_app.ranking import RankingStack

if TYPE_CHECKING:
    from constructs import Construct

STORIES = {
    "Answers": AnswersStack,
    "Assistant": AssistantStack,
    "Churn": ChurnStack,
    "Fraud": FraudStack,
    "Moderation": ModerationStack,
    "Ranking": RankingStack,
}


class ShopStage(cdk.Stage):
    """The shop's models in one region.

    Attributes:
        foundation: The stateful stack.
        stories: The stateless stacks by the names of the stories.
    """

    def __init__(self, scope: Construct, construct_id: str, **options: Any) -> None:  # noqa: ANN401 - those of a stage
        """Make all stacks; ``env`` says which region it is."""
        super().__init__(scope, construct_id, **options)
        self.foundation = Foundation(self, "Foundation")
        self.stories = {
            name: story(self, name, foundation=self.foundation) for name, story in STORIES.items()
        }
