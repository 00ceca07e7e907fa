"""Papers of a meeting: stored, served, read, removed."""

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.errors import Refused
from meetings.models import AgendaItem, Meeting, MeetingPaper, PaperRead
from meetings.services import lifecycle, papers, preparation
from meetings.states import State
from members.models import Activity
from tests.meetings import files
from tests.meetings.prep import new_meeting

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def draft(cast, cell):
    return new_meeting(cell, cast["bithu"])


def upload(name="tin-thang-12.pdf", data=None):
    return SimpleUploadedFile(name, files.pdf("Tin tháng 12") if data is None else data)


def add(meeting, by, **values):
    return papers.add_paper(
        meeting, **{"upload": upload(), "title": "Tin", "classification": "normal", "by": by, **values}
    )


def notify(meeting, by):
    lifecycle.agree_meeting(meeting, by=by)
    return lifecycle.notify_meeting(meeting, by=by)


class TestAdd:
    def test_facts_are_stored_and_the_name_on_disk_tells_nothing(self, draft, cast, media):
        paper = add(draft, cast["bithu"])
        assert (paper.mime, paper.pages, paper.filename) == ("application/pdf", 1, "tin-thang-12.pdf")
        with paper.file.open() as stored:
            assert paper.sha256 == hashlib.sha256(stored.read()).hexdigest()
        assert "tin" not in paper.file.name
        assert paper.kind_words == "PDF, 1 trang"

    def test_title_defaults_to_the_name(self, draft, cast):
        assert add(draft, cast["bithu"], title="").title == "tin-thang-12"

    @pytest.mark.parametrize("level", ["secret", "top_secret", "ultra_secret"])
    def test_secret_classes_are_refused_with_the_reason(self, draft, cast, level):
        with pytest.raises(Refused) as refusal:
            add(draft, cast["bithu"], classification=level)
        assert refusal.value.field == "classification"
        assert refusal.value.message.endswith("theo quy định bảo vệ bí mật.")
        assert MeetingPaper.objects.count() == 0

    def test_marked_first_page_is_refused_whatever_class_is_stated(self, draft, cast, media):
        with pytest.raises(Refused, match="dấu “Tối mật”"):
            add(draft, cast["bithu"], upload=upload(data=files.pdf("ĐẢNG ỦY", "TỐI MẬT", "Báo cáo")))
        assert list(media.rglob("*.pdf")) == []

    def test_scan_asks_once_more(self, draft, cast):
        with pytest.raises(Refused) as refusal:
            add(draft, cast["bithu"], upload=upload(data=files.pdf()))
        assert refusal.value.field == "confirmed_scan"
        assert add(draft, cast["bithu"], upload=upload(data=files.pdf()), confirmed_scan=True).pk

    def test_item_of_another_meeting_is_refused(self, draft, cast, cell):
        other = new_meeting(cell, cast["bithu"])
        with pytest.raises(Refused, match="thuộc cuộc họp khác"):
            add(draft, cast["bithu"], item=other.items.first())

    def test_after_the_meeting_nothing_comes_or_goes(self, draft, cast):
        paper = add(draft, cast["bithu"])
        Meeting.objects.filter(pk=draft.pk).update(state=State.CLOSED)
        with pytest.raises(Refused, match="giữ nguyên"):
            add(draft, cast["bithu"])
        with pytest.raises(Refused, match="giữ nguyên"):
            papers.remove_paper(paper, by=cast["bithu"])

    def test_diary_keeps_the_hash_and_no_title(self, draft, cast, cell):
        paper = add(draft, cast["bithu"], title="Tên riêng")
        line = Activity.objects.filter(organisation=cell).latest("seq")
        assert line.verb == "paper.added"
        assert paper.sha256 in line.text
        assert "Tên riêng" not in line.text


def test_removed_paper_takes_its_file_along(draft, cast, django_capture_on_commit_callbacks, media):
    paper = add(draft, cast["bithu"])
    with django_capture_on_commit_callbacks(execute=True):
        papers.remove_paper(paper, by=cast["bithu"])
    assert (MeetingPaper.objects.count(), list(media.rglob("*.pdf"))) == (0, [])


def test_reading_twice_is_once(draft, cast):
    paper = add(draft, cast["bithu"])
    for _ in range(2):
        preparation.mark_read(paper, by=cast["dangvien"])
    assert PaperRead.objects.count() == 1


