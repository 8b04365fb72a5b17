"""What the browser keeps for a viewer: who he is, what he was shown and asked this evening.

All are signed, so that a cookie that was forged, damaged or made with a forgotten key is worth
no more than none at all: the viewer is then simply new.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import secrets
import struct
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from itsdangerous import BadSignature, Signer
from starlette.requests import Request
from starlette.responses import Response

from tonight.domain.evening import LONGEST_EVENING, end_of_evening
from tonight.domain.movie import Movie

VIEWER_COOKIE: Final = "tonight_viewer"
SHOWN_COOKIE: Final = "tonight_shown"
ASKED_COOKIE: Final = "tonight_asked"

#: How many films of the evening a cookie remembers.
MAX_SHOWN: Final = 50
MAX_ASKED: Final = 48

#: The longest life that browsers grant a cookie.
VIEWER_MAX_AGE_SECONDS: Final = 400 * 24 * 3600

_PROFILE_ID = re.compile(r"[A-Za-z0-9_-]{22}")
_MAX_COOKIE_LENGTH: Final = 1_024
_DIGEST_BYTES: Final = 4
_N_BELIEVED: Final = 1_024
_HEADER = struct.Struct(">Bq")
_FORMAT: Final = 2


class _Signer(Signer):
    """Derives its keys once; itsdangerous does so anew for each value."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._derived: dict[str | bytes | None, bytes] = {}

    def derive_key(self, secret_key: str | bytes | None = None) -> bytes:
        """The key that a secret key makes under this salt."""
        derived = self._derived.get(secret_key)
        if derived is None:
            derived = self._derived[secret_key] = super().derive_key(secret_key)
        return derived


class Cookies:
    """Signs and reads the cookies.

    Args:
        keys: The signing keys, the newest first: it signs, all are believed.
        movies: The films that can have been shown or asked about.
    """

    def __init__(self, keys: Sequence[str], movies: Sequence[Movie]) -> None:
        # itsdangerous signs with the last key of its list.
        newest_last = list(reversed(keys))
        self._viewer = _Signer(newest_last, salt="tonight.viewer", digest_method=hashlib.sha256)
        self._shown = _Signer(newest_last, salt="tonight.shown", digest_method=hashlib.sha256)
        self._asked = _Signer(newest_last, salt="tonight.asked", digest_method=hashlib.sha256)
        # The same cookie comes with each request of a viewer, and says the same each time.
        self._believed = lru_cache(maxsize=_N_BELIEVED)(self._read_profile_id)
        self._digests = {movie.movie_id: _digest(movie.movie_id) for movie in movies}
        self._movie_ids = {digest: movie_id for movie_id, digest in self._digests.items()}

    def profile_id(self, request: Request) -> str | None:
        """The viewer's profile, or ``None`` for a viewer who has none (yet)."""
        cookie = request.cookies.get(VIEWER_COOKIE)
        return None if cookie is None else self._believed(cookie)

    def _read_profile_id(self, cookie: str) -> str | None:
        value = self._unsign(self._viewer, cookie)
        return value if value is not None and _PROFILE_ID.fullmatch(value) else None

    def set_profile_id(self, request: Request, response: Response, profile_id: str) -> None:
        """Lets the browser remember the viewer's profile."""
        value = self._viewer.sign(profile_id).decode("ascii")
        self._set(request, response, VIEWER_COOKIE, value, VIEWER_MAX_AGE_SECONDS)

    def shown(self, request: Request, now: datetime) -> list[str]:
        """The films that were shown this evening, oldest first.

        A film that has left the catalogue is passed over.
        """
        return self._films(self._shown, request.cookies.get(SHOWN_COOKIE), now)

    def set_shown(
        self, request: Request, response: Response, shown: Sequence[str], now: datetime
    ) -> None:
        """Lets the browser remember, until the evening ends, what was shown.

        Args:
            request: What is answered.
            response: The answer.
            shown: The films, oldest first; the last ``MAX_SHOWN`` are kept.
            now: The viewer's time.
        """
        self._set_films(request, response, SHOWN_COOKIE, self._shown, shown[-MAX_SHOWN:], now)

    def asked(self, request: Request, now: datetime) -> list[str]:
        """The films that the viewer was asked about this evening, oldest first."""
        return self._films(self._asked, request.cookies.get(ASKED_COOKIE), now)

    def set_asked(
        self, request: Request, response: Response, asked: Sequence[str], now: datetime
    ) -> None:
        """Lets the browser remember, until the evening ends, what was asked about.

        Args:
            request: What is answered.
            response: The answer.
            asked: The films, oldest first; the last ``MAX_ASKED`` are kept.
            now: The viewer's time.
        """
        self._set_films(request, response, ASKED_COOKIE, self._asked, asked[-MAX_ASKED:], now)

    def _films(self, signer: Signer, signed: str | None, now: datetime) -> list[str]:
        """The films of this evening that a cookie names."""
        value = self._unsign(signer, signed)
        if value is None:
            return []
        try:
            payload = base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
            cookie_format, ends_at = _HEADER.unpack_from(payload)
        except (binascii.Error, ValueError, struct.error):
            return []
        seconds_left = ends_at - now.timestamp()
        # An end that is too far off was written while a clock was wrong.
        if cookie_format != _FORMAT or not 0 < seconds_left <= LONGEST_EVENING.total_seconds():
            return []
        digests = payload[_HEADER.size :]
        found = (
            self._movie_ids.get(digests[start : start + _DIGEST_BYTES])
            for start in range(0, len(digests), _DIGEST_BYTES)
        )
        return [movie_id for movie_id in found if movie_id is not None]

    def _set_films(
        self,
        request: Request,
        response: Response,
        name: str,
        signer: Signer,
        films: Sequence[str],
        now: datetime,
    ) -> None:
        ends_at = int(end_of_evening(now).timestamp())
        digests = b"".join([self._digests[movie_id] for movie_id in films])
        payload = base64.urlsafe_b64encode(_HEADER.pack(_FORMAT, ends_at) + digests).rstrip(b"=")
        value = signer.sign(payload).decode("ascii")
        # At least a minute: a browser whose clock is a little fast must not drop it at once.
        self._set(request, response, name, value, max(60, ends_at - int(now.timestamp())))

    def _set(
        self, request: Request, response: Response, name: str, value: str, max_age: int
    ) -> None:
        # As Starlette's `set_cookie` writes it, which costs as much as a tenth of a request. The
        # values are ours: letters, digits and signs that need no quotes.
        secure = "; Secure" if request.scope["scheme"] == "https" else ""
        cookie = f"{name}={value}; HttpOnly; Max-Age={max_age}; Path=/; SameSite=lax{secure}"
        response.raw_headers.append((b"set-cookie", cookie.encode("latin-1")))

    def _unsign(self, signer: Signer, value: str | None) -> str | None:
        if value is None or len(value) > _MAX_COOKIE_LENGTH:
            return None
        try:
            return signer.unsign(value).decode("ascii")
        except (BadSignature, ValueError):
            return None


def new_profile_id() -> str:
    """An unguessable id for a new viewer."""
    return secrets.token_urlsafe(16)


def _digest(movie_id: str) -> bytes:
    """Four bytes for a film, so that fifty fit into a small cookie.

    Two films of a catalogue may share them once in a while: then one of them is believed to have
    been shown when the other was, which costs nobody anything.
    """
    return hashlib.blake2b(movie_id.encode(), digest_size=_DIGEST_BYTES).digest()
