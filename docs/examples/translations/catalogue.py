"""What there is to translate, keyed by code, and how a catalogue is put to use.

Each entry of the catalogue has a context such as `client.client_not_logged_in.message`: scope, code
and which of the three texts. Its `msgid` is the English text, so that a missing translation falls
back to English, as gettext does. `python -m translations.catalogue` prints the template; name your
own rules behind it, each as MODULE:NAME.
"""

import ast
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from pkgutil import resolve_name
from typing import Protocol

from pkgredeem import Decision, Finding, Rule, Settlement, rules

#: What is said by the library itself rather than by a rule, in the same words.
OWN = {
    "decision.prompt": "a package can be used for this booking",
    "decision.neutral": (
        "no package can be used for this booking: it is booked and paid for as usual"
    ),
    "decision.recorded": "redeemed already",
    "decision.again": "what was redeemed before stands",
    "deposit.not_required": "no deposit is due",
    "deposit.collect": "collect the deposit",
    "deposit.waived": "the deposit is waived",
    "card_capture.not_required": "no card is asked for",
    "card_capture.capture": "show the card capture page",
    "card_capture.bypassed": "the card capture page is bypassed",
    "settlement.returns": "the credit returns",
    "settlement.returned": "the credit was returned",
    "settlement.usable": "the credit is back in the package",
    "settlement.forfeit": "the credit is forfeited",
    "settlement.completed": "your appointment is recorded as completed",
    "settlement.rescheduled": "your booking has been moved to the new time",
    "settlement.refused": "this can't be done online: ask the business",
    "settlement.unchanged": "nothing changes",
    "settlement.repeated": "it was done before",
    "settlement.redeemed": "the credits are redeemed",
    "settlement.kept": "the credits are kept for the new start",
}
PARTS = ("message", "advice", "client_text")


class Catalogue(Protocol):
    """What `gettext.GNUTranslations` offers as well."""

    def pgettext(self, context: str, message: str) -> str:
        """Return the translation of the message in that context, or the message itself."""
        ...


class PoFile:
    """A catalogue read from a `.po` file, without compiling it; fuzzy entries are left out."""

    def __init__(self, path: Path) -> None:
        """Read the file."""
        self._texts = dict(_entries(path.read_text(encoding="utf-8-sig")))

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Yield context and English text of each entry that is translated."""
        return (key for key, text in self._texts.items() if text)

    def pgettext(self, context: str, message: str) -> str:
        """Return the translation of the message in that context, or the message itself."""
        return self._texts.get((context, message)) or message


def english(more: tuple[Rule, ...] = ()) -> Mapping[str, str]:
    """Return every text there is by its context: the library's, and those of your own rules."""
    found = dict(OWN)
    for rule in (*rules.EVERY_RULE, *rules.acts.EVERY_RULE, *more):
        for part in PARTS:
            text = getattr(rule, part)
            if text is not None:
                found[f"{rule.scope}.{rule.code}.{part}"] = text
    return found


def template(more: tuple[Rule, ...] = ()) -> str:
    """Return the catalogue with nothing translated, for translators to start from."""
    parts = ['msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n']
    parts += [
        f'msgctxt "{context}"\nmsgid {json.dumps(text, ensure_ascii=False)}\nmsgstr ""\n'
        for context, text in english(more).items()
    ]
    return "\n".join(parts)


def for_client(told: Decision | Settlement, catalogue: Catalogue) -> str:
    """Return the one sentence for a client; which one depends on the codes alone (D24)."""
    for finding in told.findings:
        if finding.client_text == told.client_text:
            return _part(finding, "client_text", catalogue)
    return _own(_context_of(told.client_text), catalogue)


def for_staff(
    told: Decision | Settlement, catalogue: Catalogue, moment: Callable[[datetime], str]
) -> list[str]:
    """Return what staff are told: every finding with its advice, and the money or the credits.

    Args:
        told: the decision, or the settlement.
        catalogue: the language.
        moment: how an instant is written in that language and in the salon's time zone.
    """
    lines = [
        f"{_filled(each, 'message', catalogue, moment)}. "
        f"{_filled(each, 'advice', catalogue, moment)}. [{' '.join(each.clauses)}]"
        for each in told.findings
    ]
    return lines + [_own(context, catalogue) for context in _outcomes(told)]


def _outcomes(told: Decision | Settlement) -> Iterator[str]:
    if isinstance(told, Decision):
        if told.recorded:
            yield "decision.again" if told.again else "decision.recorded"
        yield f"deposit.{told.deposit}"
        yield f"card_capture.{told.card_capture}"
        return
    if told.change is None:
        yield "settlement.unchanged"
        if told.allowed:
            yield "settlement.repeated"
    if told.outcome is not None:
        yield "settlement.returns" if told.returned else "settlement.forfeit"
    elif told.change is not None:
        yield "settlement.redeemed" if told.change.movements else "settlement.kept"


def _context_of(english_text: str) -> str:
    return next(context for context, text in OWN.items() if text == english_text)


def _own(context: str, catalogue: Catalogue) -> str:
    return catalogue.pgettext(context, OWN[context])


def _part(finding: Finding, part: str, catalogue: Catalogue) -> str:
    context = f"{finding.scope}.{finding.code}.{part}"
    return catalogue.pgettext(context, getattr(finding, part))


def _filled(
    finding: Finding, part: str, catalogue: Catalogue, moment: Callable[[datetime], str]
) -> str:
    facts = {
        name: moment(value) if isinstance(value, datetime) else value
        for name, value in finding.facts
    }
    name, subject = finding.subject_name, finding.subject
    facts["subject"] = f"{name} ({subject})" if name else subject  # staff read names (D72)
    return _part(finding, part, catalogue).format(**facts)


def _entries(text: str) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield context and English text with the translation of each entry of a `.po` file."""
    held: dict[str, str] = {}
    keyword, fuzzy = "", False
    for line in (*map(str.strip, text.split("\n")), "# the end"):
        if keyword.startswith("msgstr") and line.startswith(("#", "msgctxt", "msgid")):
            if "msgctxt" in held and "msgstr" in held and not fuzzy:
                yield (held["msgctxt"], held["msgid"]), held["msgstr"]
            held, keyword, fuzzy = {}, "", False
        if line.startswith(("#,", "#~")):  # flags, and an entry that is no longer used
            fuzzy = line.startswith("#,") and (fuzzy or "fuzzy" in line)
        elif line and not line.startswith("#"):
            begins = not line.startswith('"')
            keyword, quoted = line.split(maxsplit=1) if begins else (keyword, line)
            held[keyword] = held.get(keyword, "") + str(ast.literal_eval(quoted))


def main(names: Sequence[str]) -> int:
    """Print the template, with those rules of your own; return the exit status."""
    more: list[Rule] = []
    for name in names:
        try:
            found: object = resolve_name(name)
        except (ImportError, AttributeError, ValueError) as error:
            print(f"{name} can't be found: {error}", file=sys.stderr)
            return 2
        if not isinstance(found, Rule):
            print(f"{name} is no rule: give MODULE:NAME of one", file=sys.stderr)
            return 2
        more.append(found)
    print(template(tuple(more)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
