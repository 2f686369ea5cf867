"""The reference: every public name has its place, told by the path that one imports."""

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from functools import cache
from types import ModuleType

import pytest
from docs import _reference

import pkgredeem
from tests.helpers import site

FOLDER = "reference/api"
#: What Django loads for itself; it needs the settings of a site, and offers nothing to import.
DJANGOS = re.compile(r"\.django\.(admin|apps|fields|migrations|models)\b")


def public_modules() -> Iterator[ModuleType]:
    """Yield every module with an `__all__` whose path has no part with an underscore before it."""
    yield pkgredeem
    for found in pkgutil.walk_packages(pkgredeem.__path__, "pkgredeem."):
        private = any(part.startswith("_") for part in found.name.split("."))
        if not private and not DJANGOS.search(found.name):
            module = importlib.import_module(found.name)
            if hasattr(module, "__all__"):
                yield module


NAMES = [(module, name) for module in public_modules() for name in module.__all__]


@cache
def pages() -> dict[str, str]:
    """Return every page of the reference, by its name."""
    found = sorted((site.built() / FOLDER).glob("*.html"))
    return {page.stem: page.read_text(encoding="utf-8") for page in found}


@cache
def entries() -> frozenset[str]:
    """Return every name that has an entry."""
    return frozenset(
        anchor for text in pages().values() for anchor in re.findall(r'\bid="([\w.-]+)"', text)
    )


def test_the_public_modules_are_those_that_are_known() -> None:
    """Each module that lists its public names is looked at here."""
    assert [
        "pkgredeem",
        "pkgredeem.cli",
        "pkgredeem.documents",
        "pkgredeem.documents.replay",
        "pkgredeem.exceptions",
        "pkgredeem.rules",
        "pkgredeem.stores",
        "pkgredeem.stores.django",
        "pkgredeem.stores.sqlalchemy",
        "pkgredeem.testing",
        "pkgredeem.testing.cases.generator",
        "pkgredeem.testing.cases.strategies",
        "pkgredeem.testing.scenarios.plugin",
    ] == [module.__name__ for module in public_modules()]


@pytest.mark.parametrize(
    ("module", "name"), NAMES, ids=[f"{module.__name__}.{name}" for module, name in NAMES]
)
def test_every_public_name_has_an_entry(module: ModuleType, name: str) -> None:
    """It stands in the reference, under a public path that leads to the same thing."""
    expected = {f"{module.__name__}.{name}"}
    if not expected & entries():  # it stands under another path
        value = getattr(module, name)
        others = [(each, alias) for each, alias in NAMES if alias == name and each is not module]
        expected |= {
            f"{each.__name__}.{name}" for each, _ in others if value is getattr(each, name)
        }
        expected.add(f"{getattr(value, '__module__', '')}.{name}")  # that lists nothing
        expected.add(f"module-{getattr(value, '__name__', '')}")

    assert expected & entries()


def test_the_index_lists_every_public_name() -> None:
    """Each name of each module stands under the heading of its module, and leads to its entry."""
    text = (site.built() / "reference" / "api.html").read_text(encoding="utf-8")
    listed = {
        re.sub(r"<[^>]+>", "", section.split("</h2>")[0]).removesuffix("¶").split(">")[-1]: set(
            re.findall(
                r'<li><p><a class="reference internal" href="[^"]+" [^>]*>.*?>(\w+)</', section
            )
        )
        for section in text.split("<h2>")[1:]
    }

    for module in public_modules():
        assert set(module.__all__) <= listed[module.__name__], module.__name__


def test_nothing_is_told_by_a_private_path() -> None:
    """No signature, base, type or link names a module that begins with an underscore."""
    sources = re.compile(r'href="[^"]*_modules/[^"]*"')
    private = re.compile(r"pkgredeem(?:[./]\w+)*[./]_\w+")
    everything = {**pages(), "index": (site.built() / "reference" / "api.html").read_text("utf-8")}

    assert {} == {
        name: found
        for name, text in everything.items()
        if (found := private.findall(sources.sub("", text)))
    }


def signatures() -> Iterator[tuple[str, str]]:
    """Yield the name and the signature of everything that is called, as the pages have it."""
    pattern = re.compile(
        r'<dl class="py (?:function|method)">\s*<dt class="sig[^"]*" id="([\w.]+)">(.*?)</dt>',
        re.DOTALL,
    )
    for text in pages().values():
        yield from pattern.findall(text)


def test_every_function_tells_what_it_returns() -> None:
    """Each function and method has its return type in its signature."""
    found = dict(signatures())

    assert len(found) > 200
    assert [] == [name for name, text in found.items() if "sig-return" not in text]


def test_every_function_leads_to_its_source() -> None:
    """Each has a link, but for the tests that a store's contract inherits from its parts."""
    inherited = "pkgredeem.testing.StoreContract."

    assert [] == [
        name
        for name, text in signatures()
        if "viewcode-link" not in text and not name.startswith(inherited)
    ]


def test_a_value_tells_what_it_takes() -> None:
    """A package takes any iterable of entitlements, and what may be left out has its default."""
    text = re.sub(r"<[^>]+>", "", pages()["package"])
    signature = " ".join(text.split("pkgredeem.Package(")[1].split(")\n")[0].split())

    assert "entitlements: Iterable[Entitlement], kind: PackageKind = PackageKind.NEW," in signature
    assert "traits: Mapping[str, str] | Iterable[tuple[str, str]] = ()," in signature


def test_a_rule_is_told_by_what_it_takes() -> None:
    """The decorator has one signature, with every word that a rule may be given."""
    text = re.sub(r"<[^>]+>", "", pages()["rule"])

    assert 1 == text.count("pkgredeem.rule(")
    for name in inspect.signature(pkgredeem.rule).parameters:
        assert re.search(rf"\b{name}: ", text.split("pkgredeem.rule(")[1].split(")\n")[0]), name


def test_types_of_python_lead_to_its_documentation() -> None:
    """Each name in the list of them is one of Python's, and is linked to from the reference."""
    lines = _reference.PYTHON.read_text(encoding="utf-8").splitlines()
    listed = dict(line.split()[::2] for line in lines if not line.startswith("#"))
    everything = "".join(pages().values())

    assert sorted(listed) == list(listed)
    for name, place in listed.items():
        module, _, last = name.rpartition(".")
        assert hasattr(importlib.import_module(module or "builtins"), last) or name == "None"
        assert f'href="https://docs.python.org/3/{place}#{name}"' in everything, name
