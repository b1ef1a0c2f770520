"""The pane at the bottom: executions, files on their way, requests."""
