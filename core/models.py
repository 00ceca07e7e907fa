"""One technical table: submissions already done. No business noun may enter here."""

from django.db import models


class Submission(models.Model):
    """A form that was acted on; rows older than a week are deleted by the clock."""

    key = models.UUIDField(primary_key=True)
    user_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        verbose_name = "lần gửi"
        verbose_name_plural = "lần gửi"

    def __str__(self):
        return str(self.key)
