"""What both example apps answer to requests that no page of theirs would send."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.helpers import salon_apps
from tests.helpers.salon_apps import FRIDAY, THURSDAY, Salon, Visitor, told

ANA, BEN, CLEO, KIM = (f"{name}@example.com" for name in ("ana", "ben", "cleo", "kim"))
BOTH = {"fastapi": salon_apps.fastapi, "django": salon_apps.django}
Form = dict[str, str | list[str]]

NOT_FREE = "This time is not free. Please pick another one."
NO_TIME = "This is no time. Please pick one of the free times."
NO_ZONE = "This time does not say its time zone. Please pick one of the free times."
NO_NUMBER = "This is no booking number. Please start again."
NO_SERVICE = "This service is not on our menu."
NOT_THERE = "There is no such booking."
ENDED = "This booking has ended: nothing of it can be changed."
MISMATCH = "This booking was made already, with other contents. Please start again."
NO_NOTE = "Write a note: it says later why the credit was given back."
LONG_NOTE = "A note is a plain text of up to 500 characters."
STAFF_ONLY = "This page is for staff. Please log in."
BOOKED: Form = {"booking_id": "open", "starts_at": THURSDAY, "services": ["facial"]}
NEW: Form = {**BOOKED, "booking_id": "new"}


@pytest.fixture(scope="module", params=BOTH)
def salon(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Salon]:
    """Start an app; Ana has one booking that is open, and one that is cancelled."""
    with salon_apps.running(BOTH[request.param], tmp_path_factory.mktemp("salon")) as salon:
        with salon.visitor(ANA) as ana:
            ana.books("open", "facial")
            ana.books("ended", "massage")
            ana.post("/bookings/ended/cancel")
        yield salon


@pytest.fixture(scope="module")
def ana(salon: Salon) -> Iterator[Visitor]:
    """Return Ana, who is logged in."""
    with salon.visitor(ANA) as ana:
        yield ana


@pytest.fixture(scope="module")
def kim(salon: Salon) -> Iterator[Visitor]:
    """Return Kim of the staff, who is logged in."""
    with salon.visitor(KIM) as kim:
        yield kim


@pytest.mark.parametrize(
    ("path", "form", "status", "sentence"),
    [
        # A booking id that was used.
        ("/book", {**BOOKED, "services": ["massage"]}, 409, MISMATCH),
        ("/book", {**BOOKED, "starts_at": FRIDAY}, 409, MISMATCH),
        ("/book", {**BOOKED, "booking_id": "ended", "services": ["massage"]}, 409, ENDED),
        ("/book", {**BOOKED, "replaces": "open"}, 422, "This can't be done with this booking."),
        ("/book", {**NEW, "replaces": "ended"}, 409, ENDED),
        # A booking id that can't be one.
        ("/book", {**NEW, "booking_id": ""}, 422, NO_NUMBER),
        ("/book", {**NEW, "booking_id": "x" * 65}, 422, NO_NUMBER),
        ("/book", {**NEW, "booking_id": "x\0"}, 422, NO_NUMBER),
        ("/book", {**NEW, "booking_id": "x\n"}, 422, NO_NUMBER),
        # A time.
        ("/checkout", {**NEW, "starts_at": ""}, 422, NO_TIME),
        ("/checkout", {**NEW, "starts_at": "ten o'clock"}, 422, NO_TIME),
        ("/checkout", {**NEW, "starts_at": "12\0"}, 422, NO_TIME),
        ("/checkout", {**NEW, "starts_at": "2026-05-07T10:00:00"}, 422, NO_ZONE),
        ("/checkout", {**NEW, "starts_at": "2026-05-07T10:01:00+12:00"}, 409, NOT_FREE),
        ("/checkout", {**NEW, "starts_at": "2026-05-03T10:00:00+12:00"}, 409, NOT_FREE),
        ("/checkout", {**NEW, "starts_at": "0001-01-01T00:00:00+14:00"}, 409, NOT_FREE),
        ("/checkout", {**NEW, "starts_at": "9999-12-31T23:59:59-12:00"}, 409, NOT_FREE),
        ("/book", {**NEW, "starts_at": "2026-05-03T10:00:00+12:00"}, 409, NOT_FREE),
        ("/bookings/open/move", {"starts_at": "2026-05-03T10:00:00+12:00"}, 409, NOT_FREE),
        ("/bookings/open/move", {"starts_at": "2026-05-07T10:00:00"}, 422, NO_ZONE),
        # A basket.
        ("/checkout", {**NEW, "services": []}, 422, "Pick a service first."),
        ("/checkout", {**NEW, "services": ["haircut"]}, 422, NO_SERVICE),
        ("/checkout", {**NEW, "services": ["facial", "\0"]}, 422, NO_SERVICE),
        ("/book", {**NEW, "services": ["facial"] * 2}, 422, "Pick each service only once."),
        # A booking that is not there, or has ended.
        ("/bookings/none/cancel", {}, 404, NOT_THERE),
        ("/bookings/%00/cancel", {}, 404, NOT_THERE),
        (f"/bookings/{'x' * 300}/cancel", {}, 404, NOT_THERE),
        ("/bookings/none/move", {"starts_at": THURSDAY}, 404, NOT_THERE),
        ("/checkout", {**NEW, "replaces": "none"}, 404, NOT_THERE),
        ("/bookings/ended/move", {"starts_at": FRIDAY}, 409, ENDED),
        ("/checkout", {**NEW, "replaces": "ended"}, 409, ENDED),
        ("/login", {"email": "nobody\0"}, 422, "We don't know this address."),
    ],
)
def test_what_a_client_sends_by_mistake(
    ana: Visitor, path: str, form: Form, status: int, sentence: str
) -> None:
    """It is answered in a sentence, and nothing is booked or changed."""
    answer = ana.post(path, **form)

    assert (status, sentence) == (answer.status_code, told(answer))
    assert "You are booked" in ana.get("/bookings/open").text
    assert NOT_THERE == told(ana.get("/bookings/new"))


@pytest.mark.parametrize(
    ("path", "form", "status", "sentence"),
    [
        ("/bookings/none/complete", {}, 404, NOT_THERE),
        ("/bookings/none/move", {"starts_at": FRIDAY}, 404, NOT_THERE),
        ("/bookings/ended/complete", {}, 409, ENDED),
        ("/bookings/ended/no-show", {}, 409, ENDED),
        ("/bookings/ended/move", {"starts_at": FRIDAY}, 409, ENDED),
        ("/bookings/open/no-show", {"outcome": "5"}, 422, "Say whether the credit returns"),
        ("/bookings/open/no-show", {}, 409, "refused: nothing changes\nreason: appointment_not_"),
        ("/bookings/ended/forgive", {"note": " \t "}, 422, NO_NOTE),
        ("/bookings/ended/forgive", {}, 422, NO_NOTE),
        ("/bookings/ended/forgive", {"note": "x" * 501}, 422, LONG_NOTE),
        ("/bookings/open/complete", {"note": "a\0b"}, 422, LONG_NOTE),
        ("/bookings/open/forgive", {"note": "why"}, 422, "This can't be done with this booking."),
        ("/bookings/open/move", {"starts_at": ""}, 422, NO_TIME),
    ],
)
def test_what_staff_send_by_mistake(
    kim: Visitor, path: str, form: Form, status: int, sentence: str
) -> None:
    """It is answered in a sentence, and nothing is changed."""
    answer = kim.post(f"/staff{path}", **form)

    assert status == answer.status_code
    assert told(answer).startswith(sentence)
    assert "State: booked" in kim.get("/staff/bookings/open").text


@pytest.mark.parametrize(
    ("query", "status", "sentence"),
    [
        ("?day=tomorrow", 422, "This is no day. Write it like 2026-05-07."),
        ("?day=%00", 422, "This is no day. Write it like 2026-05-07."),
        ("?day=0001-01-01", 422, "This day is too far away."),
        ("?day=9999-12-31", 422, "This day is too far away."),
        ("clients/nobody", 404, "There is no such client."),
        ("clients/ana?starts_at=x", 422, NO_TIME),
        (f"clients/ana?starts_at={THURSDAY.replace('+', '%2B')}", 422, "Pick a service first."),
        ("bookings/none", 404, NOT_THERE),
        ("rooms", 404, "There is nothing at this address."),
    ],
)
def test_what_staff_ask_by_mistake(kim: Visitor, query: str, status: int, sentence: str) -> None:
    """It is answered in a sentence."""
    answer = kim.get(f"/staff/{query}")

    assert (status, sentence) == (answer.status_code, told(answer))


@pytest.mark.parametrize("email", [None, BEN, CLEO, KIM])
@pytest.mark.parametrize("act", ["", "/exchange", "/cancel", "/move"])
def test_a_booking_of_somebody_else_is_not_there(salon: Salon, email: str | None, act: str) -> None:
    """However its address was learnt, and also for staff on the pages of clients."""
    with salon.visitor(email) as other:
        path = f"/bookings/open{act}"
        answer = (
            other.post(path, starts_at=FRIDAY) if act in {"/cancel", "/move"} else other.get(path)
        )

        assert (404, NOT_THERE) == (answer.status_code, told(answer))


def test_a_booking_id_of_somebody_else_is_refused(salon: Salon) -> None:
    """Cleo learns nothing about whose it is, neither by booking nor by exchanging."""
    with salon.visitor(CLEO) as cleo:
        booked = cleo.post("/book", **BOOKED)
        exchanged = cleo.post("/book", **NEW, replaces="open")

        assert (409, MISMATCH) == (booked.status_code, told(booked))
        assert (404, NOT_THERE) == (exchanged.status_code, told(exchanged))


@pytest.mark.parametrize("email", [None, ANA])
@pytest.mark.parametrize(
    "path",
    ["/", "/clients/ana", "/bookings/open", "/bookings/open/complete", "/bookings/none/move"],
)
def test_staffs_pages_are_for_staff(salon: Salon, email: str | None, path: str) -> None:
    """Whoever else asks is told so, whatever the page is, also where there is none."""
    with salon.visitor(email) as other:
        is_act = path.endswith(("complete", "move"))
        answer = other.post(f"/staff{path}") if is_act else other.get(f"/staff{path}")

        assert (403, STAFF_ONLY) == (answer.status_code, told(answer))


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (b"", "application/x-www-form-urlencoded"),
        (b"\xff\xfe\x00", "application/x-www-form-urlencoded"),
        (b"--x\r\nno", "multipart/form-data; boundary=x"),
        (b"a=b", "multipart/form-data"),
        (b'{"starts_at": 1}', "application/json"),
        (
            b"&".join(b"a%d=b" % number for number in range(2000)),
            "application/x-www-form-urlencoded",
        ),
    ],
    ids=["empty", "bytes", "cut off", "no boundary", "json", "2000 fields"],
)
def test_a_broken_form_is_told(ana: Visitor, content: bytes, content_type: str) -> None:
    """Whatever arrives instead of a form, the answer is a page with a sentence."""
    token = ana.token().get("csrfmiddlewaretoken", "")
    headers = {"Content-Type": content_type, "X-CSRFToken": token}
    for path in ("/checkout", "/book", "/bookings/open/move"):
        answer = ana.client.post(path, content=content, headers=headers)

        assert answer.status_code in {400, 422}
        assert told(answer)


def test_a_file_in_place_of_a_text_is_told(ana: Visitor) -> None:
    """A form with a file where a service is wanted is a broken one."""
    form = {"starts_at": THURSDAY, **ana.token()}
    answer = ana.client.post("/checkout", data=form, files={"services": b"\0"})

    assert 422 == answer.status_code
    assert told(answer)


def test_a_wrong_method_is_told(ana: Visitor) -> None:
    """An address that takes forms has no page."""
    answer = ana.get("/book")

    assert (405, "POST") == (answer.status_code, answer.headers["Allow"])
    assert "This can't be done here." == told(answer)


@pytest.fixture(params=BOTH)
def empty_salon(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Salon]:
    """Start an app in which nothing is booked."""
    with salon_apps.running(BOTH[request.param], tmp_path) as salon:
        yield salon


def test_a_booking_sent_twice_is_made_once(empty_salon: Salon) -> None:
    """Also when its time is no longer free, and after it was moved; it takes one credit."""
    with empty_salon.visitor(ANA) as ana, empty_salon.visitor(KIM) as kim:
        first = ana.books("b1", "facial")
        ana.post("/bookings/b1/move", starts_at=FRIDAY)
        empty_salon.is_now("2026-05-07T10:30:00+12:00")
        again = ana.books("b1", "facial")

        assert ["/bookings/b1"] * 2 == [answer.headers["Location"] for answer in (first, again)]
        assert _balance(kim.get("/staff/clients/ana").text) == [1, 1, 0, 0]
        assert "/staff/bookings/b1" in kim.get("/staff/?day=2026-05-08").text
        assert "/staff/bookings/b1" not in kim.get("/staff/?day=2026-05-07").text


def test_a_client_changes_nothing_when_it_is_too_late(empty_salon: Salon) -> None:
    """Inside the window neither a move nor an exchange; staff move it all the same."""
    late = "It is too late to change this booking online."
    with empty_salon.visitor(ANA) as ana, empty_salon.visitor(KIM) as kim:
        ana.books("b1", "facial")
        empty_salon.is_now("2026-05-07T09:00:00+12:00")
        moved = ana.post("/bookings/b1/move", starts_at=FRIDAY)
        exchanged = ana.post("/book", **{**NEW, "starts_at": FRIDAY, "replaces": "b1"})
        by_staff = kim.post("/staff/bookings/b1/move", starts_at=FRIDAY, note="she is ill")

        assert (409, late) == (moved.status_code, told(moved))
        assert (200, late) == (exchanged.status_code, told(exchanged))
        assert "Your booking stays as it is" in exchanged.text
        assert by_staff.headers["Location"] == "/staff/bookings/b1"
        assert "Kim: she is ill" in kim.get("/staff/bookings/b1").text


def test_the_last_credit_is_drawn_once(empty_salon: Salon) -> None:
    """Of eight who press at once one is booked; the others are sent to the card and the deposit."""

    def press(number: int) -> int:
        with empty_salon.visitor(CLEO) as cleo:
            return cleo.books(f"b{number}", "massage").status_code

    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(press, range(8)))

    assert (7, 1) == (statuses.count(200), statuses.count(302) + statuses.count(303))
    with empty_salon.visitor(KIM) as kim:
        assert [0, 1, 0, 0] == _balance(kim.get("/staff/clients/cleo").text)
        assert 1 == kim.get("/staff/?day=2026-05-07").text.count("/staff/bookings/")


def _balance(page: str) -> list[int]:
    """Return what is available, reserved, redeemed and forfeited, as a client's page shows it."""
    labels = "Available|Reserved|Redeemed|Forfeited"
    return [int(cell) for cell in re.findall(rf'<td data-label="(?:{labels})">(\d+)<', page)]


def test_every_end_is_shown_to_its_client(empty_salon: Salon) -> None:
    """Whoever ended a booking, and however, its page says what became of it."""
    with empty_salon.visitor(ANA) as ana, empty_salon.visitor(KIM) as kim:
        ana.books("b1", "facial")
        ana.books("b2", "facial")
        empty_salon.is_now("2026-05-07T12:00:00+12:00")
        read = []
        for act in ("b1/no-show", "b1/forgive", "b2/cancel"):
            kim.post(f"/staff/bookings/{act}", note="the road was closed")
            read.append(told(ana.get(f"/bookings/{act.split('/')[0]}")))
        ana.books("b3", "facial", starts_at=FRIDAY)
        kim.post("/staff/bookings/b3/complete")
        read.append(told(ana.get("/bookings/b3")))

    assert [
        "You did not come: the credit is forfeited.",
        "The credit is back in the package.",
        "Cancelled: the credit is back in the package.",
        "Your appointment is recorded as completed.",
    ] == read
