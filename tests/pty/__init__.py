"""The installed program in a real pseudo-terminal, on a real server."""
