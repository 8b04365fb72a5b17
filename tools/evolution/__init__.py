"""What each stage from ten lines to the service costs: ``make evolution``."""
