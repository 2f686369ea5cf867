"""Texts that are not what they were, once they have been written and read back."""


class DocumentedOtherwise(str):
    """A text that equals no plain one, though its copies are like it."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        """Equal those of its own kind alone."""
        return isinstance(other, DocumentedOtherwise) and str.__eq__(self, other)

    def __hash__(self) -> int:
        """Hash as a text does."""
        return str.__hash__(self)


class PickledOtherwise(DocumentedOtherwise):
    """One that is read back as a plain text."""

    __slots__ = ()

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        """Write a plain text."""
        return str, (str(self),)


class CopiedOtherwise(DocumentedOtherwise):
    """One whose copy is a plain text, though it is read back as it was."""

    __slots__ = ()

    def __deepcopy__(self, memo: object) -> str:
        """Return a plain text."""
        del memo
        return str(self)
