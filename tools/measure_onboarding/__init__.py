"""Measures a newcomer's questions on held-out users, and writes the report."""
