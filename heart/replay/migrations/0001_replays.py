import django.db.models.deletion
import django.db.models.functions.datetime
import heart.replay.states
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('intake', '0002_call_number_sequence'),
        ('triage', '0003_frozen_versions'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Replay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField(null=True)),
                ('until', models.DateField(null=True)),
                ('source', models.CharField(choices=[('all', 'every call'), ('here', 'calls taken here'), ('imported', 'imported calls')], default='all', max_length=10)),
                ('profile', models.CharField(blank=True, max_length=40)),
                ('status', models.CharField(default=heart.replay.states.ReplayStatus['QUEUED'], max_length=10)),
                ('requested_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('started_at', models.DateTimeField(null=True)),
                ('finished_at', models.DateTimeField(null=True)),
                ('tables', models.JSONField()),
                ('staffing', models.JSONField(default=dict)),
                ('up_to', models.BigIntegerField(default=0)),
                ('resume_after', models.BigIntegerField(default=0)),
                ('total', models.PositiveIntegerField(default=0)),
                ('done', models.PositiveIntegerField(default=0)),
                ('data_from', models.DateTimeField(null=True)),
                ('data_to', models.DateTimeField(null=True)),
                ('tallies', models.JSONField(default=dict)),
                ('fault', models.CharField(blank=True, max_length=300)),
                ('against', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='triage.ruleset')),
                ('requested_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('rule_set', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='triage.ruleset', verbose_name='version')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Flip',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nature', models.CharField(blank=True, max_length=20)),
                ('route', models.CharField(max_length=10)),
                ('other_route', models.CharField(max_length=10)),
                ('rules', models.JSONField()),
                ('other_rules', models.JSONField()),
                ('levels', models.JSONField()),
                ('other_levels', models.JSONField()),
                ('call', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='intake.call')),
                ('replay', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='flips', to='replay.replay')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.AddIndex(
            model_name='replay',
            index=models.Index(condition=models.Q(('status__in', ['queued', 'running'])), fields=['id'], name='replay_to_run'),
        ),
        migrations.AddConstraint(
            model_name='replay',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['queued', 'running', 'done', 'cancelled', 'failed'])), name='replay_status_is_known'),
        ),
        migrations.AddConstraint(
            model_name='replay',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('finished_at__isnull', True), ('status__in', ['queued', 'running'])), models.Q(('finished_at__isnull', False), ('status__in', ['done', 'cancelled', 'failed'])), _connector='OR'), name='replay_ended_has_a_time'),
        ),
        migrations.AddConstraint(
            model_name='flip',
            constraint=models.UniqueConstraint(fields=('replay', 'call'), name='flip_once_per_call'),
        ),
    ]
