"""What waits for the server: the list of changes, and what can be done with each."""
