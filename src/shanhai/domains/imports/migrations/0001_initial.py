from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='ImportBatch',
            fields=[
                ('id', models.CharField(max_length=32, primary_key=True, serialize=False)),
                ('person', models.CharField(max_length=80)),
                ('organisation', models.CharField(db_index=True, max_length=80)),
                ('name', models.CharField(max_length=200)),
                ('suffix', models.CharField(max_length=8)),
                ('source', models.CharField(max_length=300)),
                ('year', models.IntegerField(default=0)),
                ('published', models.CharField(default='', max_length=10)),
                ('reason', models.CharField(default='', max_length=300)),
                ('kind', models.CharField(default='published', max_length=16)),
                ('document', models.CharField(default='', max_length=64)),
                ('created_ms', models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='KeptMapping',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('organisation', models.CharField(max_length=80)),
                ('fingerprint', models.CharField(max_length=16)),
                ('mapping', models.TextField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organisation', 'fingerprint'), name='kept_mapping_once')],
            },
        ),
    ]
