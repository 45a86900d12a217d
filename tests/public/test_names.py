"""Public names: the list is complete, and each name is imported at its first use."""

from __future__ import annotations

import subprocess
import sys

import pytest

import cdk_epc


def test_every_public_name_is_there() -> None:
    for name in cdk_epc.__all__:
        found = getattr(cdk_epc, name)
        assert found.__name__ == name if not name.isupper() else isinstance(found, tuple)


def test_the_lazy_names_are_the_public_ones() -> None:
    homes = cdk_epc._HOMES.values()
    assert sorted(name for names in homes for name in names) == sorted(cdk_epc.__all__)
    assert set(cdk_epc.__all__) <= set(dir(cdk_epc))


def test_other_names_are_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'EndpointConfg'"):
        _ = cdk_epc.EndpointConfg  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "statement",
    [
        "import cdk_epc",
        "import cdk_epc.rules",
        "import cdk_epc.spec.wire",
        "import cdk_epc; cdk_epc.check_request",
        "import cdk_epc; cdk_epc.check_template",
        "import cdk_epc.testing.plugin",
        "from cdk_epc import ConfigContext, EndpointContext, ModelSpec, EndpointSpec, Report",
    ],
)
def test_no_node_is_started_by(statement: str) -> None:
    reported = "print('jsii' in sys.modules, 'aws_cdk' in sys.modules)"
    command = [sys.executable, "-c", f"import sys; {statement}; {reported}"]
    shown = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - ours
    assert shown.stdout == "False False\n"
