"""The parts of ``manage.py rules``, one module each."""
