"""An app on a phone, as the tests of the FastAPI salon play it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final

import httpx2

import shop
from fastapi_salon.app import create_app
from fastapi_salon.diary import Diary
from pkgredeem.stores.memory import MemoryStore
from pkgredeem.stores.sqlite import SqliteStore

MONDAY: Final = datetime(2026, 5, 4, 10, tzinfo=shop.ZONE)
THURSDAY: Final = datetime(2026, 5, 7, 10, tzinfo=shop.ZONE)
FACIAL: Final = {"services": ["facial"], "starts_at": THURSDAY.isoformat()}
ANA: Final = "ana@example.com"


class Phone:
    """An app on a phone, which talks to the salon in JSON."""

    def __init__(self, diary: Diary, store: MemoryStore | SqliteStore) -> None:
        """Open a salon on an empty store, in which nothing is booked."""
        for package in shop.sold():
            store.add(package)
        self.diary = diary
        self._app = create_app(store, diary)

    def send(
        self, method: str, path: str, body: object = None, *, email: str | None = ANA
    ) -> httpx2.Response:
        """Send JSON, logged in with that address."""
        return self._run(email, lambda client: client.request(method, path, json=body))

    def send_form(self, path: str, email: str, **fields: str) -> httpx2.Response:
        """Send a form, as the pages do, logged in with that address."""
        return self._run(email, lambda client: client.post(path, data=fields))

    def send_bytes(self, method: str, path: str, content: bytes) -> httpx2.Response:
        """Send what need not be JSON, and says that it is."""
        headers = {"Content-Type": "application/json"}
        return self._run(
            ANA, lambda client: client.request(method, path, content=content, headers=headers)
        )

    def _run(
        self,
        email: str | None,
        send: Callable[[httpx2.AsyncClient], Awaitable[httpx2.Response]],
    ) -> httpx2.Response:
        async def answer() -> httpx2.Response:
            app = httpx2.ASGITransport(self._app)
            async with httpx2.AsyncClient(
                transport=app, base_url="https://salon.example"
            ) as client:
                if email is not None:
                    await client.post("/login", data={"email": email})
                return await send(client)

        return asyncio.run(answer())
