"""Our decisions where the article is silent, each with its reason."""

from typing import Final

from pkgredeem.clauses.clause import Clause

__all__ = [
    "D01",
    "D02",
    "D03",
    "D04",
    "D05",
    "D06",
    "D07",
    "D08",
    "D09",
    "D10",
    "D11",
    "D12",
    "D13",
    "D14",
    "D15",
    "D16",
    "D17",
    "D18",
    "D19",
    "D20",
    "D21",
    "D22",
    "D23",
    "D24",
    "D25",
    "D26",
    "D27",
    "D28",
    "D29",
    "D30",
    "D31",
    "D32",
    "D33",
    "D34",
    "D35",
    "D36",
    "D37",
    "D38",
    "D39",
    "DECISIONS",
]

D01: Final = Clause(
    id="D01",
    heading='"after" a date',
    says=(
        "Strictly later than that date, by the account's own calendar date of activation: the day "
        "itself is not after it. An unknown date of activation is not after it either, because "
        "nothing starts on a guess."
    ),
)
D02: Final = Clause(
    id="D02",
    heading="a choice by the business against the automatic start",
    says=(
        "An explicit choice, on or off, always wins, because the automatic start only stands in "
        "for a choice; `None` means never chosen. For an account on legacy packages neither counts "
        "(T03, T04): it is told that it is on legacy packages, not that the switch is off."
    ),
)
D03: Final = Clause(
    id="D03",
    heading="a guest where login is optional",
    says=(
        "Redemption is refused, with the advice to log in; the booking itself is not, so deposit "
        "and card capture apply as for any booking. Staff still see every other reason. What the "
        "client is told before logging in depends on no package, held or not, because nobody knows "
        "yet who is asking."
    ),
)
D04: Final = Clause(
    id="D04",
    heading="someone else's package",
    says=(
        "A finding, not an exception: it is never counted, never drawn on and never shown to the "
        "client, and the rule can't be lifted, because no setting makes it theirs."
    ),
)
D05: Final = Clause(
    id="D05",
    heading='what "active" means',
    says=(
        "A fact of the package (T10), never computed from the rules in force: new, sold to this "
        "client, not archived, started and not over at the moment of booking, at least one credit "
        "left. So legacy, archived, expired, used-up and not-yet-started packages never count. It "
        "is asked of the moment of booking, while usability (D06) is asked of the appointment: a "
        "second package that ends before the appointment still counts."
    ),
)
D06: Final = Clause(
    id="D06",
    heading="validity",
    says=(
        "The start of the appointment must fall in `valid_from <= start < valid_until`; either may "
        "be absent. A package that is over by the appointment is one of two findings, since the "
        "remedies differ: over already at the moment of booking (extend it, or sell a new one), or "
        "not yet (pick an earlier time)."
    ),
)
D07: Final = Clause(
    id="D07",
    heading="several services in one booking",
    says=(
        "Decided jointly and exactly: two lines that want the same last credit never both get it, "
        "and a booking that can be covered is never refused because of the order in which credits "
        "were tried."
    ),
)
D08: Final = Clause(
    id="D08",
    heading="exactly enough left",
    says="Is enough, because a sold credit is a promise kept to the last one.",
)
D09: Final = Clause(
    id="D09",
    heading="exactly on the cut-off",
    says=(
        "In time. Late means that less than the window is left until the start, in elapsed time, "
        "across clock changes too. At or after the start (exclusive, even with a zero window) "
        "booking online, cancelling and rescheduling by the client are all impossible "
        "(`appointment_started`); the business ends such an appointment, because only it knows who "
        "came."
    ),
)
D10: Final = Clause(
    id="D10",
    heading="what late means for the credit",
    says=(
        "No hidden default: an account without cancellation terms returns the credit of every "
        "cancellation (T22), and terms with a window must say return or forfeit, because the "
        "article leaves that to the business."
    ),
)
D11: Final = Clause(
    id="D11",
    heading="anything changed after booking",
    says=(
        "Nothing that changes later (terms, switch, login, archiving, expiry, ownership) touches a "
        "committed redemption, because it carries the terms and the free-until instant of the "
        "moment when it was made. Only rescheduling asks for the packages' validity of that day."
    ),
)
D12: Final = Clause(
    id="D12",
    heading="the business cancels",
    says=(
        "While the credit is reserved it always returns, however late, because the client did "
        "nothing; afterwards the business forgives (D16)."
    ),
)
D13: Final = Clause(
    id="D13",
    heading="where a credit returns to",
    says=(
        "The entitlement of the package that it came from, never another one, whatever has become "
        "of the package; a return is never refused, because the credit was paid for. When that "
        "package is over, archived or no longer the client's, the settlement says that the credit "
        "can't be used (`credit_usable`)."
    ),
)
D14: Final = Clause(
    id="D14",
    heading="a decision and the money",
    says=(
        "Waiving and bypassing follow from a redemption that was committed, because a decision is "
        "only a proposal, and one that loses the race for the last credit puts deposit and card "
        "capture back. Outcomes say what to collect now; money taken earlier is the caller's."
    ),
)
D15: Final = Clause(
    id="D15",
    heading="time",
    says=(
        "Aware datetimes only, converted to UTC when a value is built, since local times of one "
        "zone compare and subtract wrongly around a clock change; the same instant written in "
        "another zone changes nothing. The present is always handed in, never read from a clock."
    ),
)
D16: Final = Clause(
    id="D16",
    heading="no-show, and second thoughts",
    says=(
        "A no-show is recorded by the business, at or after the start. Staff may say the outcome; "
        "else the terms' `no_show`; else the terms' `late`; without terms the credit returns, "
        "because nothing that the business ever set takes it. Completing is possible at any time, "
        "because a client may come early. The business may forgive a forfeited or redeemed credit "
        "(with a note that is kept), and may still complete one that was forfeited by a no-show. "
        "All of it goes line by line if wanted: of two services one may be attended."
    ),
)
D17: Final = Clause(
    id="D17",
    heading="rescheduling",
    says=(
        "Keeps the credits reserved. The client's rescheduling is refused when it is late "
        "(`late_reschedule`), when the new start is not after the present, or when the new start "
        "is outside the validity of a package drawn on; rescheduling by the business is never "
        "refused (outside validity is a note). Free-until follows the new start; after "
        "rescheduling by the business it is never earlier than that act plus the window (but never "
        "past the new start), since the client didn't choose it."
    ),
)
D18: Final = Clause(
    id="D18",
    heading='"waived" and "bypassed"',
    says=(
        "Said only where a deposit or a card would otherwise have been asked for, because where "
        "none was due, none is waived. Whether a card is asked for is the account's setting alone; "
        "a saved card changes only D28."
    ),
)
D19: Final = Clause(
    id="D19",
    heading="mixed bookings, once allowed",
    says=(
        "With the limit of T17 lifted, the covered services are redeemed and the rest is paid: the "
        "deposit applies to the uncovered services only, and the card page is bypassed only when "
        "nothing is left to pay, because a package pays for what it covers and for nothing else."
    ),
)
D20: Final = Clause(
    id="D20",
    heading="which credits are drawn",
    says=(
        "With the limit of T10 lifted, credits are ranked: higher package priority first; earlier "
        "end of validity, never-ending last; the entitlement for fewer services first; sold "
        "earlier, unknown last; package id; entitlement id. As many lines as possible are covered; "
        "where not all can be, earlier lines of the booking come first; the credits drawn are the "
        "highest-ranked that can do it; then each line in turn gets the highest-ranked of those "
        "that it can while the later lines still can. So a client loses the least, and the same "
        "case always draws alike."
    ),
)
D21: Final = Clause(
    id="D21",
    heading="the same booking decided or redeemed again",
    says=(
        "`decide(existing=...)` adds the booking's own reserved credits back before every rule, so "
        "that it never counts against itself. A booking id is an idempotency key: redeemed at most "
        "once; again with the same contents (client id, service ids in line order, the start as "
        "first booked) it returns the recorded answer, with other contents it is "
        "`BookingMismatchError`, after it has ended `ClosedRedemptionError`. A changed basket is a "
        "new id, exchanged for the old one in one commit: for the client only in time, as with "
        "rescheduling (`late_reschedule`), for the business always."
    ),
)
D22: Final = Clause(
    id="D22",
    heading="order of reasons",
    says=(
        "Fixed: account, client, holdings (T10, which is about the client's packages, whatever is "
        "booked), package, credit, booking, act; within each, the article's order. Packages "
        "follow each other by priority, end of validity, sale and id (as in D20), each with all "
        "its findings; credit findings come in the order of the uncovered lines, each service "
        "once for each code. All are given, not only the first, because whoever repairs one "
        "should not run into the next."
    ),
)
D23: Final = Clause(
    id="D23",
    heading="adding or lifting a refusing rule",
    says=(
        "Adding one can only refuse more bookings, lifting one only fewer (unless a caller's own "
        "booking rule looks at which credit was drawn), because every condition is heard and none "
        "silences another."
    ),
)
D24: Final = Clause(
    id="D24",
    heading="what staff and clients are told",
    says=(
        "Staff see every finding with its clause and what would change it. The client text of a "
        "decision is chosen by its codes alone and says only what T08 and the client's own doing "
        "allow: no package id, name, count or date, because of T25. The schedule may be told: it "
        "holds the booking's own times. Only texts are promised: a client who tries one, two, "
        "three services can infer a balance."
    ),
)
D25: Final = Clause(
    id="D25",
    heading="reasons and notes",
    says=(
        "Account, client, holdings, booking and act findings refuse. Package findings are reasons "
        "when no package is usable, notes otherwise. Credit findings are reasons when the booking "
        "is refused for an uncovered line: nothing is covered, or a booking rule that refuses "
        "would be silent if the uncovered lines were not there. They are notes in every other "
        "case, so that a client with one good package is not told of twelve used-up ones first."
    ),
)
D26: Final = Clause(
    id="D26",
    heading='"valid for 6 months"',
    says=(
        "Documents only. The corresponding-date rule: the last valid day is the day of sale plus "
        "the term, clamped to the month's end, and that day counts whole, in the account's time "
        "zone, because people count whole days; a local midnight that a clock change skips is the "
        "first instant after it."
    ),
)
D27: Final = Clause(
    id="D27",
    heading="the same package handed in twice",
    says=(
        "An `InvalidValueError`: the caller's data is broken, and guessing could spend a credit "
        "twice."
    ),
)
D28: Final = Clause(
    id="D28",
    heading="no card on file, for staff",
    says=(
        "When the card page was bypassed and no card was saved earlier, a note (`no_card_on_file`) "
        "says that nothing is on file for a fee, because T21 is learned too late otherwise."
    ),
)
D29: Final = Clause(
    id="D29",
    heading="the rest of the standard cancellation policy",
    says=(
        "Fees are outside this library, because they are no matter of packages; a settlement says "
        "whether the cancellation was late, and the caller charges."
    ),
)
D30: Final = Clause(
    id="D30",
    heading="part of a booking cancelled",
    says=(
        "The credit of that line is settled and the rest stays reserved; T17 is not judged again, "
        "because the booking was allowed when it was made."
    ),
)
D31: Final = Clause(
    id="D31",
    heading="a line with nothing to pay",
    says=(
        "It (a free consultation beside a facial) takes no credit, asks for no deposit and mixes "
        "nothing, because there is nothing to redeem."
    ),
)
D32: Final = Clause(
    id="D32",
    heading="a package sold in the future",
    says="Not sold to the client yet (T12): `sold_at` must not be after the moment of booking.",
)
D33: Final = Clause(
    id="D33",
    heading="booked inside the window",
    says=(
        "Late from the first moment: the schedule has no free step, and the text says that there "
        "is no free cancellation, because the window counts back from the start whenever the "
        "booking was made."
    ),
)
D34: Final = Clause(
    id="D34",
    heading="the desk in store",
    says=(
        "Staff book against the same balances: the rulebook `IN_STORE` holds the rules about whose "
        "the package is, when it was sold, its validity and what is left; not what the article "
        "forbids online only (switch, login, legacy, archived, limits) nor `appointment_started`. "
        "Deposit and card outcomes are as online."
    ),
)
D35: Final = Clause(
    id="D35",
    heading="the last of a race",
    says=(
        "After a conflict the desk reads again (the store's next read is at least as new as the "
        "refusal) and decides afresh, a bounded number of times; then `ConflictError` is raised, "
        "because any answer would be invented."
    ),
)
D36: Final = Clause(
    id="D36",
    heading="who and why",
    says=(
        "Every act takes a free `note` (a staff member's name, a ticket, a reason) that is kept "
        "with it; forgiving requires one, because it undoes what was recorded. `by=` is a record, "
        "not authorisation."
    ),
)
D37: Final = Clause(
    id="D37",
    heading="one act twice, and its opposite",
    says=(
        "The same act on the same lines again is allowed, changes nothing and returns the recorded "
        "outcome, whoever asks and whenever, because messages arrive twice; another act on a "
        "closed line is `ClosedRedemptionError` (forgiving, and completing after a no-show, "
        "excepted: D16)."
    ),
)
D38: Final = Clause(
    id="D38",
    heading="a redemption that nobody completes",
    says="It stays reserved: its credit is spent already (T16), and completing is bookkeeping.",
)
D39: Final = Clause(
    id="D39",
    heading="several accounts",
    says=(
        "A store belongs to one account, and ids are unique inside it, because a package of one "
        "business is never good at another."
    ),
)
DECISIONS: Final = (
    D01,
    D02,
    D03,
    D04,
    D05,
    D06,
    D07,
    D08,
    D09,
    D10,
    D11,
    D12,
    D13,
    D14,
    D15,
    D16,
    D17,
    D18,
    D19,
    D20,
    D21,
    D22,
    D23,
    D24,
    D25,
    D26,
    D27,
    D28,
    D29,
    D30,
    D31,
    D32,
    D33,
    D34,
    D35,
    D36,
    D37,
    D38,
    D39,
)
