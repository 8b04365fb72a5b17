"""``uvicorn main:app``."""

from tonight.web.starting import app_or_exit

app = app_or_exit()
