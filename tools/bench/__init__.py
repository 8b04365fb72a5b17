"""What a request costs, where it goes, and what the service needs: ``make bench``."""
