"""What the example apps tell clients of a cancellation, and an app by JSON."""

import asyncio
from datetime import datetime, timedelta

import httpx
import pytest

import shop
from fastapi_salon.app import create_app
from pkgredeem import Client, RedemptionDesk, RedemptionPolicy
from pkgredeem.stores.memory import MemoryStore

MONDAY = datetime(2026, 5, 4, 10, tzinfo=shop.ZONE)
THURSDAY = datetime(2026, 5, 7, 10, tzinfo=shop.ZONE)
ANA = Client(id="ana", logged_in=True)


def salon() -> MemoryStore:
    """Return a store that holds what was sold at the counter."""
    store = MemoryStore()
    for package in shop.sold():
        store.add(package)
    return store


def book(store: MemoryStore, booking_id: str, *, now: datetime) -> None:
    """Book Ana's facial on Thursday."""
    RedemptionDesk(RedemptionPolicy(), store).redeem(
        account=shop.account(),
        client=ANA,
        booking=shop.booking(booking_id, ["facial"], THURSDAY),
        now=now,
    )


def promises(*, booked_at: datetime) -> list[str]:
    """Return what is promised of a booking that was made at that moment."""
    store = salon()
    book(store, "b1", now=booked_at)
    redemption = store.redemption("b1")
    assert redemption is not None
    return shop.promises(redemption)


def test_a_booking_in_time_is_told_both_steps() -> None:
    """Until when cancelling is free, and what it does later."""
    assert [
        "Cancel until Wednesday 6 May, 10:00 and the credit is back in your package.",
        "Cancel later than that, until Thursday 7 May, 10:00, and the credit is forfeited.",
    ] == promises(booked_at=MONDAY)


def test_a_booking_inside_the_window_is_told_one_step() -> None:
    """There was never a free cancellation, so nothing is later than it."""
    assert ["Cancel until Thursday 7 May, 10:00 and the credit is forfeited."] == promises(
        booked_at=THURSDAY - timedelta(hours=1)
    )


def asked(store: MemoryStore, path: str, *, email: str | None, **body: object) -> httpx.Response:
    """Send JSON to the app, logged in with that address; return the answer."""

    async def send() -> httpx.Response:
        app = httpx.ASGITransport(create_app(store))
        async with httpx.AsyncClient(transport=app, base_url="https://salon.example") as phone:
            if email is not None:
                await phone.post("/login", data={"email": email})
            return await phone.post(path, json=body)

    return asyncio.run(send())


@pytest.fixture(autouse=True)
def _it_is_monday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shop, "present", lambda: MONDAY)


def test_an_app_is_told_a_quote() -> None:
    """The answer is the document of a decision for a client; nothing else leaves the server."""
    answer = asked(
        salon(),
        "/api/quote",
        email="ana@example.com",
        services=["facial"],
        starts_at=THURSDAY.isoformat(),
    )
    told = answer.json()

    assert 200 == answer.status_code
    assert 16 == len(told.pop("booking_id"))
    assert {
        "format": "pkgredeem-decision/1",
        "eligible": True,
        "prompt": True,
        "deposit": "waived",
        "card_capture": "bypassed",
        "text": "a package can be used for this booking",
        "schedule": [
            {"until": "2026-05-05T22:00:00+00:00", "outcome": "return", "late": False},
            {"until": "2026-05-06T22:00:00+00:00", "outcome": "forfeit", "late": True},
        ],
    } == told


def test_an_app_is_told_a_cancellation() -> None:
    """The answer is the document of a settlement, and somebody else's booking is not there."""
    store = salon()
    book(store, "b1", now=MONDAY)
    path = "/api/bookings/b1/cancel"
    others = [asked(store, path, email=email) for email in (None, "ben@example.com")]
    own = asked(store, path, email="ana@example.com")

    assert [404, 404] == [each.status_code for each in others]
    assert {
        "format": "pkgredeem-settlement/1",
        "allowed": True,
        "outcome": "return",
        "returned": True,
        "late": False,
        "text": "the credit is back in the package",
    } == own.json()


def test_a_start_without_a_zone_is_refused() -> None:
    """The app has to say which ten o'clock it means."""
    answer = asked(
        salon(), "/api/quote", email=None, services=["facial"], starts_at="2026-05-07T10:00:00"
    )

    assert 422 == answer.status_code
