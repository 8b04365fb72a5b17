"""What isort would sort: the import from the library stands before that from the language."""

from fastapi import FastAPI
from dataclasses import dataclass

__all__ = ["FastAPI", "dataclass"]
