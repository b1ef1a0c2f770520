"""A workflow as a file: read, planned, applied and exported; its actions and their steps."""
