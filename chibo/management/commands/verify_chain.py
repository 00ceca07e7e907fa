from collections import Counter

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError

from members import verification
from members.models import Organisation


class Command(BaseCommand):
    help = "Kiểm tra nhật ký: chuỗi băm của từng tổ chức, dữ liệu được bảo vệ, mã nhật ký in trên văn bản."

    def handle(self, **options):
        names = dict(Organisation.objects.values_list("pk", "name"))
        counted = Counter()
        findings = 0
        for finding in verification.verify(counted):
            findings += 1
            where = names.get(finding.organisation_id, "Không rõ tổ chức")
            line = f", dòng {finding.seq}" if finding.seq is not None else ""
            self.stdout.write(f"SAI  {where}{line}: {finding.text}")
        self.report(names, counted)
        if findings:
            raise CommandError(
                f"Phát hiện {findings} chỗ sai. Đối chiếu với bản sao lưu và báo cấp trên.", returncode=1
            )
        self.stdout.write("Không phát hiện sửa đổi nào.")

    def report(self, names, counted):
        """What was looked at, so that silence means something."""
        self.stdout.write("Chuỗi nhật ký đã kiểm tra:")
        for name in names:
            if lines := counted["lines", name]:
                self.stdout.write(f"  {names[name]}: {lines} dòng")
        self.stdout.write("Dữ liệu đã đối chiếu với nhật ký:")
        for key, rows in counted.items():
            if key[0] == "objects":
                self.stdout.write(f"  {apps.get_model(key[1])._meta.verbose_name} ({key[1]}): {rows}")
        self.stdout.write(f"Văn bản đã khóa có in mã nhật ký: {counted['anchors']}")
