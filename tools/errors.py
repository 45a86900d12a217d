"""Error of the generators."""


class ToolError(Exception):
    """Source that cannot be read, or that has a value that the project's data cannot represent.

    The message is one line with the place, the value, the requirement and the fix.
    """
