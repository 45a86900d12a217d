"""One app of six configurations, written twice; each module is a program that writes it.

This module imports nothing, for each program's own imports are part of what is measured.
"""
