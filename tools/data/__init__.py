"""The build of the embedded catalogue and ratings from their published sources."""
