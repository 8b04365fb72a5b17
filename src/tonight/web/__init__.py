"""The HTTP front door: the API for programs, the pages for people."""
