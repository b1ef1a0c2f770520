"""Executions: workers with leases, steps that change tasks, steps that speak to others."""
