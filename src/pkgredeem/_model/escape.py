"""Text that came from outside, made safe to print."""


def escape_control_characters(text: str) -> str:
    """Return a text with whatever a terminal might act on escaped, line breaks too.

    What people write stays: letters and signs of every script, and spaces of every width.
    """
    if text.isprintable():
        return text
    from unicodedata import category  # noqa: PLC0415 - not loaded with the core, for this alone

    return "".join(
        sign
        if sign.isprintable() or category(sign) == "Zs"
        else sign.encode("unicode_escape").decode("ascii")
        for sign in text
    )
