"""One file that holds everything but the keys: written by `manage.py backup`, proved by `manage.py restore_check`."""
