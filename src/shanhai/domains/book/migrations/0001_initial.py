import shanhai.domains.rows
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Checkpoint',
            fields=[
                ('size', shanhai.domains.rows.Place(primary_key=True, serialize=False)),
                ('note', models.BinaryField()),
            ],
            options={
                'db_table': 'checkpoint',
            },
        ),
        migrations.CreateModel(
            name='Evidence',
            fields=[
                ('act_id', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('time_ms', models.BigIntegerField()),
                ('size', models.BigIntegerField()),
                ('theirs', models.CharField(max_length=64)),
                ('ours', models.CharField(max_length=64)),
                ('body', models.BinaryField()),
                ('signature', models.BinaryField()),
            ],
            options={
                'db_table': 'evidence',
            },
        ),
        migrations.CreateModel(
            name='Head',
            fields=[
                ('id', shanhai.domains.rows.Place(primary_key=True, serialize=False)),
                ('size', models.BigIntegerField()),
                ('root', models.BinaryField()),
                ('time_ms', models.BigIntegerField()),
                ('rules', models.BigIntegerField()),
                ('ledger', models.CharField(max_length=64)),
                ('suite', models.CharField(max_length=8)),
                ('origin', models.CharField(max_length=120)),
            ],
            options={
                'db_table': 'head',
            },
        ),
        migrations.CreateModel(
            name='TreeNode',
            fields=[
                ('position', shanhai.domains.rows.Place(primary_key=True, serialize=False)),
                ('hash', models.BinaryField()),
            ],
            options={
                'db_table': 'tree_node',
            },
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('index', shanhai.domains.rows.Place(primary_key=True, serialize=False)),
                ('act_id', models.CharField(max_length=64)),
                ('time_ms', models.BigIntegerField()),
                ('act', models.CharField(max_length=64)),
                ('subject', models.CharField(max_length=64)),
                ('post', models.CharField(max_length=64)),
                ('person', models.CharField(max_length=64)),
                ('packed', models.BinaryField()),
                ('leaf', models.BinaryField()),
                ('key', models.BigIntegerField()),
            ],
            options={
                'db_table': 'entry',
                'indexes': [models.Index(fields=['key'], name='entry_key'), models.Index(fields=['person', 'index'], name='entry_person'), models.Index(fields=['act', 'index'], name='entry_act'), models.Index(fields=['leaf'], name='entry_leaf')],
            },
        ),
        migrations.CreateModel(
            name='Search',
            fields=[
                ('id', models.CharField(max_length=200, primary_key=True, serialize=False)),
                ('noun', models.CharField(max_length=64)),
                ('region', models.CharField(max_length=12)),
                ('text', models.TextField()),
            ],
            options={
                'db_table': 'search',
                'indexes': [models.Index(fields=['noun', 'region', 'id'], name='search_noun')],
            },
        ),
        migrations.CreateModel(
            name='Timeline',
            fields=[
                ('position', shanhai.domains.rows.Place(primary_key=True, serialize=False)),
                ('noun', models.CharField(max_length=64)),
                ('object_id', models.CharField(max_length=200)),
            ],
            options={
                'db_table': 'timeline',
                'indexes': [models.Index(fields=['object_id', 'position'], name='timeline_object')],
            },
        ),
    ]
