from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("history", "0001_imported_calls")]

    operations = [
        migrations.AddField("importedcall", "tier", models.CharField(blank=True, max_length=12)),
        migrations.AddField("importedcall", "shows_police", models.BooleanField(null=True)),
        migrations.AddField(
            "importedcall", "local_hour", models.PositiveSmallIntegerField(null=True)
        ),
    ]
