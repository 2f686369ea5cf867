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
    "client or shared with them (D59), not archived, suspended or void (D52), started and not over "
    "at the moment of booking, not paused then (D51), still bookable (D49; such a package counts "
    "before it starts), at least one credit left in an entitlement that is itself valid then "
    "(D50), and a place in every EVER quota of the package, counted with every use handed in. So "
    "legacy, archived, expired, used-up and not-yet-started packages never count. It is "
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
    "used again is asked of the policy that settles: of a booking of that line at the latest of "
    "the act and the beginnings of validity of package and entitlement, by the package and credit "
    "rules that say `on_return` (of ours those about kind, status, validity and the end of "
    "booking, and the term of first use where the start lies after it). Whichever act returned it, "
    "a credit that can't be used is told to staff and to the client (`credit_not_usable`). Where "
    "the packages were not handed in nothing is found, and the client reads that the credit was "
    "returned.",
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
    "else the terms' `no_show`; else the strictest of their outcomes (D61); without terms the "
    "credit returns, because nothing that the business ever set takes it. Completing is possible "
    "at any time, because a client may come early. The business may forgive a forfeited or "
    "redeemed credit (with a note that is kept), and may still complete one that was forfeited by "
    "a no-show. All of it goes line by line if wanted: of two services one may be attended.",
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
    "unknown last; package id; entitlement id; after priority unlimited credits come before "
    "counted ones (D42). As many lines as possible are covered; where not all can be, earlier "
    "lines of the booking come first; the credits drawn are the highest-ranked that can do it; "
    "then each line in turn gets the highest-ranked of those that it can while the later lines "
    "still can. So a client loses the least, and the same case always draws alike.",
)
D21: Final = Clause(
    id="D21",
    heading="the same booking decided or redeemed again",
    says="`decide(existing=...)` adds the booking's own reserved credits back before every rule "
    "but the count of active packages (D05), and takes its own reserved uses off what D53 and D54 "
    "count, so that it never counts against itself; a redemption of another client is an "
    "`InvalidValueError`, one that has ended a `ClosedRedemptionError`. A booking id is an "
    "idempotency key: redeemed at most once; again with the same contents (client id, the start as "
    "first booked, line by line the service id, whether it is payable, its costs and what it and "
    "the booking tell of traits) it returns the recorded answer, with other contents it is "
    "`BookingMismatchError`, after it has ended `ClosedRedemptionError`; other contents are told "
    "before an end. A changed basket is a new id, exchanged for the old one in one commit (D71).",
)
D22: Final = Clause(
    id="D22",
    heading="order of reasons",
    says="Fixed: account, client, holdings (T10, which is about the client's packages, whatever is "
    "booked), package, credit, booking, act; within each, the article's order, then that of D40 to "
    "D68. Packages follow "
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
    "can infer a balance. Of restrictions, pauses and debt a client may be told in one sentence "
    "without detail that the package can't be used for this choice, at this time, or is on hold.",
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
D40: Final = Clause(
    id="D40",
    heading="facts beyond the article",
    says="A fact that is handed in is never ignored, and one that isn't changes nothing. So the "
    "rules for them stand in every shipped rulebook, those about notice (D48) only online, after "
    "the article's rules of their scope, and are silent by default. In a decision they are silent "
    "about a package that the client doesn't hold (D04); a move asks them of the packages drawn "
    "on, whoever holds them now. The traits of a package are for callers' own rules.",
)
D41: Final = Clause(
    id="D41",
    heading="cost",
    says="A line takes as many units of an entitlement as its service costs in that unit: 1 where "
    "nothing is said and the unit is `credit`; of any other unit it is refused (`cost_unknown`), "
    "because nobody should guess. Costs in other units leave it at 1 credit. The cost belongs to "
    "the service as booked (its duration, its peak hour), not to the package. It is 1 or more; "
    "nothing to pay is D31.",
)
D42: Final = Clause(
    id="D42",
    heading="unlimited",
    says="`remaining=UNLIMITED` is a word of its own: neither a large number nor None, which an "
    "empty column would hand in. Its draws and movements are kept like any others, and its balance "
    "says so. It is drawn on before counted credits of the same priority (D20), which the client "
    "could lose.",
)
D43: Final = Clause(
    id="D43",
    heading="longer than what is left",
    says="A line is paid whole by one entitlement or not at all, because a part payment is a "
    "price, and prices are outside (D29).",
)
D44: Final = Clause(
    id="D44",
    heading="variants, categories",
    says="A variant is a service with its own id; a category is expanded by the caller into ids "
    "when the package is handed in, since D20 ranks by how many services a credit serves.",
)
D45: Final = Clause(
    id="D45",
    heading="place, staff, channel, attendee",
    says="`traits`: texts by name that a client, a booking or a line tells; the line's wins over "
    "the booking's, and that over the client's. A package or an entitlement may ask for traits, "
    "line by line; both must be met. One that is asked for and not told refuses, because a guess "
    "would let anybody in. They are compared character for character. Which package is redeemable "
    "online is the trait `channel` of a package: T06 says only that no setting of the account "
    "chooses.",
)
D46: Final = Clause(
    id="D46",
    heading="weekdays and hours",
    says="They are about the start of the appointment, in the account's zone: `opens <= start < "
    "closes`; hours over midnight are two of them. Without a zone it is an `InvalidValueError`, as "
    "wherever a local date or time is really looked at, and only there.",
)
D47: Final = Clause(
    id="D47",
    heading="closed days",
    says="`not_on` holds local dates of the start, because the day that counts is the one on which "
    "the client comes.",
)
D48: Final = Clause(
    id="D48",
    heading="lead time and horizon",
    says="Elapsed time from the moment of booking to the start, both ends allowed (`min_notice`, "
    "`max_notice`). Asked in the online rulebooks only, because staff who stand beside the client "
    "may override it (D34).",
)
D49: Final = Clause(
    id="D49",
    heading="book-by",
    says="`book_until` is asked of the moment of booking, exclusive, whatever the use-by says "
    "(D06); both may be set. A package that can't be booked with any more is not active (D05). A "
    "move is no booking: it asks the use-by only.",
)
D50: Final = Clause(
    id="D50",
    heading="validity of a single credit",
    says="An entitlement's own `valid_from` and `valid_until` intersect with the package's (D06); "
    "for the rank (D20) the earlier end counts. A package is used up when nothing is left in it, "
    "whatever its validity. So a membership is one package with an entitlement for each cycle, and "
    "rollover is a later end.",
)
D51: Final = Clause(
    id="D51",
    heading="freeze",
    says="A pause makes a package unusable for starts in `starts_at <= start < ends_at`; without "
    "an end it is open. Booking during a pause for a date after it is allowed, and what is booked "
    "stays (D11). A longer validity in return is a new end, which is the caller's to give.",
)
D52: Final = Clause(
    id="D52",
    heading="debt and refunds",
    says="Suspended (money owed, a dispute) and void (refunded, withdrawn) packages are refused by "
    "every shipped rulebook, in store too, and are not active. What is booked stays, may be moved "
    "(D11), and returns (D13).",
)
D53: Final = Clause(
    id="D53",
    heading="starts with the first use",
    says="`lasts`: the last valid day is the local date of the earliest use plus the term, whole "
    "(D26: 14 days from 10 May end on 24 May). A start must lie on or before it. Where it is "
    "earlier than every use, no use that lay inside the old term may fall outside the new one; so "
    "an earlier date can be booked after a later one, unless a booked date would fall out. "
    "`valid_until` ends it all the same, and for every rank and for D05 the earlier of both ends "
    "counts. Without uses the term has not begun.",
)
D54: Final = Clause(
    id="D54",
    heading="what a quota counts",
    says="Uses: draws that did not return (late cancellations and no-shows included; forgiving "
    "frees them), of that package or that entitlement, by the local date of the start as it is "
    "now. An ended line counts by the start that it had when it ended, which is kept with the "
    "ending where it differs, because moving the rest of the booking moves nothing that is over. "
    "One line is one use, whatever it costs and whichever service it is: finer caps stand on finer "
    "entitlements. A booking's own reserved uses never count against it; all reserved lines of a "
    "move count together at the new start.",
)
D55: Final = Clause(
    id="D55",
    heading="periods",
    says="DAY, WEEK (from the account's `week_starts`), MONTH and YEAR are those of its calendar. "
    "`Days(n)` is any n days in a row, so that once in 14 days allows exactly 14 days apart, at "
    "any hour and across clock changes. BOOKING counts lines of this booking, UPCOMING what is "
    "reserved and starts after now, EVER all. A line counts only where it lies in the period "
    "itself.",
)
D56: Final = Clause(
    id="D56",
    heading="a quota is capacity",
    says="It limits what the allocation may draw, and `quota_reached` says so. Where no rule in "
    "force reads quotas they are not looked at, so that staff override them by a rulebook. Usable "
    "up to what is paid is a quota of that name.",
)
D57: Final = Clause(
    id="D57",
    heading="a quota in a race",
    says="It holds: the change of a booking or a reschedule carries the versions of the packages "
    "that it draws on, and the store compares them in the write, after it has looked whether the "
    "change is stored already. A desk refuses to draw on a package with quotas or `lasts` that a "
    "rule in force reads, and for which its store gives no version, because a cap that a race can "
    "break is none. Whoever edits a package raises its version.",
)
D58: Final = Clause(
    id="D58",
    heading="which rules a move asks",
    says="Those about when and where: of ours the validity of package and credit, pauses, all that "
    "restrictions ask (D45 to D48), terms of first use and quotas; and every package, credit and "
    "booking rule that a caller adds, unless it says `on_move=False`. They are asked at the new "
    "start, of the credits drawn. Rules about the sale, the account and the log-in are not asked "
    "(D11). So nobody gets round a rule by booking a Tuesday and moving it to a Saturday.",
)
D59: Final = Clause(
    id="D59",
    heading="sharing",
    says="Who is named in `shared_with` holds the package for every rule (T12, D04, T10). Nothing "
    "follows from naming: it is neither transitive nor mutual. There is one balance; a redemption "
    "says whose booking it was, and only for that client it is moved and exchanged.",
)
D60: Final = Clause(
    id="D60",
    heading="whose cancellation terms",
    says="The package's own, else the account's. Each draw keeps those that differ (D11); the "
    "redemption's are the account's. A client's move or exchange is late when the terms of any "
    "reserved draw say so, because it concerns all of them.",
)
D61: Final = Clause(
    id="D61",
    heading="terms in tiers",
    says="`tiers` add stricter windows, falling: up to free-until none is looked at; after it the "
    "smallest window longer than the time left decides, and exactly on a window is still the "
    "milder side (D09). An outcome never gets milder towards the start. To return inside a window "
    "means late: the caller charges a fee instead (D29), so a settlement says which window it was, "
    "the smallest of its late lines. A late cancellation is told when any line of the act is late, "
    "and as booked inside the window when each late line was so from the moment of booking.",
)
D62: Final = Clause(
    id="D62",
    heading="a series",
    says="Several appointments are a loop over `redeem`: all or nothing is that loop and, when one "
    "is refused, cancelling the others by the business, which always returns (D12). It needs no "
    "act of its own.",
)
D63: Final = Clause(
    id="D63",
    heading="which credits, with costs and quotas",
    says="Earlier lines first: a later line never takes an earlier line's credit (with equal costs "
    "that also covers as many lines as possible). Of the credits the highest-ranked are drawn: the "
    "ranks of the covered lines are compared sorted, best first, one for each line whatever it "
    "costs; then line by line.",
)
D64: Final = Clause(
    id="D64",
    heading="exact or refused",
    says="With equal costs (each entitlement asks one cost of all lines that it may pay for) and "
    "no package quota that can bind the allocation is exact for any number of lines; else for up "
    "to 8 payable lines and any number of packages. More lines are an `InvalidValueError` before "
    "any search, because nobody waits for an answer that takes forever.",
)
D65: Final = Clause(
    id="D65",
    heading="the stored form grows",
    says="A stored redemption leaves out every field added since its first form that has its "
    "default, and an absent one reads as the default; an unknown key is refused. So what was "
    "stored stays readable, byte for byte what it was.",
)
D66: Final = Clause(
    id="D66",
    heading="who keeps history",
    says="`Package.uses` are facts like all others, handed in by the store of one moment with "
    "`version`, because nobody else knows them; for packages without quotas and `lasts` they may "
    "be left out.",
)
D67: Final = Clause(
    id="D67",
    heading="client's changes closed",
    says="With less than `changes_close` left until the start (exactly this much is allowed), and "
    "at or after the start, a client can neither cancel, move nor exchange (`changes_closed`), "
    "while the business can. Where a move by the business extended free-until beyond that, the "
    "client may act until it. One closed line refuses the whole act, and no rulebook lifts it. "
    "Some businesses refuse late acts and others settle them: this is the one switch between both.",
)
D68: Final = Clause(
    id="D68",
    heading="the client's or staff's pick",
    says="`only` names the packages that may pay, one or more; another is not chosen. An id that "
    "is not among the packages refuses nothing by itself; a desk reads the chosen ones by name, so "
    "that one that is used up is told. What counts as active (T10) does not change, because a pick "
    "is no way round a limit. To decline a package is not to redeem.",
)
D69: Final = Clause(
    id="D69",
    heading="a replay",
    says="A replay with carry answers about a history: lines in any order are taken by the moment "
    "of booking or act, each package starts with what its first line says, and later lines go on "
    "from what was drawn, because forty bookings can't all be paid with the same five credits. "
    "Without carry, lines that can't all be true (more drawn from a package than its first line "
    "holds, while its balance doesn't fall) are counted and told.",
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
