from typing import Any, ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar[list[Any]] = [("intake", "0001_initial")]
    operations: ClassVar[list[Any]] = [
        # Gaps are harmless, a number that repeats is not: a sequence never goes back.
        migrations.RunSQL(
            "CREATE SEQUENCE intake_call_number", "DROP SEQUENCE intake_call_number"
        ),
    ]
