"""``uvicorn main:app``."""

from tonight.web.app import create_app

app = create_app()
