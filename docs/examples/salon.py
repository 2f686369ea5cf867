"""A salon in a terminal: sell packages, book with them, and see where every credit is.

    python docs/examples/salon.py --db salon.db sell ana "5 facial" "3 manicure+pedicure"
    python docs/examples/salon.py --db salon.db book ana facial --at "2026-05-05 10:00"
    python docs/examples/salon.py --db salon.db show

The whole salon is one SQLite file. Everything is decided by pkgredeem: what clients book online by
the article's rules, what staff book by the rules of the desk. With `--now` you play a week at once.

Ends with 0 when it was done, 1 when it was refused, and 2 when it makes no sense or the file
can't be used.
"""

import argparse
import os
import re
import sqlite3
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from pkgredeem import (
    AccountSettings,
    Actor,
    Audience,
    Booking,
    CancellationTerms,
    Client,
    ClientLogin,
    CreditOutcome,
    Decision,
    Draw,
    Ending,
    Entitlement,
    Movement,
    Package,
    PkgRedeemError,
    RedemptionDesk,
    RedemptionPolicy,
    Service,
    Settlement,
    last_day,
    rules,
)
from pkgredeem.stores.sqlite import SqliteStore

ZONE = ZoneInfo("Pacific/Auckland")
SALON = AccountSettings(
    online_redemption=True,
    client_login=ClientLogin.OPTIONAL,
    deposit_required=True,
    card_capture=True,
    cancellation=CancellationTerms(window=timedelta(hours=24), late=CreditOutcome.FORFEIT),
    time_zone=ZONE,
)
ONLINE = RedemptionPolicy(rules.TIMELY_2026_03)
IN_STORE = RedemptionPolicy(rules.IN_STORE)


