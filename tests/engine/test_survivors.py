"""What mutation testing found that no other test was looking at: small things, one test each."""

from dataclasses import replace
from datetime import datetime

import pytest

from pkgredeem import (
    Act,
    Actor,
    Audience,
    Balance,
    Bucket,
    Case,
    Cover,
    Ending,
    InvalidValueError,
    Movement,
    RedemptionPolicy,
    Scope,
    Service,
    Settlement,
    clauses,
    rule,
    rules,
)
from pkgredeem._model.rule import implements
from tests.helpers.house_rules import HOUSE
from tests.helpers.support import (
    ANA,
    AUCKLAND,
    DAY,
    INSTANT,
    NOW,
    START,
    account,
    booking,
    case,
    codes,
    credit,
    decide,
    package,
    redemption,
)

MOVED = Movement(
    booking_id="b1",
    package_id="p1",
    entitlement_id="facial",
    credits=1,
    source=Bucket.AVAILABLE,
    target=Bucket.RESERVED,
    act=Act.BOOK,
    at=NOW,
    by=Actor.CLIENT,
)


@rule(Scope.BOOKING, clauses=[HOUSE], message="a massage", advice="book something else")
def no_massage(case: Case, cover: Cover) -> bool:  # noqa: ARG001 - a rule of this scope takes both
    """The first service is a massage."""
    return case.booking.lines[0].service.id == "massage"


def test_a_package_that_ended_with_the_start_is_over_for_a_walk_in() -> None:
    """At the start itself a package that ends there is over, and already over at that moment."""
    found = decide(case(packages=[package(valid_until=START)], now=START))

    assert ["package_over", "appointment_started"] == codes(found)


def test_a_package_is_sold_by_the_instant_of_its_sale() -> None:
    """The instant itself counts, the one before it does not, and an unknown sale always does."""
    sold = package(sold_at=START)

    assert [False, True, True] == [sold.is_sold_by(START + n * INSTANT) for n in (-1, 0, 1)]
    assert package().is_sold_by(START)


def test_a_package_has_credit_while_any_entitlement_has() -> None:
    """One credit in the last entitlement is enough; none anywhere is none."""
    assert package("p1", credit("facial", left=0), credit("massage", left=1)).has_credit
    assert not package("p1", credit("facial", left=0), credit("massage", left=0)).has_credit


def test_what_was_sold_is_the_sum_of_the_four_buckets() -> None:
    """Nothing of a balance is left out of the sum."""
    assert 10 == Balance(available=1, reserved=2, redeemed=3, forfeited=4).sold


def test_a_movement_goes_to_another_bucket() -> None:
    """The error names the field, the bucket and what is allowed."""
    with pytest.raises(InvalidValueError) as same:
        replace(MOVED, target=Bucket.AVAILABLE)

    assert (
        "Movement.target",
        Bucket.AVAILABLE,
        "a bucket other than the source",
    ) == same.value.args


def test_a_balance_says_what_is_wrong_with_what_it_is_made_of() -> None:
    """A negative sale, a wrong item, and the movements of two entitlements are each named."""
    with pytest.raises(InvalidValueError) as negative:
        Balance.of(-1, [])
    with pytest.raises(InvalidValueError) as wrong:
        Balance.of(1, ["booked"])  # type: ignore[list-item]  # what must be refused
    with pytest.raises(InvalidValueError) as two:
        Balance.of(1, [MOVED, replace(MOVED, entitlement_id="massage")])

    assert ("sold", -1, "a whole number of 0 or more") == negative.value.args
    assert "movements[0]" == wrong.value.field
    owners = [("p1", "facial"), ("p1", "massage")]
    assert ("movements", owners, "the movements of one entitlement") == two.value.args


def test_local_time_is_told_of_an_instant_only() -> None:
    """Without a zone of the account, or of the datetime, the error says what is missing."""
    with pytest.raises(InvalidValueError) as no_zone:
        case().local(NOW)
    with pytest.raises(InvalidValueError) as naive:
        case(account=account(time_zone=AUCKLAND)).local(datetime(2026, 5, 1))  # noqa: DTZ001 - what must be refused

    assert ("AccountSettings.time_zone", None) == no_zone.value.args[:2]
    assert "moment" == naive.value.field


def test_an_answer_is_neither_true_nor_false() -> None:
    """Whoever asks is told what to ask instead."""
    with pytest.raises(TypeError) as of_decision:
        bool(decide(case()))
    with pytest.raises(TypeError) as of_settlement:
        bool(RedemptionPolicy().cancel(redemption(), by=Actor.CLIENT, now=NOW))

    assert "a Decision is neither true nor false: use .eligible" == str(of_decision.value)
    told = "a Settlement is neither true nor false: use .allowed or .returned"
    assert told == str(of_settlement.value)


