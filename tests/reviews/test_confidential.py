"""What is said in a turn, against every role and everything that could carry a word of it (issue 5, 6).

One unmistakable sentence stands in each text. A draft is its author's alone; what was shown is read by those marked as
present, the secretary and the deputy, once they opened it; a shortcoming by whose it is, its owner and the heads.
"""

import datetime
import logging

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse

from meetings.models import Meeting
from meetings.queries import official
from meetings.queries.record import for_record, record_of
from meetings.states import State
from members.activity_words import sentence
from members.models import Activity
from notices import calendar
from notices.models import Notice
from notices.services import feeds, mail
from reviews.models import Reading, Shortcoming
from reviews.queries import line
from reviews.services import mending, speaking, turning
from tests.matrix import table
from tests.meetings import prep, story
from tests.reviews.conftest import LATER, begin

pytestmark = pytest.mark.django_db
ASKED = "xuongrong"  # what is searched for; it stands before every word
KINDS = ("draft", "spoken", "remark", "answer", "conclusion", "reply", "shortcoming", "remedy", "followup")
WORDS = {kind: f"{kind}rieng" for kind in KINDS}
SAID = {"draft", "remark", "answer", "conclusion", "reply"}
THERE = ("bithu", "phobithu", "thuky", "dubi", "tamthoi")  # and dangvien, whose turn it is
GENERAL = (
    "home", "me", "all", "numbers", "members:list", "members:diary", "notices:list", "notices:settings",
    "assignments:list", "assignments:board", "meetings:list", "resolutions:list", "resolutions:clauses", "duties:list",
    "reviews:shortcomings", "reviews:shortcoming_new", "help",
)  # fmt: skip
QUERIES = {
    "search": [f"?q={ASKED}", f"?q=%22{ASKED}%22", "?q=tu+phe+binh", "?q=han+che"],
    "members:diary": ["?loai=tu-phe-binh"],
    "notices:list": ["?muc=chi-bo"],
    "assignments:list": ["?muc=chi-bo"],
    "reviews:shortcomings": ["?loc=xong"],
}
HEADERS = {"X-Autosave": "1"}


def phrase(kind):
    return f"{ASKED} {WORDS[kind]}"


def words_in(text):
    return {kind for kind, word in WORDS.items() if word in text}


# ---------------------------------------------------------------- what is told


@pytest.fixture
def everybody(november, cast, caplog):
    """The whole cast exists before the meeting is planned; everything is logged."""
    caplog.set_level(logging.DEBUG)
    return cast


@pytest.fixture
def draft(everybody, meeting, member, secretary):
    turn = turning.put_in(meeting, member.member, reason="Theo kế hoạch", by=secretary)
    speaking.write(turn, text=phrase("draft"), version=0, by=member)
    return turn


@pytest.fixture
def running(draft, everybody, november):
    november.move_to(story.moment(14, 30))
    begin(draft.meeting, everybody["bithu"], everybody["thuky"], away=(everybody["chiuy"], everybody["thuquy"]))
    return draft


def talked(turn, who):
    """Everything that is said afterwards."""
    speaking.remark(turn, text=phrase("remark"), by=who["thuky"])
    speaking.answer(turn, text=phrase("answer"), by=who["dangvien"])
    things = [{"text": phrase("shortcoming"), "remedy": phrase("remedy"), "due_on": LATER}]
    turn = speaking.conclude(turn, conclusion=phrase("conclusion"), shortcomings=things, by=who["bithu"])
    speaking.reply(turn, text=phrase("reply"), by=who["dangvien"])
    mending.follow(turn.shortcomings.get(), text=phrase("followup"), by=who["dangvien"])
    return turn


@pytest.fixture
def told(running, everybody):
    return talked(speaking.show(running, by=everybody["dangvien"]), everybody)


# ---------------------------------------------------------------- where it is looked for


def addresses(turn, wide):
    """Every address of the app on this turn and its shortcoming, home and search; ``wide``: every page that could
    tell of it."""
    row = Shortcoming.objects.first()
    for name, parameters in table.parameters().items():
        if not name.startswith("reviews:"):
            continue
        pk = row.pk if name.startswith("reviews:shortcoming") and row else turn.pk
        pk = turn.meeting_id if name == "reviews:turn_new" else pk
        given = {"pk": pk, "year": 2026}
        for action in ("show", "conclude", "miss", "put_off", "follow", "mend", "reopen", "other"):
            values = {key: given.get(key, action) for key in parameters}
            yield reverse(name, kwargs=values)
            if "action" not in parameters:
                break
    for name in (*(GENERAL if wide else ("home",)), "search"):
        for query in ("", *QUERIES.get(name, [])):
            yield reverse(name) + query
    if wide:
        yield from _elsewhere(turn)