class Salon:
    """One command at a time, on one store, at one moment."""

    def __init__(self, store: SqliteStore, given: argparse.Namespace) -> None:
        """Keep what was given on the command line."""
        self.store = store
        self.given = given
        self.by: Actor = given.by
        self.now: datetime = given.now

    @property
    def desk(self) -> RedemptionDesk:
        """Clients come by the article's rules, staff by the rules of the desk (D34)."""
        return RedemptionDesk(ONLINE if self.by is Actor.CLIENT else IN_STORE, self.store)

    def sell(self) -> bool:
        """Sell a package in the salon; it is never sold online (T11)."""
        package = Package(
            id=self.given.package or _free("p", (each.id for each in self.store.packages())),
            client_id=self.given.client,
            entitlements=self.given.credits,
            sold_at=self.now,
            valid_until=self.given.through,
            name=self.given.name,
        )
        self.store.add(package)
        held = ", ".join(f"{each.remaining} {each.id}" for each in package.entitlements)
        _say(f"{package.id} sold to {package.client_id}: {held}")
        return True

    def book(self) -> bool:
        """Book, with a package if one can pay."""
        decision = self.desk.redeem(
            account=SALON,
            client=Client(id=self.given.client, logged_in=True),
            booking=self._booking(),
            now=self.now,
            by=self.by,
            note=self.given.note,
        )
        return self._decided(self.given.client, decision)

    def exchange(self) -> bool:
        """Give one booking up for another, with the same credits if they fit (D21)."""
        client = self._client()
        decision = self.desk.exchange(
            self.given.booking,
            account=SALON,
            client=client,
            booking=self._booking(),
            by=self.by,
            now=self.now,
            note=self.given.note,
        )
        return self._decided(f"{client.id}, instead of {self.given.booking},", decision)

    def cancel(self) -> bool:
        """Cancel, in time or late (T22, T23)."""
        settled = self.desk.cancel(
            self.given.booking,
            by=self.by,
            now=self.now,
            lines=self.given.lines,
            note=self.given.note,
        )
        return self._settled("cancelled", settled)

    def complete(self) -> bool:
        """Record that the client came (D16)."""
        settled = self.desk.complete(
            self.given.booking, now=self.now, lines=self.given.lines, note=self.given.note
        )
        return self._settled("completed", settled)

    def no_show(self) -> bool:
        """Record that the client did not come (D16)."""
        settled = self.desk.no_show(
            self.given.booking,
            now=self.now,
            outcome=self.given.outcome,
            lines=self.given.lines,
            note=self.given.note,
        )
        return self._settled("a no-show", settled)

    def reschedule(self) -> bool:
        """Take another start, with the same credits (D17)."""
        settled = self.desk.reschedule(
            self.given.booking,
            account=SALON,
            client=self._client(),
            starts_at=self.given.at,
            by=self.by,
            now=self.now,
            note=self.given.note,
        )
        return self._settled(f"rescheduled to {_local(self.given.at)}", settled)

    def forgive(self) -> bool:
        """Give a forfeited or redeemed credit back, for a reason (D16)."""
        settled = self.desk.forgive(
            self.given.booking, now=self.now, note=self.given.note, lines=self.given.lines
        )
        return self._settled("forgiven", settled)

    def show(self) -> bool:
        """Show where every credit is, and how it came there: who, when and why."""
        _say("packages", bold=True)
        for package in self.store.packages():
            until = package.valid_until
            ends = "" if until is None else f"  until {_local(until)}"
            for held in package.entitlements:
                balance = self.store.balance(package.id, held.id)
                _say(
                    f"  {package.id:4} {package.client_id:6} {held.id:17} {balance.sold:2} sold = "
                    f"{balance.available} available + {balance.reserved} reserved + "
                    f"{balance.redeemed} redeemed + {balance.forfeited} forfeited{ends}"
                )
        _say("bookings", bold=True)
        for each in self.store.redemptions():
            lines = ", ".join(map(_line, each.draws))
            _say(f"  {each.booking.id:4} {each.client_id:6} {_local(each.starts_at)}  {lines}")
        _say("history", bold=True)
        for line in _history(self.store):
            _say(f"  {line}")
        _say(f"times: in {ZONE.key}")
        return True

    def _client(self) -> Client:
        """Return whose the booking is that the command is about; a guest if nobody's."""
        stored = self.store.redemption(self.given.booking)
        return Client.guest() if stored is None else Client(id=stored.client_id, logged_in=True)

    def _booking(self) -> Booking:
        known = (each.booking.id for each in self.store.redemptions())
        services = [Service(id=each) for each in self.given.services]
        name = self.given.new_booking or _free("b", known)
        return Booking.of(*services, id=name, starts_at=self.given.at)

    def _decided(self, who: str, decision: Decision) -> bool:
        booking = decision.booking
        what = ", ".join(booking.service_ids)
        _say(f"{booking.id}: {who} books {what}, {_local(booking.starts_at)}", bold=True)
        _indent(decision.explain(Audience.STAFF))
        return decision.eligible

    def _settled(self, what: str, settled: Settlement) -> bool:
        told = what if settled.allowed else f"not {what}"
        _say(f"{self.given.booking}: {told}", bold=True)
        _indent(settled.explain(Audience.STAFF))
        return settled.allowed


def _free(letter: str, known: Iterable[str]) -> str:
    """Return the letter with the first number that is not taken."""
    taken = set(known)
    return next(name for number in count(1) if (name := f"{letter}{number}") not in taken)


def _history(store: SqliteStore) -> Iterable[str]:
    """Tell what was done, in the order of time: movements, and reschedules, which move nothing."""
    done: list[tuple[datetime, str, Movement | Ending, str]] = [
        (each.at, each.booking_id, each, _moved(each)) for each in store.movements()
    ]
    done += [
        (ending.at, each.booking.id, ending, "another start")
        for each in store.redemptions()
        for ending in each.reschedules
    ]
    for at, booking_id, act, what in sorted(done, key=lambda each: each[0]):
        why = f"  ({act.note})" if act.note else ""
        yield f"{_local(at)}  {booking_id:4} {act.act:10} by {act.by:8}  {what}{why}"


def _moved(movement: Movement) -> str:
    what = f"{movement.credits} {movement.entitlement_id} of {movement.package_id}"
    return f"{what}: {movement.source} -> {movement.target}"


def _line(draw: Draw) -> str:
    late = " late" if draw.ending is not None and draw.ending.late else ""
    return f"{draw.line} {draw.service_id} {draw.state}{late}"


def _local(moment: datetime) -> str:
    local = moment.astimezone(ZONE)
    return f"{local:%a} {local.day:2} {local:%b %H:%M}"


def _say(line: str, *, bold: bool = False) -> None:
    dressed = bold and sys.stdout.isatty() and "NO_COLOR" not in os.environ
    print(f"\033[1m{line}\033[0m" if dressed else line)


