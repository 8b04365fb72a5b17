"""Pictures of how the service is built, drawn from what it is built of."""
