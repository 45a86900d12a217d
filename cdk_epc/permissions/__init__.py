"""IAM permissions of execution roles, granted as features are configured.

`ExecutionRole` is imported on first use (PEP 562): loading IAM takes a tenth of a second, and a
configuration that names its models by strings does not need it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdk_epc._lazy_names import lazy_names
from cdk_epc.permissions import feature_permissions
from cdk_epc.permissions.role_permissions import Permission, RolePermissions

if TYPE_CHECKING:
    from cdk_epc.permissions.execution_role import ExecutionRole

__all__ = ["ExecutionRole", "Permission", "RolePermissions", "feature_permissions"]

__getattr__, __dir__ = lazy_names(
    __name__, {"cdk_epc.permissions.execution_role": ("ExecutionRole",)}
)