def _elsewhere(turn):
    yield from _of_meeting(turn.meeting_id)
    for notice in Notice.objects.all():
        yield reverse("notices:detail", args=[notice.pk])
    yield reverse("members:detail", args=[turn.member_id])


def _of_meeting(pk):
    for name in ("detail", "agenda", "papers", "opinions", "notices", "session", "attendance", "minutes", "review"):
        try:
            yield reverse(f"meetings:{name}", args=[pk])
        except NoReverseMatch:  # pragma: no cover -- a page of that name went away
            continue
    for item in Meeting.objects.get(pk=pk).items.all():
        yield reverse("meetings:item", args=[pk, item.pk])


def read(as_user, who, turn, posts=(), wide=False):
    """{username: kinds of words found on any page}; each POST is sent first, its answer read too."""
    found = {}
    for name, user in who.items():
        client = as_user(user)
        answers = [client.post(url, data, headers=headers) for url, data, headers in posts]
        answers += [client.get(url) for url in dict.fromkeys(addresses(turn, wide))]
        text = "".join(answer.content.decode(errors="replace") + str(answer.headers) for answer in answers)
        if kinds := words_in(text):
            found[name] = kinds
    return found


def misuses(turn):
    """What a neighbour may try on the address of a draft: every POST of the app, well formed and not."""
    for more in ("write/", "open/", "remark/", "answer/", "reply/", "do/show/", "do/conclude/"):
        url = f"{turn.get_absolute_url()}{more}"
        yield url, {}, {}
    yield f"{turn.get_absolute_url()}write/", {"text": "Thử", "version": 7}, HEADERS
    yield f"{turn.get_absolute_url()}write/", {"text": "Thử", "version": 7}, {}


def outside_pages(who, caplog):
    """Kinds of words in mails, contexts, feeds, the diary, logs, the minutes and the rows of the database."""
    found = {"log": words_in("\n".join(record.getMessage() + str(record.exc_info) for record in caplog.records))}
    mails = ""
    for notice in Notice.objects.all():
        message = mail.compose([mail.part(notice)], "thu@example.com")
        mails += notice.subject + str(notice.context) + message.subject + message.body + mail.text_of(notice)
        mails += "".join(str(other) for other in (*message.alternatives, *message.attachments))
    found["mail"] = words_in(mails)
    since = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    found["feed"] = words_in("".join(str(calendar.entries(user, since)) for user in who.values()))
    found["diary"] = words_in("".join(row.text + sentence(row.verb) for row in Activity.objects.all()))
    found["rows"] = words_in(all_rows())
    return {place: kinds for place, kinds in found.items() if kinds}


def all_rows():
    """Every row of every table as text: what a dump of the database holds."""
    text = []
    with connection.cursor() as cursor:
        for name in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{name}" t')
            text += [row for (row,) in cursor.fetchall()]
    return "\n".join(text)


def _of(who, *names):
    return {name: who[name] for name in names}


# ---------------------------------------------------------------- a draft


def test_a_draft_is_read_by_its_author_and_by_nobody_else(draft, everybody, as_user, caplog):
    assert read(as_user, everybody, draft, wide=True) == {"dangvien": {"draft"}}
    assert outside_pages(everybody, caplog) == {}


def test_a_draft_gives_nothing_to_whoever_tries_its_address(draft, everybody, as_user, caplog):
    """Neighbour, heads, superior, administrator: not found, forbidden, wrong, stale."""
    others = {name: user for name, user in everybody.items() if name != "dangvien"}
    assert read(as_user, others, draft, list(misuses(draft))) == {}
    assert outside_pages(everybody, caplog) == {}
    assert not Reading.objects.exists()


def test_a_draft_stays_private_in_the_running_meeting_too(running, everybody, as_user, caplog):
    others = _of(everybody, "phobithu", "chiuy", "dubi")
    assert read(as_user, others, running, list(misuses(running))) == {}
    assert read(as_user, _of(everybody, "dangvien", "bithu", "thuky"), running) == {"dangvien": {"draft"}}
    assert outside_pages(everybody, caplog) == {}


def test_a_draft_stays_private_where_the_clerk_wrote_the_gist(running, everybody, as_user):
    turn = speaking.show(running, by=everybody["thuky"], spoken=phrase("spoken"))
    found = read(as_user, everybody, turn, [(f"{turn.get_absolute_url()}open/", {}, {})])
    assert found == {"dangvien": {"draft", "spoken"}} | {name: {"spoken"} for name in THERE}


