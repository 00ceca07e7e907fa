"""Pages: what is listed, what a form brings back, what a double click does, how evidence is served."""

import datetime
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from assignments import queries
from assignments.models import Assignment, Evidence, Report
from assignments.services import extending, parts, progress
from tests.assignments.test_progress import picture

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def shown(response):
    return [task.title for task in response.context["page"]]


@pytest.fixture
def some(in_state, give, clerk):
    """One of each kind, all owned by the member but for the last."""
    in_state("given", title="mới")
    late = in_state("doing", title="muộn")
    Assignment.objects.filter(pk=late.pk).update(due_on=timezone.localdate() - datetime.timedelta(days=2))
    in_state("reported", title="chờ")
    in_state("done", title="xong")
    in_state("cancelled", title="rút")
    give(title="của thư ký", owner=clerk.member)


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", ["muộn", "mới", "chờ"]),
        ("?loc=qua-han", ["muộn"]),
        ("?loc=cho-duyet", ["chờ"]),
        ("?loc=da-xong", ["xong"]),
        ("?loc=la", ["muộn", "mới", "chờ"]),
        ("?muc=chi-bo", ["muộn", "mới", "chờ", "của thư ký"]),
    ],
)
def test_list_by_section_and_filter(some, member, as_user, query, titles):
    assert shown(as_user(member).get(f"/assignments/{query}")) == titles


def test_list_says_how_many_each_filter_holds(some, member, as_user):
    chips = as_user(member).get("/assignments/").context["filters"]
    assert [(chip["label"], chip["count"]) for chip in chips] == [
        ("Chưa xong", 3), ("Quá hạn", 1), ("Chờ duyệt", 1), ("Đã xong", 1), ("Mọi nhiệm vụ", 5),
    ]  # fmt: skip


def test_list_offers_the_report_to_the_owner_only(task, member, secretary, as_user):
    button = f'href="/assignments/{task.pk}/do/report/"'
    assert as_user(member).get("/assignments/?muc=chi-bo").content.decode().count(button) == 1
    assert as_user(secretary).get("/assignments/?muc=chi-bo").content.decode().count(button) == 0


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("url", ["/assignments/", "/assignments/?muc=chi-bo"])
def test_list_asks_the_same_number_of_queries(give, member, as_user, django_assert_num_queries, rows, url):
    for number in range(rows):
        give(title=f"việc {number}")
    client = as_user(member)
    with django_assert_num_queries(9 if url == "/assignments/" else 6):
        assert len(shown(client.get(url))) == rows


@pytest.mark.parametrize("rows", [1, 3])
def test_detail_asks_the_same_number_of_queries(task, member, as_user, django_assert_num_queries, rows):
    for number in range(rows):
        progress.report(task, text=f"lần {number}", by=member)
    client = as_user(member)
    with django_assert_num_queries(9):
        assert client.get(task.get_absolute_url()).status_code == 200


def test_detail_shows_title_reports_and_actions(in_state, member, secretary, as_user):
    task = in_state("reported", source_label="Nghị quyết 10-NQ/CB, mục II.3", source_url="/resolutions/3/")
    response = as_user(secretary).get(task.get_absolute_url())
    assert [name for name, _ in response.context["actions"]] == ["confirm", "return", "cancel"]
    page = response.content.decode()
    assert "Đủ 6 hộ." in page
    assert '<a href="/resolutions/3/">Nghị quyết <span class="nowrap">10-NQ/CB</span>, mục II.3</a>' in page


def test_list_groups_ones_own_by_urgency(some, member, as_user):
    labels = [row.group for row in as_user(member).get("/assignments/").context["page"]]
    assert labels == ["Quá hạn", "Cần làm", "Chờ xác nhận"]


def test_list_shows_what_one_helps_with(give, helper, as_user):
    give(helpers=[helper.member])
    page = as_user(helper).get("/assignments/").content.decode()
    assert page.count("Phối hợp với đ/c\u00a0Ngô Xuân Trường") == 1
    assert page.count(">Báo cáo tiến độ<") == 1


