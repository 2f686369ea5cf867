"""The redemption in a case document: read in every form that is stored, and judged at its place."""

import json

import pytest

from pkgredeem import Act, Audience, RedemptionPolicy
from pkgredeem.documents import case_document, decision_document, read_case
from tests.helpers.documents_support import changed, problems_of
from tests.helpers.redeemed_case import START, eligible_case, proposal


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("version", "1", ("existing.version", '"1"', "a whole number of 0 or more")),
        ("version", 1.5, ("existing.version", "1.5", "a whole number of 0 or more")),
        ("version", -1, ("existing.version", "-1", "a whole number of 0 or more")),
        ("version", True, ("existing.version", "true", "a whole number of 0 or more")),
        ("format", "other", ("existing.format", '"other"', '"pkgredeem-redemption/1"')),
        ("client_id", None, ("existing.client_id", "null", "a text, which may be empty")),
        ("draws", {}, ("existing.draws", "an object", "a list")),
        (
            "rulebook",
            "",
            ("existing.rulebook", '""', "a text that is not empty"),
        ),
    ],
)
def test_a_broken_redemption_is_a_problem_inside_existing(
    key: str, value: object, expected: tuple[str, str, str]
) -> None:
    """What the redemption's own reader refuses is told at its place in the case document."""
    assert [expected] == problems_of(changed({"existing": proposal().to_document() | {key: value}}))


@pytest.mark.parametrize(
    ("key", "path"),
    [("note", "existing.note"), ("old note", 'existing["old note"]')],
)
def test_what_is_no_json_inside_a_redemption_is_its_only_problem(key: str, path: str) -> None:
    """Its own reader is not asked about what is left, whatever the key is called."""
    written = proposal().to_document() | {key: float("nan")}

    assert [(path, "nan", "a finite number")] == problems_of(changed({"existing": written}))


def test_a_redemption_that_breaks_another_value_is_a_problem_of_existing() -> None:
    """A value inside that refuses itself is told by its own name."""
    written = json.loads(json.dumps(proposal().to_document()))
    written["booking"]["lines"] = []
    problems = problems_of(changed({"existing": written}))

    assert [
        ("existing", "another value", "one whose Booking.lines is 1 or more BookingLine values")
    ] == problems


def test_a_redemption_of_another_client_is_a_problem() -> None:
    """Ana's redemption is never handed in for Beth, nor for a guest (D21)."""
    existing = proposal().to_document()

    assert [("existing.client_id", '"ana"', 'the client who books, "beth"')] == problems_of(
        changed({"existing": existing, "client.id": "beth"})
    )
    assert [("existing.client_id", '"ana"', "the client who books, null")] == problems_of(
        changed({"existing": existing, "client": {"id": None}})
    )


@pytest.mark.parametrize(
    ("client", "problem"),
    [
        ({"id": ""}, ("client.id", '""', "a text that is not empty, or null")),
        # its id is well, but one of its traits is no text
        (
            {"id": "beth", "traits": {"place": "\ud800", "staff": "kim"}},
            (
                "client.traits.place",
                'a text with half a surrogate pair, "\\ud800"',
                "a text of whole characters",
            ),
        ),
    ],
)
def test_a_redemption_beside_a_broken_client_is_no_second_problem(
    client: dict[str, object], problem: tuple[str, str, str]
) -> None:
    """Whose it must be is not known then."""
    existing = proposal().to_document()

    assert [problem] == problems_of(changed({"existing": existing, "client": client}))


def test_the_keys_of_a_redemption_are_told_by_name() -> None:
    """As many as fit, in order: which one is missing, or is not known, is said last."""
    written = {"format": "pkgredeem-redemption/1", "b": 1, "a": 2}
    [(path, found, allowed)] = problems_of(changed({"existing": written}))

    assert ("existing", '"a, b"') == (path, found)
    assert allowed.endswith(": booking is missing")


def test_a_redemption_of_the_grown_form_is_read() -> None:
    """Endings, the start that a line had, names, and what it replaces come back (D65, D54)."""
    written = {
        **proposal().to_document(),
        "replaces": "b0",
        "time_zone": "Mars/Olympus",
        "draws": [
            {
                "line": 0,
                "package_id": "p1",
                "package_name": "Five facials",
                "entitlement_id": "main",
                "service_id": "facial",
                "state": "returned",
                "ending": FORGIVEN,
                "endings": [MISSED, FORGIVEN],
            }
        ],
    }
    existing = read_case(changed({"existing": written})).existing
    assert existing is not None
    draw = existing.draws[0]

    assert ("b0", "Mars/Olympus", "Five facials") == (
        existing.replaces,
        existing.time_zone_key,
        draw.package_name,
    )
    assert [(Act.NO_SHOW, START), (Act.FORGIVE, None)] == [
        (ending.act, ending.starts_at) for ending in draw.endings
    ]
    assert written == existing.to_document()


def test_endings_that_do_not_lead_to_the_state_are_a_problem() -> None:
    """What the value refuses is told at its place."""
    written = json.loads(json.dumps(proposal().to_document()))
    written["draws"][0]["ending"] = FORGIVEN

    assert ["existing"] == [path for path, _, _ in problems_of(changed({"existing": written}))]


MISSED = {
    "act": "no_show",
    "at": "2026-05-04T22:30:00+00:00",
    "by": "business",
    "late": False,
    "note": "",
    "starts_at": "2026-05-04T22:00:00+00:00",
}
FORGIVEN = {
    "act": "forgive",
    "at": "2026-05-06T09:00:00+00:00",
    "by": "business",
    "late": False,
    "note": "was ill",
}


def test_a_redemption_is_read_from_existing() -> None:
    """A case carries the booking's own redemption, about which the rules are asked again."""
    written = case_document(eligible_case())
    case = read_case(written | {"existing": proposal().to_document()})

    assert proposal() == case.existing
    told = decision_document(RedemptionPolicy().decide_case(case), Audience.STAFF)
    assert (True, True) == (told["recorded"], told["again"])
