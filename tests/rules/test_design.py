"""Clauses and decisions that no single rule can keep: what the library is built never to do."""

import ast
import dataclasses
import inspect
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

import pytest

import pkgredeem
from pkgredeem import (
    AccountSettings,
    Act,
    Actor,
    Balance,
    Bucket,
    CardCaptureOutcome,
    Change,
    Client,
    ConflictError,
    CreditOutcome,
    DepositOutcome,
    Package,
    PackageStatus,
    PickedFrom,
    Redemption,
    RedemptionDesk,
    RedemptionPolicy,
    Rulebook,
    rules,
    stores,
)
from tests.helpers.modules import modules, room
from tests.helpers.samples import SAMPLES
from tests.helpers.support import (
    ANA,
    DAY,
    INSTANT,
    NOW,
    SHIPPED,
    START,
    account,
    after,
    booking,
    case,
    credit,
    decide,
    draws,
    line,
    package,
    redemption,
    rescheduled,
)

POLICY = RedemptionPolicy()
#: A store that is ready made waits for its turn and reaches a file, and is no part of the core.
READY_MADE = tuple(
    f"pkgredeem.stores.{name}" for name in ("memory", "sqlite", "sqlalchemy", "django")
)
CORE = [
    name
    for name in modules()
    if room(name) not in {"documents", "testing", "cli"} and not name.startswith(READY_MADE)
]
CLOCKS = "now utcnow today time_ns monotonic perf_counter localtime gmtime"
#: Modules through which a core module could reach a clock, chance, a file or a network.
REACHING_OUT = (
    "asyncio io locale logging os pathlib random secrets socket sqlite3 subprocess"
    " threading time urllib uuid"
)


def field_names(*kinds: type) -> Iterator[str]:
    """List the fields of these values, of all public values when none are named."""
    for kind in kinds or SAMPLES:
        for each in dataclasses.fields(kind):
            yield f"{kind.__name__}.{each.name}"


def public_words() -> Iterator[str]:
    """List every word of every public name, method, field and parameter of the core and stores."""
    for name in pkgredeem.__all__:
        value = getattr(pkgredeem, name)
        yield name.lower()
        for inner, member in inspect.getmembers(value):
            if not inner.startswith("_"):
                yield from inner.lower().split("_")
                if inspect.isfunction(member):
                    for parameter in inspect.signature(member).parameters:
                        yield from parameter.lower().split("_")


def words_of(texts: Iterable[str]) -> set[str]:
    """Return the words of some texts."""
    return {word for text in texts for word in text.replace(",", " ").split()}


def test_no_choice_exists_package_by_package() -> None:
    """Switched on, online redemption holds for all packages: no field chooses one (T06)."""
    chooses = {name for name in field_names(Package, AccountSettings) if "online" in name}
    several = [package("p1"), package("p2", valid_until=START + DAY), package("p3", priority=9)]

    assert {"AccountSettings.online_redemption"} == chooses
    assert [True, True, True] == [decide(case(packages=[each])).eligible for each in several]
    assert [False, False, False] == [
        decide(case(packages=[each], account=account(online_redemption=False))).eligible
        for each in several
    ]


def test_no_operation_sells_a_package() -> None:
    """Nothing here sells a package, online or elsewhere, and nothing knows a price (T11)."""
    commerce = {"sell", "sale", "buy", "purchase", "price", "amount", "currency", "checkout"}

    assert set() == commerce & set(public_words())
    assert ["commit", "packages_of", "redemption"] == sorted(
        name for name in vars(stores.RedemptionStore) if not name.startswith("_")
    )
    assert {Act.BOOK, Act.CANCEL, Act.NO_SHOW, Act.COMPLETE, Act.RESCHEDULE, Act.FORGIVE} == set(
        Act
    )
    # Every movement starts in a bucket: none of them brings credits into the world.
    assert {Bucket.AVAILABLE, Bucket.RESERVED, Bucket.REDEEMED, Bucket.FORFEITED} == set(Bucket)


@pytest.mark.parametrize("rulebook", SHIPPED, ids=lambda book: book.name)
@pytest.mark.parametrize(
    "services", [("facial",), ("massage",), ("facial", "massage"), ("facial",) * 2]
)
def test_menu_and_add_on_decide_alike(rulebook: Rulebook, services: tuple[str, ...]) -> None:
    """Where a service was picked changes nothing of the answer (T15)."""
    menu, add_on = (
        decide(case(*(line(each, picked_from=where) for each in services)), rulebook)
        for where in PickedFrom
    )

    assert (menu.reasons, menu.notes, draws(menu)) == (add_on.reasons, add_on.notes, draws(add_on))
    assert (menu.deposit, menu.card_capture) == (add_on.deposit, add_on.card_capture)


