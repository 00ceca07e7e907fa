"""The walls: rows and pages agree about who sees what, and nobody outside a cell finds anything of it."""

from html.parser import HTMLParser

import pytest
from django.apps import apps
from django.urls import resolve, reverse

from assignments.models import Assignment, Evidence, Extension, Part, Report
from fees import models as fees
from meetings import models as meetings
from members.models import Activity, LocalDay, Member, Organisation, Setting
from notices.models import Feed, Notice, Preference
from pledges import models as pledges
from reviews import models as reviews
from tests.matrix import table
from tests.matrix.asking import Asker
from tests.matrix.evenings import SECRET
from tests.matrix.stage import stage

pytestmark = pytest.mark.django_db
OUTSIDE = ("chibokhac", "captren", "quantri")
INSIDE = ("bithu", "phobithu", "chiuy", "thuky", "dangvien", "trinhbay")
EVENINGS = ("draft", "notified", "in_session", "closed", "signed", "committee")
PLEDGES = ("pledge_draft", "pledge_submitted", "pledge_returned", "pledge_registered", "pledge_head",
           "collective_draft", "collective_registered")  # fmt: skip
TURNS = ("turn_written", "turn_shown", "turn_concluded", "turn_chair")
SHORTCOMINGS = ("shortcoming_member", "shortcoming_cell", "shortcoming_mended")
PAPERS = ("paper_draft", "paper_submitted", "paper_levelled")