@pytest.mark.parametrize("end", ["put_off", "miss", "cancelled"])
def test_a_draft_stays_private_when_the_turn_does_not_take_place(draft, everybody, as_user, caplog, end):
    if end == "cancelled":
        Meeting.objects.filter(pk=draft.meeting_id).update(state=State.CANCELLED)
        [turning.settle(turn) for turn in line.settled()]
    else:
        turning.STEPS[end](draft, reason="Bận", by=everybody["bithu"])
    others = _of(everybody, "bithu", "phobithu", "thuky")  # the rest has no more rights than with any draft
    assert read(as_user, others, draft, list(misuses(draft))) == {}
    assert read(as_user, _of(everybody, "dangvien"), draft) == {"dangvien": {"draft"}}
    assert outside_pages(everybody, caplog) == {}


def test_a_draft_goes_on_privately_in_the_next_turn(draft, everybody, cell, as_user):
    turning.put_off(draft, reason="Bận", by=everybody["bithu"])
    later = prep.new_meeting(cell, everybody["bithu"], starts_at=story.moment(14, day=28))
    turn = turning.put_in(later, draft.member, reason="Đã rảnh", by=everybody["bithu"])
    assert read(as_user, _of(everybody, "dangvien", "bithu", "chiuy", "dubi"), turn) == {"dangvien": {"draft"}}


def test_an_error_in_the_log_holds_nothing_of_the_form(draft, everybody, as_user, caplog, monkeypatch):
    """A failure while the draft is being saved: the page, the log and its traceback's words."""
    monkeypatch.setattr(speaking, "write", lambda *args, **kwargs: 1 / 0)
    client = as_user(everybody["dangvien"])
    client.raise_request_exception = False
    answer = client.post(f"{draft.get_absolute_url()}write/", {"text": phrase("draft"), "version": 1})
    assert (answer.status_code, words_in(answer.content.decode())) == (500, set())
    formatted = "\n".join(logging.Formatter().format(record) for record in caplog.records)
    assert words_in(formatted) == set()


# ---------------------------------------------------------------- what was shown


def test_what_was_shown_is_on_no_page_before_it_is_opened(told, everybody, as_user, caplog):
    """But for its author, and for whoever has to mend or to follow the shortcoming."""
    heads = {"shortcoming", "remedy", "followup"}
    assert read(as_user, everybody, told) == {
        "dangvien": SAID | heads, "bithu": heads, "phobithu": heads,
    }  # fmt: skip
    assert outside_pages(everybody, caplog) == {}
    assert not Reading.objects.exists()


def test_what_was_shown_is_opened_by_those_present_and_the_heads_only(told, everybody, as_user, caplog):
    heads = {"shortcoming", "remedy", "followup"}
    found = read(as_user, everybody, told, [(f"{told.get_absolute_url()}open/", {}, {})], wide=True)
    expected = {name: SAID | (heads if name in ("bithu", "phobithu") else set()) for name in THERE}
    assert found == {"dangvien": SAID | heads} | expected
    assert {row.by.username for row in Reading.objects.all()} == set(THERE)
    assert outside_pages(everybody, caplog) == {}


def test_what_was_shown_is_not_read_afterwards_by_who_was_absent(told, everybody, as_user, november):
    """Nor on another day by who opened it before, until it is opened again and noted."""
    for name in THERE:
        as_user(everybody[name]).post(f"{told.get_absolute_url()}open/")
    november.move_to(story.moment(8, day=6))
    found = read(as_user, everybody, told)
    assert {name for name, kinds in found.items() if kinds & SAID} == {"dangvien"}


def test_the_minutes_hold_nothing_but_what_the_cell_carried(told, cell):
    Meeting.objects.filter(pk=told.meeting_id).update(state=State.CLOSED, closed_at=story.moment(16))
    meeting = for_record(Meeting.objects).get(pk=told.meeting_id)
    html = render_to_string(official.MINUTES, official.minutes_context(record_of(meeting)) | {"draft": True})
    assert words_in(html) == set()
    assert "Đ/c Ngô Xuân Trường đã tự phê bình, chi bộ đã góp ý." in html.replace("\u00a0", " ")


def test_the_feed_of_the_author_holds_nothing(told, everybody, client):
    token = feeds.make(everybody["dangvien"].member, by=everybody["dangvien"])
    answer = client.get(reverse("notices:feed", args=[token]))
    assert (answer.status_code, words_in(answer.content.decode())) == (200, set())


def test_diary_lines_name_nobody_and_lead_nowhere(told, everybody, as_user):
    """The chi ủy that was not there reads that something happened, not about whom."""
    response = as_user(everybody["chiuy"]).get(f"{reverse('members:diary')}?loai=tu-phe-binh")
    entries = response.context["entries"]
    assert {entry.url for entry in entries if entry.line.object_label != "meetings.meeting"} == {""}
    assert all("Trường" not in entry.text for entry in entries)