def test_list_says_who_waits_for_the_persons_answer(in_state, give, member, secretary, clerk, due, as_user):
    """A report to confirm and a request for more time; each with one button; not for whoever may not answer."""
    in_state("reported", title="chờ")
    extending.ask(give(title="xin"), until=due + datetime.timedelta(days=2), reason="Mưa.", by=member)
    page = as_user(secretary).get("/assignments/").content.decode()
    assert (page.count("Xem và xác nhận<"), page.count("Trả lời<")) == (1, 1)
    assert len(as_user(clerk).get("/assignments/").context["to_answer"]) == 0


def test_card_says_whether_the_task_was_received(task, member, secretary, as_user):
    client = as_user(secretary)
    assert client.get("/assignments/?muc=chi-bo").content.decode().count("Chưa báo nhận") == 1
    progress.receive(task, by=member)
    page = client.get("/assignments/?muc=chi-bo").content.decode()
    assert (page.count("Chưa báo nhận"), page.count("Đã nhận ")) == (0, 1)


def test_receipt_is_offered_until_it_is_given(task, member, secretary, as_user):
    url = f"{task.get_absolute_url()}do/receive/"
    assert as_user(secretary).get(task.get_absolute_url()).content.decode().count(url) == 0
    client = as_user(member)
    assert client.get(task.get_absolute_url()).content.decode().count(url) == 1
    assert client.post(url, {"submission": str(uuid.uuid4())}).url == task.get_absolute_url()
    assert client.get(task.get_absolute_url()).content.decode().count(url) == 0


def test_finish_page_warns_of_open_parts_and_does_not_block(give, member, as_user):
    task = give(parts=["Gặp từng hộ", "Lập danh sách"])
    parts.tick(task.parts.first(), done=True, by=member)
    client, url = as_user(member), f"{task.get_absolute_url()}do/finish/"
    page = client.get(url).content.decode()
    assert "Còn 1 phần việc chưa đánh dấu xong" in page
    assert ("Lập danh sách" in page, "Gặp từng hộ" in page) == (True, False)
    assert client.post(url, {"text": "Xong."}).status_code == 302


def test_parts_by_buttons(give, member, secretary, as_user):
    task = give(parts=["Gặp từng hộ"])
    part = f"{task.get_absolute_url()}parts/{task.parts.get().pk}"
    assert as_user(member).post(f"{part}/do/tick/").url == task.get_absolute_url()
    assert as_user(member).get(task.get_absolute_url()).context["parts_words"] == "Đã xong 1/1 phần việc"
    as_user(member).post(f"{part}/do/untick/")
    assert task.parts.get().done_at is None
    assert as_user(secretary).post(f"{task.get_absolute_url()}parts/new/", {"text": "Lập danh sách"}).status_code == 302
    assert as_user(secretary).post(f"{part}/delete/").status_code == 302
    assert list(task.parts.values_list("text", flat=True)) == ["Lập danh sách"]


def test_part_of_another_task_is_not_found(give, member, as_user):
    one, other = give(parts=["a"]), give(parts=["b"])
    url = f"{one.get_absolute_url()}parts/{other.parts.get().pk}/do/tick/"
    assert as_user(member).post(url).status_code == 404


def test_a_refused_tick_is_said_on_the_page_of_the_task(in_state, give, member, as_user):
    task = give(parts=["a"])
    progress.finish(task, text="Xong.", by=member)
    answer = as_user(member).post(f"{task.get_absolute_url()}parts/{task.parts.get().pk}/do/tick/", follow=True)
    assert [str(message) for message in answer.context["messages"]] == [
        "Nhiệm vụ đang ở trạng thái “Chờ duyệt” nên không sửa được phần việc. "
        "Trang đã được tải lại với tình trạng mới nhất."
    ]


def test_extension_by_its_pages(task, member, secretary, due, as_user):
    until = due + datetime.timedelta(days=5)
    url = task.get_absolute_url()
    typed = {"until": until.strftime("%d/%m/%Y"), "reason": "Trời mưa."}
    assert as_user(member).post(f"{url}do/extend/", typed).url == url
    page = as_user(secretary).get(f"{url}do/refuse/").content.decode()
    assert ("Trời mưa." in page, until.strftime("%d/%m/%Y") in page) == (True, True)
    names = [name for name, _ in as_user(secretary).get(url).context["actions"]]
    assert names == ["grant", "refuse", "cancel"]
    assert [name for name, _ in as_user(member).get(url).context["actions"]] == ["report", "finish"]
    assert as_user(secretary).post(f"{url}do/grant/", {"note": ""}).url == url
    task.refresh_from_db()
    assert task.due_on == until


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("until", "", "Đồng chí ghi ngày xin gia hạn."),
        ("until", "5.12", "Ngày không đúng. Đồng chí ghi ngày, tháng, năm, ví dụ 05/12/2026."),
        ("reason", "", "Đồng chí ghi lý do xin gia hạn."),
    ],
)
def test_extension_form_says_what_to_write(task, member, due, as_user, field, value, sentence):
    typed = {"until": (due + datetime.timedelta(days=5)).strftime("%d/%m/%Y"), "reason": "Trời mưa."} | {field: value}
    response = as_user(member).post(f"{task.get_absolute_url()}do/extend/", typed)
    assert (response.status_code, response.context["form"].errors) == (422, {field: [sentence]})


