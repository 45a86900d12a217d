"""Lines of findings: that of the caller, not that of a subclass."""

from __future__ import annotations

import types
from typing import Any

import pytest
from kit.cdk import new_stack

from cdk_epc import EndpointConfig, EndpointConfigError

POLICY = """
from cdk_epc import EndpointConfig

class CompanyConfig(EndpointConfig):
    def __init__(self, scope, id, **options):
        super().__init__(scope, id, **options)

    def add_small_variant(self, name, memory_size):
        return self.add_serverless_variant(
            name, model="m", memory_size=memory_size, max_concurrency=5
        )
"""


def policy() -> Any:
    module = types.ModuleType("company_policy")
    exec(compile(POLICY, "company_policy.py", "exec"), module.__dict__)  # noqa: S102 - the code above
    return module


def test_finding_of_a_subclass_is_at_the_line_of_its_caller() -> None:
    config_class = policy().CompanyConfig
    with pytest.raises(EndpointConfigError) as refused:
        config_class(new_stack(), "Config", production_variants="wrong")
    assert refused.value.findings[0].file == __file__
    config = config_class(new_stack(), "Config", endpoint_config_name="fixed")
    with pytest.raises(EndpointConfigError) as refused:
        config.add_small_variant("main", "wrong")
    (finding,) = refused.value.findings
    assert finding.file == __file__


def test_finding_of_a_call_is_at_its_own_line() -> None:
    with pytest.raises(EndpointConfigError) as refused:
        EndpointConfig(new_stack(), "Config", production_variants="wrong")
    assert refused.value.findings[0].file == __file__
