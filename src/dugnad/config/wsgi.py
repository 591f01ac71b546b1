"""The web application as granian serves it."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dugnad.config.settings")
application = get_wsgi_application()
# What is loaded now stays, and a page leaves few cycles behind: looking through all of it, often, costs a tenth of a page.
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 100)
