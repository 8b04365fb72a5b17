"""The pages that a browser gets: view-models, templates, drawn posters, static files."""
