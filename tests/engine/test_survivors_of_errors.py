"""What mutation testing found that no other test was looking at: what errors name."""

from datetime import datetime

import pytest

from pkgredeem import Actor, InvalidValueError, Redemption, RedemptionPolicy
from tests.helpers.support import ANA, NOW, START, account, booking, package, redemption


@pytest.mark.parametrize(
    ("name", "wrong", "field"),
    [
        ("account", None, "Case.account"),
        ("client", "ana", "Case.client"),
        ("packages", ["p1"], "Case.packages[0]"),
        ("packages", ("p1",), "Case.packages[0]"),
        ("packages", "p1", "Case.packages"),
        ("booking", "b1", "Case.booking"),
        ("now", datetime(2026, 5, 1), "Case.now"),  # noqa: DTZ001 - what must be refused
        ("existing", "b1", "Case.existing"),
        ("by", "client", "Case.by"),
        ("note", None, "Case.note"),
    ],
)
def test_deciding_names_what_it_can_not_use(name: str, wrong: object, field: str) -> None:
    """Each argument of `decide` is checked as the field of a case is, and named as it."""
    asked: dict[str, object] = {
        "account": account(),
        "client": ANA,
        "packages": [package()],
        "booking": booking(),
        "now": NOW,
    }
    with pytest.raises(InvalidValueError) as refused:
        RedemptionPolicy().decide(**(asked | {name: wrong}))  # type: ignore[arg-type]  # see above

    assert field == refused.value.field


def _ended() -> dict[str, object]:
    """Return the document of a redemption with one line that has ended."""
    made = redemption()
    change = RedemptionPolicy().cancel(made, by=Actor.CLIENT, now=NOW, note="ill").change
    assert change is not None
    return change.after.to_document()


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        (("format",), "pkgredeem-redemption/0"),
        (("booking",), None),
        (("client_id",), 7),
        (("starts_at",), "today"),
        (("terms",), 7),
        (("free_until",), "today"),
        (("deposit",), "lost"),
        (("card_capture",), "lost"),
        (("rulebook",), 7),
        (("booked_at",), "today"),
        (("time_zone",), "Mars/Olympus"),
        (("version",), -1),
        (("reschedules",), 7),
        (("draws", 0), 7),
        (("draws", 0, "line"), "0"),
        (("draws", 0, "package_id"), 7),
        (("draws", 0, "entitlement_id"), 7),
        (("draws", 0, "service_id"), 7),
        (("draws", 0, "state"), "lost"),
        (("draws", 0, "ending"), 7),
        (("draws", 0, "ending", "act"), "sell"),
        (("draws", 0, "ending", "at"), "today"),
        (("draws", 0, "ending", "by"), "nobody"),
        (("draws", 0, "ending", "late"), 0),
        (("draws", 0, "ending", "note"), None),
    ],
)
def test_a_stored_redemption_names_the_place_that_is_wrong(
    path: tuple[str | int, ...], wrong: object
) -> None:
    """The error holds the path to what can't be read, and what stands there."""
    document = _ended()
    held: object = document
    for step in path[:-1]:
        held = held[step]  # type: ignore[index]  # a dict or a list, as the path says
    held[path[-1]] = wrong  # type: ignore[index]  # a dict or a list, as the path says
    with pytest.raises(InvalidValueError) as refused:
        Redemption.from_document(document)

    place = "redemption" + "".join(f"[{n}]" if isinstance(n, int) else f".{n}" for n in path)
    assert (place, wrong) == refused.value.args[:2]


def test_an_act_names_the_lines_that_it_can_not_end() -> None:
    """A line without a credit, one named twice, and one that is still reserved are each told."""
    policy, made = RedemptionPolicy(), redemption("facial", "massage")
    with pytest.raises(InvalidValueError) as beyond:
        policy.cancel(made, by=Actor.CLIENT, now=NOW, lines=[7])
    with pytest.raises(InvalidValueError) as twice:
        policy.cancel(made, by=Actor.CLIENT, now=NOW, lines=[0, 0])
    with pytest.raises(InvalidValueError) as reserved:
        policy.forgive(made, now=START, note="why", lines=[1])

    assert ("lines", 7, "lines that a credit pays for (0, 1)") == beyond.value.args
    assert ("lines", (0, 0), "listed only once each") == twice.value.args
    told = "lines whose credit is redeemed or forfeited (cancel a reserved one)"
    assert ("lines", 1, told) == reserved.value.args
