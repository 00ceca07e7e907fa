"""What a receipt said when it was written, kept with its parts; a decision on the own declaration; what was asked for.

Parts written before get what their month says now, with ``ahead`` left empty: nobody knows what their paper says, and
``verify_chain`` goes on comparing them by what was recorded then.
"""

from django.db import migrations, models

FILL = """
ALTER TABLE fees_allocation DISABLE TRIGGER allocation_append_only;
UPDATE fees_allocation a SET formula = d.formula, rules = coalesce((
    SELECT string_agg(words, '; ' ORDER BY first) FROM (
        SELECT words, min(n) AS first FROM (
            SELECT n, rule->>'source' || CASE WHEN (rule->>'verified')::boolean THEN '' ELSE ' (chưa kiểm chứng)' END AS words
              FROM jsonb_array_elements(d.rules) WITH ORDINALITY AS each (rule, n)) said GROUP BY words) named), '')
  FROM fees_due d JOIN fees_feemonth m ON m.id = d.fee_month_id, fees_payment p
 WHERE a.share = 'due' AND p.id = a.payment_id AND p.received_at >= m.opened_at
   AND d.cell_id = a.cell_id AND d.member_id = a.member_id AND d.month = a.month;
ALTER TABLE fees_allocation ENABLE TRIGGER allocation_append_only;
"""


class Migration(migrations.Migration):
    dependencies = [("fees", "0006_audit_ends")]

    operations = [
        migrations.AddField(
            "allocation",
            "formula",
            models.CharField("cách tính", max_length=300, blank=True, default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            "allocation",
            "rules",
            models.TextField("quy định đã áp dụng", blank=True, default=""),
            preserve_default=False,
        ),
        migrations.AddField("allocation", "ahead", models.BooleanField("đóng trước, chưa đến tháng", null=True)),
        migrations.AddField(
            "declaration",
            "decision",
            models.CharField("số nghị quyết, quyết định", max_length=60, blank=True, default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            "waiver",
            "asked_percent",
            models.PositiveSmallIntegerField("mức đã xin (%)", null=True, editable=False),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
