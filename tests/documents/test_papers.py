"""The life of a paper up to the signatures."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from core.errors import Refused
from core.states import WrongState
from documents import queries
from documents.models import Paper, PaperSigner, Sequence
from documents.services import papers
from members.models import Activity, ChainHead, User
from tests.documents import reading

DAY = date(2026, 12, 5)


def make(cast, type="minutes", term="2025-2030"):
    signers = [("chair", cast.chair, "Bí thư"), ("clerk", cast.clerk, "Thư ký")]
    if type == "resolution":
        signers = [("secretary", cast.chair, "Bí thư")]
    return papers.create_paper(cast.cell, type, term=term, subject="tháng 12/2026", signers=signers, by=cast.by)


def adopt(cast, **what):
    return papers.adopt_paper(make(cast, **what), on=DAY, by=cast.by)


def verbs(paper):
    return list(Activity.objects.filter(object_id=paper.pk).order_by("seq").values_list("verb", flat=True))


# Made


def test_create_paper_prints_clerk_left_and_chair_right(draft):
    places = queries.signatures_of(draft)
    assert [(place.role, place.title, place.name) for place in places] == [
        ("clerk", "THƯ KÝ", "Đỗ Thị Mai Anh"),
        ("chair", "CHỦ TRÌ", "Nguyễn Văn Thành"),
    ]


def test_resolution_is_signed_on_behalf_of_the_cell(cast):
    """DOMAIN §2.4: T/M CHI BỘ above BÍ THƯ, with a slash."""
    (place,) = queries.signatures_of(make(cast, type="resolution"))
    assert (place.authority, place.title, place.name, place.note) == ("T/M CHI BỘ", "BÍ THƯ", "Nguyễn Văn Thành", "")


@pytest.mark.parametrize(
    ("roles", "sentence"),
    [
        ([], "Văn bản chưa có người ký."),
        ([("chair", "chair"), ("chair", "clerk")], "Mỗi vai trò chỉ có một người ký."),
        (
            [("chair", "chair"), ("clerk", "chair")],
            "Một đồng chí không ký hai vai trò trên cùng văn bản. Chọn người khác làm thư ký.",
        ),
    ],
)
def test_create_paper_refuses_impossible_signers(cast, roles, sentence):
    signers = [(role, getattr(cast, who), "") for role, who in roles]
    with pytest.raises(Refused) as refusal:
        papers.create_paper(cast.cell, "minutes", term="t", subject="s", signers=signers, by=cast.by)
    assert (refusal.value.message, Paper.objects.count()) == (sentence, 0)


# Adopted: numbers (DOMAIN §2.4: continuous from 01 per type within one term)


def test_adopt_gives_the_number_the_date_and_freezes_the_names(draft, cast):
    cast.chair.full_name = "Nguyễn Văn Thanh"
    cast.chair.save()
    paper = papers.adopt_paper(draft, on=DAY, by=cast.by)
    cast.chair.full_name = "Tên Khác"
    cast.chair.save()
    assert (paper.state, paper.number_line, paper.dated_on) == ("adopted", "Số 01-BB/CB", DAY)
    assert [place.name for place in queries.signatures_of(paper)] == ["Đỗ Thị Mai Anh", "Nguyễn Văn Thanh"]


def test_numbers_run_per_type_and_term(cast):
    drawn = [
        adopt(cast).number,
        adopt(cast).number,
        adopt(cast, type="resolution").number,
        adopt(cast, term="2030-2035").number,
        adopt(cast).number,
    ]
    assert drawn == [1, 2, 1, 1, 3]


def test_unnumbered_minutes_take_no_number(draft, cast):
    paper = papers.adopt_paper(draft, on=DAY, by=cast.by, numbered=False)
    assert (paper.number, paper.number_line, adopt(cast).number) == (None, "", 1)


def test_a_failed_adoption_leaves_no_gap(cast):
    with pytest.raises(RuntimeError), transaction.atomic():
        adopt(cast)
        raise RuntimeError
    assert (adopt(cast).number, Sequence.objects.get().last) == (1, 1)


def test_adopt_twice_is_refused(adopted, cast):
    with pytest.raises(WrongState):
        papers.adopt_paper(adopted, on=DAY, by=cast.by)
    assert Sequence.objects.get().last == 1


def test_the_database_refuses_a_number_twice(cast):
    first, second = adopt(cast), adopt(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        Paper.objects.filter(pk=second.pk).update(number=first.number)


@pytest.mark.django_db(transaction=True)
def test_numbers_have_no_gap_and_no_double_under_threads(cast):
    drafts = [make(cast).pk for _ in range(12)]

    def draw(pk):
        try:
            with transaction.atomic():
                number = papers.adopt_paper(Paper.objects.get(pk=pk), on=DAY, by=User.objects.get()).number
                if pk % 4 == 0:
                    raise RuntimeError  # this one's transaction is lost: its number goes to the next
                return number
        except RuntimeError:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        numbers = sorted(number for number in pool.map(draw, drafts) if number)
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) == 9


# Sealed


def test_seal_stores_one_file_with_its_hash(sealed):
    stored = queries.current_file(sealed)
    data = queries.read_checked(stored)
    assert (sealed.state, sealed.way, stored.kind) == ("sealed", "p12", "sealed")
    assert sealed.sealed_sha256 == stored.sha256 == hashlib.sha256(data).hexdigest()
    assert (stored.size, stored.file.name.count("BB")) == (len(data), 0)


def test_sealed_file_prints_number_and_head_of_the_diary_before_it(adopted, cast, sample):
    head = ChainHead.objects.get(organisation=cast.cell)
    paper = papers.seal_paper(adopted, sample, {"items": []}, way="p12", by=cast.by)
    printed = reading.text(queries.read_checked(queries.current_file(paper)))
    assert f"Nhật ký số {head.seq}, mã" in printed
    assert head.hash in printed.replace(" ", "")
    assert f"https://chibo.example.vn/verify/{paper.code}/" in printed.replace(" ", "")
    assert (paper.anchor_seq, paper.anchor_hash) == (head.seq, head.hash)


def test_sealing_line_of_the_diary_carries_the_hash_of_the_file(sealed):
    line = Activity.objects.get(verb="paper.sealed")
    assert (f'"sha256":"{sealed.sealed_sha256}"' in line.text, line.seq) == (True, sealed.anchor_seq + 1)


def test_sealed_file_has_no_watermark_and_only_tinos(sealed):
    data = queries.read_checked(queries.current_file(sealed))
    assert ("DỰ THẢO" in reading.text(data), {embedded for _, embedded in reading.fonts(data)}) == (False, {"yes"})
    assert {name.split("-")[0] for name, _ in reading.fonts(data)} == {"Tinos"}


def test_draft_pdf_has_the_watermark_and_the_open_date(draft, sample):
    text = reading.text(queries.draft_pdf(draft, sample, {"items": []}))
    assert ("DỰ THẢO" in text, "Hòa Mai, ngày … tháng … năm …" in text) == (True, True)


def test_seal_refuses_an_unknown_way(adopted, cast, sample):
    with pytest.raises(Refused) as refusal:
        papers.seal_paper(adopted, sample, {}, way="click", by=cast.by)
    assert refusal.value.message == "Chọn một cách ký: bằng tệp chứng thư, bằng thiết bị ký số hoặc ký tay."
    assert (refusal.value.field, Paper.objects.get().state) == ("way", "adopted")


def test_seal_needs_an_adopted_paper(draft, cast, sample):
    with pytest.raises(WrongState):
        papers.seal_paper(draft, sample, {}, way="p12", by=cast.by)


def test_damaged_file_is_noticed(sealed):
    stored = queries.current_file(sealed)
    with open(stored.file.path, "r+b") as target:
        target.seek(500)
        target.write(b"#")
    with pytest.raises(Refused) as refusal:
        queries.read_checked(stored)
    assert refusal.value.message == (
        "Tệp đã lưu không còn nguyên vẹn so với lúc khóa. Báo người quản trị trước khi ký."
    )


@pytest.mark.parametrize(
    ("address", "warns"),
    [("http://127.0.0.1:8000", True), ("http://localhost:8000", True), ("https://chibo.example.vn", False)],
)
def test_base_url_warning_speaks_only_of_a_loopback_address(settings, address, warns):
    settings.BASE_URL = address
    assert bool(queries.base_url_warning()) is warns


# Withdrawn


def test_withdraw_keeps_the_number_and_the_next_goes_on(sealed, cast):
    paper = papers.withdraw_paper(sealed, "Ghi nhầm số đảng viên có mặt", by=cast.by)
    assert (paper.state, paper.number_text, paper.number) == ("withdrawn", "01-BB/CB (hủy)", 1)
    assert (paper.withdraw_reason, adopt(cast).number) == ("Ghi nhầm số đảng viên có mặt", 2)
    assert verbs(paper)[-1] == "paper.withdrawn"


def test_withdraw_needs_a_reason(sealed, cast):
    with pytest.raises(Refused) as refusal:
        papers.withdraw_paper(sealed, "  ", by=cast.by)
    assert (refusal.value.message, refusal.value.field) == ("Ghi lý do hủy văn bản.", "reason")


def test_withdraw_is_refused_once_somebody_has_signed(sealed, cast):
    PaperSigner.objects.filter(paper=sealed, role="chair").update(signed_at="2026-12-05T14:00:00Z")
    with pytest.raises(WrongState) as refusal:
        papers.withdraw_paper(sealed, "Sửa", by=cast.by)
    assert refusal.value.message == (
        "Văn bản đã có chữ ký nên không hủy được. Nội dung cần sửa thì lập văn bản bổ sung có ký."
    )


# Seen, covered


def test_digest_covers_nothing_in_a_draft_and_every_frozen_fact_later(draft, cast, sample):
    assert papers.digest(draft) is None
    adopted = papers.adopt_paper(draft, on=DAY, by=cast.by)
    before = papers.digest(adopted)
    Paper.objects.update(subject="khác")
    assert papers.digest(Paper.objects.get()) != before
    Paper.objects.update(subject=adopted.subject)
    PaperSigner.objects.filter(role="chair").update(member_name="Người Khác")
    assert papers.digest(Paper.objects.get()) != before


def test_code_has_120_bits_and_goes_into_an_address(draft):
    assert len(draft.code) == 24
    assert draft.verify_path == f"/verify/{draft.code}/"
