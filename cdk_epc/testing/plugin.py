"""Plugin for pytest, with the fixtures ``cdk_app``, ``cdk_synth`` and ``cdk_snapshot``.

The installed package registers the plugin. ``-p cdk_epc.testing.plugin`` is possible as well;
pytest still loads the plugin once. pytest imports this module at its start. Therefore the fixtures
import all other modules.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    import aws_cdk as cdk
    from syrupy.assertion import SnapshotAssertion

_INI: Final = "cdk_json"
_NO_SYRUPY: Final = (
    "the fixture cdk_snapshot needs syrupy; install it with: pip install 'cdk-epc[testing]'"
)
_OTHER_SNAPSHOT: Final = (
    "the fixture cdk_snapshot needs the fixture `snapshot` of syrupy, and another plugin or a "
    "conftest.py defines a fixture of that name"
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the setting of the file whose context the app gets."""
    parser.addini(
        _INI,
        "file with the context of the app of `cdk_app`, relative to the rootdir; by default the "
        "nearest cdk.json from the folder of the test up to the rootdir",
        default="",
    )


@pytest.fixture
def cdk_app(request: pytest.FixtureRequest, tmp_path: Path) -> cdk.App:
    """App with the context of the project's ``cdk.json`` and ``cdk.context.json``."""
    from cdk_epc._node import require_node  # noqa: PLC0415 - see above
    from cdk_epc.testing.project import ContextFileError, find_cdk_json, project_context  # noqa: PLC0415

    config = request.config
    try:
        file = find_cdk_json(request.path.parent, config.rootpath, str(config.getini(_INI)))
        context = project_context(file) if file else {}
    except ContextFileError as error:
        raise pytest.fail.Exception(str(error), pytrace=False) from None
    require_node()
    import aws_cdk as cdk  # noqa: PLC0415 - it starts Node

    return cdk.App(analytics_reporting=False, context=context, outdir=str(tmp_path / "cdk.out"))


@pytest.fixture
def cdk_synth() -> Callable[[cdk.Stack], dict[str, Any]]:
    """Function that returns the template of a stack as JSON, after CDK's validation."""
    from cdk_epc._node import require_node  # noqa: PLC0415 - see above

    require_node()
    from cdk_epc.testing import synth  # noqa: PLC0415 - it starts Node

    return synth


@pytest.fixture
def cdk_snapshot(request: pytest.FixtureRequest) -> SnapshotAssertion:
    """Snapshot of a stack or a template: a JSON file without hashes of assets."""
    if find_spec("syrupy") is None:
        pytest.fail(_NO_SYRUPY, pytrace=False)
    try:
        snapshot = request.getfixturevalue("snapshot")
    except pytest.FixtureLookupError:
        pytest.fail(_NO_SYRUPY, pytrace=False)
    if not hasattr(snapshot, "use_extension"):
        pytest.fail(_OTHER_SNAPSHOT, pytrace=False)
    from cdk_epc.testing import TemplateSnapshotExtension  # noqa: PLC0415 - it starts Node

    extended: SnapshotAssertion = snapshot.use_extension(TemplateSnapshotExtension)
    return extended
