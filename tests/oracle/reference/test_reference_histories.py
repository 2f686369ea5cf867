"""The second implementation's counts of histories on examples worked out by hand (D69)."""

from typing import Any

from tests.oracle.reference._history import carried, taken_as_they_stand

Doc = dict[str, Any]

START = "2026-05-20T08:00:00+00:00"


def line(day: int, booking_id: str, left: int, services: int = 1, **fields: object) -> Doc:
    """Ask on a day of May for facials of Ana, with so many left as the line says."""
    held = {"id": "main", "services": ["facial"], "remaining": left}
    package: Doc = {
        "id": "p1",
        "client_id": "ana",
        "shared_with": [],
        "uses": [],
        "valid_until": None,
    }
    return {
        "now": f"2026-05-{day:02}T08:00:00+00:00",
        "account": {},
        "client": {"id": "ana", "logged_in": True},
        "packages": [package | {"entitlements": [held]}],
        "booking": {
            "id": booking_id,
            "starts_at": START,
            "lines": [{"service": {"id": "facial"}}] * services,
        },
        **fields,
    }


def act(day: int, name: str, booking_id: str, **fields: object) -> Doc:
    """Do something to a booking on a day of May."""
    now = f"2026-05-{day:02}T08:00:00+00:00"
    return {"act": name, "booking_id": booking_id, "now": now, "by": "business", **fields}


def impossible(*lines: Doc) -> list[int]:
    """Count the lines that can't be true, of each credit that too much is drawn of."""
    return [each.impossible for each in taken_as_they_stand(lines, "in-store")[1]]


def test_what_was_drawn_is_gone() -> None:
    """Two are left by the first line of the history, so the third of three is refused."""
    lines = [line(3, "b3", 9), line(1, "b1", 2), line(2, "b2", 9)]
    counts = carried(lines, "in-store")

    assert (counts["eligible"], counts["refused"], counts["credits"]) == (2, 1, 2)
    assert counts["reason package_used_up"] == 1


def test_what_came_back_is_drawn_again() -> None:
    """One is left; it is cancelled before the second booking, which gets it."""
    counts = carried([line(1, "b1", 1), act(2, "cancel", "b1"), line(3, "b2", 1)], "in-store")

    assert (counts["eligible"], counts["cancel"], counts["returned"]) == (2, 1, 1)


def test_of_one_instant_bookings_come_before_acts() -> None:
    """A cancellation that stands before its booking is of it, and too late for the next one."""
    lines = [act(1, "cancel", "b1"), line(1, "b1", 1), line(1, "b2", 1)]
    counts = carried(lines, "in-store")

    assert (counts["eligible"], counts["refused"], counts["cancel"]) == (1, 1, 1)


def test_a_booking_is_counted_once() -> None:
    """Asked again it is repeated; with other contents it can't be decided."""
    counts = carried([line(1, "b1", 5), line(2, "b1", 5), line(3, "b1", 5, 2)], "in-store")

    assert (counts["eligible"], counts["repeated"], counts["unreadable"]) == (1, 1, 1)


def test_acts_of_what_nobody_booked() -> None:
    """On a refused booking an act does nothing; on one that no line holds it is unknown."""
    counts = carried([line(1, "b1", 0), act(2, "cancel", "b1"), act(2, "cancel", "b9")], "in-store")

    assert (counts["refused"], counts["unknown"], counts["cancel"]) == (1, 1, 0)


def test_five_credits_pay_for_five_of_forty() -> None:
    """Each line says that five are left: thirty-five of forty can't be true."""
    assert impossible(*[line(1, f"b{number}", 5) for number in range(40)]) == [35]


def test_the_lines_that_draw_least_may_be_true() -> None:
    """Of three, and 2 + 1 + 1 + 1 drawn, three single ones can be true, and one line is not."""
    lines = [line(1, "b1", 3, 2), *[line(1, f"b{number}", 3) for number in (2, 3, 4)]]

    assert impossible(*lines) == [1]


def test_a_balance_that_falls_tells_nothing() -> None:
    """Somebody keeps count: five bookings with 2, 2, 1, 1 and 1 left may all be true."""
    lines = [line(day, f"b{day}", left) for day, left in enumerate([2, 2, 1, 1, 1], 1)]

    assert impossible(*lines) == []
