"""Figures, never verdicts: ratios to yardsticks measured in the same run (``python -m tests.bench``)."""
