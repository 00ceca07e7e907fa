"""Words for what a person does in front of the site: sees, presses, writes."""

from chibo.demo.texts import PASSWORD

PHONE, DESK = 390, 1360
HEIGHT = {PHONE: 844, DESK: 900}
SESSIONS = {}  # (site, username) -> cookies: each person logs in once, through the form
PAGE_MS = 30_000  # for a page that sets a PDF while the fault tests run beside


class Stage:
    """One test's people. ``trouble`` gathers server errors, script errors and refusals of the content policy."""

    def __init__(self, site, browser):
        self.site, self.browser = site, browser
        self.trouble, self.contexts = [], []

    def window(self, width=DESK, *, scripts=True, cookies=None):
        """A fresh window of nobody."""
        context = self.browser.new_context(
            viewport={"width": width, "height": HEIGHT.get(width, 844)}, java_script_enabled=scripts,
            storage_state=cookies, base_url=self.site, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh",
            reduced_motion="reduce", has_touch=width <= PHONE,
        )  # fmt: skip
        context.set_default_timeout(PAGE_MS)
        context.on("console", lambda message: self.heard(message))
        context.on("weberror", lambda error: self.trouble.append(f"script: {error.error}"))
        context.on("response", lambda response: self.answered(response))
        self.contexts.append(context)
        return context.new_page()

    def heard(self, message):
        if message.type == "error" and "status of 4" not in message.text:
            self.trouble.append(f"console: {message.text}")

    def answered(self, response):
        if response.status >= 500:
            self.trouble.append(f"{response.status}: {response.url}")

    def log_in(self, username):
        """Cookies of the person, from the login form (the first time)."""
        if (self.site, username) not in SESSIONS:
            page = self.window()
            page.goto("/account/login/")
            page.get_by_label("Tên đăng nhập").fill(username)
            page.get_by_label("Mật khẩu").fill(PASSWORD)
            page.get_by_role("button", name="Đăng nhập", exact=True).click()
            page.wait_for_url(lambda address: "/account/login/" not in address)
            SESSIONS[self.site, username] = page.context.storage_state()
        return SESSIONS[self.site, username]

    def person(self, username, width=DESK, *, scripts=True):
        """A window of somebody who has logged in."""
        return Person(self.window(width, scripts=scripts, cookies=self.log_in(username)), self)

    def close(self):
        for context in self.contexts:
            context.close()


class Person:
    """Somebody at a window."""

    def __init__(self, page, stage):
        self.page, self.stage = page, stage

    def goes(self, address):
        answer = self.page.goto(address)
        assert answer.status < 400, f"{answer.status} at {address}"

    def follows(self, words, *, within=None, **kwargs):
        """Press a link, by its words, and wait for where it leads."""
        with self.page.expect_navigation():
            (within or self.page).get_by_role("link", name=words, **kwargs).first.click()

    def presses(self, words, *, within=None, **kwargs):
        """Press a button that sends a form, by its words, and wait for the answer."""
        with self.page.expect_navigation():
            (within or self.page).get_by_role("button", name=words, **kwargs).first.click()

    def field(self, label, **kwargs):
        """The first field with that label."""
        return self.page.get_by_label(label, **kwargs).and_(self.page.locator("input, textarea, select")).first

    def fills(self, label, text, **kwargs):
        """Write into the field with that label."""
        self.field(label, **kwargs).fill(str(text))

    def chooses(self, label, option):
        """Take an entry of a list: the first that holds these words."""
        field = self.field(label)
        field.select_option(field.locator("option").filter(has_text=option).first.get_attribute("value"))

    def ticks(self, words):
        """Take one of several rows to choose from."""
        self.page.get_by_label(words, exact=True).check()

    def brings(self, label, name, data, mime="application/pdf"):
        """Put a file into the field with that label."""
        self.field(label).set_input_files({"name": name, "mimeType": mime, "buffer": data})

    def sees(self, words, **kwargs):
        """Wait until the words stand on the page."""
        self.page.get_by_text(words, **kwargs).filter(visible=True).first.wait_for()

    def downloads(self, address):
        """The bytes behind an address."""
        answer = self.page.request.get(address)
        assert answer.status == 200, f"{answer.status} at {address}"
        return answer.body()

    @property
    def here(self):
        return self.page.url.removeprefix(self.stage.site)
