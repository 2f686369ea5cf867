"""Every text that the library itself can say is in the catalogue: collected from its source."""

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from pkgredeem import (
    Actor,
    Audience,
    CancellationTerms,
    Client,
    CreditOutcome,
    Decision,
    Redemption,
    RedemptionDesk,
    RedemptionPolicy,
    Settlement,
    rules,
)
from pkgredeem._model import answers
from pkgredeem.rules import acts, article
from pkgredeem.stores.memory import MemoryStore
from pkgredeem.testing.cases.generator import cases
from tests.helpers.support import DAY, HOUR, NOW, START, account, booking, case, credit, package
from translations import catalogue

GERMAN = catalogue.PoFile(Path(catalogue.__file__).with_name("de.po"))
SRC = Path(rules.__file__).parents[1]

#: Words of lines that are made of values, which the page tells to write from those.
OF_VALUES = re.compile(
    r"\b(?:eligible|refused|asked again|under|reasons?|deposit|card capture|cancellation|done|note"
    r"|credit|s)\b"
)


class English:
    """A catalogue in which nothing is translated."""

    def pgettext(self, context: str, message: str) -> str:  # noqa: ARG002 - the protocol's
        """Return the message itself."""
        return message


def texts_in(nodes: list[ast.AST]) -> Iterator[str]:
    """Yield every text in them, with a letter in it, but docstrings and names of fields."""
    for node in nodes:
        docstrings = {
            id(each.value)
            for each in ast.walk(node)
            if isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant)
        }
        for each in ast.walk(node):
            if not isinstance(each, ast.Constant) or id(each) in docstrings:
                continue
            if isinstance(each.value, str) and re.search("[a-z]", each.value):
                yield each.value


def members(module: str) -> list[ast.stmt]:
    """Return what stands at the top of a module of the library."""
    return ast.parse((SRC / module).read_text(encoding="utf-8")).body


def values_of(module: str) -> list[ast.AST]:
    """Return what each private or public constant of a module is."""
    assigned = [each for each in members(module) if isinstance(each, ast.Assign | ast.AnnAssign)]
    return [each.value for each in assigned if each.value is not None]


def functions_of(module: str, *names: str) -> list[ast.AST]:
    """Return the bodies of these functions."""
    found = [each for each in members(module) if isinstance(each, ast.FunctionDef)]
    bodies: list[ast.AST] = [
        statement for each in found if each.name in names for statement in each.body
    ]
    assert len({each.name for each in found} & set(names)) == len(names)
    return bodies


CLIENTS = [
    text
    for module in ("rules/article.py", "rules/acts.py")
    for text in texts_in([*values_of(module), *functions_of(module, "text_for_client")])
]
STAFF = [
    *texts_in(values_of("_model/answers.py")),
    *texts_in(
        functions_of(
            "_model/answers.py",
            *("decision_lines", "settlement_lines", "_answer_line", "_outcome_line"),
        )
    ),
]


@pytest.mark.parametrize("text", sorted(set(CLIENTS)))
def test_what_a_client_is_told_by_no_rule_is_translated(text: str) -> None:
    """Each sentence in the source of the rules that is no rule's own has its entry."""
    translated = {english for _, english in GERMAN}

    assert text in translated


@pytest.mark.parametrize("text", sorted(set(STAFF)))
def test_what_staff_are_told_by_no_rule_is_translated(text: str) -> None:
    """What an answer says as a whole has its entry, but for what is made of values alone."""
    english = sorted((entry for _, entry in GERMAN), key=len, reverse=True)
    rest = text
    # In the source, two of the sentences begin alike and end in words of their own.
    for part in (*english, *(entry.removeprefix("the credits are ") for entry in english)):
        rest = rest.replace(part, "")

    assert "" == re.sub(r"[\s:;,]", "", OF_VALUES.sub("", rest.replace("the credits are ", "")))


def test_both_collections_hold_what_is_known() -> None:
    """The collecting itself finds the sentences that everybody knows."""
    assert {article.PROMPT, article.NEUTRAL, acts._MOVED, acts._NOT_ONLINE} <= set(CLIENTS)
    assert {answers._STANDS, "nothing changes, it was done before: "} <= set(STAFF)


def test_sentences_for_clients_come_from_nowhere_else() -> None:
    """Whatever answer the library makes, its sentence is a rule's or one of those functions'."""
    given = [
        ast.unparse(keyword.value)
        for path in SRC.rglob("*.py")
        if "testing" not in path.parts and "rules" not in path.parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg == "client_text"
    ]

    assert [] == [
        text
        for text in given
        if ".text_for_client(" not in text and text not in {"client_text", "self.client_text"}
    ]


TERMS = CancellationTerms(window=DAY, late=CreditOutcome.FORFEIT)


