"""What a rule is: one decorated function that cites what it implements.

The form only: no rule of the article stands here. No registry, no discovery, no side effect at
import.
"""

import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib import import_module
from typing import (
    Final,
    Literal,
    Required,
    TypeAlias,
    TypedDict,
    TypeVar,
    Unpack,
    cast,
    final,
    overload,
)

from pkgredeem._model import checks as check
from pkgredeem._model.account import AccountSettings
from pkgredeem._model.booking import BookingLine, Client
from pkgredeem._model.case import Case
from pkgredeem._model.cover import Cover
from pkgredeem._model.entitlement import Entitlement
from pkgredeem._model.finding import Fact, Finding, check_template, checked_facts, unchecked_finding
from pkgredeem._model.packages import Package
from pkgredeem._model.redemption import Redemption
from pkgredeem._model.request import Request
from pkgredeem._model.words import CardCaptureOutcome, Scope
from pkgredeem.clauses import Clause
from pkgredeem.exceptions import InvalidValueError

#: What a condition answers: False is silent, True finds its fact, a mapping finds it with facts.
Answer: TypeAlias = bool | Mapping[str, Fact]
Condition: TypeAlias = Callable[..., Answer]

_MOVE_SCOPES = frozenset((Scope.PACKAGE, Scope.CREDIT, Scope.BOOKING))
_CREDIT_SCOPES = frozenset((Scope.PACKAGE, Scope.CREDIT))