def test_booking_takes_the_credits() -> None:
    """The change of a yes moves one credit for each line out of what is available (T16)."""
    held = package("p1", credit("facial", left=3), credit("massage"))
    change = decide(case("facial", "massage", "facial", packages=[held])).change

    assert change is not None
    assert [("facial", 2, -2), ("massage", 1, -1)] == [
        (each.entitlement_id, each.credits, each.available_delta) for each in change.movements
    ]
    assert Balance(available=1, reserved=2, redeemed=0, forfeited=0) == Balance.of(
        3, change.movements[:1]
    )


def test_booking_puts_no_card_on_file() -> None:
    """No answer holds a card, and one saved earlier changes nothing but the note of D28 (T21)."""
    asked = account(card_capture=True)
    saved = Client(id="ana", logged_in=True, has_saved_card=True)
    with_card, without = decide(case(account=asked, client=saved)), decide(case(account=asked))

    assert {
        "AccountSettings.card_capture",
        "Client.has_saved_card",
        "Decision.card_capture",
        "Redemption.card_capture",
    } == {name for name in field_names() if "card" in name}
    assert CardCaptureOutcome.BYPASSED == with_card.card_capture == without.card_capture
    assert with_card.redemption == without.redemption


def test_what_a_client_is_told_holds_no_detail() -> None:
    """No text for a client holds a digit, a field or a word about what is left (T25, D24).

    Whoever cancels is told what becomes of the credit, and no more than that.
    """
    booking = [*rules.TIMELY_2026_03.rules, *rules.acts.REFUSALS, *rules.acts.NOTES]
    texts = [
        rules.PROMPT,
        rules.NEUTRAL,
        *(rule.client_text for rule in booking if rule.client_text),
    ]
    of_returns = [rule.client_text or "" for rule in rules.acts.NOTES_OF_RETURNS]
    detail = {"left", "remaining", "balance", "credit", "credits", "expired"}

    assert [] == [
        text for text in texts + of_returns if any(sign.isdigit() or sign in "{}" for sign in text)
    ]
    assert set() == detail & words_of(texts)
    assert {"credit"} == detail & words_of(of_returns)


def test_an_act_asks_for_nothing_that_may_have_changed() -> None:
    """No account and no client is handed to an act, so none can change its answer (D11).

    A move alone takes both: for local time, and for whose booking it is (D58).
    """
    acts = {
        name: set(inspect.signature(getattr(RedemptionPolicy, name)).parameters)
        for name in ("cancel", "no_show", "complete", "forgive", "reschedule")
    }
    late = START - INSTANT

    assert {name: set() for name in acts} | {"reschedule": {"account", "client"}} == {
        name: taken & {"account", "client", "settings", "rulebook"} for name, taken in acts.items()
    }
    assert 1 == len(
        {
            RedemptionPolicy(book).cancel(redemption(), by=Actor.CLIENT, now=late)
            for book in (*SHIPPED, rules.TIMELY_2026_03.without(rules.mixed_booking))
        }
    )


@pytest.mark.parametrize(
    ("today", "usable"),
    [
        (package(valid_until=NOW), False),
        (package(status=PackageStatus.ARCHIVED), False),
        (package(client_id="beth"), True),
        (package("p1", credit("pedicure", left=9)), False),
    ],
    ids=["over", "archived", "given away", "other entitlements"],
)
def test_a_credit_returns_to_where_it_came_from(today: Package, usable: bool) -> None:
    """Whatever has become of the package, the return goes back to its entitlement (D13).

    Whose the package is now says nothing of its use, and an entitlement that is gone is of none.
    """
    settlement = POLICY.cancel(redemption(), by=Actor.CLIENT, now=NOW, packages=[today])

    assert settlement.change is not None
    assert [("p1", "facial", Bucket.AVAILABLE)] == [
        (each.package_id, each.entitlement_id, each.target) for each in settlement.change.movements
    ]
    assert (True, usable) == (settlement.allowed, settlement.credit_usable)


def test_a_refusal_lets_nothing_go() -> None:
    """Who lost the race for the last credit pays deposit and card as for any booking (D14)."""
    asked = account(deposit_required=True, card_capture=True)
    won, lost = (
        decide(case(account=asked)),
        decide(case(account=asked, packages=[package("p1", credit("facial", left=0))])),
    )

    assert (DepositOutcome.WAIVED, CardCaptureOutcome.BYPASSED) == (won.deposit, won.card_capture)
    assert (DepositOutcome.COLLECT, CardCaptureOutcome.CAPTURE) == (lost.deposit, lost.card_capture)
    assert (None, None) == (lost.redemption, lost.change)


