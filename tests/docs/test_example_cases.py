"""The example cases of the documentation, against answers worked out by hand.

Every answer below was derived from the clauses and decisions, never from what the library says.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from pkgredeem import (
    Actor,
    CardCaptureOutcome,
    CreditOutcome,
    Decision,
    DepositOutcome,
    RedemptionPolicy,
    Scope,
    Settlement,
)
from pkgredeem.clauses import ARTICLE, DECISIONS
from pkgredeem.documents import load_case
from pkgredeem.rules import (
    IN_STORE,
    ONLINE,
    TIMELY_2026_03,
    TIMELY_2026_04,
    mixed_booking,
    several_active_packages,
)
from tests.docs.plan_answers import PLANS
from tests.helpers.example_answers import (
    APRIL,
    DEFAULT,
    DESK,
    MIXED_ALLOWED,
    ONLINE_TOO,
    SEVERAL_ALLOWED,
    Answer,
    eligible,
    refused,
)

CASES = Path(__file__).parents[2] / "docs" / "examples" / "cases"

RULEBOOKS = {
    DEFAULT: TIMELY_2026_03,
    APRIL: TIMELY_2026_04,
    DESK: IN_STORE,
    ONLINE_TOO: ONLINE,
    MIXED_ALLOWED: TIMELY_2026_03.without(mixed_booking),
    SEVERAL_ALLOWED: TIMELY_2026_03.without(several_active_packages),
}

# The only cases that the two editions answer differently: the date of T02 lies between them.
BETWEEN_THE_EDITIONS = {"new-account-starts-on"}


EXPECTED: Mapping[tuple[str, str], Answer] = {
    **PLANS,
    ("off-by-default", DEFAULT): refused("online_redemption_off"),
    ("new-account-starts-on", DEFAULT): eligible(
        (0, "massages-mia", "main"), free_until="2026-05-19T17:30:00+12:00"
    ),
    ("activated-on-the-day-itself", DEFAULT): refused("online_redemption_off"),
    ("activated-after-29-april", DEFAULT): eligible((0, "yoga-olivia", "main")),
    ("switched-on-by-choice", DEFAULT): eligible(
        (0, "blow-dries-grace", "main"), free_until="2026-04-23T18:30:00-04:00"
    ),
    ("switched-off-by-choice", DEFAULT): refused("online_redemption_off"),
    ("account-on-legacy-packages", DEFAULT): refused(
        "account_on_legacy_packages", "legacy_package"
    ),
    ("client-login-disabled", DEFAULT): refused("client_login_disabled", "client_not_logged_in"),
    ("client-not-logged-in", DEFAULT): refused("client_not_logged_in"),
    ("guest-pays-as-usual", DEFAULT): refused(
        "client_not_logged_in",
        "no_package",
        deposit=DepositOutcome.COLLECT,
        card_capture=CardCaptureOutcome.CAPTURE,
    ),
    ("guest-with-a-package-of-somebody", DEFAULT): refused(
        "client_not_logged_in", "package_of_another_client", "no_package"
    ),
    ("package-of-a-sister", DEFAULT): refused("package_of_another_client", "no_package"),
    ("package-of-a-sister-beside-her-own", DEFAULT): eligible(
        (0, "facials-isla", "main"),
        free_until="2026-06-19T10:30:00+01:00",
        notes=("package_of_another_client",),
    ),
    ("no-package", DEFAULT): refused("no_package", deposit=DepositOutcome.COLLECT),
    ("package-sold-tomorrow", DEFAULT): refused("package_not_sold_yet"),
    ("package-sold-this-moment", DEFAULT): eligible(
        (0, "waxes-ruby", "main"), free_until="2026-06-09T12:00:00+12:00"
    ),
    ("concession-in-a-new-account", DEFAULT): refused("legacy_package"),
    ("concession-beside-a-new-package", DEFAULT): eligible(
        (0, "facials-chloe", "main"),
        free_until="2026-06-11T09:30:00+10:00",
        notes=("legacy_package",),
    ),
    ("archived-package", DEFAULT): refused("package_archived"),
    ("package-not-started", DEFAULT): refused("package_not_started"),
    ("starts-with-its-package", DEFAULT): eligible(
        (0, "winter-peels-ella", "main"), free_until="2026-06-30T09:00:00+12:00"
    ),
    ("package-over", DEFAULT): refused("package_over"),
    ("package-over-by-then", DEFAULT): refused("package_over_by_then"),
    ("package-ends-as-the-appointment-starts", DEFAULT): refused("package_over_by_then"),
    ("last-valid-day-counts-whole", DEFAULT): eligible(
        (0, "facials-aroha", "main"), free_until="2026-08-31T17:30:00+12:00"
    ),
    ("six-months-from-31-march", DEFAULT): refused("package_over_by_then"),
    ("package-used-up", DEFAULT): refused("package_used_up", deposit=DepositOutcome.COLLECT),
    ("two-active-packages", DEFAULT): refused("several_active_packages"),
    ("which-package-pays-first", DEFAULT): refused("several_active_packages"),
    ("two-packages-and-a-paid-service", DEFAULT): refused(
        "several_active_packages",
        "service_not_in_package",
        "mixed_booking",
        deposit=DepositOutcome.COLLECT,
        card_capture=CardCaptureOutcome.CAPTURE,
    ),
    ("second-package-ends-before-the-appointment", DEFAULT): refused(
        "several_active_packages", notes=("package_over_by_then",)
    ),
    ("second-package-starts-next-month", DEFAULT): eligible(
        (0, "massages-harry-old", "main"),
        free_until="2026-06-04T18:00:00+01:00",
        notes=("package_not_started",),
    ),
    ("five-facials", DEFAULT): eligible(
        (0, "five-facials-isla", "main"), free_until="2026-06-02T11:30:00+01:00"
    ),
    ("manicure-and-pedicure", DEFAULT): eligible(
        (0, "hands-and-feet-ava", "manicures"),
        (1, "hands-and-feet-ava", "pedicures"),
        free_until="2026-05-14T17:00:00-04:00",
    ),
    ("add-on-counts", DEFAULT): eligible(
        (0, "facial-and-mask-aroha", "facials"), (1, "facial-and-mask-aroha", "masks")
    ),
    ("one-credit-for-any-massage", DEFAULT): eligible(
        (0, "any-massage-liam", "main"),
        free_until="2026-07-17T15:00:00+10:00",
    ),
    ("shared-credit-goes-where-it-must", DEFAULT): eligible(
        (0, "glow-choice-zoe", "facial-mask-or-massage"),
        (1, "glow-choice-zoe", "facial-or-peel"),
        free_until="2026-07-17T16:30:00+10:00",
    ),
    ("last-credit-is-enough", DEFAULT): eligible(
        (0, "facials-aroha", "main"), free_until="2026-05-11T14:00:00+12:00"
    ),
    ("not-enough-credits", DEFAULT): refused("not_enough_credits", "mixed_booking"),
    ("pedicures-left-but-no-manicure", DEFAULT): refused("not_enough_credits"),
    ("service-not-in-package", DEFAULT): refused(
        "service_not_in_package", card_capture=CardCaptureOutcome.CAPTURE
    ),
    ("package-and-paid-service", DEFAULT): refused(
        "service_not_in_package",
        "mixed_booking",
        deposit=DepositOutcome.COLLECT,
        card_capture=CardCaptureOutcome.CAPTURE,
    ),
    ("deposit-for-the-covered-service-only", DEFAULT): refused(
        "service_not_in_package",
        "mixed_booking",
        deposit=DepositOutcome.COLLECT,
        card_capture=CardCaptureOutcome.CAPTURE,
    ),
    ("free-consultation-beside-a-facial", DEFAULT): eligible(
        (1, "facials-freya", "main"),
        free_until="2026-06-09T16:00:00+01:00",
        deposit=DepositOutcome.WAIVED,
    ),
    ("nothing-to-pay", DEFAULT): refused("nothing_to_pay"),
    ("walk-in-already-started", DEFAULT): refused("appointment_started"),
    ("late-exchange-of-a-booking", DEFAULT): refused("late_change"),
    ("exchange-after-the-start", DEFAULT): refused("changes_closed"),
    ("exchange-from-an-archived-package", DEFAULT): eligible(
        (0, "massages-mia", "main"),
        free_until="2026-06-09T10:00:00+12:00",
        notes=("package_archived", "credit_not_usable"),
    ),
    ("asked-again-after-another-sale", DEFAULT): eligible((0, "facials-hana-march", "main")),
    ("several-reasons-at-once", DEFAULT): refused(
        "online_redemption_off",
        "client_login_disabled",
        "client_not_logged_in",
        "package_archived",
        "package_over",
        "package_of_another_client",
        "package_used_up",
        deposit=DepositOutcome.COLLECT,
        card_capture=CardCaptureOutcome.CAPTURE,
    ),
    ("deposit-waived", DEFAULT): eligible(
        (0, "laser-amelia", "main"),
        free_until="2026-05-18T10:00:00+01:00",
        deposit=DepositOutcome.WAIVED,
    ),
    ("no-deposit-due-for-this-service", DEFAULT): eligible(
        (0, "facials-freya", "main"), free_until="2026-05-18T11:00:00+01:00"
    ),
    ("card-page-bypassed", DEFAULT): eligible(
        (0, "massages-noah", "main"),
        free_until="2026-05-08T10:00:00-04:00",
        notes=("no_card_on_file",),
        card_capture=CardCaptureOutcome.BYPASSED,
    ),
    ("card-page-bypassed-with-a-saved-card", DEFAULT): eligible(
        (0, "massages-james", "main"),
        free_until="2026-05-08T11:30:00-04:00",
        deposit=DepositOutcome.WAIVED,
        card_capture=CardCaptureOutcome.BYPASSED,
    ),
    ("no-cancellation-terms", DEFAULT): eligible((0, "pilates-poppy", "main")),
    ("late-cancellation-returns-the-credit", DEFAULT): eligible(
        (0, "massages-liam", "main"), free_until="2026-07-22T15:00:00+10:00"
    ),
    ("booked-inside-the-window", DEFAULT): eligible(
        (0, "massages-mia", "main"), free_until="2026-05-20T09:00:00+12:00"
    ),
    ("window-across-the-start-of-daylight-saving", DEFAULT): eligible(
        (0, "peels-ella", "main"), free_until="2026-09-26T09:00:00+12:00"
    ),
    ("new-account-starts-on", APRIL): refused("online_redemption_off"),
    ("activated-after-29-april", APRIL): eligible((0, "yoga-olivia", "main")),
    ("archived-package", APRIL): refused("package_archived"),
    ("client-not-logged-in", DESK): eligible(
        (0, "facials-aroha", "main"), free_until="2026-05-14T14:00:00+12:00"
    ),
    ("concession-in-a-new-account", DESK): eligible(
        (0, "concession-chloe", "main"), free_until="2026-06-11T09:30:00+10:00"
    ),
    ("archived-package", DESK): eligible(
        (0, "summer-massages-nikau", "main"), free_until="2026-05-21T16:00:00+12:00"
    ),
    ("walk-in-already-started", DESK): eligible(
        (0, "physio-tane", "main"), free_until="2026-06-23T14:00:00+12:00"
    ),
    ("package-over", DESK): refused("package_over"),
    ("exchange-after-the-start", DESK): refused("changes_closed"),
    ("new-account-starts-on", ONLINE_TOO): refused("online_redemption_off"),
    ("client-not-logged-in", ONLINE_TOO): refused("client_not_logged_in"),
    ("two-active-packages", ONLINE_TOO): eligible(
        (0, "facials-hana-march", "main"), free_until="2026-07-06T10:00:00+12:00"
    ),
    ("two-packages-and-a-paid-service", ONLINE_TOO): eligible(
        (0, "facials-hana-march", "main"),
        (1, "manicures-hana", "main"),
        free_until="2026-07-07T10:00:00+12:00",
        notes=("service_not_in_package",),
        deposit=DepositOutcome.COLLECT,
        card_capture=CardCaptureOutcome.CAPTURE,
    ),
    ("two-active-packages", SEVERAL_ALLOWED): eligible(
        (0, "facials-hana-march", "main"), free_until="2026-07-06T10:00:00+12:00"
    ),
    ("which-package-pays-first", SEVERAL_ALLOWED): eligible(
        (0, "gift-hana", "main"),
        (1, "hands-and-feet-hana", "main"),
        free_until="2026-07-06T11:00:00+12:00",
    ),
    ("second-package-ends-before-the-appointment", SEVERAL_ALLOWED): eligible(
        (0, "massages-harry-new", "main"),
        free_until="2026-06-04T18:00:00+01:00",
        notes=("package_over_by_then",),
    ),
    ("not-enough-credits", MIXED_ALLOWED): eligible(
        (0, "massages-noah", "main"),
        free_until="2026-06-11T19:00:00-04:00",
        notes=("not_enough_credits",),
    ),
    ("package-and-paid-service", MIXED_ALLOWED): eligible(
        (0, "facials-hana", "main"),
        free_until="2026-06-02T10:00:00+12:00",
        notes=("service_not_in_package",),
        deposit=DepositOutcome.COLLECT,
        card_capture=CardCaptureOutcome.CAPTURE,
    ),
    ("deposit-for-the-covered-service-only", MIXED_ALLOWED): eligible(
        (0, "facials-hana", "main"),
        free_until="2026-06-02T10:00:00+12:00",
        notes=("service_not_in_package",),
        deposit=DepositOutcome.WAIVED,
        card_capture=CardCaptureOutcome.CAPTURE,
    ),
}


@dataclass(frozen=True)
class Ended:
    """What is compared of a settlement."""

    credit: str
    late: bool
    codes: tuple[str, ...]


CANCELLED: Mapping[tuple[str, str, Actor], Ended] = {
    ("last-credit-is-enough", "2026-05-11T14:00:00+12:00", Actor.CLIENT): Ended(
        "returned", late=False, codes=()
    ),
    ("last-credit-is-enough", "2026-05-11T14:00:01+12:00", Actor.CLIENT): Ended(
        "forfeited", late=True, codes=("late_cancellation",)
    ),
    ("last-credit-is-enough", "2026-05-12T13:59:59+12:00", Actor.BUSINESS): Ended(
        "returned", late=False, codes=()
    ),
    ("last-credit-is-enough", "2026-07-21T00:00:00+12:00", Actor.BUSINESS): Ended(
        "returned", late=False, codes=("credit_not_usable",)
    ),
    ("late-cancellation-returns-the-credit", "2026-07-23T15:00:00+10:00", Actor.CLIENT): Ended(
        "returned", late=True, codes=("late_cancellation",)
    ),
    ("no-cancellation-terms", "2026-07-23T17:59:59+01:00", Actor.CLIENT): Ended(
        "returned", late=False, codes=()
    ),
    ("no-cancellation-terms", "2026-07-23T18:00:00+01:00", Actor.CLIENT): Ended(
        "refused", late=False, codes=("changes_closed",)
    ),
    ("no-cancellation-terms", "2026-07-23T18:00:00+01:00", Actor.BUSINESS): Ended(
        "returned", late=False, codes=()
    ),
    ("booked-inside-the-window", "2026-05-20T18:05:00+12:00", Actor.CLIENT): Ended(
        "forfeited",
        late=True,
        codes=("booked_inside_the_window",),
    ),
    (
        "window-across-the-start-of-daylight-saving",
        "2026-09-26T09:00:00+12:00",
        Actor.CLIENT,
    ): Ended("returned", late=False, codes=()),
    (
        "window-across-the-start-of-daylight-saving",
        "2026-09-26T09:00:01+12:00",
        Actor.CLIENT,
    ): Ended("forfeited", late=True, codes=("late_cancellation",)),
    ("unlimited-with-terms-of-its-own", "2026-05-06T06:00:00-04:00", Actor.CLIENT): Ended(
        "returned", late=False, codes=()
    ),
    ("unlimited-with-terms-of-its-own", "2026-05-06T07:00:00-04:00", Actor.CLIENT): Ended(
        "returned", late=True, codes=("late_cancellation",)
    ),
    ("unlimited-with-terms-of-its-own", "2026-05-06T15:00:00-04:00", Actor.CLIENT): Ended(
        "returned", late=True, codes=("late_cancellation",)
    ),
    ("unlimited-with-terms-of-its-own", "2026-05-06T15:01:00-04:00", Actor.CLIENT): Ended(
        "forfeited", late=True, codes=("late_cancellation",)
    ),
}

# The codes that a decision can give, in their fixed order.
CODES = (
    "account_on_legacy_packages",
    "online_redemption_off",
    "client_login_disabled",
    "client_not_logged_in",
    "several_active_packages",
    "package_of_another_client",
    "package_not_sold_yet",
    "legacy_package",
    "package_archived",
    "package_not_started",
    "package_over",
    "package_over_by_then",
    "package_used_up",
    "package_void",
    "package_suspended",
    "package_booking_over",
    "package_paused",
    "outside_first_use_term",
    "package_not_chosen",
    "service_not_in_package",
    "not_enough_credits",
    "cost_unknown",
    "credit_not_started",
    "credit_over",
    "trait_not_allowed",
    "outside_hours",
    "blacked_out",
    "booked_too_late",
    "booked_too_early",
    "quota_reached",
    "appointment_started",
    "nothing_to_pay",
    "no_package",
    "mixed_booking",
    "no_card_on_file",
    "changes_closed",
    "late_change",
    "credit_not_usable",
)


def decide(name: str, options: str) -> Decision:
    """Return what the rules of these options say of that file."""
    return RedemptionPolicy(RULEBOOKS[options]).decide_case(load_case(CASES / f"{name}.json"))


def answer_of(decision: Decision) -> Answer:
    """Return what is compared of a decision."""
    redemption = decision.redemption
    draws = () if redemption is None else redemption.draws
    return Answer(
        eligible=decision.eligible,
        reasons=tuple(finding.code for finding in decision.reasons),
        notes=tuple(finding.code for finding in decision.notes),
        deposit=decision.deposit,
        card_capture=decision.card_capture,
        draws=tuple((draw.line, draw.package_id, draw.entitlement_id) for draw in draws),
        free_until=None if redemption is None else redemption.free_until,
    )


def ended(settlement: Settlement) -> Ended:
    """Return what is compared of a settlement."""
    words = {None: "refused", CreditOutcome.RETURN: "returned", CreditOutcome.FORFEIT: "forfeited"}
    return Ended(
        credit=words[settlement.outcome],
        late=settlement.late,
        codes=tuple(finding.code for finding in settlement.findings),
    )


def readme_rows(cells: int) -> list[list[str]]:
    """Return the rows of the README's tables with that many columns; the first cell is the file."""
    rows: list[list[str]] = []
    for text in (CASES / "README.md").read_text(encoding="utf-8").splitlines():
        row = [cell.strip() for cell in text.strip("|").split("|")]
        link = re.fullmatch(r"\[([a-z0-9-]+)\]\(\1\.json\)", row[0])
        if link is not None and len(row) == cells:
            rows.append([link[1], *(cell.strip("`") for cell in row[1:-1]), row[-1]])
    return rows


