from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.CharField(max_length=32, primary_key=True, serialize=False)),
                ('person', models.CharField(max_length=80)),
                ('post', models.CharField(max_length=80)),
                ('kind', models.CharField(max_length=16)),
                ('act', models.CharField(max_length=64)),
                ('subject', models.CharField(db_index=True, max_length=80)),
                ('sealed', models.BinaryField()),
                ('version', models.IntegerField(default=0)),
                ('seen_size', models.BigIntegerField()),
                ('created_ms', models.BigIntegerField()),
                ('saved_ms', models.BigIntegerField()),
                ('done', models.BooleanField(default=False)),
            ],
            options={
                'indexes': [models.Index(fields=['person', 'kind', 'done', '-saved_ms'], name='draft_person')],
            },
        ),
    ]
