"""IAM permissions of execution roles, granted as features are configured.

`ExecutionRole` is imported on first use (PEP 562): loading IAM takes a tenth of a second, and a
configuration that names its models by strings does not need it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cdk_epc.permissions import feature_permissions
from cdk_epc.permissions.role_permissions import Permission, RolePermissions

if TYPE_CHECKING:
    from cdk_epc.permissions.execution_role import ExecutionRole

__all__ = ["ExecutionRole", "Permission", "RolePermissions", "feature_permissions"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - the type checkers read the import above
    """Import `ExecutionRole` on first use."""
    if name == "ExecutionRole":
        from cdk_epc.permissions.execution_role import ExecutionRole  # noqa: PLC0415 - see above

        return ExecutionRole
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