def test_a_note_is_empty_unless_it_is_given() -> None:
    """Nothing is written where nobody wrote anything."""
    policy, made = RedemptionPolicy(), redemption("facial", "massage")
    decision = policy.decide(
        account=account(), client=ANA, packages=[package()], booking=booking(), now=NOW
    )
    settlements: list[Settlement] = [
        policy.cancel(made, by=Actor.CLIENT, now=NOW),
        policy.no_show(made, now=START),
        policy.complete(made, now=NOW),
    ]
    moved = policy.reschedule(
        made, starts_at=START + DAY, by=Actor.CLIENT, now=NOW, packages=[package()]
    ).change

    assert decision.note == ""
    assert [""] * 3 == [
        each.change.movements[0].note for each in settlements if each.change is not None
    ]
    assert moved is not None
    assert moved.after.reschedules[0].note == ""


def test_deciding_adds_back_what_exists_however_it_is_asked() -> None:
    """`decide` hands over the existing redemption, as `decide_case` does."""
    made = redemption()
    found = RedemptionPolicy().decide(
        account=account(),
        client=ANA,
        packages=[package("p1", credit("facial", left=0))],
        booking=made.booking,
        now=NOW,
        existing=made,
    )

    assert found.eligible
    assert found.recorded


def _menu(*services: object, packages: object) -> dict[str, bool]:
    policy = RedemptionPolicy(rules.TIMELY_2026_03.including(no_massage))
    return dict(
        policy.menu(
            account=account(),
            client=ANA,
            packages=packages,  # type: ignore[arg-type]  # also what must be refused
            services=services,  # type: ignore[arg-type]  # also what must be refused
            starts_at=START,
            now=NOW,
        )
    )


def test_a_menu_asks_a_rule_of_the_house_about_each_service() -> None:
    """A rule that looks at the service is asked of each one, not of one for all."""
    held = [package("p1", credit("facial", "massage", left=2))]
    massage, facial = Service(id="massage"), Service(id="facial")

    assert {"massage": False, "facial": True} == _menu(massage, facial, packages=held)
    assert {"facial": True, "massage": False} == _menu(facial, massage, packages=held)


def test_a_menu_names_what_is_wrong_with_it() -> None:
    """A wrong service and a wrong package are named by their place."""
    with pytest.raises(InvalidValueError) as of_services:
        _menu("facial", packages=[])
    with pytest.raises(InvalidValueError) as of_packages:
        _menu(Service(id="facial"), packages=["p1"])

    assert "services[0]" == of_services.value.field
    assert "packages[0]" == of_packages.value.field


def test_what_a_function_encodes_can_be_read_off_it() -> None:
    """The clauses are noted on the function, and the function is the same."""

    def plain() -> None: ...

    noted = implements(clauses.T01, clauses.D02)(plain)

    assert noted is plain
    assert (clauses.T01, clauses.D02) == noted.clauses  # type: ignore[attr-defined]  # the note


def test_the_zone_of_a_redemption_is_told_in_every_settlement() -> None:
    """Allowed, refused, repeated or rescheduled: times are told in the booking's zone."""
    policy, made = RedemptionPolicy(), redemption(zone=AUCKLAND)
    cancelled = policy.cancel(made, by=Actor.CLIENT, now=NOW)
    refused = policy.cancel(made, by=Actor.CLIENT, now=START)
    assert cancelled.change is not None
    again = policy.cancel(cancelled.change.after, by=Actor.CLIENT, now=NOW)
    rescheduled, unchanged = (
        policy.reschedule(made, starts_at=to, by=Actor.CLIENT, now=NOW, packages=[package()])
        for to in (START + DAY, START)
    )

    told = [each.time_zone for each in (cancelled, refused, again, rescheduled, unchanged)]
    assert [AUCKLAND] * 5 == told


def test_who_reads_is_a_member_of_audience() -> None:
    """A plain word is refused by decisions and settlements, and the error names the parameter."""
    with pytest.raises(InvalidValueError) as of_decision:
        decide(case()).explain("staff")  # type: ignore[arg-type]  # what must be refused
    with pytest.raises(InvalidValueError) as of_settlement:
        RedemptionPolicy().cancel(redemption(), by=Actor.CLIENT, now=NOW).explain("staff")  # type: ignore[arg-type]

    assert ("audience", "audience") == (of_decision.value.field, of_settlement.value.field)
    assert decide(case()).explain(Audience.STAFF)


def test_rescheduling_to_the_same_start_tells_whether_the_last_time_was_late() -> None:
    """What was recorded is told again, also of a record that this library would not make."""
    late = Ending(act=Act.RESCHEDULE, at=NOW, by=Actor.CLIENT, late=True)
    made = replace(redemption(), reschedules=(late,))
    again = RedemptionPolicy().reschedule(
        made, starts_at=START, by=Actor.BUSINESS, now=NOW, packages=[package()]
    )

    assert again.late
    assert again.change is None
