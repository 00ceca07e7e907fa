"""One cell with its people and one object of each state, as the matrix, the walls and the crawl ask for them.

``build()`` makes it: people by username, scenes by name. A scene is what an address needs: the values of its
parameters, under "?" the query, under "POST" the fields sent. Everything happens on 05/12/2026 (story.NOW).
"""

from types import SimpleNamespace

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from members.models import Placement, Post, Setting, User
from members.services import accounts
from members.states import PlacementKind, StatusKind
from notices.services import planning
from tests.factories import LONG_AGO, CellFactory, MemberFactory, OrganisationFactory, person
from tests.matrix import (
    duties,
    evenings,
    fees_audit,
    fees_book,
    fees_cash,
    fees_members,
    fees_statements,
    lineage,
    mailed,
    pledges,
    reviews,
    tasks,
    years,
)
from tests.matrix.evenings import SECRET

LOCAL = "meeting.notice_min_days"  # left to the cell
COMMON = "meeting.min_minutes"  # not left to the cell
PASSWORD = "chi-bo-mot-2026"
PLAIN = {
    "-": {},
    "mail": {"name": "thu"},
    "p12": {"name": "bithu.p12"},
    "nothing": {"name": "khong-co"},
    "unknown_rule": {"key": "khong.co"},
    "key": {"key": "khong-co", "uidb36": "1"},
}

OF_THE_CELL = (
    ("bithu", "Trần Quốc Bình", ("secretary", "committee_member")),
    ("phobithu", "Lê Thị Hồng", ("deputy", "committee_member")),
    ("chiuy", "Phan Văn Chương", ("committee_member",)),
    ("thuky", "Đỗ Mai Anh", ()),
    ("thuquy", "Vũ Đình Khôi", ("fee_collector",)),
    ("dangvien", "Ngô Xuân Trường", ()),
    ("trinhbay", "Đinh Thị Lựu", ()),
)


def people():
    """Everybody of tests/cast.py, and trinhbay: an ordinary member who presents an item of each agenda."""
    above = OrganisationFactory(name="Đảng ủy phường Thử", short_name="Phường Thử", slug="phuong")
    cell = CellFactory(parent=above, name="Chi bộ Một", short_name="Một", slug="mot")
    beside = CellFactory(parent=above, name="Chi bộ Hai", short_name="Hai", slug="hai")
    offices = [CellFactory(parent=above, name=f"Chi bộ {name}", short_name=name) for name in ("Cơ quan", "Công nghệ")]
    for username, name, titles in OF_THE_CELL:
        person(cell, *titles, name=name, username=username)
    person(cell, name="Hoàng Thị Yến", status=StatusKind.PROBATIONARY, username="dubi")
    guest = person(beside, name="Cao Bá Ước", username="tamthoi").member
    Placement.objects.create(
        member=guest, kind=PlacementKind.TEMP_HERE, cell=cell, place="Chi bộ Hai", starts_on=LONG_AGO
    )
    person(beside, "secretary", name="Tạ Minh Khang", username="chibokhac")
    person(offices[0], "superior_officer", organisation=above, name="Mai Thị Loan", username="captren")
    person(offices[1], "sysadmin", organisation=above, name="Lý Văn Phúc", username="quantri")
    User.objects.update(password=make_password(PASSWORD))  # one hash for all: each costs a third of a second
    return {user.username: user for user in User.objects.select_related("member")}, cell, beside, above


# People and organisations


