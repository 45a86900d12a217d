"""Serverless quotas: variants and concurrency of the configurations in an account and region."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Final

import attrs

from cdk_epc._records import Record
from cdk_epc.spec import EndpointConfigSpec, ServerlessConfig
from cdk_epc.spec.empty import new_dict
from cdk_epc.spec.unresolved import is_integer
from cdk_epc.templates.app import App, Resource
from cdk_epc.templates.references import ResourceKey
from cdk_epc.templates.template import Template


@attrs.frozen(eq=False, repr=False)
class ServerlessUsage(Record):
    """Usage of the serverless quotas.

    Attributes:
        variants: Number of serverless variants.
        concurrency: Sum of their maximum concurrencies.
    """

    variants: int = 0
    concurrency: int = 0

    @classmethod
    def of(cls, config: EndpointConfigSpec) -> ServerlessUsage:
        """Return the known usage of one configuration."""
        serverless = [
            variant.serverless_config
            for _, variant in config.variants()
            if isinstance(variant.serverless_config, ServerlessConfig)
        ]
        known = [each.max_concurrency for each in serverless if is_integer(each.max_concurrency)]
        return cls(len(serverless), sum(known))

    @classmethod
    def minimum(cls, usages: Iterable[ServerlessUsage]) -> ServerlessUsage:
        """Return the usage that one or more usages have at least."""
        every = list(usages)
        return cls(min(each.variants for each in every), min(each.concurrency for each in every))


_NONE: Final = ServerlessUsage()


@attrs.define(eq=False)
class UsageCounter:
    """Usage of the configurations of an app, counted in the order in which they are checked.

    A configuration counts with its minimum usage over all scenarios.
    """

    app: App
    _total: dict[Hashable, ServerlessUsage] = attrs.Factory(new_dict)
    _before: dict[ResourceKey, ServerlessUsage] = attrs.Factory(new_dict)

    def before(self, template: Template, logical_id: str) -> ServerlessUsage:
        """Return the usage of the configurations before one in its account and region."""
        key = (template.index, logical_id)
        if key not in self._before:
            self._before[key] = self._total.get(self.app.environment_of(template), _NONE)
        return self._before[key]

    def add(self, config: Resource, usage: ServerlessUsage) -> None:
        """Add the usage of a configuration."""
        before = self.before(*config)
        self._total[self.app.environment_of(config[0])] = ServerlessUsage(
            before.variants + usage.variants, before.concurrency + usage.concurrency
        )
