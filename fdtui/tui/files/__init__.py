"""The files of a task: the pane, choosing paths, previews and pictures."""
