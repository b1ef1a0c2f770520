"""fdtui: the terminal board for Flowdash workflows."""

__version__ = "0.1.0"
