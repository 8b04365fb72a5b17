"""Releases: a version from the commits, and the tested image of a commit under its name."""
