"""Texts encrypted at rest."""

import pytest
from django.core.exceptions import FieldError

from core.encryption import UnreadableText, decrypt, encrypt, encrypted_fields, fingerprint, is_current
from pledges.models import Assessment, Deed, Pledge


@pytest.mark.parametrize("text", ["Tôi tự thấy còn nóng vội.", "đ", "x" * 6000, "dòng một\ndòng hai"])
def test_text_comes_back_whole_and_is_not_seen(text):
    token = encrypt(text)
    assert decrypt(token) == text
    assert text not in token or len(text) == 1


def test_same_text_gives_another_token():
    assert encrypt("như nhau") != encrypt("như nhau")


def test_another_key_reads_nothing(settings):
    token = encrypt("riêng tư")
    settings.TEXT_KEY = "khóa khác"
    with pytest.raises(UnreadableText) as error:
        decrypt(token)
    assert str(error.value) == "Không giải mã được: TEXT_KEY không phải là khóa đã dùng khi ghi."


def test_changed_token_is_not_read():
    token = encrypt("riêng tư")
    with pytest.raises(UnreadableText):
        decrypt(token[:-6] + ("AAAA==" if not token.endswith("AAAA==") else "BBBB=="))


def test_earlier_key_still_reads_until_rotated(settings):
    token = encrypt("riêng tư")
    settings.TEXT_KEYS_OLD, settings.TEXT_KEY = [settings.TEXT_KEY], "khóa mới"
    assert decrypt(token) == "riêng tư"
    assert (is_current(token), is_current(encrypt("mới"))) == (False, True)


def test_fingerprint_tells_keys_apart_and_holds_nothing_of_them(settings):
    first = fingerprint()
    settings.TEXT_KEY = "khóa khác"
    assert len({first, fingerprint()}) == 2
    assert len(first) == 16


def test_encrypted_text_can_be_asked_only_whether_it_is_there():
    assert str(Pledge.objects.filter(commitment="").query).count("commitment") == 2
    with pytest.raises(FieldError):
        Pledge.objects.filter(commitment__contains="kỷ luật")


def test_encrypted_fields_are_found():
    found = {f"{model.__name__}.{field.name}" for model, field in encrypted_fields([Pledge, Deed, Assessment])}
    assert found == {
        "Pledge.commitment", "Pledge.remark", "Deed.title", "Deed.measure", "Deed.target", "Deed.evidence",
        "Assessment.text", "Assessment.remark",
    }  # fmt: skip
