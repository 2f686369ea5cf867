"""What the example apps promise clients, and the documents that an app on a phone gets."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

import jsonschema
import pytest

import shop
from fastapi_salon.diary import Diary
from pkgredeem import Booking, Change, Client, ConflictError, RedemptionDesk
from pkgredeem.stores.memory import MemoryStore
from pkgredeem.stores.sqlite import SqliteStore
from shop import words
from tests.helpers.phone import FACIAL, MONDAY, THURSDAY, Phone

OPENAPI = "https://json-schema.org/draft/2020-12/schema"


def promises(*, booked_at: datetime) -> list[str]:
    """Return what is promised of Ana's facial on Thursday that was booked at that moment."""
    store = MemoryStore()
    for package in shop.sold():
        store.add(package)
    booking = Booking.of(shop.MENU["facial"], id="b1", starts_at=THURSDAY)
    ana = Client(id="ana", logged_in=True)
    decision = RedemptionDesk(shop.POLICY, store).redeem(
        account=shop.account(), client=ana, booking=booking, now=booked_at
    )
    assert decision.redemption is not None
    return words.promises(decision.redemption)


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


@pytest.fixture
def phone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Phone:
    """Return an app on a phone, on a Monday at ten."""
    monkeypatch.setattr(shop, "present", lambda: MONDAY)
    return Phone(Diary(tmp_path / "diary.sqlite3"), MemoryStore())


SCHEDULE = [
    {"until": "2026-05-05T22:00:00+00:00", "outcome": "return", "late": False},
    {"until": "2026-05-06T22:00:00+00:00", "outcome": "forfeit", "late": True},
]


def test_an_app_is_told_a_quote(phone: Phone) -> None:
    """The answer is the document of a decision for a client; nothing else leaves the server."""
    answer = phone.send("POST", "/api/quote", FACIAL)
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
        "schedule": SCHEDULE,
    } == told


def test_an_app_books_moves_exchanges_and_cancels(phone: Phone) -> None:
    """Each under the id that the app made, and each answer is the document for a client."""
    friday = {"starts_at": (THURSDAY + timedelta(days=1)).isoformat()}
    massage = {**friday, "services": ["massage"], "replaces": "b1"}
    booked = [phone.send("PUT", "/api/bookings/b1", FACIAL).json() for _ in range(2)]
    moved = phone.send("POST", "/api/bookings/b1/move", friday).json()
    exchanged = phone.send("PUT", "/api/bookings/b2", massage).json()
    cancelled = phone.send("POST", "/api/bookings/b2/cancel").json()

    assert [("b1", True, SCHEDULE)] * 2 == [
        (told["booking_id"], told["eligible"], told["schedule"]) for told in booked
    ]
    assert "your booking has been moved to the new time" == moved["text"]
    assert ("b2", True) == (exchanged["booking_id"], exchanged["eligible"])
    assert {
        "format": "pkgredeem-settlement/1",
        "allowed": True,
        "outcome": "return",
        "returned": True,
        "late": False,
        "text": "the credit is back in the package",
    } == cancelled