#: What a rule may say that it reads: fields of a package beyond the article, of its entitlements,
#: and the pick of the case; those of a package are what its `beyond` may hold.
READABLE: Final = (
    "status",
    "shared_with",
    "book_until",
    "pauses",
    "lasts",
    "restrictions",
    "quotas",
    "cancellation",
    "traits",
    "uses",
    "unit",
    "valid_from",
    "valid_until",
    "only",
)
_Function = TypeVar("_Function", bound=Callable[..., object])


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule: a condition, the words for it, and the clauses that it implements.

    Made by the decorator `rule`. Calling it asks its condition. It is pickled by its module and
    name.

    Attributes:
        code: the function's name.
        scope: what it looks at, which settles what the function takes.
        clauses: what it implements, one or more of the article, of our decisions, or of the caller.
        message: the fact in words for staff; `{subject}` and `{fact}` are filled in.
        advice: what would change it; may hold the same fields.
        client_text: what a client may be told; no digit, no field (D24); None for nothing.
        condition: the function itself.
        can_be_lifted: whether a rulebook may be without it; False of what explains the allocation
            itself, since without it a refusal could be without a reason.
        on_move: whether a move of a booking asks it too, at the new start (D58): package, credit
            and booking rules are asked, unless they say False.
        on_return: whether it is asked if a credit that returned can be used again (D13): only for
            package and credit rules that say so.
        reads: fields without which it is silent, of package and credit rules: where all of them
            have their defaults it need not be asked. Of the package, of its entitlements
            (`valid_from` and `valid_until` are theirs), or the `only` of the case.

    Raises:
        InvalidValueError: a field has the wrong type, no clause is cited, a field of the message is
            not a plain name, or the client text holds a digit or a field.

    Example:
        >>> from pkgredeem import Client, rules
        >>> rules.client_not_logged_in.code
        'client_not_logged_in'
        >>> rules.client_not_logged_in(Client.guest())
        True
    """

    code: str
    scope: Scope
    clauses: tuple[Clause, ...] = field(repr=False)
    message: str = field(repr=False)
    advice: str = field(repr=False)
    client_text: str | None = field(repr=False)
    condition: Callable[..., Answer] = field(repr=False)
    can_be_lifted: bool = True
    on_move: bool | None = None
    on_return: bool = False
    reads: tuple[str, ...] = ()
    _plain_finding: Finding = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Check every field."""
        check.text("Rule.code", self.code)
        if not self.code.isidentifier() or self.code != self.code.lower():
            raise InvalidValueError("Rule.code", self.code, "a name in lower case")
        check.member("Rule.scope", self.scope, Scope)
        check.put(self, "clauses", check.items("Rule.clauses", self.clauses, Clause, least=1))
        for name, template in (("message", self.message), ("advice", self.advice)):
            check.text(f"Rule.{name}", template)
            check_template(f"Rule.{name}", template)
        _check_client_text(self.client_text)
        if not callable(self.condition):
            raise InvalidValueError("Rule.condition", self.condition, "a function")
        check.flag("Rule.can_be_lifted", self.can_be_lifted)
        check.optional_flag("Rule.on_move", self.on_move)
        check.flag("Rule.on_return", self.on_return)
        if self.on_move and self.scope not in _MOVE_SCOPES:
            raise InvalidValueError(
                "Rule.on_move", self.on_move, f"False for a rule of {self.scope}"
            )
        if self.on_return and self.scope not in _CREDIT_SCOPES:
            raise InvalidValueError(
                "Rule.on_return", self.on_return, f"False for a rule of {self.scope}"
            )
        reads = check.identifiers("Rule.reads", self.reads, least=0)
        for name in reads:
            if name not in READABLE:
                raise InvalidValueError("Rule.reads", name, f"one of {', '.join(READABLE)}")
        if reads and self.scope not in _CREDIT_SCOPES:
            raise InvalidValueError("Rule.reads", reads, f"empty for a rule of {self.scope}")
        check.put(self, "reads", tuple(sorted(set(reads))))
        if self.on_move is None:
            check.put(self, "on_move", self.scope in _MOVE_SCOPES)
        check.put(
            self,
            "_plain_finding",
            Finding(
                code=self.code,
                scope=self.scope,
                clauses=tuple(clause.id for clause in self.clauses),
                message=self.message,
                advice=self.advice,
                client_text=self.client_text,
                subject="",
            ),
        )

    def __call__(self, *looked_at: object) -> Answer:
        """Ask the condition; what it takes is settled by the scope."""
        return self.condition(*looked_at)

    @property
    def states(self) -> str:
        """The fact that it finds, which is the docstring of its function."""
        return (self.condition.__doc__ or "").strip()

    def finding_for(self, answer: Answer, subject: str = "", subject_name: str = "") -> Finding:
        """Return what the rule found, for an answer of its condition that is not False.

        Raises:
            InvalidValueError: the answer is neither a bool nor a mapping of facts.
        """
        plain = self._plain_finding
        if answer is True and not subject:
            return plain
        return unchecked_finding(
            self.code,
            self.scope,
            plain.clauses,
            self.message,
            self.advice,
            self.client_text,
            subject,
            () if answer is True else self._facts_in(answer),
            subject_name,
        )

    def finds(self, answer: Answer) -> bool:
        """Tell whether an answer of its condition finds its fact.

        Raises:
            InvalidValueError: the answer is neither a bool nor a mapping of facts.
        """
        if answer is False:
            return False
        self.finding_for(answer)
        return True

    def _facts_in(self, answer: Answer) -> tuple[tuple[str, Fact], ...]:
        # A dict first: to ask whether it is a Mapping takes a sixth of a finding.
        is_mapping = type(cast("object", answer)) is dict or isinstance(answer, Mapping)
        if not is_mapping or not answer:
            allowed = "True, False, or a mapping of at least one fact"
            raise InvalidValueError(f"the answer of {self.code}", answer, allowed)
        return checked_facts(f"facts of {self.code}", cast("Mapping[str, Fact]", answer))

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle by module and name, like a function."""
        module = self.condition.__module__
        if getattr(sys.modules.get(module), self.code, None) != self:
            import pickle  # noqa: PLC0415 - not loaded with the core, for one error alone

            raise pickle.PicklingError(
                f"rule {self.code} is not the {module}.{self.code} of its module: define it there"
            )
        return (_rule_named, (module, self.code))

    def __copy__(self) -> "Rule":
        """Return itself: it is immutable."""
        return self

    def __deepcopy__(self, memo: dict[int, object]) -> "Rule":
        """Return itself: it is immutable."""
        return self


_Accounts: TypeAlias = Callable[[AccountSettings, date | None], Answer]
_Clients: TypeAlias = Callable[[Client], Answer]
_Holdings: TypeAlias = Callable[[Client, tuple[Package, ...]], Answer]
_Packages: TypeAlias = Callable[[Case, Package], Answer]
_Credits: TypeAlias = Callable[[Case, Package, Entitlement, BookingLine], Answer]
_Bookings: TypeAlias = Callable[[Case, Cover], Answer]
_Acts: TypeAlias = Callable[[Redemption, Request], Answer]
_Notes: TypeAlias = Callable[[Case, CardCaptureOutcome], Answer]


class _Words(TypedDict, total=False):
    clauses: Required[Iterable[Clause]]
    message: Required[str]
    advice: Required[str]
    client_text: str | None
    can_be_lifted: bool


class _BookingWords(_Words, total=False):
    on_move: bool


class _CreditWords(_BookingWords, total=False):
    on_return: bool
    reads: Iterable[str]


@overload
def rule(scope: Literal[Scope.ACCOUNT], **words: Unpack[_Words]) -> Callable[[_Accounts], Rule]: ...
@overload
def rule(scope: Literal[Scope.CLIENT], **words: Unpack[_Words]) -> Callable[[_Clients], Rule]: ...
@overload
def rule(
    scope: Literal[Scope.HOLDINGS], **words: Unpack[_Words]
) -> Callable[[_Holdings], Rule]: ...
@overload
def rule(
    scope: Literal[Scope.PACKAGE], **words: Unpack[_CreditWords]
) -> Callable[[_Packages], Rule]: ...
@overload
def rule(
    scope: Literal[Scope.CREDIT], **words: Unpack[_CreditWords]
) -> Callable[[_Credits], Rule]: ...
@overload
def rule(
    scope: Literal[Scope.BOOKING], **words: Unpack[_BookingWords]
) -> Callable[[_Bookings], Rule]: ...
@overload
def rule(scope: Literal[Scope.NOTE], **words: Unpack[_Words]) -> Callable[[_Notes], Rule]: ...
@overload
def rule(scope: Literal[Scope.ACT], **words: Unpack[_Words]) -> Callable[[_Acts], Rule]: ...
def rule(
    scope: Scope,
    *,
    clauses: Iterable[Clause],
    message: str,
    advice: str,
    client_text: str | None = None,
    can_be_lifted: bool = True,
    on_move: bool | None = None,
    on_return: bool = False,
    reads: Iterable[str] = (),
) -> Callable[[Callable[..., Answer]], Rule]:
    """Make a rule of the function below: its name is the code, its docstring the fact it finds.

    The function answers True when it finds its fact, False when not, or a mapping of facts in place
    of True when the message needs them. What it takes is settled by the scope:

    - ACCOUNT: the account settings, and the date of the automatic start (None for never);
    - CLIENT: the client;
    - HOLDINGS: the client, and the client's active packages (D05) as a ranked tuple;
    - PACKAGE: the case and one package; it is about the package and the start, never about which
      service is booked, so that a menu asks it once for all services;
    - CREDIT: the case, the package, one of its entitlements and the booking line;
    - BOOKING: the case and the cover, that is what was allocated;
    - NOTE: the case and what happens to the card page; it never refuses;
    - ACT: the redemption and the act; not in a rulebook, since nothing that changes later touches a
      redemption (D11).

    An exception in it is never an answer: it reaches the caller.

    Args:
        scope: what the rule looks at.
        clauses: what it implements, one or more.
        message: the fact in words for staff.
        advice: what would change it.
        client_text: what a client may be told; no digit and no field.
        can_be_lifted: whether a rulebook may be without it.
        on_move: whether a move asks it at the new start (D58); package, credit and booking rules
            are asked unless they say False, all others never.
        on_return: whether it says of a returned credit that it can't be used again (D13); for
            package and credit rules.
        reads: fields beyond the article without which it is silent, so that it need not be asked;
            for package and credit rules, see `Rule`.

    Raises:
        InvalidValueError: see `Rule`.

    Example:
        >>> from pkgredeem import Case, Package, Scope, rule
        >>> from pkgredeem.clauses import Clause
        >>> HOUSE = Clause(id="HOUSE-1", heading="house rules", says="no packages on Saturdays")
        >>> @rule(
        ...     Scope.BOOKING,
        ...     clauses=[HOUSE],
        ...     message="the appointment is on a Saturday",
        ...     advice="pick another day",
        ... )
        ... def booked_on_saturday(case, cover):
        ...     "The appointment is on a Saturday, by the account's own calendar."
        ...     return case.local(case.booking.starts_at).isoweekday() == 6
        >>> booked_on_saturday.code
        'booked_on_saturday'
    """

    def decorate(condition: Callable[..., Answer]) -> Rule:
        code = getattr(condition, "__name__", None)
        if code is None:
            raise InvalidValueError("Rule.condition", condition, "a function with a name")
        return Rule(
            code=code,
            scope=scope,
            clauses=clauses,  # type: ignore[arg-type]  # any iterable is stored as a tuple
            message=message,
            advice=advice,
            client_text=client_text,
            condition=condition,
            can_be_lifted=can_be_lifted,
            on_move=on_move,
            on_return=on_return,
            reads=reads,  # type: ignore[arg-type]  # any iterable is stored as a tuple
        )

    return decorate


def implements(*cited: Clause) -> Callable[[_Function], _Function]:
    """Note on a function which clauses it implements, where a test and a reader can see them."""

    def noted(function: _Function) -> _Function:
        function.clauses = cited  # type: ignore[attr-defined]  # a note on the function, no more
        return function

    return noted


def _rule_named(module: str, code: str) -> Rule:
    return cast("Rule", getattr(import_module(module), code))


def _check_client_text(client_text: str | None) -> None:
    if client_text is None:
        return
    check.text("Rule.client_text", client_text)
    if any(sign.isdigit() or sign in "{}" for sign in client_text):
        raise InvalidValueError("Rule.client_text", client_text, "a text without digits and fields")