# model: parameter that names the row in a scene, its page, scenes
PAGES = {
    meetings.Meeting: ("pk", "meetings:detail", (*EVENINGS, "agreed", "cancelled", "dropped")),
    meetings.AgendaItem: ("item", "meetings:item", ("draft", "notified", "dropped", "committee")),
    meetings.MeetingPaper: ("paper", "meetings:paper", ("draft", "notified", "dropped", "committee")),
    meetings.Question: ("question", "meetings:answer", ("notified", "closed")),
    meetings.Reply: ("reply", "meetings:decide", ("notified", "closed")),
    meetings.Attendance: ("attendance", "meetings:attendance_mark", ("in_session", "committee")),
    meetings.Guest: ("guest", "meetings:guest_remove", ("in_session",)),
    meetings.Speech: ("speech", "meetings:speech", ("in_session", "signed")),
    meetings.Vote: ("vote", "meetings:vote", ("vote_draft", "vote_closed")),
    meetings.Minutes: ("pk", "meetings:minutes", ("in_session", "signed", "committee")),
    meetings.Clause: ("pk", "resolutions:clause", ("clause_closed", "clause_adopted")),
    meetings.Resolution: ("pk", "resolutions:detail", ("resolution_closed", "resolution_adopted")),
    meetings.ReviewLine: ("pk", "meetings:review", ("draft", "notified", "in_session", "signed", "committee")),
    Assignment: ("pk", "assignments:detail", ("task_given", "task_committee", "task_owner", "task_helped")),
    Report: ("report", "assignments:detail", ("task_given", "task_committee", "task_owner", "task_helped")),
    Part: ("part", "assignments:detail", ("task_given", "task_committee", "task_owner", "task_helped")),
    Evidence: ("pk", "assignments:evidence", ("report_given", "report_committee", "report_owner", "report_helped")),
    Extension: ("extension", "assignments:detail", ("task_asked", "task_helped")),
    Notice: ("pk", "notices:detail", ("notice_open", "notice_private", "notice_beside")),
    Member: ("pk", "members:detail", ("person_dangvien", "person_tamthoi", "person_chibokhac", "person_newcomer")),
    Organisation: ("slug", "members:cell", ("cell", "beside", "above", "unled")),
    Setting: ("pk", "members:rule_remove", ("setting_cell", "setting_above")),
    LocalDay: ("pk", "members:day_remove", ("day_above",)),
    meetings.DutyPlan: ("pk", "duties:plan", ("duties_draft", "duties_adopted")),
    fees.Declaration: (
        "pk",
        "fees:declaration",
        ("declaration_declared", "declaration_accepted", "declaration_collector"),
    ),
    fees.Waiver: ("pk", "fees:waiver", ("waiver_asked", "waiver_decided", "waiver_head")),
    meetings.PlannedMeeting: ("pk", "calendar:edit", ("planned_open", "planned_met")),
    fees.Statement: ("pk", "fees:statement", ("statement",)),
    fees.StatementLine: ("row", "fees:statement_line", ("statement",)),
    fees.Source: ("pk", "fees:source", ("source",)),
    fees.Voucher: ("pk", "fees:voucher", ("voucher_open", "voucher_receipt", "paper_remitted")),
    fees.FeeMonth: ("row", "fees:month", ("fee_open", "fee_closed")),
    fees.Payment: ("pk", "fees:receipt", ("receipt_stands", "receipt_reversed")),
    fees.Allocation: ("part", "fees:receipt", ("receipt_stands", "receipt_reversed")),
    fees.Entry: ("entry", "fees:voucher", ("voucher_open", "voucher_receipt")),
    fees.Remittance: ("remittance", "fees:voucher_paper", ("paper_remitted",)),
    fees.Spending: ("spending", "fees:voucher_paper", ("paper_spent",)),
    fees.Audit: ("pk", "fees:audit", ("audit_planned", "audit_running", "audit_concluded")),
    fees.Inspector: ("inspector", "fees:audit", ("audit_planned", "audit_running", "audit_concluded")),
    fees.Finding: ("pk", "fees:finding", ("finding_planned", "finding_running", "finding_concluded")),
    fees.Demand: ("pk", "fees:demand_remove", ("demand_running", "demand_concluded")),
    fees.Handover: ("pk", "fees:handover", ("handover_adopted", "handover_sealed")),
    fees.CashCount: ("pk", "fees:count_detail", ("cash_count",)),
    pledges.Pledge: ("pk", "pledges:pledge", PLEDGES),
    pledges.Deed: ("deed", "pledges:pledge", PLEDGES),
    pledges.Progress: ("progress", "pledges:pledge", ("pledge_registered", "collective_registered")),
    pledges.Proof: ("pk", "pledges:proof", ("proof_own", "proof_collective")),
    pledges.Assessment: ("assessment", "pledges:assessment", PAPERS),
    pledges.DeedResult: ("result", "pledges:assessment", PAPERS),
    reviews.Turn: ("pk", "reviews:turn", ("turn_planned", *TURNS)),
    reviews.SelfReview: ("review", "reviews:turn_open", TURNS),
    reviews.Remark: ("remark", "reviews:turn_open", TURNS[1:]),
    reviews.Shortcoming: ("pk", "reviews:shortcoming", SHORTCOMINGS),
    reviews.Followup: ("followup", "reviews:shortcoming", SHORTCOMINGS),
}
OF_MEETING = (meetings.Minutes, meetings.ReviewLine)
# lines of the diary stand in a list only (tests/members/test_diary.py), what is one's own on /me/ (tests/notices)
# dues and their corrections stand on one's own page and in the grid (tests/fees/test_access.py)
# a year of pledges is the page of everybody's own cell (tests/matrix/pledges.toml)
# who read a self-review stands on the page of its author (tests/reviews/test_pages.py)
NO_PAGE = {Activity, Feed, Preference, fees.Due, fees.Correction, pledges.PledgeYear, reviews.Reading}


@pytest.fixture(scope="module")
def scene(django_db_setup, django_db_blocker):
    with stage(django_db_blocker, ROOT_URLCONF="tests.matrix.urls") as made:
        yield made


@pytest.fixture(scope="module")
def asker(scene):
    return Asker(scene.who)


def address(name, scene, extra=""):
    wanted = table.parameters()[name]
    query = f"?{scene['?']}" if scene.get("?") else ""
    return reverse(name, kwargs={key: scene.get(key, extra) for key in wanted}) + query


def letter(asker, role, url):
    """The answer to a GET, or to a POST where the address takes nothing else."""
    found = asker.ask(role, "GET", url).letter
    return asker.ask(role, "POST", url).letter if found == "m" else found


def test_every_model_with_rows_of_its_own_is_asked_here():
    found = {model for model in apps.get_models() if hasattr(model._default_manager.all(), "visible_to")}
    assert found == {*PAGES, *NO_PAGE}


