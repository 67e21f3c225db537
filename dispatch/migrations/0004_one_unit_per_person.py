from django.conf import settings
from django.db import migrations, models


def keep_the_last(apps, schema_editor):
    """Whoever is signed on to several units stays with the one they came to last."""
    CrewMember = apps.get_model("dispatch", "CrewMember")
    seen = set()
    for member in CrewMember.objects.filter(on_since__isnull=False).order_by("-on_since", "-id"):
        if member.user_id in seen:
            CrewMember.objects.filter(pk=member.pk).update(on_since=None)
        seen.add(member.user_id)


class Migration(migrations.Migration):

    dependencies = [
        ("dispatch", "0003_levels_and_pages_of_a_watch"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(keep_the_last, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="crewmember",
            constraint=models.UniqueConstraint(
                condition=models.Q(("on_since__isnull", False)),
                fields=("user",),
                name="signed_on_to_one_unit",
            ),
        ),
    ]
