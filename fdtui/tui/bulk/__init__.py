"""Bulk changes: planned, previewed, followed and summed up."""
