"""Explanations: everything for staff, one careful sentence for the client."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pkgredeem import (
    Act,
    Actor,
    Audience,
    CancellationTerms,
    Client,
    CreditOutcome,
    Decision,
    DrawState,
    Entitlement,
    Finding,
    InvalidValueError,
    PackageStatus,
    Redemption,
    RedemptionPolicy,
    Scope,
)
from pkgredeem._model.explanation import draw_line, finding_line, schedule_in_words
from pkgredeem._model.instants import format_instant
from tests.helpers.samples import FINDING, made
from tests.helpers.support import (
    AUCKLAND,
    DAY,
    FORFEIT_INSIDE_A_DAY,
    HOUR,
    INSTANT,
    LONDON,
    NO_LIMITS,
    NOW,
    RETURN_INSIDE_A_DAY,
    START,
    account,
    case,
    credit,
    decide,
    ended,
    line,
    package,
    redemption,
)

POLICY = RedemptionPolicy()
STAFF, CLIENT = Audience.STAFF, Audience.CLIENT
FINDING_OF_A_PACKAGE = Finding(
    code="closed",
    scope=Scope.PACKAGE,
    clauses=("HOUSE-1",),
    message="it is closed until {opens_at}",
    advice="come back at {opens_at}",
    client_text=None,
    subject="p1",
    facts=(("opens_at", START),),
)
AS_USUAL = "no package can be used for this booking: it is booked and paid for as usual"


def test_staff_are_told_every_finding() -> None:
    """The answer, each reason and note with clauses and advice, the money, and the zone (D24)."""
    asked = case(
        "facial",
        "massage",
        packages=[package("p1"), package("p2", credit("facial", left=0))],
        account=account(deposit_required=True, card_capture=True),
    )

    assert [
        "refused under timely-2026-03: 2 reasons",
        (
            "reason: service_not_in_package [T13 T14 T15] service massage is in no package that can"
            " be used; to change it: book the service without a package, or sell one that holds it"
        ),
        (
            "reason: mixed_booking [T17] the booking mixes services that the package pays for with"
            " others; to change it: book the other services separately"
        ),
        (
            "note: package_used_up [D05 D08] package p2 is used up; to change it: sell the client a"
            " new package"
        ),
        "deposit: collect the deposit",
        "card capture: show the card capture page",
        "times: in UTC",
    ] == decide(asked).explain(STAFF).split("\n")


def test_the_times_of_reasons_and_notes_are_those_of_the_account() -> None:
    """In May the clocks of London are an hour ahead of UTC."""
    over = package("p2", valid_until=NOW)
    for sold in ([over], [over, package("p1")]):
        told = decide(case(packages=sold, account=account(time_zone=LONDON))).explain(STAFF)
        word = "note" if len(sold) > 1 else "reason"

        assert f"\n{word}: package_over [D06] package p2 was over at Fri 1 May 2026 09:00" in told


def test_staff_are_told_what_is_drawn_and_until_when_it_is_free() -> None:
    """A yes tells each credit and the schedule, in the account's own zone."""
    asked = case(
        "facial",
        "massage",
        packages=[package("p1", credit("facial", left=2), credit("massage", "pedicure"))],
        account=account(
            deposit_required=True,
            card_capture=True,
            cancellation=FORFEIT_INSIDE_A_DAY,
            time_zone=AUCKLAND,
        ),
        client=Client(id="ana", logged_in=True, has_saved_card=True),
    )

    assert [
        "eligible under timely-2026-03: a package can be used for this booking",
        "deposit: the deposit is waived",
        "card capture: the card capture page is bypassed",
        "credit: facial is paid with 1 credit of facial in package p1",
        "credit: massage is paid with 1 credit of massage+pedicure in package p1",
        "cancellation: free until Mon 4 May 22:00, then the credits are forfeited",
        "times: in Pacific/Auckland",
    ] == decide(asked).explain(STAFF).split("\n")


def test_one_reason_is_one_reason() -> None:
    """The count agrees with its noun."""
    first = decide(case("massage")).explain(STAFF).split("\n")[0]

    assert "refused under timely-2026-03: 1 reason" == first