def places(who, cell, beside, above):
    """Organisations, persons and dated rows; "unled" never had a secretary."""
    unled = CellFactory(parent=above, name="Chi bộ Mới", short_name="Mới", slug="moi")
    newcomer = MemberFactory(full_name="Phạm Văn Mới", cell=unled)
    found = {}
    for name, one in {"cell": cell, "beside": beside, "above": above, "unled": unled}.items():
        found[name] = {"slug": one.slug, "?": f"chi-bo={one.slug}&noi={one.slug}"}
    members = {name: user.member for name, user in who.items()} | {"newcomer": newcomer}
    for name, member in members.items():
        found[f"person_{name}"] = {"pk": member.pk}
    for name in ("dangvien", "thuquy", "chibokhac", "newcomer"):
        found[f"rows_{name}"] = {"pk": members[name].pk, "row": members[name].status_rows.get().pk, "kind": "status"}
    head = Post.objects.get(member=members["captren"])
    plain = Post.objects.get(organisation=cell, title="secretary")
    found["post_above"] = {"slug": above.slug, "pk": head.pk}
    found["post_cell"] = {"slug": cell.slug, "pk": plain.pk}
    found["give_above"] = {"slug": above.slug, "pk": members["dangvien"].pk}
    found["give_cell"] = {"slug": cell.slug, "pk": members["dangvien"].pk}
    found["give_unled"] = {"slug": unled.slug, "pk": newcomer.pk}
    return found


def laid(cell, above):
    """Rules laid by the cell and by the superior, and the addresses where such are laid."""
    today, found = timezone.localdate(), {}
    for name, one, value in (("cell", cell, "2"), ("above", above, "3")):
        row = Setting.objects.create(organisation=one, key=LOCAL, value=value, source="NQ 5", starts_on=today)
        found[f"setting_{name}"] = {"pk": row.pk}
        for key, word in ((LOCAL, "local"), (COMMON, "common")):
            found[f"{word}_{name}"] = {"key": key, "?": f"noi={one.slug}"}
    return found


def slips(who):
    """One-time addresses: fresh, used, unknown."""
    fresh = accounts.issue_slip(who["thuquy"], by=who["bithu"])
    used = accounts.issue_slip(who["dubi"], by=who["bithu"])
    accounts.use_slip(used, password=PASSWORD)
    who["dubi"].refresh_from_db(fields=["password"])
    return {"slip_fresh": {"token": fresh}, "slip_used": {"token": used}, "slip_unknown": {"token": "x"}}


# Notices


def notices(cell, beside, who):
    """A notice to dangvien, a private one, and one to the secretary of the other cell."""
    context = {"due_on": "20/12/2026", "giver": "", "source": ""}
    found = {}
    for name, place, to, word in (
        ("open", cell, "dangvien", SECRET), ("private", cell, "dangvien", SECRET), ("beside", beside, "chibokhac", ""),
    ):  # fmt: skip
        row = planning.plan(
            who[to].member, "assignment.given", f"matrix:{name}", cell=place, subject=f"{word} {name}",
            context=context | {"title": word}, private=name == "private",
        )  # fmt: skip
        found[f"notice_{name}"] = {"pk": row.pk}
    return found


def build():
    """Everything once: ``who`` (users by name), ``scenes``, ``cell``, ``beside``, ``above``."""
    who, cell, beside, above = people()
    scenes = dict(PLAIN) | places(who, cell, beside, above) | laid(cell, above) | slips(who)
    scenes |= evenings.before(cell, who) | evenings.running(cell, who)
    for state in ("closed", "adopted", "sealed", "signed"):
        scenes |= evenings.written(cell, who, state)
    scenes["committee"] = evenings.committee_meeting(cell, who)
    scenes |= duties.plans(cell, who, scenes["adopted"]["pk"])
    scenes |= tasks.tasks(cell, who) | notices(cell, beside, who)
    scenes |= mailed.addresses(cell, who, scenes["notified"]["pk"])
    scenes |= years.plan(cell, above, who)
    scenes |= lineage.scenes(cell, who, scenes)
    scenes |= fees_members.scenes(cell, who)
    scenes |= fees_cash.vouchers(cell, who)
    scenes |= fees_book.scenes(cell, who)
    scenes |= fees_statements.scenes(cell, who)
    scenes |= fees_audit.scenes(cell, who)
    scenes |= pledges.scenes(cell, who)
    scenes |= reviews.scenes(cell, who)
    return SimpleNamespace(who=who, scenes=scenes, cell=cell, beside=beside, above=above)
