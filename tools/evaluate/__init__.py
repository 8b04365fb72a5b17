"""Measures the recommender on held-out users; ``python -m tools.evaluate`` writes the report."""
