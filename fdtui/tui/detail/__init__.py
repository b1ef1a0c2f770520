"""The pane of one task: its fields and its tabs."""
