"""The scene set up once for a whole module, in a transaction that is never committed."""

import logging
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import time_machine
import weasyprint
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.test import override_settings

from tests.matrix import scene
from tests.meetings import story


class NoDocument:
    """Stands for what WeasyPrint would set: who may have a PDF is asked here, what is in it elsewhere."""

    def write_pdf(self, **options):
        return b"%PDF-1.7"


@contextmanager
def stage(blocker, build=scene.build, **changed):
    """``build()`` on 05/12/2026 in an open transaction; files, mail and certificates in a folder of their own."""
    with (
        TemporaryDirectory() as folder,
        blocker.unblock(),
        time_machine.travel(story.NOW, tick=False),
        override_settings(**_settings(Path(folder)), **changed),
        transaction.atomic(),
    ):
        made = build()
        logging.disable(logging.WARNING)  # each refused request would write a traceback
        setting, weasyprint.HTML.render = weasyprint.HTML.render, lambda *args, **options: NoDocument()
        try:
            yield made
        finally:
            weasyprint.HTML.render = setting
            logging.disable(logging.NOTSET)
            transaction.set_rollback(True)
            cache.clear()


def _settings(folder):
    """Settings of an own place for files, with one mail caught and one certificate file; static files are not asked."""
    for name, file in (("mail", "thu.eml"), ("pki", "bithu.p12")):
        (folder / name).mkdir()
        (folder / name / file).write_text("Subject: Thư\nContent-Type: text/html\n\n<p>Nội dung</p>")
    places = {"MEDIA_ROOT": folder / "files", "MAIL_DIR": folder / "mail", "DEMO_PKI": folder / "pki"}
    return places | {"MIDDLEWARE": [name for name in settings.MIDDLEWARE if not name.startswith("whitenoise")]}
