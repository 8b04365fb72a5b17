"""The default catalogue and ratings that come inside the package.

The films rest on CC0 data and on the project's own files. What comes from MovieLens (ratings, films
that only it has, alternative titles) lies in the folder ``movielens`` under its own terms; the
package works without that folder. Each part has a manifest with the checksums of its files.
"""

from tonight.embedded.catalogue import load_catalogue
from tonight.embedded.digest import data_sha256
from tonight.embedded.files import has_movielens
from tonight.embedded.ratings import Ratings, load_ratings

__all__ = ["Ratings", "data_sha256", "has_movielens", "load_catalogue", "load_ratings"]
