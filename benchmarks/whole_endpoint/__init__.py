"""Endpoint of docs/endpoint.md with several libraries; each module is a program.

This module imports nothing, because the imports of each program are a part of the measurement.
"""
