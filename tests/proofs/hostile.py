"""Hostile inputs, each handed over in a process of its own with limits on memory and time.

python -m tests.proofs.hostile NAME    prints what came of it, as JSON
"""

import io
import json
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

from pkgredeem import (
    AccountSettings,
    Actor,
    Audience,
    Booking,
    Case,
    Client,
    ClientLogin,
    Entitlement,
    Package,
    Period,
    PkgRedeemError,
    Quota,
    Redemption,
    RedemptionPolicy,
    Service,
    rules,
)
from pkgredeem.documents import case_document, load_case, parse_json, read_case

MEBIBYTE: Final = 1024 * 1024
#: What one input may use: address space in bytes, and seconds on a core.
MOST_MEMORY: Final = 4_096 * MEBIBYTE
MOST_SECONDS: Final = 60
#: What a question within the bounds may take, in seconds on a core (D75).
MOST_SECONDS_INSIDE: Final = 2
MOST_LINES: Final = 100
MOST_LINES_MIXED: Final = 8
_MILLION: Final = 1_000_000
_NOW: Final = datetime(2026, 5, 1, 9, tzinfo=UTC)
_START: Final = datetime(2026, 5, 5, 10, tzinfo=UTC)


def _hundred_megabytes() -> object:
    return load_case(io.BytesIO(b'{"note": "' + b"x" * 100_000_000 + b'"}'))


def _million_packages_in_text() -> object:
    one = '{"id":"p","client_id":"ana","entitlements":[{"services":["facial"],"remaining":1}]}'
    return load_case(io.StringIO('{"packages": [' + ",".join([one] * _MILLION) + "]}"))


def _million_packages_as_objects() -> object:
    one = {
        "id": "p",
        "client_id": "ana",
        "entitlements": [{"services": ["facial"], "remaining": 1}],
    }
    return read_case({"packages": [one] * _MILLION})


def _million_packages_as_values() -> object:
    held = [Entitlement(services=["facial"], remaining=1)]
    return RedemptionPolicy().decide(
        account=AccountSettings(online_redemption=True, client_login=ClientLogin.OPTIONAL),
        client=Client(id="ana", logged_in=True),
        packages=[Package(id=f"p{n}", client_id="ana", entitlements=held) for n in range(_MILLION)],
        booking=Booking.of(Service(id="facial"), id="b1", starts_at=_START),
        now=_NOW,
    )