def codes_in(cell: str) -> tuple[str, ...]:
    """Return the codes of a cell in order."""
    return tuple(re.findall(r"`([a-z_]+)`", cell))


@pytest.mark.parametrize(
    ("name", "options"), EXPECTED, ids=[" ".join(key).rstrip() for key in EXPECTED]
)
def test_a_case_gets_the_answer_worked_out_by_hand(name: str, options: str) -> None:
    """Each case is answered as the clauses say, in every part of the answer."""
    assert answer_of(decide(name, options)) == EXPECTED[name, options]


@pytest.mark.parametrize(("name", "at", "by"), CANCELLED)
def test_a_cancellation_ends_as_worked_out_by_hand(name: str, at: str, by: Actor) -> None:
    """Each cancellation of an eligible case does what the clauses say."""
    redemption = decide(name, DEFAULT).redemption
    assert redemption is not None
    packages = load_case(CASES / f"{name}.json").packages
    settlement = RedemptionPolicy().cancel(
        redemption, by=by, now=datetime.fromisoformat(at), packages=packages
    )
    assert ended(settlement) == CANCELLED[name, at, by]


@pytest.mark.parametrize("name", [name for name, options in EXPECTED if options == DEFAULT])
def test_the_editions_answer_alike_but_for_the_date(name: str) -> None:
    """The two editions differ in nothing but the date of T02."""
    alike = answer_of(decide(name, DEFAULT)) == answer_of(decide(name, APRIL))
    assert alike is (name not in BETWEEN_THE_EDITIONS)