def test_instants_in_findings_are_told_in_the_zone() -> None:
    """Facts are filled in: in the account's zone, or in UTC, which is then said."""
    held = [package(valid_until=START)]
    plain = decide(case(packages=held))
    local = decide(case(packages=held, account=account(time_zone=AUCKLAND)))

    assert (
        "package p1 is over at Tue 5 May 2026 10:00 UTC, and the appointment starts"
        " Tue 5 May 2026 10:00 UTC" in plain.explain(STAFF)
    )
    assert (
        "package p1 is over at Tue 5 May 2026 22:00, and the appointment starts"
        " Tue 5 May 2026 22:00;" in local.explain(STAFF)
    )


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, "a package can be used for this booking"),
        ({"client": Client(id="ana")}, "log in to use a package"),
        ({"client": Client.guest()}, "log in to use a package"),
        ({"packages": []}, AS_USUAL),
        ({"packages": [package(status=PackageStatus.ARCHIVED)]}, AS_USUAL),
        ({"account": account(online_redemption=False)}, AS_USUAL),
        ({"account": account(online_redemption=False), "client": Client.guest()}, AS_USUAL),
        ({"now": START}, "this appointment has already started"),
    ],
)
def test_a_client_is_told_one_sentence(changed: dict[str, object], expected: str) -> None:
    """The first reason that has a text for clients, else one neutral sentence (D03, D24)."""
    assert expected == decide(case(**changed)).explain(CLIENT)


def test_a_note_says_nothing_to_the_client() -> None:
    """Only reasons speak to the client: a yes stays a yes."""
    finding = made(Finding, client_text="a note for staff")
    assert isinstance(finding, Finding)
    noted = replace(decide(case()), notes=[finding])  # type: ignore[arg-type]  # any iterable

    assert "a package can be used for this booking" == noted.explain(CLIENT)


def test_what_was_redeemed_before_is_told_as_asked_again() -> None:
    """Asked again, the answer is today's, and what was redeemed stands (D11, D21)."""
    spent = [package("p1", credit("facial", left=0))]
    again = decide(case(packages=spent, existing=redemption()))
    off = decide(
        case(packages=spent, existing=redemption(), account=account(online_redemption=False))
    )

    assert (
        "eligible, asked again under timely-2026-03: a package can be used for this booking; "
        "what was redeemed before stands"
    ) == again.explain(STAFF).split("\n")[0]
    assert (
        "refused, asked again under timely-2026-03: 1 reason; what was redeemed before stands"
    ) == off.explain(STAFF).split("\n")[0]
    assert (True, True, False) == (off.recorded, off.again, off.eligible)
    told = replace(again, again=False).explain(STAFF).split("\n")[0]
    assert "eligible: redeemed already under timely-2026-03" == told


def test_a_credit_that_is_gone_is_not_said_to_pay() -> None:
    """Of a recorded booking each line is told as it stands, and what is left by number."""
    booked = redemption("brow", "facial", "massage", "nails")
    found = ended(booked, Act.CANCEL, DrawState.RETURNED, [0])
    found = ended(found, Act.CANCEL, DrawState.FORFEITED, [1])
    found = ended(found, Act.COMPLETE, DrawState.REDEEMED, [2])
    told = replace(decide(case()), redemption=found, recorded=True).explain(STAFF).split("\n")

    assert [
        "credit: brow is no longer paid with 1 credit of brow in package p1, which is returned",
        (
            "credit: facial is no longer paid with 1 credit of facial in package p1, "
            "which is forfeited"
        ),
        "credit: massage was paid with 1 credit of massage in package p1",
        "credit: nails is paid with 1 credit of nails in package p1",
        "cancellation: free until Mon 4 May 10:00 UTC, then the credit is forfeited",
    ] == told[3:8]


def test_staff_read_names() -> None:
    """Wherever a service or a package has a name it stands before the id (D72)."""
    ten = package("2", Entitlement(services=["2"], remaining=1), name="Five facials")
    paid = decide(case(line("2", name="Facial"), packages=[ten]))
    spent = replace(ten, entitlements=[Entitlement(services=["2"], remaining=0)])  # type: ignore[arg-type]  # any iterable
    used_up = decide(case(line("2", name="Facial"), packages=[spent]))
    unnamed = decide(case(line("3", name="Massage"), packages=[ten]))

    assert "credit: Facial (2) is paid with 1 credit of Five facials (2)" in lines_of(paid)
    assert "reason: package_used_up [D05 D08] package Five facials (2) is used up;" in (
        used_up.explain(STAFF)
    )
    assert "service Massage (3) is in no package that can be used;" in unnamed.explain(STAFF)


