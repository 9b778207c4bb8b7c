from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Intake',
            fields=[
                ('id', models.CharField(max_length=80, primary_key=True, serialize=False)),
                ('region', models.CharField(max_length=12)),
                ('root', models.CharField(max_length=64)),
                ('size', models.BigIntegerField()),
                ('first_ms', models.BigIntegerField()),
                ('last_ms', models.BigIntegerField()),
                ('committed_ms', models.BigIntegerField()),
                ('object', models.BinaryField()),
            ],
            options={
                'db_table': 'intake',
            },
        ),
        migrations.CreateModel(
            name='Submission',
            fields=[
                ('number', models.CharField(max_length=24, primary_key=True, serialize=False)),
                ('kind', models.CharField(db_index=True, max_length=16)),
                ('noun', models.CharField(default='', max_length=40)),
                ('target', models.CharField(db_index=True, default='', max_length=80)),
                ('region', models.CharField(db_index=True, default='', max_length=12)),
                ('organ', models.CharField(db_index=True, default='', max_length=80)),
                ('received_ms', models.BigIntegerField(db_index=True)),
                ('sealed', models.BinaryField()),
                ('password_hash', models.CharField(max_length=128)),
                ('leaf', models.CharField(max_length=64, unique=True)),
                ('intake', models.CharField(db_index=True, default='', max_length=80)),
                ('position', models.IntegerField(default=-1)),
                ('state', models.CharField(default='received', max_length=16)),
                ('outcome', models.CharField(default='', max_length=80)),
            ],
        ),
    ]