def test_an_act_that_the_rules_refuse_is_an_answer(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Too late for a move: not allowed, with the client's sentence; nothing is broken."""
    phone.send("PUT", "/api/bookings/b1", FACIAL)
    monkeypatch.setattr(shop, "present", lambda: THURSDAY - timedelta(hours=1))
    friday = {"starts_at": (THURSDAY + timedelta(days=1)).isoformat()}
    answer = phone.send("POST", "/api/bookings/b1/move", friday)

    assert 200 == answer.status_code
    assert not answer.json()["allowed"]
    assert "it is too late to change this booking online" == answer.json()["text"]


def test_what_is_returned_is_valid_under_the_openapi_document(phone: Phone) -> None:
    """Of each operation, by the schema that the document shows for it; a guess is not valid."""
    document = phone.send("GET", "/api/openapi.json").json()
    friday = {"starts_at": (THURSDAY + timedelta(days=1)).isoformat()}
    answers = {
        ("/api/quote", "post"): phone.send("POST", "/api/quote", FACIAL),
        ("/api/bookings/{booking_id}", "put"): phone.send("PUT", "/api/bookings/b1", FACIAL),
        ("/api/bookings/{booking_id}/move", "post"): phone.send(
            "POST", "/api/bookings/b1/move", friday
        ),
        ("/api/bookings/{booking_id}/cancel", "post"): phone.send(
            "POST", "/api/bookings/b1/cancel"
        ),
    }

    assert set(answers) == {
        (path, method) for path, item in document["paths"].items() for method in item
    }
    for (path, method), answer in answers.items():
        responses = document["paths"][path][method]["responses"]
        validator = _validator(document, responses["200"])
        validator.validate(answer.json())
        assert not validator.is_valid({**answer.json(), "package_id": "visits-of-ana"})
        _validator(document, responses["4XX"]).validate(
            phone.send("POST", "/api/bookings/none/cancel").json()
        )


def _validator(
    document: Mapping[str, object], response: Mapping[str, object]
) -> jsonschema.Draft202012Validator:
    """Return what checks a response; schemas of an OpenAPI document name parts of that document."""
    content = cast("Mapping[str, Mapping[str, Mapping[str, object]]]", response["content"])
    schema = content["application/json"]["schema"]
    return jsonschema.Draft202012Validator({**document, "$schema": OPENAPI, **schema})


@pytest.mark.parametrize(
    ("call", "body", "status", "detail"),
    [
        ("PUT /api/bookings/b1", {**FACIAL, "services": ["massage"]}, 409, "other contents"),
        ("PUT /api/bookings/ended", FACIAL, 409, "This booking has ended"),
        ("PUT /api/bookings/b2", {**FACIAL, "replaces": "none"}, 404, "no such booking"),
        (f"PUT /api/bookings/{'x' * 65}", FACIAL, 422, "This is no booking number"),
        ("PUT /api/bookings/%00", FACIAL, 422, "This is no booking number"),
        ("POST /api/quote", {**FACIAL, "starts_at": "2026-05-07T10:00:00"}, 422, "timezone"),
        ("POST /api/quote", {**FACIAL, "starts_at": "soon"}, 422, "body.starts_at: "),
        ("POST /api/quote", {**FACIAL, "starts_at": 0}, 409, "This time is not free"),
        ("POST /api/quote", {**FACIAL, "starts_at": None}, 422, "body.starts_at: "),
        ("POST /api/quote", {**FACIAL, "services": []}, 422, "Pick a service first"),
        ("POST /api/quote", {**FACIAL, "services": ["\0"]}, 422, "not on our menu"),
        ("POST /api/quote", {**FACIAL, "services": "facial"}, 422, "body.services: "),
        ("POST /api/quote", {**FACIAL, "services": ["facial"] * 2}, 422, "only once"),
        ("POST /api/quote", {**FACIAL, "services": [1]}, 422, "body.services.0: "),
        ("POST /api/quote", [], 422, "body: "),
        ("POST /api/quote", {}, 422, "body.starts_at: Field required"),
        ("POST /api/bookings/b1/move", {"starts_at": "2020-05-07T10:00:00Z"}, 409, "not free"),
        ("POST /api/bookings/ended/move", FACIAL, 409, "This booking has ended"),
        ("POST /api/bookings/none/cancel", None, 404, "no such booking"),
        ("DELETE /api/bookings/b1", None, 405, "This can't be done here."),
        ("GET /api/nothing", None, 404, "There is nothing at this address."),
    ],
)
def test_what_an_app_sends_by_mistake(
    phone: Phone, call: str, body: object, status: int, detail: str
) -> None:
    """It is answered in JSON, with a sentence or the field that is wrong."""
    phone.send("PUT", "/api/bookings/b1", FACIAL)
    phone.send("PUT", "/api/bookings/ended", FACIAL)
    phone.send("POST", "/api/bookings/ended/cancel")
    method, path = call.split()
    answer = phone.send(method, path, body)

    assert status == answer.status_code
    assert detail in answer.json()["detail"]


def test_a_race_that_is_always_lost_is_told(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    """The app may send the same again: nothing was booked."""

    def late(_store: MemoryStore, *_changes: Change) -> None:
        raise ConflictError("others were quicker")

    monkeypatch.setattr(MemoryStore, "commit", late)
    answer = phone.send("PUT", "/api/bookings/b1", FACIAL)

    assert 409 == answer.status_code
    assert {"detail": "Others were quicker. Please try again."} == answer.json()


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"starts_at": NaN}', b"1" * 5000]
)
def test_a_body_that_is_no_json_is_told(phone: Phone, content: bytes) -> None:
    """Whatever arrives in its place."""
    answer = phone.send_bytes("POST", "/api/quote", content)

    assert answer.status_code in {400, 422}
    assert answer.json()["detail"]


@pytest.mark.parametrize(("method", "path"), [("POST", "/api/quote"), ("PUT", "/api/bookings/b1")])
def test_an_id_that_is_no_whole_text_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str, path: str
) -> None:
    """JSON can say half a character, which no UTF-8 can: a file is asked for it as for any id."""
    monkeypatch.setattr(shop, "present", lambda: MONDAY)
    with SqliteStore(tmp_path / "salon.db") as store:
        phone = Phone(Diary(tmp_path / "diary.db"), store)
        body = json.dumps({**FACIAL, "replaces": "\ud800"})
        answer = phone.send_bytes(method, path, body.encode())

    assert 404 == answer.status_code
    assert {"detail": "There is no such booking."} == answer.json()


@pytest.mark.parametrize("email", [None, "ben@example.com", "kim@example.com"])
def test_a_booking_of_somebody_else_is_not_there(phone: Phone, email: str | None) -> None:
    """Neither to be cancelled nor to be moved; and its id is no id for another one."""
    phone.send("PUT", "/api/bookings/b1", FACIAL)
    refused = [
        phone.send("POST", "/api/bookings/b1/cancel", email=email),
        phone.send("POST", "/api/bookings/b1/move", FACIAL, email=email),
        phone.send("PUT", "/api/bookings/b1", FACIAL, email=email),
    ]

    assert [404, 404, 409] == [answer.status_code for answer in refused]
