"""The book and the money pass to the next collector: counted, frozen, signed by both (DOMAIN §3.5, issue 4 item 7)."""

import datetime
from io import BytesIO

import pytest
from pypdf import PdfReader

from core.errors import Refused
from fees.models import Handover
from fees.queries import handovers
from fees.services import handing_over
from members.models import Post
from notices.models import Notice
from tests.factories import CellFactory, person
from tests.fees import audited
from tests.fees.conftest import TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(frozen, superior_body):
    cell = CellFactory(parent=superior_body, name="Chi bộ Ba", short_name="Ba", slug="ba")
    giver = person(cell, "fee_collector", name="Vũ Đình Khôi", username="giao")
    receiver = person(cell, name="Đỗ Mai Anh", username="nhan")
    for user in (giver, receiver):
        user.member.admitted_on = datetime.date(1970, 1, 1)
        user.member.save()
    return {"cell": cell, "giver": giver, "receiver": receiver, "who": audited.right(cell, giver)}


def hand_over(team, **values):
    values = {
        "giver": team["giver"].member, "receiver": team["receiver"].member, "handed_on": TODAY,
        "pieces": audited.pieces(315_000), "note": "2 quyển biên lai", "by": team["giver"], **values,
    }  # fmt: skip
    return handing_over.hand_over(team["cell"], **values)


def refused(service, *args, **values):
    with pytest.raises(Refused) as refusal:
        service(*args, **values)
    return refusal.value.message


def test_balances_last_receipt_and_open_things_are_frozen(team):
    row = hand_over(team)
    assert (row.balances, row.last_receipt) == ({"cash": 315_000, "retained": -315_000}, "0012/2026")
    assert row.note.splitlines() == [
        "2 quyển biên lai", "Việc còn dở:", "- Sổ tháng 11/2026 đang mở.", "- 4 đồng chí còn phải đóng, xem sổ thu.",
    ]  # fmt: skip
    assert (row.count.difference, row.paper.number_text) == (0, "01-BB/CB")


def test_short_cash_stands_in_the_record_and_among_the_open_things(team):
    row = hand_over(team, pieces=audited.pieces(300_000), explanation="Chưa rõ")
    assert (row.count.difference, row.note.splitlines()[-1]) == (-15_000, "- Chênh lệch kiểm quỹ chưa xử lý.")


def test_both_sides_sign_and_read_it_also_who_collects_no_more(team):
    row = handing_over.seal(hand_over(team), way="p12", by=team["giver"])
    assert list(row.paper.signers.values_list("role", "member_name")) == [
        ("giver", "Vũ Đình Khôi"), ("receiver", "Đỗ Mai Anh"),
    ]  # fmt: skip
    assert Notice.objects.filter(kind="fee.to_sign").count() == 2
    Post.objects.filter(title="fee_collector").update(ends_on=TODAY - datetime.timedelta(days=1))
    for user in (team["giver"], team["receiver"]):
        fresh = type(user).objects.get(pk=user.pk)
        assert (Handover.objects.visible_to(fresh).get(), fresh.has_perm("fees.view_handover", row)) == (row, True)


def test_record_prints_money_pieces_and_notes(team):
    row = hand_over(team)
    pages = PdfReader(BytesIO(handovers.draft(row))).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    for words in (
        "bàn giao sổ, quỹ đảng phí ngày 20/11/2026", "Bên giao: Vũ Đình Khôi. Bên nhận: Đỗ Mai Anh.",
        "Tiền mặt tại quỹ 315.000", "Cộng theo sổ 315.000", "Trong đó: Đảng phí để lại chi bộ 315.000",
        "200.000 1 200.000", "Đếm được 315.000 đồng, theo sổ 315.000 đồng, chênh lệch 0 đồng.",
        "Biên lai cuối cùng đã ghi: 0012/2026.", "2 quyển biên lai", "BÊN GIAO", "BÊN NHẬN",
    ):  # fmt: skip
        assert words in text, (words, text)


def test_withdrawn_record_is_sealed_again_under_the_next_number(team):
    row = handing_over.seal(hand_over(team), way="ink", by=team["giver"])
    row = handing_over.withdraw(row, reason="Đếm lại", by=team["giver"])
    assert Notice.objects.filter(kind="fee.to_sign").exclude(outcome="withdrawn").count() == 0
    assert handing_over.seal(row, way="ink", by=team["giver"]).paper.number_text == "02-BB/CB"
    row.refresh_from_db()
    handing_over.withdraw(row, reason="Đếm lại", by=team["giver"])
    assert refused(handing_over.withdraw, row, reason="Nữa", by=team["giver"]) == (
        "Biên bản không ở tình trạng chờ ký nên không hủy được."
    )


ONE_DAY = (
    "Biên bản ghi số dư, biên lai cuối và việc còn dở của hôm nay, nên ngày bàn giao là 20/11/2026. Đã bàn giao hôm "
    "trước thì hai bên đếm lại quỹ hôm nay."
)


def test_refusals_of_a_hand_over(team, outsider):
    stranger = team["who"]["salary"]
    for values, sentence in (
        ({"receiver": team["giver"].member}, "Bên giao và bên nhận phải là hai đồng chí."),
        ({"handed_on": datetime.date(2026, 11, 21)}, ONE_DAY),
        ({"handed_on": datetime.date(2026, 11, 19)}, ONE_DAY),  # receipts and open things would be of another day
        ({"giver": stranger}, "Đồng chí Bùi Thị Lương không thu đảng phí của Chi bộ Ba trong một năm qua."),
        ({"receiver": outsider.member}, "Đồng chí Tạ Minh Khang không sinh hoạt tại Chi bộ Ba."),
    ):
        assert refused(hand_over, team, **values) == sentence
    assert Handover.objects.count() == 0
