from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Agreement',
            fields=[
                ('id', models.CharField(max_length=80, primary_key=True, serialize=False)),
                ('pairing', models.CharField(max_length=80)),
                ('region', models.CharField(max_length=12)),
                ('east_region', models.CharField(max_length=12)),
                ('year', models.BigIntegerField()),
                ('part', models.BigIntegerField()),
                ('number', models.CharField(max_length=60)),
                ('aid_fen', models.BigIntegerField()),
                ('document', models.CharField(max_length=64)),
                ('state', models.CharField(max_length=32)),
                ('object', models.BinaryField()),
            ],
            options={
                'db_table': 'agreement',
                'indexes': [models.Index(fields=['region', 'year', 'id'], name='agreement_region_year')],
            },
        ),
        migrations.CreateModel(
            name='Pairing',
            fields=[
                ('id', models.CharField(max_length=80, primary_key=True, serialize=False)),
                ('region', models.CharField(max_length=12)),
                ('east_region', models.CharField(max_length=12)),
                ('level', models.CharField(max_length=32)),
                ('scheme', models.CharField(max_length=60)),
                ('donor', models.CharField(max_length=200)),
                ('recipient', models.CharField(max_length=200)),
                ('from_ms', models.BigIntegerField()),
                ('to_ms', models.BigIntegerField()),
                ('source', models.CharField(max_length=400)),
                ('standing', models.CharField(max_length=32)),
                ('state', models.CharField(max_length=32)),
                ('object', models.BinaryField()),
            ],
            options={
                'db_table': 'pairing',
                'indexes': [models.Index(fields=['region', 'id'], name='pairing_region'), models.Index(fields=['east_region', 'id'], name='pairing_east_region')],
            },
        ),
    ]
