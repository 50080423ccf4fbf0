#!/usr/bin/env python3
"""Opens a page in headless Chromium at several widths, in light, in dark and as printed, and checks it.

    check_page.py BROWSER PAGE [FOLDER_FOR_SCREENSHOTS]

Nothing may be wider than the window but what scrolls by itself, nothing may be said on the console or be loaded from
elsewhere, all pictures are there, text has contrast, and headings, figures and tables have what screen readers need.
Talks to the browser by its pipe (--remote-debugging-pipe): messages of JSON, each with a NUL at its end.
"""

import base64
import json
import os
import pathlib
import select
import shutil
import subprocess
import sys
import tempfile
import time

VIEWS = [(width, height, mode) for width, height in [(360, 740), (800, 1100), (1600, 1000)] for mode in ["light", "dark"]]
VIEWS.append((700, 1000, "print"))  # A4 without its margins
SECONDS = 60

CHECKS = r"""
(() => {
  const wrong = [];
  const say = (what, element) => wrong.push(what + (element ? ': ' + element.outerHTML.slice(0, 160) : ''));
  const root = document.documentElement;
  if (root.scrollWidth > window.innerWidth) {
    say(`the page is ${root.scrollWidth} wide in a window of ${window.innerWidth}`);
    for (const e of document.body.querySelectorAll('*')) {
      if (e.getBoundingClientRect().right > window.innerWidth + 1 && !e.closest('.scroll, pre, svg')) say('too wide', e);
    }
  }
  if (!root.lang) say('no lang');
  if (!document.title) say('no title');
  if (document.querySelector('script, iframe, object, embed, link[rel=stylesheet]')) say('has a script or an outer part');
  for (const e of document.querySelectorAll('*')) {
    for (const a of e.attributes) if (a.name.startsWith('on')) say('has a handler', e);
  }
  let level = 0;
  for (const h of document.querySelectorAll('h1, h2, h3, h4, h5, h6')) {
    const mine = Number(h.tagName[1]);
    if (mine > level + 1) say(`heading of level ${mine} after ${level}`, h);
    level = mine;
  }
  if (document.querySelectorAll('h1').length !== 1) say('not one h1');
  const ids = new Set();
  for (const e of document.querySelectorAll('[id]')) {
    if (ids.has(e.id)) say('an id twice', e);
    ids.add(e.id);
  }
  for (const a of document.querySelectorAll('a[href^="#"], use')) {
    if (!ids.has(decodeURIComponent(a.getAttribute('href')).slice(1))) say('leads nowhere', a);
  }
  const figures = document.querySelectorAll('figure');
  if (figures.length < 3) say('few figures');
  for (const f of figures) {
    if (!f.querySelector('figcaption')) say('a figure without a caption', f);
    if (!f.querySelector('svg, img, table, figcaption ul, figcaption strong')) say('a figure without a picture', f);
  }
  for (const s of document.querySelectorAll('svg')) {
    if (s.getAttribute('role') !== 'img' || !s.getAttribute('aria-label')) say('a picture without a name', s);
    const box = s.getBoundingClientRect();
    if (box.width < 200 || box.height < 60) say(`a picture of ${box.width} x ${box.height}`, s);
    if (!s.querySelector('path, rect')) say('an empty picture', s);
  }
  for (const i of document.querySelectorAll('img')) {
    if (!i.alt) say('an image without alt', i);
    if (!i.complete || i.naturalWidth === 0) say('an image that is not there', i);
    if (!i.src.startsWith('data:')) say('an image from elsewhere', i);
  }
  for (const t of document.querySelectorAll('table')) {
    if (!t.caption || !t.caption.textContent.trim()) say('a table without a caption', t);
    for (const h of t.querySelectorAll('th')) if (!h.scope) say('a header without scope', h);
    for (const h of t.querySelectorAll('tbody th')) {
      if (h.getBoundingClientRect().height > 150) say('a narrow column of letters', h);
    }
  }
  // Contrast of text: 4.5 to 1 (WCAG 2, AA).
  const parse = (text) => (text.match(/[\d.]+/g) || []).map(Number);
  const luminance = (c) => {
    const [r, g, b] = c.slice(0, 3).map((v) => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (e) => {
    for (; e; e = e.parentElement) {
      const c = parse(getComputedStyle(e).backgroundColor);
      if (c.length === 3 || c[3] > 0) return c;
    }
    return [255, 255, 255];
  };
  const seen = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const e = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || seen.has(e)) continue;
    seen.add(e);
    const style = getComputedStyle(e);
    const colour = parse(e.closest('svg') ? style.fill : style.color);
    const [a, b] = [luminance(colour), luminance(behind(e))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (!(ratio >= 4.5)) say(`contrast ${ratio.toFixed(2)}`, e);
  }
  return wrong;
})()
"""