def test_new_with_helpers_and_parts(committee, member, clerk, due, as_user):
    typed = given(due, member.member, helpers=[clerk.member_id], parts="Gặp từng hộ\r\n\r\nLập danh sách")
    assert as_user(committee).post("/assignments/new/", typed).status_code == 302
    task = Assignment.objects.get()
    assert list(task.helpers.all()) == [clerk.member]
    assert list(task.parts.values_list("text", flat=True)) == ["Gặp từng hộ", "Lập danh sách"]


def given(due, owner, **changes):
    return {"owner": owner.pk, "title": "Vận động 6 hộ", "due_on": due.strftime("%d/%m/%Y"), "audience": "cell",
            "submission": str(uuid.uuid4()), **changes}  # fmt: skip


def test_new_gives_a_task(committee, member, due, cell, as_user):
    response = as_user(committee).post("/assignments/new/", given(due, member.member))
    assert response.url == "/assignments/?muc=chi-bo"
    task = Assignment.objects.get()
    assert (task.cell, task.owner, task.given_by, task.due_on) == (cell, member.member, committee, due)


def test_new_twice_with_one_submission_gives_one_task(committee, member, due, as_user):
    values = given(due, member.member)
    client = as_user(committee)
    assert [client.post("/assignments/new/", values).status_code for _ in range(2)] == [302, 302]
    assert Assignment.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("owner", "", "Đồng chí chọn người thực hiện."),
        ("owner", "0", "Người được chọn không có trong danh sách của chi bộ."),
        ("title", "", "Đồng chí ghi tên nhiệm vụ."),
        ("due_on", "", "Đồng chí ghi hạn hoàn thành."),
        ("due_on", "31/02/2026", "Ngày không đúng. Đồng chí ghi ngày, tháng, năm, ví dụ 05/12/2026."),
        ("due_on", "01/01/2020", "Hạn 01/01/2020 đã qua. Đồng chí chọn ngày từ hôm nay trở đi."),
    ],
)
def test_new_brings_back_what_was_typed(committee, member, due, as_user, field, value, sentence):
    values = given(due, member.member, detail="Ngõ 12, trước ngày 20") | {field: value}
    response = as_user(committee).post("/assignments/new/", values)
    assert response.status_code == 422
    assert response.context["form"].errors == {field: [sentence]}
    assert "Ngõ 12, trước ngày 20" in response.content.decode()


def test_new_lists_people_by_given_name(committee, as_user):
    """Vietnamese order: Ánh before Bảy before Chương, Cường; Dung after them."""
    owners = [
        str(member) for member in as_user(committee).get("/assignments/new/").context["form"]["owner"].field.queryset
    ]
    assert owners == ["Nguyễn Thị Ánh", "Lê Văn Bảy", "Phan Văn Chương", "Phạm Đức Cường", "Đỗ Thị Dung"]


def test_report_by_form_with_a_picture(task, member, as_user):
    values = {"text": "Đã đến 4 hộ.", "files": picture(), "submission": str(uuid.uuid4())}
    response = as_user(member).post(f"{task.get_absolute_url()}do/report/", values)
    assert response.url == task.get_absolute_url()
    assert list(Evidence.objects.values_list("report__text", "filename")) == [("Đã đến 4 hộ.", "anh.jpg")]


def test_report_twice_with_one_submission_writes_once(task, member, as_user):
    values = {"text": "Đã đến 4 hộ.", "submission": str(uuid.uuid4())}
    client = as_user(member)
    answers = [client.post(f"{task.get_absolute_url()}do/report/", values).status_code for _ in range(2)]
    assert (answers, Report.objects.count()) == ([302, 302], 1)


