"""The parts of the screen: one widget a file, with its CSS and its messages."""
