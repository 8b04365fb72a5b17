"""The parts of the recommender, one algorithm a file."""
