"""Drawn posters: typographic art from a film's own facts, the same on every visit."""

from tonight.web.pages.posters.poster import poster_svg

__all__ = ["poster_svg"]
