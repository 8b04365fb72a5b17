"""Takes the pictures of the documentation from the real service: ``python -m tools.pictures``.

Needs Chromium in PATH. The service runs on a data folder of its own, trained for the occasion.
"""

from __future__ import annotations

import base64
import shutil
import signal
import sys
import tempfile
import threading
import time
from pathlib import Path

import uvicorn
from playwright.sync_api import Browser, sync_playwright

from tonight.domain.movie import Movie
from tonight.embedded.catalogue import load_catalogue
from tonight.settings import Settings
from tonight.web.app import create_app
from tonight.web.pages.posters import poster_svg
from tonight.web.pages.posters.drawing import Chance
from tonight.web.pages.posters.poster import COMPOSITIONS, compositions_for
from tools.ports import free_port

IMAGES = Path(__file__).parent.parent / "doc" / "images"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")
MAX_BYTES = 300_000

#: The evening of the first picture, and the one of the phone.
DESKTOP = "/movie?max_minutes=130&like=alien-1979&like=fargo-1996&like=heat-1995&seed=5"
PHONE = "/movie?genre=Comedy&seed=3"
EVENING = "2026-11-20T20:10:00+01:00"


def wall(movies: tuple[Movie, ...]) -> str:
    """A page with one poster of every composition, of notable and well reviewed films."""
    films = sorted(movies, key=lambda movie: (-movie.n_reviews, movie.movie_id))
    images = []
    for composition in COMPOSITIONS:
        film = next(
            film
            for film in films
            if Chance(film.movie_id).pick(compositions_for(film)) is composition
        )
        data = base64.b64encode(poster_svg(film).encode()).decode()
        images.append(f'<img width="116" alt="" src="data:image/svg+xml;base64,{data}">')
    style = "margin:8px;display:flex;flex-wrap:wrap;align-items:start;gap:8px;width:1116px"
    return f'<body bgcolor="#121015" style="{style}">{"".join(images)}</body>'


def serve(data_dir: Path, port: int) -> uvicorn.Server:
    """Starts the service in a thread and waits until it answers."""
    settings = Settings(data_dir=data_dir, timezone="Europe/Berlin", log_level="WARNING")
    config = uvicorn.Config(create_app(settings), port=port, log_level="warning")
    server = uvicorn.Server(config)
    threading.Thread(target=server.run, daemon=True).start()
    while not server.started:
        time.sleep(0.1)
    return server


def take(browser: Browser, address: str) -> None:
    """Takes every picture."""
    for name, path, width, height, scheme in (
        ("tonight-desktop", DESKTOP, 1440, 1230, "dark"),
        ("tonight-phone", PHONE, 390, 844, "light"),
    ):
        page = browser.new_page(
            base_url=address,
            viewport={"width": width, "height": height},
            color_scheme="light" if scheme == "light" else "dark",
            reduced_motion="reduce",
            device_scale_factor=1 if width < 600 else 0.8,
            timezone_id="Europe/Berlin",
            locale="en-GB",
        )
        page.clock.set_fixed_time(EVENING)
        page.goto(path, wait_until="networkidle")
        page.screenshot(path=IMAGES / f"{name}.png")
        page.close()
    page = browser.new_page(viewport={"width": 1124, "height": 400})
    page.set_content(wall(load_catalogue(with_movielens=True)), wait_until="load")
    page.screenshot(path=IMAGES / "posters.png", full_page=True)
    page.close()


def main() -> int:
    """Takes the pictures; returns the exit status."""
    chromium = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if chromium is None:
        print("There is no Chromium in PATH: 'make test-setup' installs one.", file=sys.stderr)
        return 1
    IMAGES.mkdir(parents=True, exist_ok=True)
    port = free_port()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = serve(Path(folder), port)
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        take(browser, f"http://127.0.0.1:{port}")
        browser.close()
        server.handle_exit(signal.SIGTERM, None)
    heavy = [image.name for image in IMAGES.glob("*.png") if image.stat().st_size > MAX_BYTES]
    if heavy:
        print(f"More than {MAX_BYTES} bytes: {', '.join(heavy)}", file=sys.stderr)
    return 1 if heavy else 0


if __name__ == "__main__":
    sys.exit(main())
