"""Executions: started once, followed to their end."""
