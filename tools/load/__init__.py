"""How much the service carries, and what happens beyond: ``make load`` writes the figures."""
