from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Scan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=17)),
                ('digest', models.CharField(max_length=64)),
                ('kind', models.CharField(max_length=20)),
                ('noun', models.CharField(max_length=64)),
                ('object_id', models.CharField(max_length=80)),
                ('act_id', models.CharField(max_length=64)),
                ('page', models.PositiveSmallIntegerField()),
                ('person', models.CharField(max_length=80)),
                ('post', models.CharField(max_length=80)),
                ('matched_ms', models.BigIntegerField()),
            ],
            options={
                'indexes': [models.Index(fields=['object_id', 'kind', '-matched_ms'], name='documents_scan_object'), models.Index(fields=['digest'], name='documents_scan_digest')],
                'constraints': [models.UniqueConstraint(fields=('code', 'digest'), name='documents_scan_once')],
            },
        ),
    ]
