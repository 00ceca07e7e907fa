"""Every page once at each width, by a crawl: no violation of axe, no page wider than the phone, no error behind it."""

import re
from collections import Counter
from urllib.parse import parse_qsl, urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error

from tests.e2e.acting import DESK, PHONE

WHO = ("bithu", "dangvien", "captren", "quantri")
AT_MOST = {"bithu": 2}  # pages of one pattern that a person opens, else one; axe looks at the first
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NARROW = 320  # a page of 1280 px at 400 % (WCAG 1.4.10)
TALL = 5000  # px; what sticks to the foot of the window covers nothing then
KEPT = {"item", "sua", "tra-loi"}  # values of a query that make another page; filters and numbers of pages do not
NO_PAGE = re.compile(r"\.(pdf|p12|ics)$|/logout/|/papers/\d+/$|/evidence/|^/static/|/certificates/")
ALONE = ("/khong-co-trang-nay/", "/account/login/", "/help/", "/demo/mail/")
AXE = Axe()


class Crawl:
    """Follows the links of one person's pages; ``checked`` and ``wrong`` are shared by all."""

    def __init__(self, page, username, checked, wrong):
        self.page, self.username, self.checked, self.wrong = page, username, checked, wrong
        self.seen, self.site = Counter(), urlsplit(page.url).netloc

    def run(self, starts):
        waiting, known = list(starts), set(starts)
        while waiting:
            address = waiting.pop(0)
            if self.seen[pattern(address)] >= AT_MOST.get(self.username, 1):
                continue
            self.seen[pattern(address)] += 1
            fresh = [link for link in self.open(address) if link not in known]
            known.update(fresh)
            waiting.extend(fresh)

    def open(self, address):
        """Look at one page; its links to other pages of the site."""
        self.page.set_viewport_size({"width": DESK, "height": TALL})
        try:
            answer = self.page.goto(address, wait_until="load")
        except Error as error:  # a file where a page was expected
            self.wrong.append(f"{address}: {error.message.splitlines()[0]}")
            return []
        if answer.status >= 400 and address not in ALONE:
            self.wrong.append(f"{address}: {answer.status}")
            return []
        self.look(address)
        links = self.page.eval_on_selector_all("a[href]:not([download])", "all => all.map(each => each.href)")
        return [link for link in dict.fromkeys(map(self.inside, links)) if link]

    def inside(self, link):
        """The address within the site, or None for what is not a page of it."""
        parts = urlsplit(link)
        if parts.netloc != self.site or NO_PAGE.search(parts.path):
            return None
        return parts.path + (f"?{parts.query}" if parts.query else "")

    def look(self, address):
        kind = pattern(address) if address != "/" else self.username  # each has a home of his own
        first = kind not in self.checked
        self.checked.add(kind)
        if first:
            self.check(address, "1360")
        self.page.set_viewport_size({"width": PHONE, "height": TALL})
        self.fits(address, "390")
        if first:
            self.check(address, "390")
        self.page.evaluate("document.documentElement.dataset.text = 'large'")
        self.fits(address, "390, chữ lớn")
        if first:
            self.check(address, "390, chữ lớn")
        self.page.evaluate("delete document.documentElement.dataset.text")
        self.page.set_viewport_size({"width": NARROW, "height": TALL})
        self.fits(address, str(NARROW))

    def check(self, address, how):
        # at the foot a bar that sticks to the window stands in its own place and covers nothing
        self.page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")
        found = AXE.run(self.page, options={"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]})
        for rule in found.response["violations"]:
            where = "; ".join(str(node["target"][0]) for node in rule["nodes"][:3])
            self.wrong.append(f"{address} [{how}] {rule['id']}: {where}")

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
    return sum(found.seen.values())


def test_no_page_has_a_violation(past, stage):
    checked, wrong = set(), []
    for username in WHO:
        assert crawl(stage, username, ["/", "/styleguide/", ALONE[0]], checked, wrong) > 10
    crawl(stage, None, ALONE[1:], checked, wrong)
    assert wrong == []
    assert len(checked) > 50  # the crawl went somewhere