@pytest.mark.parametrize(
    ("named", "entitlement_id", "credit_of"),
    [
        (True, "main", "Five facials (p1)"),
        (True, "extra", "extra in Five facials (p1)"),
        (False, "main", "package p1"),
        (False, "extra", "extra in package p1"),
    ],
)
def test_a_credit_is_told_by_its_package(named: bool, entitlement_id: str, credit_of: str) -> None:
    """The only entitlement needs no words; one among others is told by its id (D72, D73)."""
    today = package("p1", credit("facial", id=entitlement_id), name="Five facials" if named else "")

    assert f"credit: facial is paid with 1 credit of {credit_of}" in lines_of(
        decide(case(packages=[today]))
    )


def test_clients_read_neither_names_nor_ids() -> None:
    """What a client is told is the same whatever the things are called (D24, D72)."""
    for services in (["facial"], ["massage"]):
        plain, named = (
            decide(case(*(line(service, name=name) for service in services), packages=[today]))
            for name, today in (("", package()), ("Deluxe", package(name="Deluxe")))
        )
        assert plain.explain(CLIENT) == named.explain(CLIENT)


def test_the_name_of_a_package_is_kept_with_what_it_pays_for() -> None:
    """A package that is renamed or gone is told by the name that it had (D72)."""
    made = decide(case(packages=[package(name="Five facials")])).redemption
    assert made is not None
    read = Redemption.from_document(made.to_document())

    assert "Five facials" == made.draws[0].package_name == read.draws[0].package_name


def test_a_zone_that_this_machine_does_not_know_is_said() -> None:
    """A recorded answer tells its times in UTC then, and which zone was wanted (D76)."""
    made = replace(
        decide(case(account=account(cancellation=FORFEIT_INSIDE_A_DAY))),
        time_zone_key="Mars/Olympus",
        redemption=replace(redemption(), time_zone_key="Mars/Olympus"),
    )

    assert [
        "cancellation: free until Mon 4 May 10:00 UTC, then the credit is forfeited",
        "times: in UTC, since this machine does not know Mars/Olympus",
    ] == lines_of(made)[-2:]


def lines_of(decision: Decision) -> list[str]:
    """Return the lines for staff."""
    return decision.explain(STAFF).split("\n")


def test_no_id_can_forge_a_line() -> None:
    """A line break or a control sequence in an id is escaped; spaces and letters stay."""
    forged = "p1\ndeposit: collect the deposit\x1b[2J\u2028\xa0å"
    spent = package(forged, credit("facial", left=0), name="Five\nfacials")
    text = decide(case(packages=[spent])).explain(STAFF)

    assert (
        "package Five\\nfacials (p1\\ndeposit: collect the deposit\\x1b[2J\\u2028\xa0å) is used up"
        in text
    )
    assert 5 == len(text.splitlines())


ZERO_WINDOW = CancellationTerms(window=timedelta(0), late=CreditOutcome.FORFEIT)


@pytest.mark.parametrize(
    ("terms", "left", "services", "expected"),
    [
        (None, 9 * DAY, 1, "free until Tue 5 May 10:00 UTC"),
        (ZERO_WINDOW, 9 * DAY, 1, "free until Tue 5 May 10:00 UTC"),
        (
            FORFEIT_INSIDE_A_DAY,
            9 * DAY,
            1,
            "free until Mon 4 May 10:00 UTC, then the credit is forfeited",
        ),
        (
            FORFEIT_INSIDE_A_DAY,
            9 * DAY,
            2,
            "free until Mon 4 May 10:00 UTC, then the credits are forfeited",
        ),
        (
            RETURN_INSIDE_A_DAY,
            9 * DAY,
            1,
            "free until Mon 4 May 10:00 UTC, then the credit returns all the same",
        ),
        (
            RETURN_INSIDE_A_DAY,
            9 * DAY,
            2,
            "free until Mon 4 May 10:00 UTC, then the credits return all the same",
        ),
        (
            FORFEIT_INSIDE_A_DAY,
            DAY,
            1,
            "free until Mon 4 May 10:00 UTC, then the credit is forfeited",
        ),
        (FORFEIT_INSIDE_A_DAY, DAY - INSTANT, 1, "no free cancellation: the credit is forfeited"),
        (FORFEIT_INSIDE_A_DAY, HOUR, 1, "no free cancellation: the credit is forfeited"),
        (FORFEIT_INSIDE_A_DAY, HOUR, 2, "no free cancellation: the credits are forfeited"),
        (
            RETURN_INSIDE_A_DAY,
            HOUR,
            1,
            "no free cancellation, but the credit returns all the same until Tue 5 May 10:00 UTC",
        ),
    ],
)
def test_the_schedule_in_words(
    terms: CancellationTerms | None, left: timedelta, services: int, expected: str
) -> None:
    """What a client's cancellation does, and until when (D33)."""
    found = redemption(*["facial", "massage"][:services], terms=terms, booked_at=START - left)

    assert expected == schedule_in_words(found)


