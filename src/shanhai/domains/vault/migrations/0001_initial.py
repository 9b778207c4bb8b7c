import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Record',
            fields=[
                ('object_id', models.CharField(max_length=80, primary_key=True, serialize=False)),
                ('person', models.CharField(db_index=True, default='', max_length=80)),
                ('wrapped', models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name='Reveal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at_ms', models.BigIntegerField(db_index=True)),
                ('person', models.CharField(db_index=True, max_length=80)),
                ('post', models.CharField(max_length=80)),
                ('object_id', models.CharField(db_index=True, max_length=80)),
                ('label', models.CharField(max_length=64)),
                ('reason', models.CharField(max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name='Value',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('label', models.CharField(max_length=64)),
                ('committer', models.CharField(max_length=80)),
                ('commitment', models.CharField(max_length=64, unique=True)),
                ('blind', models.CharField(db_index=True, default='', max_length=64)),
                ('sealed', models.BinaryField()),
                ('salt', models.BinaryField(default=bytes)),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='values', to='vault.record')),
            ],
        ),
    ]