def _filled(one: str) -> object:
    """Return what comes of a document of 10 MB that repeats one value."""
    return read_case(parse_json("[" + ",".join([one] * (9_999_990 // (len(one) + 1))) + "]"))


def _empty_objects() -> object:
    return _filled("{}")


def _small_objects() -> object:
    return _filled('{"":0}')


def _nested_lists() -> object:
    return _filled("[" * 30 + "]" * 30)


def _distinct_texts() -> object:
    return read_case(parse_json(json.dumps([f"{n:x}" for n in range(190_000)])))


def _lines_of_one_service() -> object:
    line = '{"service":{"id":"facial"}}'
    return load_case(io.StringIO('{"booking": {"lines": [' + ",".join([line] * 20_000) + "]}}"))


def _million_lines() -> object:
    line = {"service": {"id": "facial"}}
    return read_case({"booking": {"lines": [line] * 66_000}})


def _deep_lists() -> object:
    return parse_json("[" * 100_000 + "]" * 100_000)


def _deep_objects() -> object:
    return parse_json('{"a":' * 100_000 + "1" + "}" * 100_000)


def _deep_python_object() -> object:
    nested: object = 1
    for _ in range(100_000):
        nested = [nested]
    return read_case(nested)


def _deep_redemption() -> object:
    nested: object = 1
    for _ in range(100_000):
        nested = {"booking": nested}
    return Redemption.from_document(nested)


def _cycle() -> object:
    held: dict[str, object] = {}
    held["account"] = held
    return read_case(held)


def _long_key() -> object:
    return read_case(parse_json(json.dumps({"k" * 1_000_000: 1, "k" * 1_000_001: 2})))


def _many_keys() -> object:
    return read_case(parse_json(json.dumps({f"k{n}": n for n in range(400_000)})))


def _long_integer() -> object:
    return read_case(parse_json('{"packages": [{"priority": ' + "9" * _MILLION + "}]}"))


def _long_fraction() -> object:
    return read_case(parse_json('{"packages": [{"priority": 0.' + "9" * _MILLION + "}]}"))


def _great_exponent() -> object:
    return read_case(parse_json('{"packages": [{"priority": 1e' + "9" * _MILLION + "}]}"))


def _invalid_utf8() -> object:
    return load_case(io.BytesIO(b'{"note": "\xff\xfe"}'))


def _half_a_pair() -> object:
    return read_case(parse_json('{"note": "\\ud800"}'))


def _quotes_without_end() -> object:
    return parse_json('"' + '\\"' * 4_000_000)


def _brackets_in_text() -> object:
    return read_case(parse_json(json.dumps({"note": "[" * 900_000})))


def _long_services() -> object:
    return Entitlement(services=(f"s{n}" for n in range(_MILLION)), remaining=10**_MILLION)


def _long_negative_count() -> object:
    return Entitlement(services=["facial"], remaining=-(10**_MILLION))


INPUTS: Final[dict[str, Callable[[], object]]] = {
    "a document of 100 MB": _hundred_megabytes,
    "10^6 packages in a text": _million_packages_in_text,
    "10^6 packages as Python objects": _million_packages_as_objects,
    "10^6 packages as values": _million_packages_as_values,
    "10 MB of empty objects": _empty_objects,
    "10 MB of objects with an empty key": _small_objects,
    "10 MB of lists 30 deep": _nested_lists,
    "190,000 texts": _distinct_texts,
    "20,000 lines of one service in a text": _lines_of_one_service,
    "66,000 lines as Python objects": _million_lines,
    "lists 10^5 deep": _deep_lists,
    "objects 10^5 deep": _deep_objects,
    "a Python object 10^5 deep": _deep_python_object,
    "a stored redemption 10^5 deep": _deep_redemption,
    "an object that holds itself": _cycle,
    "keys of 1 MB": _long_key,
    "400,000 unknown keys": _many_keys,
    "an integer of 10^6 digits": _long_integer,
    "a fraction of 10^6 digits": _long_fraction,
    "an exponent of 10^6 digits": _great_exponent,
    "invalid UTF-8": _invalid_utf8,
    "half a surrogate pair": _half_a_pair,
    "8 MB of quotes without an end": _quotes_without_end,
    "900,000 brackets inside a text": _brackets_in_text,
    "a count of 10^6 digits, 10^6 services": _long_services,
    "a negative count of 10^6 digits": _long_negative_count,
}


def _one_package() -> Case:
    """Return 100 facials, to be paid by 1,000 entitlements of one package that hold one each."""
    held = [Entitlement(services=["facial"], remaining=1, id=f"e{n:03}") for n in range(1_000)]
    return _case(
        [Service(id="facial")] * MOST_LINES, [Package(id="p", client_id="ana", entitlements=held)]
    )


def _many_packages() -> Case:
    """Return 100 services, to be paid by 1,000 packages that may pay for ever fewer of them."""
    services = [f"s{n:02}" for n in range(100)]
    held = [
        Package(
            id=f"p{n:03}",
            client_id="ana",
            entitlements=[Entitlement(services=services[n % 100 :], remaining=1)],
        )
        for n in range(1_000)
    ]
    return _case([Service(id=each) for each in services], held)


def _mixed_costs() -> Case:
    """Return 8 services that cost differently, to be paid by 1,000 packages that hold them all."""
    services = [Service(id=f"s{n}", costs={"credit": 1 + n % 2}) for n in range(MOST_LINES_MIXED)]
    entitlements = [Entitlement(services=[each.id for each in services], remaining=100)]
    cap = [Quota(3, Period.EVER)]
    held = [
        Package(id=f"p{n:03}", client_id="ana", entitlements=entitlements, quotas=cap)
        for n in range(1_000)
    ]
    return _case(services, held)


def _case(services: list[Service], packages: list[Package]) -> Case:
    return Case(
        account=AccountSettings(online_redemption=True, client_login=ClientLogin.OPTIONAL),
        client=Client(id="ana", logged_in=True),
        packages=packages,
        booking=Booking.of(*services, id="b1", starts_at=_START),
        now=_NOW,
    )


def _decided(case: Case) -> object:
    return _POLICY.decide_case(case).explain(Audience.STAFF)


def _read(case: Case) -> object:
    return read_case(case_document(case))


def _menu(case: Case) -> object:
    return _POLICY.menu(
        account=case.account,
        client=case.client,
        packages=case.packages,
        services=[Service(id=f"s{n}") for n in range(1_000)],
        starts_at=_START,
        now=_NOW,
    )


def _booked(case: Case) -> Redemption:
    made = _POLICY.decide_case(case).redemption
    assert made is not None
    assert len(made.draws) == len(case.booking.lines)
    return made


def _moved(case: Case) -> object:
    return _POLICY.reschedule(
        _booked(case),
        account=case.account,
        client=case.client,
        starts_at=_START + timedelta(days=1),
        by=Actor.CLIENT,
        now=_NOW,
        packages=case.packages,
    )


def _exchanged(case: Case) -> object:
    new = replace(case, booking=replace(case.booking, id="b2"), existing=_booked(case))
    return _POLICY.decide_case(new)


def _cancelled(case: Case) -> object:
    return _POLICY.cancel(_booked(case), by=Actor.CLIENT, now=_NOW, packages=case.packages)


def _asked(case: str, question: str) -> object:
    return _QUESTIONS[question](_LARGEST_CASES[case]())


_POLICY: Final = RedemptionPolicy(rules.ONLINE)
_QUESTIONS: Final[dict[str, Callable[[Case], object]]] = {
    "decided": _decided,
    "read": _read,
    "a menu of 1,000": _menu,
    "moved": _moved,
    "exchanged": _exchanged,
    "cancelled": _cancelled,
}
_LARGEST_CASES: Final = {
    f"{MOST_LINES} lines, one package": _one_package,
    f"{MOST_LINES} lines, 1,000 packages": _many_packages,
    f"{MOST_LINES_MIXED} lines of mixed costs, 1,000 packages": _mixed_costs,
}
#: The largest cases that are not refused, each with every question: answered within the limit.
LARGEST: Final[dict[str, Callable[[], object]]] = {
    f"{case}, {question}": partial(_asked, case, question)
    for case in _LARGEST_CASES
    for question in _QUESTIONS
}


def main() -> None:
    """Hand over one input, and tell what came of it."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    began = time.process_time()
    try:
        found = (INPUTS | LARGEST)[sys.argv[1]]()
    except PkgRedeemError as error:
        came, told = "refused", str(error)
    else:
        came, told = "accepted", type(found).__name__
    told_in = {"came": came, "lines": told.count("\n") + 1, "told": told[:200], "length": len(told)}
    used = {
        "seconds": time.process_time() - began,
        "mebibytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    json.dump(told_in | used, sys.stdout)


if __name__ == "__main__":
    main()
