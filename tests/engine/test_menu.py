"""The menu: for each service, whether the prompt would be shown if it were booked alone (T08)."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pkgredeem import (
    Booking,
    BookingLine,
    Case,
    Client,
    Cover,
    DrawState,
    Entitlement,
    InvalidValueError,
    Package,
    RedemptionPolicy,
    Rule,
    Rulebook,
    Scope,
    Service,
    Term,
    rule,
    rules,
)
from tests.helpers.chance import SERVICES, random_case
from tests.helpers.house_rules import HOUSE, kept_for_later, more_than_two_packages, no_saved_card
from tests.helpers.support import (
    ANA,
    DAY,
    LONDON,
    NO_LIMITS,
    NOW,
    SHIPPED,
    START,
    account,
    case,
    credit,
    package,
    use,
)

MARCH = rules.TIMELY_2026_03
CASES = st.randoms(use_true_random=False).map(random_case)


@rule(Scope.CREDIT, clauses=[HOUSE], message="no massage", advice="book something else")
def pays_for_no_massage(
    case: Case,  # noqa: ARG001 - every credit rule takes all four
    package: Package,  # noqa: ARG001 - see above
    entitlement: Entitlement,  # noqa: ARG001 - see above
    line: BookingLine,
) -> bool:
    """The service is a massage."""
    return line.service.id == "massage"


@rule(Scope.CREDIT, clauses=[HOUSE], message="a mixed credit", advice="book something else")
def pays_for_its_first_service(
    case: Case,  # noqa: ARG001 - every credit rule takes all four
    package: Package,  # noqa: ARG001 - see above
    entitlement: Entitlement,
    line: BookingLine,
) -> bool:
    """The service is not the first that the entitlement names."""
    return line.service.id != min(entitlement.services)


@rule(Scope.BOOKING, clauses=[HOUSE], message="a massage", advice="book something else")
def no_massage(case: Case, cover: Cover) -> bool:  # noqa: ARG001 - a rule of this scope takes both
    """The first service is a massage."""
    return case.booking.lines[0].service.id == "massage"


@rule(Scope.BOOKING, clauses=[HOUSE], message="a facial is left", advice="book a facial")
def no_facial_left_over(case: Case, cover: Cover) -> bool:
    """Something else than a facial is paid by a package that could pay for one."""
    return case.booking.service_ids != ("facial",) and any(
        "facial" in entitlement.services
        for package in cover.usable
        for entitlement in package.entitlements
    )


LOOKING_AT_THE_SERVICE = [
    pays_for_no_massage,
    pays_for_its_first_service,
    no_massage,
    no_facial_left_over,
]
BOOKS = st.sampled_from([*SHIPPED, NO_LIMITS])
OWN = st.lists(
    st.sampled_from(
        [*LOOKING_AT_THE_SERVICE, no_saved_card, more_than_two_packages, kept_for_later]
    ),
    unique=True,
    max_size=3,
)


def menu_of(asked: Case, services: list[Service], book: Rulebook) -> dict[str, bool]:
    """Return the menu for whoever asks in the case, at its start."""
    return dict(
        RedemptionPolicy(book).menu(
            account=asked.account,
            client=asked.client,
            packages=asked.packages,
            services=services,
            starts_at=asked.booking.starts_at,
            now=asked.now,
        )
    )


def menu(*services: str, book: Rulebook = MARCH, **changed: object) -> dict[str, bool]:
    """Return for each service whether it would show the prompt."""
    return menu_of(case(**changed), [Service(id=service) for service in services], book)


def test_a_menu_shows_the_prompt_where_it_would_be_eligible() -> None:
    """Each service is asked alone, in the menu's order (T08)."""
    packages = [package("p1", credit("facial"), credit("massage", left=0))]

    prompts = menu("massage", "facial", "pedicure", packages=packages)
    assert [("massage", False), ("facial", True), ("pedicure", False)] == list(prompts.items())
    assert {} == menu(packages=packages)
    assert {"facial": False} == menu("facial", client=Client(id="ana"))
    assert {"facial": False, "massage": False} == menu("facial", "massage", packages=[])


@given(asked=CASES, book=BOOKS, own=OWN)
def test_a_menu_answers_as_each_service_booked_alone(
    asked: Case, book: Rulebook, own: list[Rule]
) -> None:
    """Whoever wrote the rules, the prompts are those of one booking a service (T08)."""
    services = [Service(id=service) for service in SERVICES]
    rulebook = book.including(*own)
    policy = RedemptionPolicy(rulebook)
    alone = {
        service.id: policy.decide(
            account=asked.account,
            client=asked.client,
            packages=asked.packages,
            booking=Booking.of(service, id="menu", starts_at=asked.booking.starts_at),
            now=asked.now,
        ).prompt
        for service in services
    }

    assert alone == menu_of(asked, services, rulebook)


