"""Conflicts: both sides of a field, and the choice between them."""
