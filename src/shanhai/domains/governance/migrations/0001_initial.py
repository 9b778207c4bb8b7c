from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Did',
            fields=[
                ('id', models.CharField(max_length=200, primary_key=True, serialize=False)),
                ('object', models.BinaryField()),
            ],
            options={
                'db_table': 'did',
            },
        ),
        migrations.CreateModel(
            name='Epoch',
            fields=[
                ('id', models.CharField(max_length=80, primary_key=True, serialize=False)),
                ('region', models.CharField(max_length=12)),
                ('kept_size', models.BigIntegerField()),
                ('kept_root', models.CharField(max_length=64)),
                ('lost_size', models.BigIntegerField()),
                ('lost_root', models.CharField(max_length=64)),
                ('reason', models.CharField(max_length=200)),
                ('opened_ms', models.BigIntegerField()),
                ('object', models.BinaryField()),
            ],
            options={
                'db_table': 'epoch',
            },
        ),
        migrations.CreateModel(
            name='Holder',
            fields=[
                ('id', models.CharField(max_length=200, primary_key=True, serialize=False)),
                ('holder', models.CharField(max_length=200)),
                ('object', models.BinaryField()),
            ],
            options={
                'db_table': 'holder',
            },
        ),
        migrations.CreateModel(
            name='Ledger',
            fields=[
                ('id', models.CharField(max_length=80, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=200)),
                ('suite', models.CharField(max_length=8)),
                ('origin', models.CharField(max_length=120)),
                ('clock', models.CharField(max_length=32)),
                ('publication', models.CharField(max_length=32)),
                ('rp_id', models.CharField(max_length=120)),
                ('object', models.BinaryField()),
            ],
            options={
                'db_table': 'ledger',
            },
        ),
        migrations.CreateModel(
            name='ParameterChange',
            fields=[
                ('id', models.CharField(max_length=80, primary_key=True, serialize=False)),
                ('parameter', models.CharField(max_length=40)),
                ('region', models.CharField(max_length=12)),
                ('state', models.CharField(max_length=32)),
                ('object', models.BinaryField()),
            ],
            options={
                'db_table': 'parameter_change',
            },
        ),
        migrations.CreateModel(
            name='Release',
            fields=[
                ('id', models.CharField(max_length=80, primary_key=True, serialize=False)),
                ('region', models.CharField(max_length=12)),
                ('version', models.CharField(max_length=40)),
                ('state', models.CharField(max_length=32)),
                ('object', models.BinaryField()),
            ],
            options={
                'db_table': 'release',
            },
        ),
        migrations.CreateModel(
            name='Ruleset',
            fields=[
                ('id', models.CharField(max_length=80, primary_key=True, serialize=False)),
                ('region', models.CharField(max_length=12)),
                ('object', models.BinaryField()),
            ],
            options={
                'db_table': 'ruleset',
            },
        ),
        migrations.CreateModel(
            name='Setting',
            fields=[
                ('id', models.CharField(max_length=80, primary_key=True, serialize=False)),
                ('parameter', models.CharField(max_length=40)),
                ('region', models.CharField(max_length=12)),
                ('object', models.BinaryField()),
            ],
            options={
                'db_table': 'setting',
            },
        ),
        migrations.CreateModel(
            name='StateRoot',
            fields=[
                ('id', models.CharField(max_length=80, primary_key=True, serialize=False)),
                ('region', models.CharField(max_length=12)),
                ('size', models.BigIntegerField()),
                ('root', models.CharField(max_length=64)),
                ('recorded_ms', models.BigIntegerField()),
                ('object', models.BinaryField()),
            ],
            options={
                'db_table': 'state_root',
            },
        ),
        migrations.CreateModel(
            name='Total',
            fields=[
                ('id', models.CharField(max_length=200, primary_key=True, serialize=False)),
                ('value', models.BigIntegerField()),
                ('object', models.BinaryField()),
            ],
            options={
                'db_table': 'total',
            },
        ),
        migrations.CreateModel(
            name='ValidatorChange',
            fields=[
                ('id', models.CharField(max_length=80, primary_key=True, serialize=False)),
                ('region', models.CharField(max_length=12)),
                ('name', models.CharField(max_length=60)),
                ('organisation', models.CharField(max_length=80)),
                ('public', models.CharField(max_length=43)),
                ('node', models.CharField(max_length=40)),
                ('power', models.BigIntegerField()),
                ('since_height', models.BigIntegerField()),
                ('basis', models.CharField(max_length=200)),
                ('state', models.CharField(max_length=32)),
                ('object', models.BinaryField()),
            ],
            options={
                'db_table': 'validator_change',
            },
        ),
        migrations.CreateModel(
            name='Validators',
            fields=[
                ('id', models.CharField(max_length=80, primary_key=True, serialize=False)),
                ('region', models.CharField(max_length=12)),
                ('object', models.BinaryField()),
            ],
            options={
                'db_table': 'validators',
            },
        ),
        migrations.CreateModel(
            name='WitnessPolicy',
            fields=[
                ('id', models.CharField(max_length=80, primary_key=True, serialize=False)),
                ('region', models.CharField(max_length=12)),
                ('log', models.CharField(max_length=400)),
                ('faults', models.BigIntegerField()),
                ('before', models.CharField(max_length=80)),
                ('state', models.CharField(max_length=32)),
                ('object', models.BinaryField()),
            ],
            options={
                'db_table': 'witness_policy',
            },
        ),
        migrations.CreateModel(
            name='WitnessSteps',
            fields=[
                ('id', models.CharField(max_length=80, primary_key=True, serialize=False)),
                ('region', models.CharField(max_length=12)),
                ('object', models.BinaryField()),
            ],
            options={
                'db_table': 'witness_steps',
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.CharField(max_length=80, primary_key=True, serialize=False)),
                ('person', models.CharField(max_length=80)),
                ('organisation', models.CharField(max_length=80)),
                ('region', models.CharField(max_length=12)),
                ('due_ms', models.BigIntegerField()),
                ('state', models.CharField(max_length=32)),
                ('object', models.BinaryField()),
            ],
            options={
                'db_table': 'invitation',
                'indexes': [models.Index(fields=['person', 'id'], name='invitation_person')],
            },
        ),
        migrations.CreateModel(
            name='Key',
            fields=[
                ('id', models.CharField(max_length=80, primary_key=True, serialize=False)),
                ('person', models.CharField(max_length=80)),
                ('region', models.CharField(max_length=12)),
                ('alg', models.CharField(max_length=16)),
                ('public', models.CharField(max_length=120)),
                ('custody', models.CharField(max_length=32)),
                ('confirmed_ms', models.BigIntegerField()),
                ('invitation', models.CharField(max_length=80)),
                ('suspect_from_ms', models.BigIntegerField()),
                ('name', models.CharField(max_length=64)),
                ('state', models.CharField(max_length=32)),
                ('object', models.BinaryField()),
            ],
            options={
                'db_table': 'key',
                'indexes': [models.Index(fields=['person', 'id'], name='key_person')],
            },
        ),
        migrations.CreateModel(
            name='Organisation',
            fields=[
                ('id', models.CharField(max_length=80, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=200)),
                ('kind', models.CharField(max_length=32)),
                ('region', models.CharField(max_length=12)),
                ('code', models.CharField(max_length=18)),
                ('state', models.CharField(max_length=32)),
                ('object', models.BinaryField()),
            ],
            options={
                'db_table': 'organisation',
                'indexes': [models.Index(fields=['region', 'id'], name='organisation_region')],
            },
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.CharField(max_length=80, primary_key=True, serialize=False)),
                ('organisation', models.CharField(max_length=80)),
                ('region', models.CharField(max_length=12)),
                ('name', models.CharField(max_length=64)),
                ('same_as', models.CharField(max_length=80)),
                ('object', models.BinaryField()),
            ],
            options={
                'db_table': 'person',
                'indexes': [models.Index(fields=['organisation', 'id'], name='person_organisation')],
            },
        ),
        migrations.CreateModel(
            name='Post',
            fields=[
                ('id', models.CharField(max_length=80, primary_key=True, serialize=False)),
                ('person', models.CharField(max_length=80)),
                ('role', models.CharField(max_length=32)),
                ('organisation', models.CharField(max_length=80)),
                ('region', models.CharField(max_length=12)),
                ('from_ms', models.BigIntegerField()),
                ('to_ms', models.BigIntegerField()),
                ('granted_ms', models.BigIntegerField()),
                ('principal', models.CharField(max_length=80)),
                ('source', models.CharField(max_length=80)),
                ('successor', models.CharField(max_length=80)),
                ('state', models.CharField(max_length=32)),
                ('object', models.BinaryField()),
            ],
            options={
                'db_table': 'post',
                'indexes': [models.Index(fields=['person', 'id'], name='post_person'), models.Index(fields=['region', 'role', 'id'], name='post_region_role')],
            },
        ),
    ]
