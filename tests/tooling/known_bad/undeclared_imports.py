"""What deptry finds: a package that is not declared, and one that only the data build may use."""

import pandas
import requests

__all__ = ["pandas", "requests"]
