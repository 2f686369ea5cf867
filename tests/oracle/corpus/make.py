"""Answer the corpus: the answers to its cases, and the digests of many more answers.

The cases are stored, and nothing here makes one:
`python tests/oracle/corpus/make.py` answers them again, and writes cases.jsonl and digests.json;
`python tests/oracle/corpus/make.py --check` compares the answers, and says what differs;
`python tests/oracle/corpus/make.py --print 2000 20` prints twenty records, from number 2000 on.
"""

import argparse
import hashlib
import json
import lzma
import sys
import zoneinfo
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import chain, islice
from pathlib import Path
from typing import Final

from pkgredeem import (
    Actor,
    Audience,
    Case,
    ClosedRedemptionError,
    Decision,
    Finding,
    InvalidValueError,
    PkgRedeemError,
    Redemption,
    RedemptionPolicy,
    Settlement,
    rules,
)
from pkgredeem.documents import read_case

IN_FULL: Final = 2_000
BLOCK: Final = 2_000
BLOCKS: Final = 25
HERE: Final = Path(__file__).parent
CASES: Final = HERE / "cases.jsonl"
DIGESTED: Final = HERE / "digested.jsonl.xz"
DIGESTS: Final = HERE / "digests.json"

LIFTED: Final = (rules.several_active_packages, rules.mixed_booking)
#: Record n is answered under the rulebook in place n modulo 4.
POLICIES: Final = (
    RedemptionPolicy(rules.TIMELY_2026_03),
    RedemptionPolicy(rules.TIMELY_2026_04),
    RedemptionPolicy(rules.IN_STORE),
    RedemptionPolicy(rules.TIMELY_2026_03.without(*LIFTED)),
)

#: What an answer leaves out.
_NOTHING: Final[dict[str, object]] = {
    "notes": [],
    "uncovered": [],
    "notice": False,
    "prompt": False,
    "refund_on_cancel": False,
    "deposit": "not_required",
    "card_capture": "not_required",
}


def documents(first: int, count: int) -> Iterator[object]:
    """Yield stored case documents: those of the records, then those that are only digested."""
    with (
        CASES.open(encoding="ascii") as in_full,
        lzma.open(DIGESTED, "rt", encoding="ascii") as rest,
    ):
        for line in islice(chain(in_full, rest), first, first + count):
            found = json.loads(line)
            yield found.get("case", found)


def questions(first: int, count: int) -> Iterator[tuple[object, RedemptionPolicy]]:
    """Yield each stored case document, with the policy that answers it."""
    for number, document in enumerate(documents(first, count), first):
        yield document, POLICIES[number % len(POLICIES)]


def records(first: int, count: int) -> Iterator[str]:
    """Yield records as lines of JSON: the case, the rulebook, and the answer."""
    for document, policy in questions(first, count):
        yield written(
            {
                "case": document,
                "rulebook": policy.rulebook.name,
                "answer": answer(policy, document),
            }
        )


def digest(first: int, count: int) -> str:
    """Return the SHA-256 of the answers, each a line of JSON that ends with a line feed."""
    total = hashlib.sha256()
    for document, policy in questions(first, count):
        total.update(written(answer(policy, document)).encode())
        total.update(b"\n")
    return total.hexdigest()


def block(number: int) -> str:
    """Return the digest of one block of answers; the blocks come after what is written in full."""
    return digest(IN_FULL + number * BLOCK, BLOCK)


