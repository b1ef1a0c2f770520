"""A terminal for tests and benchmarks: starts a program in a pty, answers it, and sees its screen."""

from tests.terminal.program import Program

__all__ = ["Program"]
