"""Judges of the promise that nothing is lost: the real program, a faulty network, and random ends.

``python -m tests.chaos`` says what there is; a short run of each stands in the test suite.
"""
