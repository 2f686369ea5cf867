"""Errors: what they show, and that they survive a process boundary."""

import pickle

from pkgredeem import (
    InvalidValueError,
)


def refusal(*error: object) -> tuple[str, object, str]:
    """Return the three parts of an `InvalidValueError` that was caught."""
    (caught,) = error
    assert isinstance(caught, InvalidValueError)
    return caught.field, caught.value, caught.allowed


def test_an_error_shows_what_it_can_and_stays_short() -> None:
    """A long value is shortened, one that can't be shown is named by its class."""

    class Sullen:
        """A value whose repr fails."""

        def __repr__(self) -> str:
            """Fail."""
            raise RuntimeError

    for more in (79, 200):  # with its quotes a text is two characters longer
        long = InvalidValueError("Service.id", "x" * more, "less")
        assert f"Service.id must be less, not '{'x' * 76}..." == str(long)
    eighty = InvalidValueError("Service.id", "x" * 78, "less")
    assert f"Service.id must be less, not '{'x' * 78}'" == str(eighty)
    assert "a must be b, not a Sullen that can't be shown" == str(
        InvalidValueError("a", Sullen(), "b")
    )


def test_an_error_survives_pickling() -> None:
    """An error can cross a process boundary with its three parts."""
    error = InvalidValueError("Service.id", "", "a text that is not empty")
    back = pickle.loads(pickle.dumps(error))  # noqa: S301 (our own bytes)

    assert refusal(error) == refusal(back)
    assert "Service.id must be a text that is not empty, not ''" == str(back)
