"""What is asked of the server: opening, polling, details, other workflows."""