@pytest.mark.parametrize("own", LOOKING_AT_THE_SERVICE, ids=lambda own: own.code)
def test_a_menu_asks_a_callers_rule_about_each_service(own: Rule) -> None:
    """A rule that looks at the service is asked of each one, not of one for all."""
    packages = [package("p1", credit("facial", "massage", left=2))]
    both = {"facial": True, "massage": False}

    assert both == menu("facial", "massage", packages=packages, book=MARCH.including(own))
    assert both == menu("massage", "facial", packages=packages, book=MARCH.including(own))
    assert {"facial": True, "massage": True} == menu("facial", "massage", packages=packages)


def test_a_menu_asks_a_package_rule_once() -> None:
    """A package rule is about the package and the start: once is enough for all services."""
    asked: list[tuple[str, object]] = []

    def noting(case: Case, package: Package) -> bool:
        asked.append((package.id, case.booking.starts_at))
        return False

    noted = rule(Scope.PACKAGE, clauses=[HOUSE], message="noted", advice="nothing")(noting)
    packages = [package("p2", client_id="eva"), package("p1", credit("facial", "massage", left=2))]
    prompts = menu(*SERVICES, packages=packages, book=MARCH.including(noted))

    assert {"facial": True, "massage": True, "pedicure": False} == prompts
    assert [("p1", START), ("p2", START)] == asked


def test_a_menu_asks_a_booking_rule_about_what_could_be_paid_for() -> None:
    """A service that no usable package names is not asked about: it can't be eligible."""
    asked: list[str] = []

    def noting(case: Case, cover: Cover) -> bool:  # noqa: ARG001 - a rule of this scope takes both
        asked.extend(case.booking.service_ids)
        return False

    noted = rule(Scope.BOOKING, clauses=[HOUSE], message="noted", advice="nothing")(noting)
    packages = [package("p1", credit("facial")), package("p2", credit("pedicure"), client_id="eva")]
    prompts = menu(*SERVICES, packages=packages, book=MARCH.including(noted))

    assert {"facial": True, "massage": False, "pedicure": False} == prompts
    assert ["facial"] == asked


@rule(Scope.BOOKING, clauses=[HOUSE], message="two packages", advice="use one up first")
def holds_two_active_packages(case: Case, cover: Cover) -> bool:  # noqa: ARG001 - see above
    """The client holds two active packages, whether both may pay or not."""
    return ["p1", "p2"] == [held.id for held in cover.active]


def test_a_menu_tells_a_booking_rule_which_packages_are_active() -> None:
    """Also those that don't pay for the service."""
    book = NO_LIMITS.including(holds_two_active_packages)
    mask = package("p2", credit("mask"))

    assert {"facial": True} == menu("facial", book=book, packages=[package("p1")])
    assert {"facial": False} == menu("facial", book=book, packages=[package("p1"), mask])


@pytest.mark.parametrize(("days_ago", "shown"), [(14, False), (15, True)])
def test_a_menu_counts_no_package_whose_term_of_first_use_is_over(
    days_ago: int, shown: bool
) -> None:
    """Two packages are one too many until the term of the first is over (D05, D53, T10)."""
    lasting = package(
        lasts=Term(days=14), uses=[use(NOW - days_ago * DAY, state=DrawState.REDEEMED)]
    )
    packages = [lasting, package("p2")]

    assert {"facial": shown} == menu("facial", packages=packages, account=account(time_zone=LONDON))


def test_a_menu_names_what_is_wrong_with_it() -> None:
    """A wrong service, a wrong package and a service that is there twice are named."""
    ask: Any = RedemptionPolicy().menu
    good = {"account": account(), "client": ANA, "starts_at": START, "now": NOW}
    with pytest.raises(InvalidValueError) as of_services:
        ask(**good, packages=[], services=["facial"])
    with pytest.raises(InvalidValueError) as of_packages:
        ask(**good, packages=["p1"], services=[Service(id="facial")])

    assert "services[0]" == of_services.value.field
    assert "packages[0]" == of_packages.value.field
    with pytest.raises(InvalidValueError) as twice:
        menu("facial", "facial")
    assert ("services", "facial", "listed only once") == twice.value.args


@pytest.mark.parametrize(
    ("name", "wrong"),
    [("account", None), ("client", "ana"), ("starts_at", None), ("now", NOW.replace(tzinfo=None))],
)
def test_a_menu_of_nothing_is_checked_all_the_same(name: str, wrong: object) -> None:
    """Whether there is a service makes no difference to what is wrong with the rest."""
    asked = case()
    arguments = {
        "account": asked.account,
        "client": asked.client,
        "packages": (),
        "services": (),
        "starts_at": START,
        "now": NOW,
    }
    ask: Any = RedemptionPolicy().menu
    with pytest.raises(InvalidValueError) as refused:
        ask(**(arguments | {name: wrong}))

    assert name == refused.value.field.rpartition(".")[2]
