"""Time to check templates with this library and with cfn-lint."""
