import shutil, datetime, os
import pytest
from django.urls import reverse
from django.conf import settings
from django.test import Client
from playwright.sync_api import sync_playwright
from meetings.models import *
from meetings.services import lifecycle, preparation, agenda, papers
from meetings.states import *
from assignments.services.giving import give
from assignments.models import Assignment
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from tests.factories import at
from tests.meetings.prep import new_meeting
pytestmark = pytest.mark.django_db(transaction=True)
OUT = "/tmp/shots-prep"; os.makedirs(OUT, exist_ok=True)

def pdf():
    from documents.rendering import render
    return open("/work/shared/design/mockups/h-bien-ban-a4.pdf","rb").read()

def test_shots(live_server, cast, cell):
    sec = cast["bithu"]
    old = new_meeting(cell, sec, starts_at=at(days=-20), clerk=cast["thuky"].member)
    it = AgendaItem.objects.create(meeting=old, section="B", position=30, title="Vệ sinh tuyến mương sau chợ: nguyên nhân chậm, hướng xử lý", status="postponed", presenter=cast["dangvien"].member, decide="Hướng xử lý")
    Meeting.objects.filter(pk=old.pk).update(state="closed", notified_at=at(days=-25), opened_at=at(days=-20), closed_at=at(days=-20, hour=16))
    for i in range(8):
        give(cell=cell, owner=cast["dangvien"].member, title=f"Rà soát danh sách hộ cận nghèo đợt {i+1}", due_on=timezone.localdate()+datetime.timedelta(days=3), by=sec)
    m = new_meeting(cell, sec, clerk=cast["thuky"].member)
    agenda.accept_proposal(m, key=f"item:{it.pk}", by=sec)
    item = m.items.filter(section="B").first()
    AgendaItem.objects.filter(pk=item.pk).update(presenter=cast["chiuy"].member)
    papers.add_paper(m, upload=SimpleUploadedFile("tin-thoi-su.pdf", pdf()), title="Tin thời sự tháng 12", classification="normal", item=item, by=cast["chiuy"])
    n = new_meeting(cell, sec, starts_at=at(days=3, hour=19, minute=30), clerk=cast["thuky"].member, kind="thematic", theme="Nêu gương trong cải cách hành chính")
    n_item = n.items.filter(section="B").first()
    papers.add_paper(n, upload=SimpleUploadedFile("chuyen-de.pdf", pdf()), title="Chuyên đề nêu gương", classification="internal", item=n_item, by=cast["chiuy"])
    lifecycle.agree_meeting(n, by=sec); lifecycle.notify_meeting(n, by=sec)
    q = preparation.ask(n, question=Question(meeting=n, text="Kinh phí thay đèn hành lang lấy từ nguồn nào, bao giờ làm?"), by=cast["dangvien"])
    preparation.answer(q, answer="Lấy từ kinh phí tiết kiệm của Văn phòng, làm trong tháng tới.", by=sec)
    preparation.reply(n, answer="asks_excuse", reason="Đi công tác tại Hà Nội", by=cast["dubi"])
    preparation.reply(n, answer="attends", by=cast["thuky"])
    who = {"bithu": [("list", []), ("new", []), ("agenda", [m.pk]), ("detail", [m.pk]), ("detail", [n.pk]), ("item_edit", [m.pk, item.pk]), ("item", [m.pk, item.pk]), ("papers", [m.pk]), ("replies", [n.pk]), ("opinions", [n.pk]), ("move", [m.pk, "agree"]), ("move", [n.pk, "reschedule"]), ("move", [n.pk, "open"])],
           "dangvien": [("list", []), ("detail", [n.pk]), ("papers", [n.pk]), ("opinions", [n.pk]), ("reply", [n.pk])]}
    with sync_playwright() as p:
        b = p.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name, pages in who.items():
            c = Client(); c.force_login(cast[name], backend="members.backends.MemberBackend")
            cookie = c.cookies[settings.SESSION_COOKIE_NAME].value
            for width in (1360, 390):
                ctx = b.new_context(viewport={"width": width, "height": 900}, locale="vi-VN")
                ctx.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
                page = ctx.new_page()
                errs = []
                page.on("console", lambda msg: errs.append(msg.text) if msg.type == "error" else None)
                for view, args in pages:
                    page.goto(live_server.url + reverse(f"meetings:{view}", args=args))
                    page.wait_for_load_state()
                    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                    tag = "-".join(map(str, args))
                    page.screenshot(path=f"{OUT}/{name}-{view}-{tag}-{width}.png", full_page=True)
                    print(name, view, tag, width, "overflow", over, errs); errs.clear()
        b.close()
