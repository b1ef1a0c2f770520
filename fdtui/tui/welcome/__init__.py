"""The first run: three ways to a board."""
