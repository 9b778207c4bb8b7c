from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
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
    ]