def test_every_file_has_an_answer() -> None:
    """The folder and the table of answers name the same files."""
    files = sorted(path.stem for path in CASES.glob("*.json"))
    assert files == sorted(name for name, options in EXPECTED if options == DEFAULT)


def test_the_readme_gives_the_same_answers() -> None:
    """The README lists every case with exactly the codes of its answer, in order."""
    told = {
        **{(row[0], DEFAULT): row[-1] for row in readme_rows(4)},
        **{(row[0], row[1]): row[-1] for row in readme_rows(5)},
    }
    assert {key: codes_in(cell) for key, cell in told.items()} == {
        key: answer.reasons + answer.notes for key, answer in EXPECTED.items()
    }
    assert {key: cell.startswith("eligible") for key, cell in told.items()} == {
        key: answer.eligible for key, answer in EXPECTED.items()
    }


def test_the_readme_tells_the_same_cancellations() -> None:
    """The README lists every cancellation with what becomes of the credit and with its codes."""
    told = {(row[0], row[1], Actor(row[2])): row[-1] for row in readme_rows(6)}
    assert {key: (cell.split(":")[0], codes_in(cell)) for key, cell in told.items()} == {
        key: (end.credit, end.codes) for key, end in CANCELLED.items()
    }


def test_the_readme_lists_each_row_once() -> None:
    """No row of the README hides another one."""
    told = len(readme_rows(4)) + len(readme_rows(5)), len(readme_rows(6))
    assert told == (len(EXPECTED), len(CANCELLED))


def test_two_in_five_are_refused() -> None:
    """Refusals are what people look up, so at least 40 % of the cases are refused."""
    answers = [answer.eligible for (_, options), answer in EXPECTED.items() if options == DEFAULT]
    assert answers.count(False) * 5 >= len(answers) * 2


def test_every_code_is_shown() -> None:
    """Each code that a decision can give is the reason or a note of some case."""
    shown = {
        code
        for (_, options), answer in EXPECTED.items()
        if options == DEFAULT
        for code in answer.reasons + answer.notes
    }
    of_rulebooks = {
        rule.code
        for rulebook in (TIMELY_2026_03, TIMELY_2026_04, ONLINE, IN_STORE)
        for rule in rulebook.rules
        if rule.scope is not Scope.ACT
    }
    assert sorted(shown) == sorted(CODES)
    assert of_rulebooks - shown == set()


def test_every_clause_of_the_article_is_named() -> None:
    """The README names each clause of the article, and no clause or decision that there isn't."""
    named = set(re.findall(r"\b[TD][0-9]{2}\b", (CASES / "README.md").read_text(encoding="utf-8")))
    assert {clause.id for clause in ARTICLE} - named == set()
    assert named - {clause.id for clause in ARTICLE + DECISIONS} == set()
