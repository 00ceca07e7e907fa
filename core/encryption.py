"""Texts that stand in the database only encrypted: what people write about themselves and about one another.

The key is TEXT_KEY; texts written under one of TEXT_KEYS_OLD are still read until `manage.py rotate_text_key` has
written them anew. Neither key is ever in the database, so a dump of it tells no text.
"""

import base64
import functools
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import models

PURPOSE = b"chibo text"
FINGERPRINT = 16  # hexadecimal digits


class UnreadableText(RuntimeError):
    """None of the keys at hand opens a stored text. The message holds nothing of it."""


def encrypt(text: str) -> str:
    """The token of a text under the present key; the same text gives another token each time."""
    return _ciphers().encrypt(text.encode()).decode()


def decrypt(token: str) -> str:
    """The text of a token. Raises UnreadableText when it was written under another key, or changed."""
    try:
        return _ciphers().decrypt(token.encode()).decode()
    except InvalidToken:
        raise UnreadableText("Không giải mã được: TEXT_KEY không phải là khóa đã dùng khi ghi.") from None


def is_current(token: str) -> bool:
    """Whether a token was written under the present TEXT_KEY."""
    try:
        _cipher(settings.TEXT_KEY).decrypt(token.encode())
    except InvalidToken:
        return False
    return True


def fingerprint() -> str:
    """What may be written beside a backup to tell which TEXT_KEY opens it; the key cannot be had from it."""
    return hashlib.sha256(b"fingerprint" + _derived(settings.TEXT_KEY)).hexdigest()[:FINGERPRINT]


def _ciphers():
    return MultiFernet([_cipher(secret) for secret in (settings.TEXT_KEY, *settings.TEXT_KEYS_OLD)])


@functools.cache
def _cipher(secret):
    return Fernet(base64.urlsafe_b64encode(_derived(secret)))


@functools.cache
def _derived(secret):
    return HKDF(SHA256(), length=32, salt=None, info=PURPOSE).derive(secret.encode())


class EncryptedTextField(models.TextField):
    """A text that is encrypted on its way to the database. It can be asked for nothing but being empty."""

    def get_prep_value(self, value):
        text = super().get_prep_value(value)
        return encrypt(text) if text else text

    def from_db_value(self, value, expression, connection):
        return decrypt(value) if value else value

    def get_lookup(self, lookup_name):
        return super().get_lookup(lookup_name) if lookup_name in {"exact", "isnull"} else None


def encrypted_fields(models_of_apps):
    """Every (model, field) whose column is encrypted, in the order of the models given."""
    for model in models_of_apps:
        for field in model._meta.local_concrete_fields:
            if isinstance(field, EncryptedTextField):
                yield model, field
