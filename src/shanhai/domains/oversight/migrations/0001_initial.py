from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Correction',
            fields=[
                ('id', models.CharField(max_length=80, primary_key=True, serialize=False)),
                ('region', models.CharField(max_length=12)),
                ('east_region', models.CharField(max_length=12)),
                ('kind', models.CharField(max_length=32)),
                ('target_noun', models.CharField(max_length=40)),
                ('target', models.CharField(max_length=80)),
                ('entry', models.BigIntegerField()),
                ('wrong', models.CharField(max_length=200)),
                ('right', models.CharField(max_length=64)),
                ('document', models.CharField(max_length=64)),
                ('in_force_ms', models.BigIntegerField()),
                ('state', models.CharField(max_length=32)),
                ('object', models.BinaryField()),
            ],
            options={
                'db_table': 'correction',
            },
        ),
        migrations.CreateModel(
            name='Hold',
            fields=[
                ('id', models.CharField(max_length=80, primary_key=True, serialize=False)),
                ('region', models.CharField(max_length=12)),
                ('east_region', models.CharField(max_length=12)),
                ('number', models.CharField(max_length=60)),
                ('document', models.CharField(max_length=64)),
                ('reason', models.CharField(max_length=64)),
                ('approved_ms', models.BigIntegerField()),
                ('executed_ms', models.BigIntegerField()),
                ('lifted_ms', models.BigIntegerField()),
                ('state', models.CharField(max_length=32)),
                ('object', models.BinaryField()),
            ],
            options={
                'db_table': 'hold',
            },
        ),
        migrations.CreateModel(
            name='Finding',
            fields=[
                ('id', models.CharField(max_length=80, primary_key=True, serialize=False)),
                ('project', models.CharField(max_length=80)),
                ('region', models.CharField(max_length=12)),
                ('east_region', models.CharField(max_length=12)),
                ('kind', models.CharField(max_length=32)),
                ('rule', models.CharField(max_length=8)),
                ('number', models.CharField(max_length=60)),
                ('evidence', models.CharField(max_length=64)),
                ('statement', models.CharField(max_length=64)),
                ('auditee', models.CharField(max_length=80)),
                ('suspected_fen', models.BigIntegerField()),
                ('reply', models.CharField(max_length=64)),
                ('amount_fen', models.BigIntegerField()),
                ('decision', models.CharField(max_length=64)),
                ('order', models.CharField(max_length=60)),
                ('due_ms', models.BigIntegerField()),
                ('rectification', models.CharField(max_length=64)),
                ('recovered_fen', models.BigIntegerField()),
                ('restored_fen', models.BigIntegerField()),
                ('activated_fen', models.BigIntegerField()),
                ('adjusted_fen', models.BigIntegerField()),
                ('verification', models.CharField(max_length=64)),
                ('raised_ms', models.BigIntegerField()),
                ('settled_ms', models.BigIntegerField()),
                ('state', models.CharField(max_length=32)),
                ('object', models.BinaryField()),
            ],
            options={
                'db_table': 'finding',
                'indexes': [models.Index(fields=['project', 'id'], name='finding_project')],
            },
        ),
        migrations.CreateModel(
            name='HoldTarget',
            fields=[
                ('id', models.CharField(max_length=80, primary_key=True, serialize=False)),
                ('hold', models.CharField(max_length=80)),
                ('region', models.CharField(max_length=12)),
                ('kind', models.CharField(max_length=32)),
                ('target', models.CharField(max_length=120)),
                ('active', models.BigIntegerField()),
                ('object', models.BinaryField()),
            ],
            options={
                'db_table': 'hold_target',
                'indexes': [models.Index(fields=['hold', 'id'], name='hold_target_hold')],
            },
        ),
    ]
