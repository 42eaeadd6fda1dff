"""Motivations copied from another judgement are drafts while they are still that text."""

from django.db import migrations, models

from registry import migrating


class Migration(migrating.Migration):
    dependencies = [
        ("risk", "0020_list_entry_requests"),
    ]

    operations = [
        migrations.AddField(
            model_name="assessment",
            name="copied_digest",
            field=models.CharField(
                blank=True,
                default="",
                editable=False,
                help_text="È una bozza da rileggere finché il testo resta quello copiato.",
                max_length=64,
                verbose_name="codice della motivazione copiata",
            ),
        ),
        migrations.AddField(
            model_name="historicalassessment",
            name="copied_digest",
            field=models.CharField(
                blank=True,
                default="",
                editable=False,
                help_text="È una bozza da rileggere finché il testo resta quello copiato.",
                max_length=64,
                verbose_name="codice della motivazione copiata",
            ),
        ),
        migrations.AddField(
            model_name="historicalrating",
            name="copied_digest",
            field=models.CharField(
                blank=True,
                default="",
                editable=False,
                help_text="È una bozza da rileggere finché il testo resta quello copiato.",
                max_length=64,
                verbose_name="codice della motivazione copiata",
            ),
        ),
        migrations.AddField(
            model_name="rating",
            name="copied_digest",
            field=models.CharField(
                blank=True,
                default="",
                editable=False,
                help_text="È una bozza da rileggere finché il testo resta quello copiato.",
                max_length=64,
                verbose_name="codice della motivazione copiata",
            ),
        ),
    ]
