"""The documentation as a site: the same Markdown that a hosting service shows, built strictly."""