def test_report_with_a_wrong_file_keeps_the_words(task, member, as_user):
    values = {"text": "Đã đến 4 hộ.", "files": SimpleUploadedFile("anh.svg", b"<svg/>")}
    response = as_user(member).post(f"{task.get_absolute_url()}do/report/", values)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["files"]
    assert "Đã đến 4 hộ." in response.content.decode()


def test_report_empty_file_is_said_at_the_field(task, member, as_user):
    values = {"text": "Đã đến 4 hộ.", "files": SimpleUploadedFile("anh.jpg", b"")}
    response = as_user(member).post(f"{task.get_absolute_url()}do/report/", values)
    assert response.context["form"].errors == {"files": ["Tệp rỗng, không có nội dung. Đồng chí chọn lại tệp."]}


def test_stale_page_is_told_where_the_task_is(in_state, member, as_user):
    task = in_state("done")
    response = as_user(member).post(f"{task.get_absolute_url()}do/report/", {"text": "Thêm."})
    assert response.status_code == 422
    assert response.context["form"].non_field_errors() == [
        "Không thực hiện được “Báo cáo tiến độ”: hiện ở trạng thái “Hoàn thành”. "
        "Trang đã được tải lại với tình trạng mới nhất."
    ]


@pytest.mark.parametrize(
    ("action", "sentence"), [("return", "Đồng chí ghi lý do trả lại."), ("cancel", "Đồng chí ghi lý do rút nhiệm vụ.")]
)
def test_a_reason_is_asked_for_at_its_field(in_state, secretary, as_user, action, sentence):
    task = in_state("reported")
    response = as_user(secretary).post(f"{task.get_absolute_url()}do/{action}/", {"reason": ""})
    assert (response.status_code, response.context["form"].errors) == (422, {"reason": [sentence]})


def test_evidence_is_a_download_for_those_who_see_the_task(give, member, secretary, clerk, outsider, as_user):
    task = give(audience="committee")
    progress.report(task, text="Ảnh.", by=member, files=[picture()])
    report = Evidence.objects.get()
    url = f"/assignments/evidence/{report.pk}/"
    answers = {}
    for user in (member, secretary, clerk, outsider):
        answer = as_user(user).get(url)
        answers[user.username] = answer.status_code
        if answer.status_code == 200:
            data = b"".join(answer.streaming_content)
    assert answers == {"dangvien": 200, "bithu": 200, "thuky": 404, "chibokhac": 404}
    report.file.open()
    assert data == report.file.read()
    report.file.close()


def test_evidence_cannot_be_run_by_a_browser(task, member, as_user):
    progress.report(task, text="Ảnh.", by=member, files=[picture(name="ảnh hộ 3.jpg")])
    answer = as_user(member).get(f"/assignments/evidence/{Evidence.objects.get().pk}/")
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''%E1%BA%A3nh%20h%E1%BB%99%203.jpg"
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["Cache-Control"] == "private, no-store"
    assert b"".join(answer.streaming_content)[:2] == b"\xff\xd8"


def test_waiting_for_answer_by_right(in_state, give, cell, secretary, deputy, committee, member, due):
    """As assignments.rules: may_confirm says; one's own only the secretary."""
    reported, asked = in_state("reported", by=committee), give(by=committee)
    extending.ask(asked, until=due + datetime.timedelta(days=1), reason="Mưa.", by=member)
    own = give(owner=deputy.member, by=deputy)
    progress.finish(own, text="Xong.", by=deputy)
    found = {user.username: set(queries.waiting_for_answer(user, cell)) for user in
             (secretary, deputy, committee, member)}  # fmt: skip
    both = {reported, asked}
    assert found == {"bithu": {*both, own}, "phobithu": both, "chiuy": both, "dangvien": set()}
    for user, tasks in ((secretary, found["bithu"]), (deputy, found["phobithu"]), (committee, found["chiuy"])):
        assert {
            task for task in (reported, asked, own) if user.has_perm("assignments.confirm_assignment", task)
        } == tasks


def test_board_leaves_out_what_the_committee_may_not_see(give, cell):
    give(title="chung")
    give(title="riêng", audience="owner")
    assert [task.title for task in queries.shared(cell)] == ["chung"]
