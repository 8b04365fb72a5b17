"""Tonight: one good film for this evening, with a true reason."""
