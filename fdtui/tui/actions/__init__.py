"""The workflow's actions: chosen, confirmed and run, on one task or on the selection."""
