"""A stage of the way from ten lines to a service: doc/evolution.md."""
