"""What is told when a package that an extra brings is missing: the line that installs it."""

from collections.abc import Generator
from contextlib import contextmanager


class MissingExtraError(ModuleNotFoundError):
    """A package of an extra is not installed; its text holds the line that installs it."""


@contextmanager
def extra(name: str) -> Generator[None, None, None]:
    """Tell which extra brings a package that is missing in what is imported here.

    Raises:
        MissingExtraError: a package from outside of this library is not installed.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package in {"", "pkgredeem"}:
            raise
        told = f"{package} is not installed: run\n\n    pip install 'pkgredeem[{name}]'\n"
        raise MissingExtraError(told, name=error.name) from None
