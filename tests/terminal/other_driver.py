"""A driver that is not the program's own: ``TEXTUAL_DRIVER`` names it."""

from textual.drivers.linux_driver import LinuxDriver


class OtherDriver(LinuxDriver):
    """Takes the terminal as it finds it."""
