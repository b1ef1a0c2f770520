"""Editing: a whole task, one field in place, a new task."""
