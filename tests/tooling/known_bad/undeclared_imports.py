"""What deptry finds: a package that is not declared, and one that only the data build may use."""

import a_package_that_nobody_declared
import pandas

__all__ = ["a_package_that_nobody_declared", "pandas"]
