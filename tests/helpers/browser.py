"""A headless Chromium for the tests that look at pages, and servers on localhost for it."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.chrome.webdriver import WebDriver

from tests.conftest import skip_or_fail

ROOT = Path(__file__).parents[2]
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    # A browser that asks nobody for anything.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
    "--force-color-profile=srgb",
)


@contextmanager
def chromium(*, width: int = 1280, height: int = 900, dark: bool = False) -> Iterator[WebDriver]:
    """Start a headless Chromium and end it; skip, or fail, where there is none."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    driver = shutil.which("chromedriver")
    if browser is None or driver is None:
        skip_or_fail("there is no chromium with its chromedriver (Debian: chromium-driver)")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        options = webdriver.ChromeOptions()
        options.binary_location = browser
        for flag in (*FLAGS, f"--user-data-dir={profile}", f"--window-size={width},{height}"):
            options.add_argument(flag)
        if dark:
            options.add_argument("--force-dark-mode")
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        page = webdriver.Chrome(options=options, service=Service(executable_path=driver))
        try:
            page.set_page_load_timeout(30)
            yield page
        finally:
            page.quit()


def resize(page: WebDriver, width: int, height: int, *, dark: bool = False) -> None:
    """Show the page as a screen of that many CSS pixels does; a window can't be so narrow."""
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    page.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})


def complaints(page: WebDriver) -> list[str]:
    """Return what the page wrote to the browser's console since it was asked last."""
    entries = page.get_log("browser")  # type: ignore[no-untyped-call]  # selenium has no type here
    return [f"{entry['level']}: {entry['message']}" for entry in entries]


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


@contextmanager
def serving(
    arguments: Sequence[str], *, port: int, environment: Mapping[str, str], log: Path
) -> Iterator[str]:
    """Run a server of our own as a process until the block ends, and yield its address."""
    address = f"http://127.0.0.1:{port}"
    with log.open("wb") as written:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=os.environ | environment,
            stdout=written,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_for(address, process, log)
            yield address
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(timeout=10)


def _wait_for(address: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    """Return once the server answers; give up when it has ended, or after some 20 seconds."""
    for _ in range(200):
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(address, timeout=2):  # noqa: S310 - our own address
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"no answer at {address}:\n{log.read_text(errors='replace')}")


def accessibility_faults(page: WebDriver) -> list[str]:
    """Return what a person would stumble over on the page that is shown.

    Text too faint against its background (below 4.5 to 1), a field without a label, more or fewer
    than one main heading, a heading that skips a level, and a page wider than its screen.
    """
    faults: list[str] = page.execute_script(_FAULTS)
    return faults


_FAULTS = r"""
const faults = [];
const numbers = color => color.match(/[\d.]+/g).map(Number);
const luminance = ([r, g, b]) => {
  const [x, y, z] = [r, g, b].map(v => v / 255).map(
    v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  return 0.2126 * x + 0.7152 * y + 0.0722 * z;
};
const background = element => {
  for (let at = element; at; at = at.parentElement) {
    const color = numbers(getComputedStyle(at).backgroundColor);
    if (color.length === 3 || color[3] === 1) return color;
  }
  return [255, 255, 255];
};
for (const element of document.querySelectorAll("body *")) {
  const own = [...element.childNodes].some(
    node => node.nodeType === Node.TEXT_NODE && node.textContent.trim());
  if (!own || !element.checkVisibility()) continue;
  const pair = [luminance(numbers(getComputedStyle(element).color)),
                luminance(background(element))].sort((a, b) => b - a);
  if ((pair[0] + 0.05) / (pair[1] + 0.05) < 4.5)
    faults.push("faint: " + element.textContent.trim());
}
for (const field of document.querySelectorAll("input:not([type=hidden]), select, textarea"))
  if (!field.labels.length) faults.push("no label: " + field.name);
const levels = [...document.querySelectorAll("h1, h2, h3")].map(h => Number(h.tagName[1]));
if (levels.filter(level => level === 1).length !== 1) faults.push("headings: " + levels);
levels.forEach((level, i) => {
  if (level > (levels[i - 1] ?? 0) + 1) faults.push("a skipped heading: " + levels);
});
if (document.documentElement.scrollWidth > innerWidth) faults.push("wider than the screen");
return faults;
"""
