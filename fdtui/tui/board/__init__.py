"""The board: the screen, its columns and its commands. The only place that knows every feature."""
