from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Reading',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('size', models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='Upload',
            fields=[
                ('id', models.CharField(max_length=32, primary_key=True, serialize=False)),
                ('uploader', models.CharField(db_index=True, max_length=80)),
                ('name', models.CharField(max_length=200)),
                ('size', models.BigIntegerField()),
                ('received', models.BigIntegerField(default=0)),
                ('digest', models.CharField(max_length=64)),
                ('started_ms', models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='Document',
            fields=[
                ('digest', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=200)),
                ('size', models.BigIntegerField()),
                ('media_type', models.CharField(max_length=100)),
                ('uploader', models.CharField(max_length=80)),
                ('uploaded_ms', models.BigIntegerField()),
                ('public', models.BooleanField(default=False)),
                ('scrubbed_ms', models.BigIntegerField(default=0)),
                ('damaged', models.BooleanField(default=False)),
            ],
            options={
                'indexes': [models.Index(fields=['scrubbed_ms', 'digest'], name='document_scrubbed'), models.Index(fields=['uploader', '-uploaded_ms', 'digest'], name='document_uploader'), models.Index(condition=models.Q(('damaged', True)), fields=['digest'], name='document_damaged')],
            },
        ),
        migrations.CreateModel(
            name='Mention',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64)),
                ('index', models.BigIntegerField()),
                ('field', models.CharField(max_length=64)),
                ('act', models.CharField(max_length=64)),
                ('noun', models.CharField(max_length=64)),
                ('subject', models.CharField(max_length=80)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('digest', 'index', 'field'), name='files_mention_once')],
            },
        ),
    ]