class TestPages:
    def url(self, name, *args):
        return reverse(f"meetings:{name}", args=args)

    def test_download_is_an_attachment_that_runs_nothing(self, as_user, draft, cast):
        paper = add(draft, cast["bithu"], upload=upload("Tin tháng 12.pdf"))
        notify(draft, cast["bithu"])
        answer = as_user(cast["dangvien"]).get(self.url("paper", draft.pk, paper.pk))
        assert b"".join(answer.streaming_content)[:5] == b"%PDF-"
        assert answer.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''Tin%20th")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"

    def test_draft_papers_are_the_committees_and_the_presenters(self, as_user, draft, cast):
        item = AgendaItem.objects.create(meeting=draft, section="B", title="Việc", presenter=cast["dangvien"].member)
        paper = add(draft, cast["bithu"], item=item)
        answers = {}
        for name, user in cast.items():
            answer = as_user(user).get(self.url("paper", draft.pk, paper.pk))
            answers[name] = answer.status_code
            if answer.streaming:
                assert b"".join(answer.streaming_content)
        assert {name for name, status in answers.items() if status == 200} == {"bithu", "phobithu", "chiuy", "dangvien"}
        assert set(answers.values()) == {200, 404}

    def test_upload_keeps_what_was_typed_and_shows_the_box_for_scans(self, as_user, draft, cast):
        client = as_user(cast["chiuy"])
        data = {"title": "Bản quét kế hoạch", "classification": "internal", "upload": upload(data=files.pdf())}
        answer = client.post(self.url("papers", draft.pk), data)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "Bản quét không đọc được chữ. Tôi đã xem và xác nhận tài liệu không có dấu độ mật." in page
        assert "Bản quét kế hoạch" in page
        again = {**data, "confirmed_scan": "on", "upload": upload(data=files.pdf())}
        assert client.post(self.url("papers", draft.pk), again).status_code == 302
        assert MeetingPaper.objects.get().classification == "internal"

    def test_wrong_name_is_told_at_the_field(self, as_user, draft, cast):
        data = {"classification": "normal", "upload": upload("bao-cao.docx")}
        answer = as_user(cast["bithu"]).post(self.url("papers", draft.pk), data)
        assert answer.context["form"].errors["upload"][0].startswith("Tên tệp ghi .docx nhưng nội dung là .pdf.")

    def test_presenter_adds_a_paper_to_the_own_item(self, as_user, draft, cast):
        item = AgendaItem.objects.create(meeting=draft, section="B", title="Việc", presenter=cast["dangvien"].member)
        client = as_user(cast["dangvien"])
        data = {"classification": "normal", "upload": upload()}
        assert client.post(self.url("item_paper", draft.pk, item.pk), data).status_code == 302
        assert MeetingPaper.objects.get().item == item
        assert client.post(self.url("papers", draft.pk), {**data, "upload": upload()}).status_code == 404

    def test_presenter_adds_nothing_once_the_agenda_is_locked(self, as_user, draft, cast):
        item = AgendaItem.objects.create(meeting=draft, section="B", title="Việc", presenter=cast["dangvien"].member)
        notify(draft, cast["bithu"])
        data = {"classification": "normal", "upload": upload()}
        answer = as_user(cast["dangvien"]).post(self.url("item_paper", draft.pk, item.pk), data)
        assert (answer.status_code, MeetingPaper.objects.count()) == (422, 0)
        said = "Chương trình đã khóa. Muốn sửa, chi ủy lấy lại bản soạn trước."
        assert answer.context["upload"].non_field_errors() == [said]

    def test_read_mark_and_count(self, as_user, draft, cast):
        paper = add(draft, cast["bithu"])
        notify(draft, cast["bithu"])
        client = as_user(cast["dangvien"])
        assert "Đánh dấu đã đọc" in client.get(self.url("papers", draft.pk)).content.decode()
        client.post(self.url("paper_read", draft.pk, paper.pk))
        assert "Đánh dấu đã đọc" not in client.get(self.url("papers", draft.pk)).content.decode()
        assert "1/12 đồng chí đã đọc" in as_user(cast["bithu"]).get(self.url("papers", draft.pk)).content.decode()

    def test_removing_asks_first_and_is_the_committees(self, as_user, draft, cast):
        paper = add(draft, cast["bithu"])
        notify(draft, cast["bithu"])
        url = self.url("paper_delete", draft.pk, paper.pk)
        assert as_user(cast["dangvien"]).post(url).status_code == 403
        assert "Bỏ tài liệu này?" in as_user(cast["chiuy"]).get(url).content.decode()
        as_user(cast["chiuy"]).post(url)
        assert MeetingPaper.objects.count() == 0
