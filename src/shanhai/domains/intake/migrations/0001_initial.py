import django.db.models.deletion
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
                ('concerned', models.CharField(default='', max_length=80)),
                ('named', models.BooleanField(default=False)),
                ('files', models.IntegerField(default=0)),
                ('received_ms', models.BigIntegerField(db_index=True)),
                ('sealed', models.BinaryField()),
                ('code_hash', models.CharField(max_length=64)),
                ('leaf', models.CharField(max_length=64, unique=True)),
                ('intake', models.CharField(db_index=True, default='', max_length=80)),
                ('position', models.IntegerField(default=-1)),
                ('state', models.CharField(db_index=True, default='received', max_length=16)),
            ],
        ),
        migrations.CreateModel(
            name='Step',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at_ms', models.BigIntegerField()),
                ('state', models.CharField(max_length=16)),
                ('role', models.CharField(max_length=40)),
                ('person', models.CharField(max_length=80)),
                ('post', models.CharField(max_length=80)),
                ('sealed', models.BinaryField()),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='intake.submission')),
            ],
        ),
        migrations.CreateModel(
            name='Piece',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file', models.IntegerField()),
                ('place', models.IntegerField()),
                ('sealed', models.BinaryField()),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pieces', to='intake.submission')),
            ],
            options={
                'unique_together': {('submission', 'file', 'place')},
            },
        ),
    ]
