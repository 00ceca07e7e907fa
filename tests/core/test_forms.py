"""A refusal comes back at its field with what was typed; the same submission acts once."""

import threading
import uuid

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, connections
from django.test import RequestFactory

from core.errors import Refused
from core.forms import Form, attempt, form_status
from core.models import Submission
from core.submissions import once
from members.forms.people import ExemptionForm


class NoteForm(Form):
    text = forms.CharField()


class MemberForm(Form):
    full_name = forms.CharField(label="Họ và tên")
    owner = forms.ChoiceField(label="Người thực hiện", choices=[("1", "An")])
    upload = forms.FileField(label="Tệp")
    answer = forms.CharField(label="Đồng chí có dự được không?", error_messages={"required": "Chọn một câu trả lời."})


def test_empty_fields_say_what_to_do():
    """BRIEF §8: errors say what to do; a form's own sentence stays."""
    assert {name: list(errors) for name, errors in MemberForm({}).errors.items()} == {
        "full_name": ["Ghi họ và tên."],
        "owner": ["Chọn người thực hiện."],
        "upload": ["Chọn tệp."],
        "answer": ["Chọn một câu trả lời."],
    }


def request_for(data):
    request = RequestFactory().post("/", data)
    request.user = AnonymousUser()
    return request


def refuse(*, text):
    raise Refused("Ghi ngắn hơn.", field="text")


@pytest.mark.django_db
def test_attempt_puts_refusal_at_its_field_and_keeps_text():
    request = request_for({"text": "dài quá", "submission": str(uuid.uuid4())})
    form = NoteForm(request.POST)
    assert attempt(request, form, refuse) is False
    assert form.errors == {"text": ["Ghi ngắn hơn."]}
    assert form["text"].value() == "dài quá"
    assert form_status(form) == 422


@pytest.mark.django_db
def test_attempt_runs_the_same_submission_once():
    done = []
    data = {"text": "một", "submission": str(uuid.uuid4())}
    for _ in range(2):
        request = request_for(data)
        assert attempt(request, NoteForm(request.POST), lambda *, text: done.append(text)) is True
    assert done == ["một"]


@pytest.mark.django_db
def test_other_content_under_the_same_submission_is_neither_lost_nor_done():
    """Back in the browser brings the sent form with its UUID; what is typed there then is not dropped in silence."""
    done = []
    data = {"text": "một", "submission": str(uuid.uuid4())}
    attempt(*(lambda r: (r, NoteForm(r.POST)))(request_for(data)), lambda *, text: done.append(text))
    request = request_for({**data, "text": "hai"})
    form = NoteForm(request.POST)
    assert attempt(request, form, lambda *, text: done.append(text)) is False
    assert (form["text"].value(), form_status(form), list(form.errors)) == ("hai", 422, ["__all__"])
    again = {**data, "text": "hai", "submission": form["submission"].value()}
    assert again["submission"] != data["submission"]
    request = request_for(again)
    assert attempt(request, NoteForm(request.POST), lambda *, text: done.append(text)) is True
    assert done == ["một", "hai"]


def twice(key):
    return lambda *, text: Submission.objects.create(key=key) and Submission.objects.create(key=key)


@pytest.mark.django_db
def test_a_colleague_who_was_faster_is_said_on_the_form():
    request = request_for({"text": "một"})
    form = NoteForm(request.POST)
    assert attempt(request, form, twice(uuid.uuid4())) is False
    assert form.non_field_errors()[0].startswith("Có người vừa ghi cùng dữ liệu này.")


@pytest.mark.django_db
def test_any_other_refusal_of_the_database_is_our_mistake_and_not_hidden():
    request = request_for({"text": "một"})
    with pytest.raises(IntegrityError):
        attempt(request, NoteForm(request.POST), lambda *, text: Submission.objects.create(created_at=None, key=None))


@pytest.mark.django_db
def test_refused_submission_may_be_sent_again():
    data = {"text": "một", "submission": str(uuid.uuid4())}
    request = request_for(data)
    attempt(request, NoteForm(request.POST), refuse)
    assert Submission.objects.count() == 0


@pytest.mark.django_db
def test_attempt_normalises_text_to_nfc():
    seen = []
    request = request_for({"text": "Nguye\u0302\u0303n"})
    assert attempt(request, NoteForm(request.POST), lambda *, text: seen.append(text)) is True
    assert seen == ["Nguyễn"]


class SecretForm(Form):
    secret = forms.CharField(strip=False, widget=forms.PasswordInput)


def test_passwords_stay_as_typed():
    """What opens an account or a certificate is compared sign by sign, also one made of composed marks."""
    typed = "Nguye\u0302\u0303n "
    form = SecretForm({"secret": typed})
    assert (form.is_valid(), form.cleaned_data["secret"]) == (True, typed)


@pytest.mark.django_db(transaction=True)
def test_double_click_on_two_connections_acts_once():
    done, key, barrier = [], uuid.uuid4(), threading.Barrier(2)

    def click():
        barrier.wait()
        try:
            once(request_for({}), key, lambda: done.append(1))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=click) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert done == [1]
    assert connection.vendor == "postgresql"


def test_blank_choice_is_a_word_and_not_dashes():
    form = ExemptionForm()
    assert form.fields["kind"].choices[0] == ("", "Chọn")
