import shutil, datetime, os
import pytest, time_machine
from django.urls import reverse
from django.conf import settings as conf
from django.test import Client
from playwright.sync_api import sync_playwright
from meetings.models import *
from meetings.services import minutes, resolution, attendance
from meetings.models import Vote
from documents.demo_pki import issue_demo_certificates
from documents.services import signing
from tests.meetings import story
pytestmark = pytest.mark.django_db(transaction=True)
OUT = "/tmp/shots-minutes"; os.makedirs(OUT, exist_ok=True)

def build(cast, cell, settings, tmp_path):
    issue_demo_certificates(tmp_path/"pki", [("bithu","Trần Quốc Bình"),("thuky","Đỗ Mai Anh")], "chibo-demo")
    settings.SIGNING_ROOTS=[tmp_path/"pki"/"root.pem"]; settings.MEDIA_ROOT=tmp_path/"files"
    sec, clerk, member = cast["bithu"], cast["thuky"], cast["dangvien"]
    m = story.told(cell, sec, clerk, member)
    lai = Meeting.objects.get(pk=m.pk)
    minutes.save_text(lai, "opening", text="Đồng chí chủ trì tuyên bố lý do, giới thiệu đại biểu và thông qua chương trình.", version=0, by=clerk)
    news = m.items.all()[1]
    minutes.save_narrative(news, text="thông báo tin thời sự tháng 12 và hai văn bản mới của Đảng ủy phường về chuyển đổi số và công tác xây dựng Đảng.", version=0, by=clerk)
    absent = m.sheet.get(member=cast["thuquy"].member)
    attendance.mark(absent, presence="absent_excused", reason="nằm viện", by=clerk)
    r = resolution.start_resolution(m, by=sec)
    resolution.save_text(r, "assessment", text="Chi bộ đã hoàn thành 05/06 nhiệm vụ của Nghị quyết tháng 11.\nHạn chế: việc nạo vét tuyến mương sau chợ còn chậm do chờ xe của phường.", version=0, by=sec)
    resolution.save_text(r, "organisation_text", text="Chi ủy theo dõi, báo cáo tại buổi sinh hoạt tháng 01/2027.", version=0, by=sec)
    for text, owner in (("Hoàn thành vệ sinh tuyến mương sau chợ, vận động các hộ kinh doanh tham gia.", member), ("Thăm, tặng quà 05 hộ khó khăn trước Tết từ nguồn xã hội hóa.", cast["phobithu"]), ("Mỗi đảng viên nêu gương thực hiện chuyển đổi số.", None)):
        resolution.add_clause(r, clause=Clause(text=text, owner=owner and owner.member, due_on=owner and datetime.date(2027,1,20)), by=sec)
    return m, r

def threaded(fn, *a, **k):
    from concurrent.futures import ThreadPoolExecutor
    from django.db import connection
    def run():
        try: return fn(*a, **k)
        finally: connection.close()
    with ThreadPoolExecutor(1) as pool: return pool.submit(run).result()

def shoot(page, base, tag, width, view, args, errs):
    page.goto(base + reverse(view, args=args)); page.wait_for_load_state()
    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    page.screenshot(path=f"{OUT}/{tag}-{width}.png", full_page=True)
    print(tag, width, "overflow", over, errs[:]); errs.clear()

def test_shots(live_server, cast, cell, settings, tmp_path):
    with time_machine.travel(story.NOW, tick=True), sync_playwright() as p:
        m, r = build(cast, cell, settings, tmp_path)
        sec, clerk = cast["bithu"], cast["thuky"]
        vote = Vote.objects.get(item__meeting=m)
        b = p.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        pages = {}
        for name in ("bithu","thuky","dangvien"):
            c = Client(); c.force_login(cast[name], backend="members.backends.MemberBackend")
            for width in (1360, 390):
                ctx = b.new_context(viewport={"width": width, "height": 900}, locale="vi-VN")
                ctx.add_cookies([{"name": conf.SESSION_COOKIE_NAME, "value": c.cookies[conf.SESSION_COOKIE_NAME].value, "url": live_server.url}])
                page = ctx.new_page(); errs=[]
                page.on("console", lambda msg, errs=errs: errs.append(msg.text) if msg.type == "error" else None)
                pages[name, width] = page, errs
        def all_(name, tag, view, args):
            for width in (1360, 390):
                page, errs = pages[name, width]
                shoot(page, live_server.url, f"{tag}", width, view, args, errs)
        all_("thuky", "1-edit", "meetings:minutes", [m.pk])
        all_("bithu", "2-adopt", "meetings:minutes_adopt", [m.pk])
        all_("bithu", "3-resolution", "meetings:resolution", [m.pk])
        all_("bithu", "4-clause", "meetings:clause_edit", [m.pk, r.clauses.first().pk])
        all_("bithu", "5-passed", "meetings:resolution_adopt", [m.pk])
        open(f"{OUT}/draft.pdf","wb").write(__import__("meetings.queries.official",fromlist=["x"]).draft_minutes(m))
        minutes.adopt_minutes(m, adopted_at=story.moment(15,38), by=sec)
        resolution.adopt_resolution(r, vote=vote, by=sec)
        all_("thuky", "6-adopted", "meetings:minutes", [m.pk])
        all_("bithu", "7-seal", "meetings:minutes_seal", [m.pk])
        from meetings.contradictions import unsettled
        from meetings.queries.record import record_of
        for one in unsettled(record_of(m)):
            print("explain", one.key); minutes.explain(m, key=one.key, text="Đã kiểm tra lại với người kiểm phiếu.", by=clerk)
        minutes.seal_minutes(m, way="p12", by=sec)
        r.refresh_from_db(); resolution.seal_resolution(r, way="p12", by=sec)
        all_("bithu", "8-sign", "meetings:sign", [m.pk])
        m = Meeting.objects.get(pk=m.pk)
        threaded(signing.sign_with_p12, m.minutes.paper, "clerk", (tmp_path/"pki"/"thuky.p12").read_bytes(), "chibo-demo", by=clerk)
        all_("bithu", "8b-sign", "meetings:sign", [m.pk])
        threaded(signing.sign_with_p12, m.minutes.paper, "chair", (tmp_path/"pki"/"bithu.p12").read_bytes(), "chibo-demo", by=sec)
        r.refresh_from_db(); threaded(signing.sign_with_p12, r.paper, "secretary", (tmp_path/"pki"/"bithu.p12").read_bytes(), "chibo-demo", by=sec)
        all_("bithu", "8c-signed", "meetings:sign", [m.pk])
        all_("dangvien", "9-member", "meetings:minutes", [m.pk])
        all_("dangvien", "10-list", "resolutions:list", [])
        all_("dangvien", "11-detail", "resolutions:detail", [r.pk])
        from documents.queries import current_file
        for name, paper in (("minutes", m.minutes.paper), ("resolution", r.paper)):
            open(f"{OUT}/{name}.pdf","wb").write(current_file(paper).file.read())
        b.close()
