"""App with six configurations, with this library and with CDK's L1; each module is a program.

This module imports nothing, because the imports of each program are a part of the measurement.
"""
