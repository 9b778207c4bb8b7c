"""What the server loads. Refuses to start on a database that may lose an acknowledged act."""

import os

from django.core.wsgi import get_wsgi_application
from django.db import connection

from shanhai.config.database import assert_durable

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shanhai.config.settings")
application = get_wsgi_application()
assert_durable(connection)
connection.close()