def test_the_schedule_after_the_start_is_the_business_s() -> None:
    """A booking recorded after its start has no step left (D09)."""
    assert "the appointment has started, only the business can end it" == schedule_in_words(
        replace(redemption(), booked_at=START)
    )


@pytest.mark.parametrize(
    ("booked_at", "expected"),
    [
        # In Auckland the year begins at 11:00 of the day before in UTC.
        (datetime(2026, 12, 31, 10, 59, tzinfo=UTC), "free until Mon 4 Jan 2027 10:00, then"),
        (datetime(2026, 12, 31, 11, tzinfo=UTC), "free until Mon 4 Jan 10:00, then"),
    ],
)
def test_a_year_goes_without_saying_only_where_it_is_that_of_the_booking(
    booked_at: datetime, expected: str
) -> None:
    """Who books this year for the next one is told the year."""
    start = datetime(2027, 1, 4, 21, tzinfo=UTC)
    found = redemption(starts_at=start, booked_at=booked_at, zone=AUCKLAND)

    assert schedule_in_words(found).startswith(expected)


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="this system has no time zone of a process")
def test_the_zone_of_the_machine_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a zone the year is that of the start in UTC, also where the machine has another."""
    monkeypatch.setenv("TZ", "NZST-12")
    time.tzset()
    found = redemption(starts_at=datetime(2026, 12, 31, 21, tzinfo=UTC))
    told = schedule_in_words(found)
    monkeypatch.undo()
    time.tzset()

    assert told.startswith("free until Wed 30 Dec 21:00 UTC, then")


def test_an_instant_in_an_advice_is_told_in_the_zone_of_the_answer() -> None:
    """As it is in the message: at 10:00 in UTC it is 11:00 in London in May."""
    assert (
        "reason: closed [HOUSE-1] it is closed until Tue 5 May 2026 11:00; "
        "to change it: come back at Tue 5 May 2026 11:00"
    ) == finding_line("reason", FINDING_OF_A_PACKAGE, LONDON)


def test_a_fact_that_is_missing_is_told_with_those_that_are_there() -> None:
    """So that whoever wrote the message sees its name misspelt."""
    facts = (("left", 1),)
    misspelt = replace(FINDING_OF_A_PACKAGE, message="{lft} left", facts=facts)
    with pytest.raises(InvalidValueError) as raised:
        misspelt.text()

    assert ("Finding.facts", facts, "facts that include 'lft'") == (
        raised.value.field,
        raised.value.value,
        raised.value.allowed,
    )


@pytest.mark.parametrize("facts", [(("left",),), ((1, 2),), (("left", 1, 2),)])
def test_facts_are_pairs_of_a_name_and_a_value(facts: tuple[tuple[object, ...], ...]) -> None:
    """Anything else is shown."""
    with pytest.raises(InvalidValueError) as raised:
        replace(FINDING_OF_A_PACKAGE, facts=facts)  # type: ignore[arg-type]  # on purpose

    assert ("Finding.facts", facts, "pairs of a name and a value") == (
        raised.value.field,
        raised.value.value,
        raised.value.allowed,
    )


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("subject", "p2", ("Finding.facts", "subject", "a name other than the subject's own")),
        ("", 1, ("Finding.facts", "", "a text that is not empty")),
        (
            "left",
            1.5,
            (
                "Finding.facts: left",
                1.5,
                "a text, a whole number of at most 600 digits, or an instant",
            ),
        ),
    ],
)
def test_a_fact_has_a_name_of_its_own_and_a_plain_value(
    name: str, value: object, expected: tuple[str, object, str]
) -> None:
    """A text, a number or an instant."""
    with pytest.raises(InvalidValueError) as raised:
        replace(FINDING_OF_A_PACKAGE, facts=((name, value),))  # type: ignore[arg-type]  # on purpose

    assert expected == (raised.value.field, raised.value.value, raised.value.allowed)


@pytest.mark.parametrize(("drawn", "expected"), [(1, "1 credit"), (2, "2 units"), (75, "75 units")])
def test_what_a_line_costs_is_told(drawn: int, expected: str) -> None:
    """One credit is one; more of anything are units (D41)."""
    found = redemption()
    draw = replace(found.draws[0], credits=drawn)

    assert f"credit: facial is paid with {expected} of facial in package p1" == draw_line(
        draw, found
    )


@pytest.mark.parametrize(
    ("moment", "zone", "year", "expected"),
    [
        (START, None, 2026, "Tue 5 May 10:00 UTC"),
        (START, None, None, "Tue 5 May 2026 10:00 UTC"),
        (START, AUCKLAND, 2026, "Tue 5 May 22:00"),
        (START, AUCKLAND, 2025, "Tue 5 May 2026 22:00"),
        (START + timedelta(seconds=5), None, 2026, "Tue 5 May 10:00:05 UTC"),
        (START + INSTANT, None, 2026, "Tue 5 May 10:00 UTC"),
        (START + timedelta(seconds=5.5), None, 2026, "Tue 5 May 10:00:05 UTC"),
        (datetime(1, 1, 2, tzinfo=UTC), None, 2026, "Tue 2 Jan 0001 00:00 UTC"),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), LONDON, 2026, "Sun 25 Oct 01:30 +0100"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), LONDON, 2026, "Sun 25 Oct 01:30 +0000"),
        (datetime(2026, 10, 25, 2, 30, tzinfo=UTC), LONDON, 2026, "Sun 25 Oct 02:30"),
    ],
)
def test_an_instant_in_words(
    moment: datetime, zone: object, year: int | None, expected: str
) -> None:
    """As a person says it: whole seconds where there are any, no year that goes without saying."""
    assert expected == format_instant(moment, zone, year=year)  # type: ignore[arg-type]  # a zone or None


@pytest.mark.parametrize("audience", ["staff", None, 1])
def test_an_explanation_is_for_somebody(audience: object) -> None:
    """A plain word is no audience."""
    for answer in (decide(case()), POLICY.cancel(redemption(), by=Actor.CLIENT, now=NOW)):
        with pytest.raises(InvalidValueError, match=r"audience must be .*Audience\.STAFF"):
            answer.explain(audience)  # type: ignore[arg-type]  # that is the point


def test_mixed_and_allowed_tells_what_is_left_to_pay() -> None:
    """With T17 lifted, the uncovered service is a note and the card page is shown (D19)."""
    decision = decide(case("facial", "massage", account=account(card_capture=True)), NO_LIMITS)
    lines = decision.explain(STAFF).split("\n")

    assert "card capture: show the card capture page" in lines
    assert ["note: service_not_in_package"] == [
        line.split(" [")[0] for line in lines if line.startswith("note")
    ]


def test_a_finding_fills_in_its_words() -> None:
    """Subject and facts; a fact that is asked for and not there is told."""
    finding = made(Finding)
    assert isinstance(finding, Finding)

    assert "package Five facials (p1) was over at Tue 5 May 2026 10:00 UTC" == finding.text()
    nameless = replace(finding, subject_name="")
    assert "package p1 was over at Tue 5 May 2026 10:00 UTC" == nameless.text()
    assert "extend it" == finding.advice_text()
    with pytest.raises(
        InvalidValueError, match=r"Finding.facts must be facts that include 'valid_until', not "
    ):
        replace(finding, facts=()).text()
    assert (Scope.PACKAGE, FINDING["facts"]) == (finding.scope, finding.facts)


@pytest.mark.parametrize(
    "facts", [[("a",)], [("a", 1, 2)], [(1, 2)], [("a", None)], [("", 1)], [("a", 1), ("a", 2)]]
)
def test_facts_are_pairs_of_name_and_value(facts: list[tuple[object, ...]]) -> None:
    """Anything else is refused, and so is one name twice."""
    with pytest.raises(InvalidValueError, match=r"^Finding\.facts"):
        made(Finding, facts=facts)


@pytest.mark.parametrize("field", ["message", "advice"])
@pytest.mark.parametrize(
    "text", ["{0}", "{}", "{fact:>8}", "{fact!r}", "an {unclosed", "a } alone"]
)
def test_a_finding_has_fields_that_are_plain_names(field: str, text: str) -> None:
    """A stored finding whose words could not be filled in is refused when it is read."""
    with pytest.raises(InvalidValueError) as raised:
        made(Finding, **{field: text})

    assert (
        f"Finding.{field}",
        text,
        "a text with fields such as {subject} or {sold_at}, and no other braces",
    ) == raised.value.args


def test_facts_are_kept_sorted() -> None:
    """Two findings with the same facts are equal, whatever their order."""
    one, other = (
        made(Finding, facts=facts) for facts in ([("b", 1), ("a", 2)], [("a", 2), ("b", 1)])
    )

    assert one == other
    assert made(Finding, client_text=None) != one
    assert isinstance(decide(case()), Decision)
