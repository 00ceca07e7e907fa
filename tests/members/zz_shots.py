import datetime, os, shutil

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
import pytest
from django.conf import settings
from playwright.sync_api import sync_playwright
from members.models import *
from members.services import accounts, setup
from tests.factories import *


def test_shots(live_server, transactional_db, client, request):
    from django.core.management import call_command
    from regulations.loading import load_rules as load

    load() if Rule_empty() else None
    for name in (
        "superior_body",
        "cell",
        "secretary",
        "deputy",
        "committee",
        "clerk",
        "collector",
        "member",
        "probationary",
        "visitor",
        "superior",
        "sysadmin",
    ):
        request.getfixturevalue(name)
    cell = request.getfixturevalue("cell")
    sec = request.getfixturevalue("secretary")
    mem = request.getfixturevalue("member")
    sysadmin = request.getfixturevalue("sysadmin")
    sb = request.getfixturevalue("superior_body")
    MemberFactory(full_name="NGUYỄN VĂN CHỮ HOA", cell=cell)
    MemberFactory(full_name="Nguyễn " + "Công Tằng Tôn Nữ " * 5 + "Hằng", cell=cell)
    m = mem.member
    m.birth_date = datetime.date(1980, 3, 1)
    m.sex = "nam"
    m.occupation = "Chuyên viên phòng Kinh tế, hạ tầng và đô thị"
    m.email = "truong@example.com"
    m.phone = "0900 000 009"
    m.card_no = "000741037001"
    m.save()
    PostFactory(
        member=m,
        organisation=cell,
        title="inspector",
        ends_on=datetime.date(2024, 1, 1),
        starts_on=datetime.date(2021, 1, 1),
    )
    Exemption.objects.create(
        member=m,
        kind="exempt_temporary",
        starts_on=datetime.date(2026, 1, 1),
        ends_on=datetime.date(2027, 1, 1),
        decision="05-NQ/CB",
        reason="Nghỉ thai sản",
    )
    Placement.objects.create(
        member=m,
        kind="temp_elsewhere",
        cell=cell,
        place="Chi bộ Học viện Chính trị khu vực I",
        starts_on=datetime.date(2026, 1, 1),
    )
    out = "/tmp/shots-people"
    os.makedirs(out, exist_ok=True)
    L = live_server.url
    noacc = MemberFactory(full_name="Trần Thị Chưa Có", cell=cell)
    paste = "TT\tHọ và tên\tNgày sinh\tGiới tính\tNgày vào Đảng\tGhi chú lạ\n1\tNGUYỄN THỊ BÔNG\t12/3/1980\tNữ\t19/5/2005\tx\n2\tNgô Xuân Trường\t1/3/1980\tNam\t\t\n"
    bad = paste + "3\tLê Văn Lỗi\t31/2/1980\tNam\t\t\n"
    with sync_playwright() as p:
        b = p.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])

        def ctx(user, w):
            c = b.new_context(viewport={"width": w, "height": 900})
            if user:
                client.force_login(user, backend="members.backends.MemberBackend")
                c.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": L}])
            return c

        pages = {
            "list": (sec, "/members/"),
            "list-sys": (sysadmin, f"/members/?chi-bo={cell.slug}"),
            "list-member": (mem, "/members/"),
            "away": (sec, "/members/?muc=thoi"),
            "detail": (sec, f"/members/{m.pk}/"),
            "detail-noacc": (sec, f"/members/{noacc.pk}/"),
            "detail-sys": (sysadmin, f"/members/{m.pk}/"),
            "new": (sec, f"/members/new/?chi-bo={cell.slug}"),
            "edit": (sec, f"/members/{m.pk}/edit/"),
            "row": (sec, f"/members/{m.pk}/rows/post/new/"),
            "import": (sec, f"/members/import/?chi-bo={cell.slug}"),
            "cell": (sec, f"/cells/{cell.slug}/"),
            "superior": (sysadmin, f"/cells/{sb.slug}/"),
            "celledit": (sec, f"/cells/{cell.slug}/edit/"),
            "cellnew": (sysadmin, f"/cells/{sb.slug}/new/"),
            "choose": (sysadmin, f"/cells/{sb.slug}/posts/new/?q=tr"),
            "close": (sec, f"/members/{m.pk}/account/close/"),
            "give": (sec, f"/members/{noacc.pk}/account/give/"),
            "slip": (None, f"/l/{accounts.issue_slip(mem, by=sec)}/"),
            "dead": (None, "/l/xyz/"),
        }
        only = os.environ.get("ONLY", "").split(",") if os.environ.get("ONLY") else None
        for w in (390, 1360):
            for n, (u, url) in pages.items():
                if only and n not in only:
                    continue
                c = ctx(u, w)
                pg = c.new_page()
                pg.goto(L + url)
                pg.screenshot(path=f"{out}/{n}-{w}.png", full_page=True)
                over = pg.evaluate("document.documentElement.scrollWidth>document.documentElement.clientWidth")
                if over:
                    print("OVERFLOW", n, w)
                if n == "import":
                    for k, t in (("plan", paste), ("planbad", bad)):
                        pg.goto(L + url)
                        pg.fill("#id_lines", t)
                        pg.click("main button[type=submit]")
                        pg.screenshot(path=f"{out}/{k}-{w}.png", full_page=True)
                        if pg.evaluate("document.documentElement.scrollWidth>document.documentElement.clientWidth"):
                            print("OVERFLOW", k, w)
                if n == "give":
                    pg.click("main button[type=submit]")
                    pg.screenshot(path=f"{out}/slipprint-{w}.png", full_page=True)
                    pg.pdf(path=f"{out}/slip-{w}.pdf")
                    User.objects.filter(member=noacc)
                    AccessSlip.objects.filter(user__member=noacc).delete()
                    UserDel(noacc)
                c.close()
        User.objects.all()
        b.close()


def UserDel(m):
    from django.db import connection

    with connection.cursor() as c:
        c.execute("delete from members_user where member_id=%s", [m.pk])


def Rule_empty():
    from regulations.models import Rule

    return not Rule.objects.exists()
