"""All stacks of the shop's models. None names an account or a region."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aws_cdk as cdk

from cdk_epc import EndpointValidator
from sample_app.answers import AnswersStack
from sample_app.assistant import AssistantStack
from sample_app.churn import ChurnStack
from sample_app.fraud import FraudStack
from sample_app.moderation import ModerationStack
from sample_app.policy import INSTANCE_FAMILY
from sample_app.ranking import RankingStack

if TYPE_CHECKING:
    from collections.abc import Mapping


def build(context: Mapping[str, Any] | None = None) -> cdk.App:
    """The app; the CDK CLI hands in the context of `cdk.json`, a test has to do it itself."""
    app = cdk.App(context=context)
    # Whatever writes a configuration, a raw L1 or an included template too, is held to the rules.
    cdk.Validations.of(app).add_plugins(EndpointValidator(rules=[INSTANCE_FAMILY]))
    FraudStack(app, "Fraud")
    AnswersStack(app, "Answers")
    ModerationStack(app, "Moderation")
    RankingStack(app, "Ranking")
    ChurnStack(app, "Churn")
    AssistantStack(app, "Assistant")
    return app
