"""Our decisions where the article is silent, each with its reason."""

from typing import Final

from pkgredeem.clauses.clause import Clause

D01: Final = Clause(
    id="D01",
    heading='"after" a date',
    says="Strictly later than that date, by the account's own calendar date of activation: the day "
    "itself is not after it. An unknown date of activation is not after it either, because nothing "
    "starts on a guess.",
)
D02: Final = Clause(
    id="D02",
    heading="a choice by the business against the automatic start",
    says="An explicit choice, on or off, always wins, because the automatic start only stands in "
    "for a choice; `None` means never chosen. For an account on legacy packages neither counts "
    "(T03, T04): it is told that it is on legacy packages, not that the switch is off.",
)
D03: Final = Clause(
    id="D03",
    heading="a guest where login is optional",
    says="Redemption is refused, with the advice to log in; the booking itself is not, so deposit "
    "and card capture apply as for any booking. Staff still see every other reason. What the "
    "client is told before logging in depends on no package, held or not, because nobody knows yet "
    "who is asking.",
)
D04: Final = Clause(
    id="D04",
    heading="someone else's package",
    says="A finding, not an exception: it is never counted, never drawn on and never shown to the "
    "client, and the rule can't be lifted, because no setting makes it theirs.",
)
D05: Final = Clause(
    id="D05",
    heading='what "active" means',
    says="A fact of the package (T10), never computed from the rules in force: new, sold to this "
    "client, not archived, started and not over at the moment of booking, at least one credit "
    "left. So legacy, archived, expired, used-up and not-yet-started packages never count. It is "
    "asked of the package as it is handed in: a credit that an existing redemption holds back "
    "makes no package active (D21). It is asked of the moment of booking, while usability (D06) is "
    "asked of the appointment: a second package that ends before the appointment still counts.",
)
D06: Final = Clause(
    id="D06",
    heading="validity",
    says="The start of the appointment must fall in `valid_from <= start < valid_until`; either "
    "may be absent. A package that is over by the appointment is one of two findings, since the "
    "remedies differ: over already at the moment of booking (extend it, or sell a new one), or not "
    "yet (pick an earlier time).",
)
D07: Final = Clause(
    id="D07",
    heading="several services in one booking",
    says="Decided jointly and exactly: two lines that want the same last credit never both get it, "
    "and a booking that can be covered is never refused because of the order in which credits were "
    "tried.",
)
D08: Final = Clause(
    id="D08",
    heading="exactly enough left",
    says="Is enough, because a sold credit is a promise kept to the last one.",
)
D09: Final = Clause(
    id="D09",
    heading="exactly on the cut-off",
    says="In time. Late means that less than the window is left until the start, in elapsed time, "
    "across clock changes too. At or after the start (exclusive, even with a zero window) a client "
    "can neither book, cancel, move nor exchange; for what is booked already that is no rule of "
    "the rulebook and can't be lifted (`changes_closed`), for booking it is the rulebook's "
    "(`appointment_started`). The business ends such an appointment, because only it knows who "
    "came.",
)
D10: Final = Clause(
    id="D10",
    heading="what late means for the credit",
    says="No hidden default: an account without cancellation terms returns the credit of every "
    "cancellation (T22), and terms with a window must say return or forfeit, because the article "
    "leaves that to the business.",
)
D11: Final = Clause(
    id="D11",
    heading="anything changed after booking",
    says="Nothing that changes later (terms, switch, login, archiving, expiry, ownership) touches "
    "a committed redemption, because it carries the terms and the free-until instant of the moment "
    "when it was made. Only rescheduling asks for the packages' validity of that day.",
)
D12: Final = Clause(
    id="D12",
    heading="the business cancels",
    says="While the credit is reserved it always returns, however late, because the client did "
    "nothing; afterwards the business forgives (D16).",
)
D13: Final = Clause(
    id="D13",
    heading="where a credit returns to",
    says="The entitlement of the package that it came from, never another one, whatever has become "
    "of the package; a return is never refused, because the credit was paid for. Whether it can be "
    "used again is asked of the policy that settles: of a booking of that line at the later of the "
    "act and the beginning of validity, by the package and credit rules that say `on_return` (of "
    "ours those about kind, status and validity). Whichever act returned it, a credit that can't "
    "be used is told to staff and to the client (`credit_not_usable`). Where the packages were not "
    "handed in nothing is found, and the client reads that the credit was returned.",
)
D14: Final = Clause(
    id="D14",
    heading="a decision and the money",
    says="Waiving and bypassing follow from a redemption that was committed, because a decision is "
    "only a proposal, and one that loses the race for the last credit puts deposit and card "
    "capture back. Outcomes say what to collect now; money taken earlier is the caller's.",
)
D15: Final = Clause(
    id="D15",
    heading="time",
    says="Aware datetimes only, converted to UTC when a value is built, since local times of one "
    "zone compare and subtract wrongly around a clock change; the same instant written in another "
    "zone changes nothing. The present is always handed in, never read from a clock.",
)
D16: Final = Clause(
    id="D16",
    heading="no-show, and second thoughts",
    says="A no-show is recorded by the business, at or after the start. Staff may say the outcome; "
    "else the terms' `no_show`; else the terms' `late`; without terms the credit returns, because "
    "nothing that the business ever set takes it. Completing is possible at any time, because a "
    "client may come early. The business may forgive a forfeited or redeemed credit (with a note "
    "that is kept), and may still complete one that was forfeited by a no-show. All of it goes "
    "line by line if wanted: of two services one may be attended.",
)
D17: Final = Clause(
    id="D17",
    heading="rescheduling",
    says="Keeps the credits reserved. The client's move is refused when it is late "
    "(`late_change`), when the new start is not after the present (`new_start_passed`), or when a "
    "rule that is asked on moves finds something at the new start (D58); a move by the business is "
    "never refused, and what is found is a note. Free-until follows the new start; after a move by "
    "the business it is never earlier than that act plus the window (but never past the new "
    "start), since the client didn't choose it.",
)
D18: Final = Clause(
    id="D18",
    heading='"waived" and "bypassed"',
    says="Said only where a deposit or a card would otherwise have been asked for, because where "
    "none was due, none is waived. Whether a card is asked for is the account's setting alone; a "
    "saved card changes only D28.",
)
D19: Final = Clause(
    id="D19",
    heading="mixed bookings, once allowed",
    says="With the limit of T17 lifted, the covered services are redeemed and the rest is paid: "
    "the deposit applies to the uncovered services only, and the card page is bypassed only when "
    "nothing is left to pay, because a package pays for what it covers and for nothing else.",
)
D20: Final = Clause(
    id="D20",
    heading="which credits are drawn",
    says="With the limit of T10 lifted, credits are ranked: higher package priority first; earlier "
    "end of validity, never-ending last; the entitlement for fewer services first; sold earlier, "
    "unknown last; package id; entitlement id. As many lines as possible are covered; where not "
    "all can be, earlier lines of the booking come first; the credits drawn are the highest-ranked "
    "that can do it; then each line in turn gets the highest-ranked of those that it can while the "
    "later lines still can. So a client loses the least, and the same case always draws alike.",
)
D21: Final = Clause(
    id="D21",
    heading="the same booking decided or redeemed again",
    says="`decide(existing=...)` adds the booking's own reserved credits back before every rule "
    "but the count of active packages (D05), so that it never counts against itself; a redemption "
    "of another client is an `InvalidValueError`, one that has ended a `ClosedRedemptionError`. A "
    "booking id is an idempotency key: redeemed at most once; again with the same contents (client "
    "id, the start as first booked, line by line the service id and whether it is payable) it "
    "returns the recorded answer, with other contents it is `BookingMismatchError`, after it has "
    "ended `ClosedRedemptionError`; other contents are told before an end. A changed basket is a "
    "new id, exchanged for the old one in one commit (D71).",
)
D22: Final = Clause(
    id="D22",
    heading="order of reasons",
    says="Fixed: account, client, holdings (T10, which is about the client's packages, whatever is "
    "booked), package, credit, booking, act; within each, the article's order. Packages follow "
    "each other by priority, end of validity, sale and id (as in D20), each with all its findings; "
    "credit findings come in the order of the uncovered lines, each service once for each code. "
    "All are given, not only the first, because whoever repairs one should not run into the next.",
)
D23: Final = Clause(
    id="D23",
    heading="adding or lifting a refusing rule",
    says="Adding one can only refuse more bookings, lifting one only fewer (unless a caller's own "
    "booking rule looks at which credit was drawn), because every condition is heard and none "
    "silences another.",
)
D24: Final = Clause(
    id="D24",
    heading="what staff and clients are told",
    says="Staff see every finding with its clause and what would change it. The client text of a "
    "decision is chosen by its codes alone and says only what T08 and the client's own doing "
    "allow: no package id, name, count or date, because of T25. The schedule may be told: it holds "
    "the booking's own times. Only texts are promised: a client who tries one, two, three services "
    "can infer a balance.",
)
D25: Final = Clause(
    id="D25",
    heading="reasons and notes",
    says="Account, client, holdings, booking and act findings refuse. Package findings are reasons "
    "when no package is usable, notes otherwise. Credit findings are reasons when the booking is "
    "refused for an uncovered line: nothing is covered, or a booking rule that refuses would be "
    "silent if the uncovered lines were not there. They are notes in every other case, so that a "
    "client with one good package is not told of twelve used-up ones first.",
)
D26: Final = Clause(
    id="D26",
    heading='"valid for 6 months"',
    says="Documents only. The corresponding-date rule: the last valid day is the day of sale plus "
    "the term, clamped to the month's end, and that day counts whole, in the account's time zone, "
    "because people count whole days; a local midnight that a clock change skips is the first "
    "instant after it.",
)
D27: Final = Clause(
    id="D27",
    heading="the same package handed in twice",
    says="An `InvalidValueError`: the caller's data is broken, and guessing could spend a credit "
    "twice.",
)
D28: Final = Clause(
    id="D28",
    heading="no card on file, for staff",
    says="When the card page was bypassed and no card was saved earlier, a note "
    "(`no_card_on_file`) says that nothing is on file for a fee, because T21 is learned too late "
    "otherwise.",
)
D29: Final = Clause(
    id="D29",
    heading="the rest of the standard cancellation policy",
    says="Fees are outside this library, because they are no matter of packages; a settlement says "
    "whether the cancellation was late, and the caller charges.",
)
D30: Final = Clause(
    id="D30",
    heading="part of a booking cancelled",
    says="The credit of that line is settled and the rest stays reserved; T17 is not judged again, "
    "because the booking was allowed when it was made. An act that names no lines concerns those "
    "that it can still end: cancelling and no-show the reserved ones; completing the reserved "
    "ones, else those that a no-show forfeited; forgiving the redeemed and forfeited ones. Where "
    "there are none it is a repeat (D37), else `ClosedRedemptionError`; forgiving a booking whose "
    "lines are all reserved is an `InvalidValueError`. So completing at the day's end works after "
    "one line was cancelled.",
)
D31: Final = Clause(
    id="D31",
    heading="a line with nothing to pay",
    says="It (a free consultation beside a facial) takes no credit, asks for no deposit and mixes "
    "nothing, because there is nothing to redeem.",
)
D32: Final = Clause(
    id="D32",
    heading="a package sold in the future",
    says="Not sold to the client yet (T12): `sold_at` must not be after the moment of booking.",
)
D33: Final = Clause(
    id="D33",
    heading="booked inside the window",
    says="Late from the first moment: the schedule has no free step, and the text says that there "
    "is no free cancellation, because the window counts back from the start whenever the booking "
    "was made.",
)
D34: Final = Clause(
    id="D34",
    heading="the desk in store",
    says="Staff book against the same balances: the rulebook `IN_STORE` holds the rules about "
    "whose the package is, when it was sold, its validity and what is left; not what the article "
    "forbids online only (switch, login, legacy, archived, limits) nor `appointment_started`. "
    "Deposit and card outcomes are as online.",
)
D35: Final = Clause(
    id="D35",
    heading="the last of a race",
    says="After a conflict the desk reads again (the store's next read is at least as new as the "
    "refusal) and decides afresh, a bounded number of times; then `ConflictError` is raised, "
    "because any answer would be invented.",
)
D36: Final = Clause(
    id="D36",
    heading="who and why",
    says="Every act takes a free `note` (a staff member's name, a ticket, a reason) that is kept "
    "with it; forgiving requires one, because it undoes what was recorded. `by=` is a record, not "
    "authorisation.",
)
D37: Final = Clause(
    id="D37",
    heading="one act twice, and its opposite",
    says="The same act on the same lines again is allowed, changes nothing and returns the "
    "recorded outcome, whoever asks and whenever, because messages arrive twice; another act on a "
    "closed line is `ClosedRedemptionError` (forgiving, and completing after a no-show, excepted: "
    "D16), and another outcome said by staff is another act. A line remembers every act that ended "
    "it, so that nothing of who, when and why is lost when it is forgiven; an act that once ended "
    "the line is a repeat whatever came after, and tells how the credit stands now. Judged in this "
    "order: broken input, lines that another act has closed, the repeat, D74, every refusal.",
)
D38: Final = Clause(
    id="D38",
    heading="a redemption that nobody completes",
    says="It stays reserved: its credit is spent already (T16), and completing is bookkeeping.",
)
D39: Final = Clause(
    id="D39",
    heading="several accounts",
    says="A store belongs to one account, and ids are unique inside it, because a package of one "
    "business is never good at another.",
)
D54: Final = Clause(
    id="D54",
    heading="the start of a line that has ended",
    says="The one that it had when it ended, because moving the rest of the booking moves nothing "
    "that is over; it is kept with the ending where it differs.",
)
D58: Final = Clause(
    id="D58",
    heading="which rules a move asks",
    says="Those about when and where: of ours the beginning and the end of a package's validity; "
    "and every package, credit and booking rule that a caller adds, unless it says "
    "`on_move=False`. They are asked at the new start, of the credits drawn. Rules about the sale, "
    "the account and the log-in are not asked (D11). So nobody gets round a rule by booking a "
    "Tuesday and moving it to a Saturday.",
)
D65: Final = Clause(
    id="D65",
    heading="the stored form grows",
    says="A stored redemption leaves out every field added since its first form that has its "
    "default, and an absent one reads as the default; an unknown key is refused. So what was "
    "stored stays readable, byte for byte what it was.",
)
D67: Final = Clause(
    id="D67",
    heading="client's changes closed",
    says="At or after the start a client can neither cancel, move nor exchange (`changes_closed`), "
    "while the business can: one closed line refuses the whole act, and no rulebook lifts it.",
)
D70: Final = Clause(
    id="D70",
    heading="a quote",
    says="`desk.quote` answers or raises exactly what `redeem` (or, with `replaces=`, `exchange`) "
    "would at that moment, and writes nothing, because a page that promises something else is "
    "worse than none.",
)
D71: Final = Clause(
    id="D71",
    heading="an exchange",
    says="The old side is judged like a change of it by whoever exchanges (`changes_closed`, "
    "`late_change`: no rulebook can lift them), the new side by the whole rulebook, both in one "
    "commit. The new redemption says which booking it took the place of, and that alone makes a "
    "repeat recognisable. The old lines end as by a cancellation of whoever exchanged, so that "
    "cancelling them is a repeat.",
)
D72: Final = Clause(
    id="D72",
    heading="names",
    says="Staff read names: wherever a text tells the id of a service or a package that has a "
    "name, it tells `name (id)`, because nobody at a desk knows ids by heart. Clients' texts hold "
    "neither (D24).",
)
D73: Final = Clause(
    id="D73",
    heading="the id of an entitlement",
    says="`main` when left out; two entitlements of a package need ids of their own. It never "
    "depends on the services, since an edited template would turn a return away. A movement into "
    "an entitlement that the store doesn't hold is `UnknownEntitlementError` at once, because no "
    "second try would help.",
)
D74: Final = Clause(
    id="D74",
    heading="before it was booked",
    says="An act that would change something and lies more than a minute before the moment of "
    "booking is an `InvalidValueError`; less is two servers' clocks, and counts as the moment of "
    "booking (in an exchange for the old side alone). A repeat is never refused for it, because it "
    "changes nothing.",
)
D75: Final = Clause(
    id="D75",
    heading="sizes",
    says="At most 100 lines in a booking, 1,000 packages and 1,000 entitlements in a case, because "
    "a document from outside must not keep a server busy.",
)
D76: Final = Clause(
    id="D76",
    heading="zones are names",
    says="An account takes a `ZoneInfo` with an IANA name, never one that a machine gives to its "
    "own zone; answers and stored redemptions keep the name. One that this machine doesn't know "
    "stops no act: times are then told in UTC, which is said, and the name is kept.",
)

#: Every decision, in order.
DECISIONS: Final = tuple(value for value in tuple(globals().values()) if isinstance(value, Clause))