class Browser:
    def __init__(self, program, profile):
        to_browser, self.out = os.pipe()
        self.into, from_browser = os.pipe()

        def connect():  # the browser reads 3 and writes 4
            reading, writing = os.dup(to_browser), os.dup(from_browser)
            os.dup2(reading, 3)
            os.dup2(writing, 4)

        self.process = subprocess.Popen(
            [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "--disable-sync", "--mute-audio",
             "--hide-scrollbars", f"--user-data-dir={profile}", "--remote-debugging-pipe", "about:blank"],
            preexec_fn=connect, pass_fds=(3, 4, to_browser, from_browser), stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_browser)
        os.close(from_browser)
        self.pending = b""
        self.number = 0
        self.events = []

    def read(self, until):
        while b"\0" not in self.pending:
            left = until - time.monotonic()
            if left <= 0 or not select.select([self.into], [], [], left)[0]:
                raise TimeoutError
            piece = os.read(self.into, 1 << 20)
            if not piece:
                raise ConnectionError("the browser has ended")
            self.pending += piece
        message, self.pending = self.pending.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, session=None, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.out, data):]
        until = time.monotonic() + SECONDS
        while True:
            try:
                answer = self.read(until)
            except TimeoutError:
                raise TimeoutError(f"no answer to {method} in {SECONDS} s") from None
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def wait_for(self, event):
        until = time.monotonic() + SECONDS
        while not any(e.get("method") == event for e in self.events):
            self.events.append(self.read(until))

    def close(self):
        self.process.kill()
        self.process.wait()


def said(events):
    """What the page said on the console, threw, or asked for that is not in it."""
    for event in events:
        what, parameters = event.get("method"), event.get("params", {})
        if what == "Runtime.consoleAPICalled":
            yield "console: " + json.dumps(parameters["args"])
        elif what == "Runtime.exceptionThrown":
            yield "thrown: " + json.dumps(parameters["exceptionDetails"])
        elif what == "Log.entryAdded":
            yield "log: " + parameters["entry"]["text"]
        elif what == "Network.requestWillBeSent":
            url = parameters["request"]["url"]
            if parameters.get("type") != "Document" and not url.startswith("data:"):
                yield "asks for " + url


def check(browser, page, shots):
    wrong = []
    target = browser.call("Target.createTarget", url="about:blank")["targetId"]
    session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
    for domain in ["Page", "Runtime", "Log", "Network"]:
        browser.call(domain + ".enable", session)
    for width, height, mode in VIEWS:
        name = f"{width} pixels, {mode}"
        browser.call("Emulation.setDeviceMetricsOverride", session, width=width, height=height, deviceScaleFactor=1,
                     mobile=False)
        browser.call("Emulation.setEmulatedMedia", session, media="print" if mode == "print" else "screen",
                     features=[{"name": "prefers-color-scheme", "value": "dark" if mode == "dark" else "light"}])
        browser.events.clear()
        browser.call("Page.navigate", session, url=page.as_uri())
        browser.wait_for("Page.loadEventFired")
        result = browser.call("Runtime.evaluate", session, expression=CHECKS, returnByValue=True)
        if "exceptionDetails" in result:
            wrong.append(f"{name}: {json.dumps(result['exceptionDetails'])[:500]}")
            continue
        wrong += [f"{name}: {what}" for what in result["result"]["value"]]
        wrong += [f"{name}: {what}" for what in said(browser.events)]
        if shots:
            size = browser.call("Page.getLayoutMetrics", session)["cssContentSize"]
            clip = {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}
            picture = browser.call("Page.captureScreenshot", session, captureBeyondViewport=True, clip=clip)
            (shots / f"{width}-{mode}.png").write_bytes(base64.b64decode(picture["data"]))
    paper = base64.b64decode(browser.call("Page.printToPDF", session, paperWidth=8.27, paperHeight=11.69)["data"])
    if not paper.startswith(b"%PDF") or len(paper) < 20000:
        wrong.append(f"printed it has {len(paper)} bytes")
    if shots:
        (shots / "page.pdf").write_bytes(paper)
    return wrong


def main():
    program, page = sys.argv[1], pathlib.Path(sys.argv[2]).resolve()
    shots = pathlib.Path(sys.argv[3]) if len(sys.argv) > 3 else None
    if shots:
        shots.mkdir(parents=True, exist_ok=True)
    profile = tempfile.mkdtemp(prefix="balse_browser.")
    browser = Browser(program, profile)
    try:
        wrong = check(browser, page, shots)
    finally:
        browser.close()
        shutil.rmtree(profile, ignore_errors=True)
    for line in wrong:
        print(line, file=sys.stderr)
    print(f"{len(VIEWS)} views of the page: {len(wrong)} faults")
    sys.exit(1 if wrong else 0)


main()