def written(value: object) -> str:
    """Return JSON without spaces, keys sorted, ASCII only."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def answer(policy: RedemptionPolicy, document: object) -> dict[str, object]:
    """Return the answer to a case document, or the error that is raised in its place."""
    try:
        return _told(policy, read_case(document))
    except (InvalidValueError, ClosedRedemptionError) as error:
        return {"error": _error(error)}


def _error(error: PkgRedeemError) -> str:
    """Return the name of an error; one that tells of a document is an invalid value too."""
    return "InvalidValueError" if isinstance(error, InvalidValueError) else type(error).__name__


def _told(policy: RedemptionPolicy, asked: Case) -> dict[str, object]:
    """Return the whole answer as data: codes, subjects and facts, no sentence."""
    decision = policy.decide_case(asked)
    setting = policy.setting(asked.account)
    notice = policy.notice(
        account=asked.account, client=asked.client, packages=asked.packages, now=asked.now
    )
    told: dict[str, object] = {
        "switch": [setting.visible, setting.enabled, setting.chosen],
        "notice": notice,
        "eligible": decision.eligible,
        "reasons": [_finding(each) for each in decision.reasons],
        "notes": [_finding(each) for each in decision.notes],
        "uncovered": list(decision.uncovered),
        "deposit": decision.deposit.value,
        "card_capture": decision.card_capture.value,
        "prompt": decision.prompt,
        "refund_on_cancel": decision.refund_on_cancel,
        "client_told": _client_told(decision),
    }
    if decision.redemption is not None:
        told |= _followed(policy, asked, decision.redemption)
    return {key: value for key, value in told.items() if _NOTHING.get(key, ...) != value}


def _followed(policy: RedemptionPolicy, asked: Case, made: Redemption) -> dict[str, object]:
    start, tick = made.starts_at, timedelta(microseconds=1)
    moments = [asked.now, start - tick, start]
    if made.free_until is not None:
        moments += [made.free_until, made.free_until + tick]

    def cancelled(by: Actor, at: datetime) -> list[object]:
        return _act(lambda: policy.cancel(made, by=by, now=at, packages=asked.packages), _settled)

    return {
        "draws": [[each.line, each.package_id, each.entitlement_id] for each in made.draws],
        "free_until": _instant(made.free_until),
        "schedule": [
            [_instant(until), outcome.value, late] for until, outcome, late in made.schedule
        ],
        "cancelled_by_client": [cancelled(Actor.CLIENT, at) for at in moments],
        "cancelled_by_business": cancelled(Actor.BUSINESS, start),
        "no_show": _act(lambda: policy.no_show(made, now=start), _settled),
        **_at_the_end(policy, asked, made),
    }


def _at_the_end(policy: RedemptionPolicy, asked: Case, made: Redemption) -> dict[str, object]:
    """Return what happens where the first package drawn on ends, or a day later without an end."""
    (until,) = (p.valid_until for p in asked.packages if p.id == made.draws[0].package_id)
    edge, tick = until or made.starts_at + timedelta(days=1), timedelta(microseconds=1)

    def moved(to: datetime, by: Actor) -> list[object]:
        return _act(
            lambda: policy.reschedule(
                made,
                account=asked.account,
                client=asked.client,
                starts_at=to,
                by=by,
                now=asked.now,
                packages=asked.packages,
            ),
            _rescheduled,
        )

    def returned(at: datetime) -> list[object]:
        return _act(
            lambda: policy.cancel(made, by=Actor.BUSINESS, now=at, packages=asked.packages),
            lambda settlement: [settlement.credit_usable],
        )

    return {
        "rescheduled_by_client": [moved(to, Actor.CLIENT) for to in (edge - tick, edge, asked.now)],
        "rescheduled_by_business": moved(edge, Actor.BUSINESS),
        "returned_there": [told for at in (edge - tick, edge) for told in returned(at)],
    }


def _act(act: Callable[[], Settlement], told: Callable[[Settlement], list[object]]) -> list[object]:
    """Return what is told of an act, or the error that it raises."""
    try:
        return told(act())
    except InvalidValueError as error:
        return [_error(error)]


def _rescheduled(settlement: Settlement) -> list[object]:
    """Return allowed, late, the new free-until instant, and what is found."""
    free_until = None if settlement.change is None else settlement.change.after.free_until
    return [settlement.allowed, settlement.late, _instant(free_until), *_codes(settlement)]


def _settled(settlement: Settlement) -> list[object]:
    """Return allowed, what becomes of the credits, late, usable again, and what is found."""
    outcome = settlement.outcome
    return [
        settlement.allowed,
        None if outcome is None else outcome.value,
        settlement.late,
        settlement.credit_usable,
        *_codes(settlement),
    ]


def _codes(settlement: Settlement) -> list[object]:
    """Return the code of each finding, with its subject where it has one."""
    return [
        [each.code, each.subject] if each.subject else each.code for each in settlement.findings
    ]


def _finding(finding: Finding) -> list[object]:
    facts = {
        name: _instant(value) if isinstance(value, datetime) else value
        for name, value in finding.facts
    }
    return [finding.code, finding.subject, facts]


def _instant(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat().replace("+00:00", "Z")


def _client_told(decision: Decision) -> str:
    """Return which sentence the client is told: the prompt, the neutral one, or that of a code."""
    told = decision.explain(Audience.CLIENT)
    texts = {rules.PROMPT: "prompt", rules.NEUTRAL: "neutral"}
    for reason in reversed(decision.reasons):
        if reason.client_text not in {None, *list(texts)[:2]}:
            texts[reason.client_text or ""] = reason.code
    return texts[told]


def differences() -> Iterator[str]:
    """Tell which records and which blocks are not as committed."""
    committed = CASES.read_text(encoding="ascii").splitlines()
    for number, line in enumerate(records(0, IN_FULL)):
        if line != committed[number]:
            yield f"record {number}: {line}"
    for number, sha256 in enumerate(json.loads(DIGESTS.read_text(encoding="ascii"))["sha256"]):
        if block(number) != sha256:
            yield f"block {number}"


def main() -> None:
    """Answer the corpus again, compare the answers, or print some records."""
    zoneinfo.reset_tzpath(to=())  # the pinned tzdata, not the machine's own
    parser = argparse.ArgumentParser(description="Answer the corpus.")
    parser.add_argument("--check", action="store_true", help="compare, and write nothing")
    parser.add_argument("--print", nargs=2, type=int, metavar=("FIRST", "COUNT"), dest="part")
    asked = parser.parse_args()
    if asked.part and min(asked.part) < 0:
        parser.error("FIRST and COUNT must be 0 or more")
    if asked.check:
        found = list(differences())
        sys.exit("\n".join(found) if found else 0)
    if asked.part:
        for line in records(*asked.part):
            sys.stdout.write(line + "\n")
        return
    lines = list(records(0, IN_FULL))  # all of them before the file is written: it holds the cases
    with CASES.open("w", encoding="ascii", newline="\n") as file:
        file.writelines(line + "\n" for line in lines)
    digests = {
        "first": IN_FULL,
        "block": BLOCK,
        "sha256": [block(number) for number in range(BLOCKS)],
    }
    DIGESTS.write_text(json.dumps(digests, indent=1) + "\n", encoding="ascii")


if __name__ == "__main__":
    main()