def settlements(redemption: Redemption) -> Iterator[Settlement]:
    """Yield what acts on a redemption come to, and what they come to when they are sent again."""
    policy, start = RedemptionPolicy(), redemption.starts_at
    packages = [
        package(id, client_id=redemption.client_id)
        for id in sorted({draw.package_id for draw in redemption.draws})
    ]
    for by in Actor:
        for now in (start - 2 * DAY, start - HOUR, start):
            settlement = policy.cancel(
                redemption, by=by, now=max(now, redemption.booked_at), packages=packages
            )
            yield settlement
            if settlement.change is not None:
                yield policy.cancel(settlement.change.after, by=by, now=start)
        yield policy.reschedule(
            redemption,
            account=account(),
            client=Client(id=redemption.client_id, logged_in=True),
            starts_at=start + DAY,
            by=by,
            now=redemption.booked_at,
            packages=packages,
        )
    yield policy.no_show(redemption, now=max(redemption.booked_at, start - HOUR))
    for settlement, again in (
        (policy.no_show(redemption, now=start), policy.no_show),
        (policy.complete(redemption, now=start), policy.complete),
    ):
        yield settlement
        if settlement.change is not None:
            yield again(settlement.change.after, now=start)
            if not settlement.returned:
                yield policy.forgive(settlement.change.after, now=start, note="a burst pipe")


def decisions() -> Iterator[Decision]:
    """Yield answers about generated cases, of a desk that is asked again, and of an exchange."""
    policy = RedemptionPolicy()
    yield from map(policy.decide_case, cases(seed=0, count=300))
    store = MemoryStore()
    store.add(package("p1", credit("facial", left=3)))
    desk = RedemptionDesk(policy=policy, store=store)
    asked = case(account=account(cancellation=TERMS))
    facts = {"account": asked.account, "client": asked.client, "now": NOW}
    yield desk.redeem(booking=asked.booking, **facts)  # type: ignore[arg-type]
    yield desk.redeem(booking=asked.booking, **facts)  # type: ignore[arg-type]
    other = booking(id="b2", starts_at=START + DAY)
    yield desk.exchange("b1", booking=other, by=Actor.CLIENT, **facts)  # type: ignore[arg-type]
    yield desk.exchange("b1", booking=other, by=Actor.CLIENT, **facts)  # type: ignore[arg-type]
    stored = store.redemption("b2")
    assert stored is not None
    own = case(account=asked.account, packages=[package("p1")], existing=stored)
    yield policy.decide_case(replace(own, booking=stored.booking))


def answers_of_all_kinds() -> list[Decision | Settlement]:
    """Return all those, and what acts on each redemption come to."""
    told: list[Decision | Settlement] = []
    for decision in decisions():
        told.append(decision)
        redemption = decision.redemption
        if redemption is not None and any(draw.is_reserved for draw in redemption.draws):
            told += settlements(redemption)
    return told


def test_whatever_is_answered_a_client_reads_the_same_sentence() -> None:
    """Decisions, repeats, exchanges and settlements: in English the catalogue changes nothing."""
    for told in answers_of_all_kinds():
        assert told.explain(Audience.CLIENT) == catalogue.for_client(told, English())


def test_whatever_is_answered_staff_read_in_the_words_of_the_library() -> None:
    """Each line that the catalogue makes for staff stands in what the library explains to them."""
    for told in answers_of_all_kinds():
        explained = told.explain(Audience.STAFF)
        for context in catalogue._outcomes(told):
            words = catalogue.OWN[context].removeprefix("the credits are ")

            assert words in explained, context


def test_every_entry_of_the_librarys_own_is_used_by_some_answer() -> None:
    """None is left over: each is a client's sentence, or one of what staff are told."""
    every = answers_of_all_kinds()
    used = {context for told in every for context in catalogue._outcomes(told)}
    sentences = {told.client_text for told in every}
    unused = {
        context
        for context, text in catalogue.OWN.items()
        if context not in used and text not in sentences
    }

    assert set() == unused


def test_a_recorded_answer_says_so_in_german() -> None:
    """Asked again, the desk answers as recorded, and staff read that nothing is new."""
    store = MemoryStore()
    store.add(package("p1"))
    desk = RedemptionDesk(policy=RedemptionPolicy(), store=store)
    asked = case()

    def again() -> list[str]:
        decision = desk.redeem(
            account=asked.account, client=asked.client, booking=asked.booking, now=NOW
        )
        return catalogue.for_staff(decision, GERMAN, datetime.isoformat)

    assert ["es ist keine Anzahlung fällig", "es wird keine Karte verlangt"] == again()
    assert [
        "bereits eingelöst",
        "es ist keine Anzahlung fällig",
        "es wird keine Karte verlangt",
    ] == again()


def test_an_act_that_is_sent_again_says_so_in_german() -> None:
    """Completed, and completed once more: the first redeems, the second changes nothing."""
    redemption = RedemptionPolicy().decide_case(case()).redemption
    assert redemption is not None
    first = RedemptionPolicy().complete(redemption, now=START)
    assert first.change is not None
    second = RedemptionPolicy().complete(first.change.after, now=START + HOUR)
    cancelled = RedemptionPolicy().cancel(redemption, by=Actor.BUSINESS, now=NOW)
    assert cancelled.change is not None
    repeated = RedemptionPolicy().cancel(cancelled.change.after, by=Actor.BUSINESS, now=START)

    assert [
        ["die Guthaben sind eingelöst"],
        ["es ändert sich nichts", "es ist schon geschehen"],
        ["das Guthaben geht zurück"],
        ["es ändert sich nichts", "es ist schon geschehen", "das Guthaben geht zurück"],
    ] == [
        catalogue.for_staff(told, GERMAN, datetime.isoformat)
        for told in (first, second, cancelled, repeated)
    ]
