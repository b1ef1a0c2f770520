"""Placeholder."""

from textual.app import App


def forget_painted(app: App[object]) -> None:
    pass
