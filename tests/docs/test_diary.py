"""What the diary of the FastAPI salon says: whose a booking is and when, as it is paid."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

import shop
from fastapi_salon.app import from_environment
from fastapi_salon.diary import Diary
from pkgredeem import RedemptionDesk, Settlement
from pkgredeem.stores.memory import MemoryStore
from tests.helpers.phone import ANA, FACIAL, MONDAY, THURSDAY, Phone

KIM = "kim@example.com"


@pytest.fixture
def phone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Phone:
    """Return an app on a phone, on a Monday at ten."""
    monkeypatch.setattr(shop, "present", lambda: MONDAY)
    return Phone(Diary(tmp_path / "diary.sqlite3"), MemoryStore())


def test_what_was_refused_does_not_say_whose_a_booking_is_and_when(phone: Phone) -> None:
    """Once an id is paid for, the diary says what is paid, whatever was refused under it before."""
    saturday = THURSDAY + timedelta(days=2)
    later = {**FACIAL, "starts_at": saturday.isoformat()}
    answers = [
        phone.send("PUT", "/api/bookings/b1", FACIAL, email="ben@example.com"),
        phone.send("PUT", "/api/bookings/b1", later),
        phone.send("PUT", "/api/bookings/b2", {**FACIAL, "services": ["brow-tint"]}),
        phone.send("PUT", "/api/bookings/b2", later),
    ]
    days = [phone.diary.on(day.date()) for day in (THURSDAY, saturday)]
    menu, day = (
        phone.send("GET", path, email=email).text
        for path, email in (("/", ANA), (f"/staff/?day={saturday.date()}", "kim@example.com"))
    )

    assert [False, True, False, True] == [answer.json()["eligible"] for answer in answers]
    assert ([], ["b1", "b2"]) == (phone.diary.of("ben"), phone.diary.of("ana"))
    assert [[], ["b1", "b2"]] == days
    assert [True] * 4 == [
        f"/bookings/{each}" in text for each in ("b1", "b2") for text in (menu, day)
    ]


def test_what_is_paid_stays_where_it_is_in_the_diary(phone: Phone) -> None:
    """Neither another client under its id, nor the form of before a move, changes the row."""
    friday = THURSDAY + timedelta(days=1)
    phone.send("PUT", "/api/bookings/b1", FACIAL)
    phone.send("PUT", "/api/bookings/b1", FACIAL, email="ben@example.com")
    phone.send("POST", "/api/bookings/b1/move", {"starts_at": friday.isoformat()})
    assert phone.send("PUT", "/api/bookings/b1", FACIAL).status_code in {200, 409}

    assert [[], ["b1"]] == [phone.diary.on(day.date()) for day in (THURSDAY, friday)]
    assert ["b1"] == phone.diary.of("ana")


@pytest.mark.parametrize(
    ("path", "email"),
    [("/bookings/b1/move", ANA), ("/api/bookings/b1/move", ANA), ("/staff/bookings/b1/move", KIM)],
)
def test_of_two_moves_at_once_the_diary_has_the_last(
    phone: Phone, monkeypatch: pytest.MonkeyPatch, path: str, email: str
) -> None:
    """Staff move a booking again just when it has been moved, and is not in the diary yet."""
    friday, saturday = (THURSDAY + timedelta(days=ahead) for ahead in (1, 2))
    phone.send("PUT", "/api/bookings/b1", FACIAL)
    reschedule = RedemptionDesk.reschedule

    def overtaken(desk: RedemptionDesk, *args: object, **facts: object) -> Settlement:
        settlement = reschedule(desk, *args, **facts)  # type: ignore[arg-type]  # as they came
        monkeypatch.setattr(RedemptionDesk, "reschedule", reschedule)
        phone.send_form("/staff/bookings/b1/move", KIM, starts_at=saturday.isoformat())
        return settlement

    monkeypatch.setattr(RedemptionDesk, "reschedule", overtaken)
    wanted = {"starts_at": friday.isoformat()}
    if path.startswith("/api/"):
        phone.send("POST", path, wanted)
    else:
        phone.send_form(path, email, **wanted)

    assert [[], ["b1"]] == [phone.diary.on(day.date()) for day in (friday, saturday)]


def test_the_salons_own_table_is_in_a_file_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store's file holds the store's tables; the app can be started again on both."""
    monkeypatch.setenv("SALON_FILE", str(tmp_path / "salon.db"))
    for _ in range(2):
        from_environment().state.salon.store.close()
    tables = {}
    for path in (tmp_path / "salon.db", tmp_path / "salon.db-diary"):
        with closing(sqlite3.connect(path)) as connection:
            found = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
            tables[path.name] = {name for (name,) in found}

    assert {"appointment"} == tables.pop("salon.db-diary")
    assert "appointment" not in tables["salon.db"]
