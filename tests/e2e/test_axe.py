"""Every page once at each width, by a crawl: no violation of axe, no page wider than the phone, no error behind it."""

import re
from urllib.parse import parse_qsl, urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Error

from tests.e2e.acting import DESK, HEIGHT, PHONE

WHO = ("bithu", "dangvien", "captren", "quantri")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NARROW = 320  # a page of 1280 px at 400 % (WCAG 1.4.10)
TALL = 5000  # px; what sticks to the foot of the window covers nothing then
KEPT = {"item", "sua", "tra-loi"}  # values of a query that make another page; filters and numbers of pages do not
NO_PAGE = re.compile(r"\.(pdf|p12|ics|xlsx)$|/logout/|/papers/\d+/$|/evidence/|/proof/|^/static/|/certificates/")
ALONE = ("/khong-co-trang-nay/", "/account/login/", "/help/", "/demo/mail/")
OPTIONS = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
# larger letters move and cover things; colours, names and roles were judged at the same width before
BY_SIZE = OPTIONS | {"runOnly": {"type": "rule", "values": ["target-size", "scrollable-region-focusable"]}}
# what axe finds fit or cannot judge stays in the browser: it is most of its answer
FIND = """options => axe.run(options).then(found => found.violations.map(
    rule => [rule.id, rule.nodes.slice(0, 3).map(node => String(node.target[0]))]))"""


class Crawl:
    """Follows the links of one person's pages; ``checked`` and ``wrong`` are shared by all."""

    def __init__(self, page, username, checked, wrong):
        self.page, self.username, self.checked, self.wrong = page, username, checked, wrong
        self.seen, self.site = set(), urlsplit(page.url).netloc

    def run(self, starts):
        waiting, known = list(starts), set(starts)
        while waiting:
            address = waiting.pop(0)
            if pattern(address) in self.seen:
                continue
            self.seen.add(pattern(address))
            fresh = [link for link in self.open(address) if link not in known]
            known.update(fresh)
            waiting.extend(fresh)

    def open(self, address):
        """Look at one page; its links to other pages of the site."""
        kind = pattern(address) if address != "/" else self.username  # each has a home of his own
        first = kind not in self.checked
        self.checked.add(kind)
        self.widen(DESK, first)
        try:
            answer = self.page.goto(address, wait_until="load")
        except Error as error:  # a file where a page was expected
            self.wrong.append(f"{address}: {error.message.splitlines()[0]}")
            return []
        if answer.status >= 400 and address not in ALONE:
            self.wrong.append(f"{address}: {answer.status}")
            return []
        self.look(address, first)
        links = self.page.eval_on_selector_all("a[href]:not([download])", "all => all.map(each => each.href)")
        return [link for link in dict.fromkeys(map(self.inside, links)) if link]

    def inside(self, link):
        """The address within the site, or None for what is not a page of it."""
        parts = urlsplit(link)
        if parts.netloc != self.site or NO_PAGE.search(parts.path):
            return None
        return parts.path + (f"?{parts.query}" if parts.query else "")

    def look(self, address, first):
        """At every width the page fits; axe looks at the first of a kind, and again at the widths of a phone."""
        if first:
            self.check(address, "1360")
        self.widen(PHONE, first)
        self.fits(address, "390")
        if first:
            self.check(address, "390")
        self.page.evaluate("document.documentElement.dataset.text = 'large'")
        self.fits(address, "390, chữ lớn")
        if first:
            self.check(address, "390, chữ lớn", BY_SIZE)
        self.page.evaluate("delete document.documentElement.dataset.text")
        self.widen(NARROW, False)
        self.fits(address, str(NARROW))

    def widen(self, width, tall):
        """A window of that width; tall only where axe looks, for all of it is painted."""
        self.page.set_viewport_size({"width": width, "height": TALL if tall else HEIGHT[PHONE]})

    def check(self, address, how, options=OPTIONS):
        # at the foot a bar that sticks to the window stands in its own place and covers nothing
        self.page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")
        if self.page.evaluate("typeof axe") == "undefined":
            self.page.evaluate(AXE_SCRIPT)
        for rule, targets in self.page.evaluate(FIND, options):
            self.wrong.append(f"{address} [{how}] {rule}: {'; '.join(targets)}")

    def fits(self, address, how):
        """No sideways scrolling of the page; wide tables scroll inside their own frame."""
        over = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if over > 0:
            self.wrong.append(f"{address} [{how}] wider than the screen by {over} px")


def pattern(address):
    """/meetings/17/?item=4 and /meetings/18/?item=9 are one pattern."""
    parts = urlsplit(address)
    path = re.sub(
        r"(?<=^/demo/mail/).+|(?<=^/verify/)[^/]+|(?<=^/rules/)[a-z_.]+|(?<=^/cells/)(?!new)[a-z-]+", "#", parts.path
    )
    names = {name for name, _ in parse_qsl(parts.query)} & KEPT
    return re.sub(r"\d+", "#", path) + "".join(f"?{name}" for name in sorted(names))


def crawl(stage, username, starts, checked, wrong):
    """How many pages the person found."""
    page = stage.person(username).page if username else stage.window()
    page.goto("/help/")
    found = Crawl(page, username, checked, wrong)
    found.run(starts)
    return len(found.seen)


def test_no_page_has_a_violation(past, stage):
    checked, wrong = set(), []
    for username in WHO:
        assert crawl(stage, username, ["/", "/styleguide/", ALONE[0]], checked, wrong) > 10
    crawl(stage, None, ALONE[1:], checked, wrong)
    assert wrong == []
    assert len(checked) > 50  # the crawl went somewhere
