"""What there is to translate, keyed by code, and how a catalogue is put to use.

Each entry of the catalogue has a context such as `client.client_not_logged_in.message`: scope, code
and which of the three texts. Its `msgid` is the English text, so that a missing translation falls
back to English, as gettext does. `python -m translations.catalogue` prints the template.
"""

import ast
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Protocol

from pkgredeem import Decision, Finding, Rule, Settlement, rules, settlement_rules

#: What is said by the library itself rather than by a rule, in the same words.
OWN = {
    "decision.prompt": "a package can be used for this booking",
    "decision.neutral": (
        "no package can be used for this booking: it is booked and paid for as usual"
    ),
    "deposit.not_required": "no deposit is due",
    "deposit.collect": "collect the deposit",
    "deposit.waived": "the deposit is waived",
    "card_capture.not_required": "no card is asked for",
    "card_capture.capture": "show the card capture page",
    "card_capture.bypassed": "the card capture page is bypassed",
    "settlement.return": "the credit is back in the package",
    "settlement.forfeit": "the credit is forfeited",
    "settlement.none": "this is done",
    "settlement.refused": "this can't be done online: ask the business",
}
PARTS = ("message", "advice", "client_text")


class Catalogue(Protocol):
    """What `gettext.GNUTranslations` offers as well."""

    def pgettext(self, context: str, message: str) -> str:
        """Return the translation of the message in that context, or the message itself."""
        ...


class PoFile:
    """A catalogue read from a `.po` file, without compiling it."""

    def __init__(self, path: Path) -> None:
        """Read the file."""
        self._texts = dict(_entries(path.read_text(encoding="utf-8")))

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Yield context and English text of each entry that is translated."""
        return (key for key, text in self._texts.items() if text)

    def pgettext(self, context: str, message: str) -> str:
        """Return the translation of the message in that context, or the message itself."""
        return self._texts.get((context, message)) or message


def english(more: tuple[Rule, ...] = ()) -> Mapping[str, str]:
    """Return every text there is by its context: the library's, and those of your own rules."""
    found = dict(OWN)
    shipped = [*vars(rules).values(), *vars(settlement_rules).values()]
    for rule in (*(each for each in shipped if isinstance(each, Rule)), *more):
        for part in PARTS:
            text = getattr(rule, part)
            if text is not None:
                found[f"{rule.scope}.{rule.code}.{part}"] = text
    return found


def template() -> str:
    """Return the catalogue with nothing translated, for translators to start from."""
    parts = ['msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n']
    parts += [
        f'msgctxt "{context}"\nmsgid "{text}"\nmsgstr ""\n' for context, text in english().items()
    ]
    return "\n".join(parts)


def for_client(told: Decision | Settlement, catalogue: Catalogue) -> str:
    """Return the one sentence for a client; which one depends on the codes alone (D24)."""
    if isinstance(told, Decision):
        if told.eligible:
            return _own("decision.prompt", catalogue)
        findings, otherwise = told.reasons, "decision.neutral"
    else:
        if told.allowed:
            return _own(f"settlement.{told.outcome or 'none'}", catalogue)
        findings, otherwise = told.findings, "settlement.refused"
    spoken = (each for each in findings if each.client_text is not None)
    first = next(spoken, None)
    return _own(otherwise, catalogue) if first is None else _part(first, "client_text", catalogue)


def for_staff(
    decision: Decision, catalogue: Catalogue, moment: Callable[[datetime], str]
) -> list[str]:
    """Return what staff are told: every finding with its advice, and the money.

    Args:
        decision: the decision.
        catalogue: the language.
        moment: how an instant is written in that language and in the salon's time zone.
    """
    lines = [
        f"{_filled(each, 'message', catalogue, moment)}. "
        f"{_filled(each, 'advice', catalogue, moment)}. [{' '.join(each.clauses)}]"
        for each in decision.findings
    ]
    lines.append(_own(f"deposit.{decision.deposit}", catalogue))
    lines.append(_own(f"card_capture.{decision.card_capture}", catalogue))
    return lines


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
    return _part(finding, part, catalogue).format(subject=finding.subject, **facts)


def _entries(text: str) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield context and English text with the translation of each entry of a `.po` file."""
    for block in text.split("\n\n"):
        held: dict[str, str] = {}
        keyword = ""
        for line in block.splitlines():
            if line and not line.startswith("#"):
                found, _, rest = line.partition(" ")
                if not line.startswith('"'):
                    keyword = found
                quoted = line if line.startswith('"') else rest
                held[keyword] = held.get(keyword, "") + str(ast.literal_eval(quoted))
        if "msgctxt" in held:
            yield (held["msgctxt"], held["msgid"]), held["msgstr"]


if __name__ == "__main__":
    print(template())
