"""Triage: one task after the other, decided with one key."""
