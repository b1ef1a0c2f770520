"""What is sent to the server: edits in order, undo and redo."""