@pytest.mark.parametrize("model", PAGES, ids=lambda model: model._meta.label)
def test_rows_are_visible_to_those_whose_page_is_not_missing(scene, asker, model):
    """DESIGN §3: ``visible_to`` agrees with the view permission."""
    parameter, name, states = PAGES[model]
    wrong = []
    for state in states:
        values = scene.scenes[state]
        field = "meeting" if model in OF_MEETING else parameter if parameter == "slug" else "pk"
        for role, user in scene.who.items():
            sees = model.objects.visible_to(user).filter(**{field: values[parameter]}).exists()
            opens = letter(asker, role, address(name, values)) != "n"
            if sees != opens:
                wrong.append(f"{state}: {role} sees the row {sees}, its page {opens}")
    assert wrong == []


@pytest.mark.parametrize("role", OUTSIDE)
def test_no_address_of_a_meeting_opens_outside_the_cell(scene, asker, role):
    """Every address of meetings on every object: the other cell, the superior, the administrator get 404."""
    extras = {"action": "open", "field": "opening"}
    asked = [
        (name, state)
        for name, wanted in table.parameters().items()
        for state in ("draft", "notified", "in_session", "signed")
        if name.startswith("meetings:") and wanted and set(wanted) <= {*scene.scenes[state], *extras}
    ]
    urls = {address(name, extras | scene.scenes[state]) for name, state in asked}
    assert len(urls) > 200
    assert {url: found for url in urls if (found := letter(asker, role, url)) != "n"} == {}


class Ways(HTMLParser):
    """Addresses on a page: of its links, and of what is posted with its hidden fields."""

    def __init__(self, text):
        super().__init__()
        self.links, self.posts, self.hidden = [], {}, {}
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "a" and attrs.get("href", "").startswith("/"):
            self.links.append(attrs["href"].partition("#")[0])
        if tag == "form" and attrs.get("method") == "post" and attrs.get("action"):
            self.hidden = self.posts.setdefault(attrs["action"].partition("#")[0], {})
        if attrs.get("type") == "hidden":
            self.hidden[attrs.get("name")] = attrs.get("value", "")
        self.posts |= {attrs[name]: {} for name in ("hx-post", "data-autosave-url") if attrs.get(name)} | self.posts


@pytest.fixture(scope="module")
def walk(asker):
    """What a person reaches by links from the home page: {address: (letter, text)}, and {address posted to: letter}."""
    done = {}

    def once(role):
        if role not in done:
            done[role] = crawl(asker, role)
        return done[role]

    return once


def crawl(asker, role, each=2):
    """At most ``each`` addresses of a kind."""
    waiting, seen, posted, kinds = ["/"], {}, {}, {}

    def wanted(method, url):
        kind = (method, resolve(url.partition("?")[0]).view_name)
        kinds[kind] = kinds.get(kind, 0) + 1
        return kinds[kind] <= each

    while waiting:
        url = waiting.pop(0)
        if url in seen or not wanted("GET", url):
            continue
        answer = asker.ask(role, "GET", url)
        page = answer.response.headers["Content-Type"].startswith("text/html")
        seen[url] = (answer.letter, answer.response.content.decode() if page else "")
        ways = Ways(seen[url][1])
        waiting += ways.links
        if location := answer.response.headers.get("Location"):
            waiting.append(location.partition("#")[0])
        for action, fields in ways.posts.items():
            if action not in posted and wanted("POST", action):
                posted[action] = asker.ask(role, "POST", action, fields).letter
    return seen, posted


@pytest.mark.parametrize("role", OUTSIDE)
def test_nothing_of_the_cell_is_read_by_following_links_from_outside(walk, role):
    """Agenda, papers, opinions, speeches, tasks and minutes of the cell all carry one word; it is on no page.

    But for one: the superior who follows the cell is told the content of a meeting in a notice (42-HD/BTCTW).
    """
    found, _ = walk(role)
    assert len(found) > 15
    told = f"{SECRET} nội dung" if role == "captren" else "-"
    read = {url: text.replace(told, "") if url.startswith("/notices/") else text for url, (_, text) in found.items()}
    assert [url for url, text in read.items() if SECRET in text] == []


@pytest.mark.parametrize("role", [*OUTSIDE, *INSIDE])
def test_every_link_and_every_button_that_is_shown_lets_one_in(walk, role):
    seen, posted = walk(role)
    assert {url: found for url, (found, _) in seen.items() if found != "y"} == {}
    assert {url: found for url, found in posted.items() if found != "y"} == {}