@pytest.mark.parametrize("module", CORE)
def test_the_core_reads_no_clock_and_reaches_nowhere(module: str) -> None:
    """The present is always handed in; no core module imports what could tell it (D15)."""
    tree = modules()[module]
    called = {
        node.func.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    imported = {
        name.partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [each.name for each in node.names]
        )
    }

    assert set() == set(CLOCKS.split()) & called
    assert set() == set(REACHING_OUT.split()) & imported


def test_no_value_knows_a_fee() -> None:
    """A settlement says that a cancellation was late; what that costs is the caller's (D29)."""
    settlement = POLICY.cancel(redemption(), by=Actor.CLIENT, now=START - INSTANT)

    assert (True, CreditOutcome.FORFEIT) == (settlement.late, settlement.outcome)
    assert [] == [name for name in field_names() if "fee" in name.lower().split(".")[1].split("_")]


def test_a_part_of_a_booking_is_cancelled_by_itself() -> None:
    """One line's credit is settled, the other stays, and T17 is not judged again (D30)."""
    settlement = POLICY.cancel(redemption("facial", "massage"), by=Actor.CLIENT, now=NOW, lines=[1])

    assert settlement.change is not None
    assert settlement.allowed
    assert ["reserved", "returned"] == [draw.state for draw in settlement.change.after.draws]
    assert () == settlement.findings


def test_every_act_keeps_who_and_why() -> None:
    """The note and the actor of each act stay with what it did; forgiving needs one (D36)."""
    booked = POLICY.decide_case(case(by=Actor.BUSINESS, note="at the desk")).change
    assert booked is not None
    done = POLICY.complete(booked.after, now=START, note="came early").change
    assert done is not None
    forgiven = POLICY.forgive(done.after, now=START, note="unhappy").change
    assert forgiven is not None
    moved = after(rescheduled(booked.after, note="ill"))

    assert [
        (Act.BOOK, Actor.BUSINESS, "at the desk"),
        (Act.COMPLETE, Actor.BUSINESS, "came early"),
        (Act.FORGIVE, Actor.BUSINESS, "unhappy"),
    ] == [
        (each.act, each.by, each.note)
        for change in (booked, done, forgiven)
        for each in change.movements
    ]
    (record,) = moved.reschedules
    assert (Act.RESCHEDULE, Actor.CLIENT, "ill") == (record.act, record.by, record.note)


def test_what_nobody_completes_stays_reserved() -> None:
    """Time alone changes nothing: completing is as possible years later as it was (D38)."""
    years_later = START + timedelta(days=4_000)
    settlement = POLICY.complete(redemption(), now=years_later)

    assert redemption().is_open
    assert settlement.change is not None
    assert [(Bucket.RESERVED, Bucket.REDEEMED)] == [
        (each.source, each.target) for each in settlement.change.movements
    ]


def test_no_value_names_its_account() -> None:
    """A store belongs to one account: no value tells to which one it belongs (D39)."""
    assert [] == [name for name in field_names() if "account_id" in name]
    assert ["Case.account"] == [name for name in field_names() if name.endswith(".account")]


class Rush:
    """A store in which somebody else is always quicker."""

    def __init__(self) -> None:
        """Count the commits that were tried."""
        self.tried = 0

    def packages_of(
        self,
        client_id: str,
        *,
        not_over_at: datetime,  # noqa: ARG002 (the protocol's)
        also: object = (),  # noqa: ARG002 (the protocol's)
    ) -> list[Package]:
        """Return one package with a credit."""
        return [package(client_id=client_id)]

    def redemption(self, booking_id: str) -> Redemption | None:  # noqa: ARG002 (the protocol's)
        """Know of none."""
        return None

    def commit(self, *changes: Change) -> None:  # noqa: ARG002 (the protocol's)
        """Refuse every commit."""
        self.tried += 1
        raise ConflictError


def test_the_desk_gives_up_after_its_attempts() -> None:
    """After a bounded number of conflicts the desk says so, and invents no answer (D35)."""
    store = Rush()
    desk = RedemptionDesk(POLICY, store, attempts=3)

    with pytest.raises(ConflictError):
        desk.redeem(account=account(), client=ANA, booking=booking(), now=NOW)
    assert 3 == store.tried
