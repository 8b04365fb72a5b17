"""Use cases, one file each. They know the domain and the recommender, and no framework."""