def _indent(text: str) -> None:
    for line in text.splitlines():
        _say(f"  {line}")


def _entitlement(text: str) -> Entitlement:
    """Read "5 facial" or "3 manicure+pedicure": any one of the services, so many times.

    The services are its id as well: it is kept with the package, whatever is sold later (D73).
    """
    number, _, services = text.partition(" ")
    if not re.fullmatch(r"\d{1,4}", number) or not all(services.split("+")):
        told = f"{text!r}: write a number and a service, as '5 facial', 9999 at most"
        raise argparse.ArgumentTypeError(told)
    return Entitlement(services=services.split("+"), remaining=int(number), id=services)


def _end_of_day(text: str) -> datetime:
    """Read a day, and return its end: that day counts whole (D26)."""
    try:
        return last_day(date.fromisoformat(text), ZONE)
    except ValueError:
        told = f"{text!r}: write it as '2026-10-31', before 9999-12-30"
        raise argparse.ArgumentTypeError(told) from None


def _moment(text: str) -> datetime:
    """Read a moment, in the salon's own time unless it names an offset."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        told = f"{text!r}: write it as '2026-05-01 09:00'"
        raise argparse.ArgumentTypeError(told) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=ZONE)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="salon.py", description="Sell packages, book with them, see every credit."
    )
    parser.add_argument("--db", required=True, metavar="FILE", help="the SQLite file of the salon")
    parser.add_argument(
        "--now",
        type=_moment,
        default=datetime.now(UTC),
        metavar="MOMENT",
        help='such as "2026-05-01 09:00"; the clock of this machine unless given',
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, do: Callable[[Salon], bool], *names: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=_first_line(do), description=_first_line(do))
        made.set_defaults(do=do, by=Actor.BUSINESS, note="", lines=None, new_booking=None)
        for each in names:
            made.add_argument(each)
        return made

    sell = command("sell", Salon.sell, "client")
    sell.add_argument(
        "credits", nargs="+", type=_entitlement, help='such as "5 facial" or "3 manicure+pedicure"'
    )
    sell.add_argument("--through", type=_end_of_day, metavar="DAY", help="the last valid day")
    sell.add_argument("--package", help="its id; the next number unless given")
    sell.add_argument("--name", default="", help="what staff call it")
    book = command("book", Salon.book, "client")
    exchange = command("exchange", Salon.exchange, "booking")
    for each in (book, exchange):
        each.add_argument("services", nargs="+")
        each.add_argument("--booking", dest="new_booking", metavar="ID", help="the new id")
    cancel = command("cancel", Salon.cancel, "booking")
    complete = command("complete", Salon.complete, "booking")
    no_show = command("no-show", Salon.no_show, "booking")
    no_show.add_argument("--outcome", type=CreditOutcome, choices=list(CreditOutcome))
    reschedule = command("reschedule", Salon.reschedule, "booking")
    forgive = command("forgive", Salon.forgive, "booking")
    for each in (book, exchange, reschedule):
        each.add_argument("--at", type=_moment, required=True, metavar="MOMENT")
    for each in (cancel, complete, no_show, forgive):
        each.add_argument("--lines", type=int, nargs="+", metavar="N", help="as show counts them")
    for each in (book, exchange, cancel, reschedule):
        each.add_argument("--by", type=Actor, choices=list(Actor), default=Actor.CLIENT)
    for each in (book, exchange, cancel, complete, no_show, reschedule, forgive):
        each.add_argument("--note", default="", help="who and why; it is kept")
    command("show", Salon.show)
    return parser


def _first_line(do: Callable[[Salon], bool]) -> str:
    return re.sub(r" \([TD].*\)", "", (do.__doc__ or "").partition("\n")[0])


def main(arguments: Sequence[str] | None = None) -> int:
    """Do one command; return the exit status."""
    given = _parser().parse_args(arguments)
    try:
        with SqliteStore(given.db) as store:
            done: bool = given.do(Salon(store, given))
    except (PkgRedeemError, ValueError) as error:
        print(f"salon.py: {error}", file=sys.stderr)
        return 2
    except sqlite3.Error as error:
        print(f"salon.py: {given.db}: {error}", file=sys.stderr)
        return 2
    return 0 if done else 1


if __name__ == "__main__":
    sys.exit(main())
