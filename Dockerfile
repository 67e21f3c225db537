# One image for every process; docker-compose.yml says which command each container runs.
FROM python:3.11-slim

ENV PATH=/app/.venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=heart.settings
WORKDIR /app

# The same hash-checked environment as `make run`; built again only when the lock changes.
COPY heart/runner/bootstrap.py heart/runner/uv.txt heart/runner/
COPY pyproject.toml uv.lock ./
RUN python3 heart/runner/bootstrap.py run && rm -rf /root/.cache .venv/uv

COPY . .
# Collecting static files needs settings, not servers.
RUN SECRET_KEY=only-for-this-step-of-the-build-of-an-image \
    DATABASE_URL=postgres://none@127.0.0.1/none \
    REDIS_URL=redis://127.0.0.1/0 \
    python manage.py collectstatic --noinput

RUN useradd --system --no-create-home heart && install --directory --owner=heart --mode=0700 /paper
USER heart
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=6s --start-period=30s \
    CMD ["python", "-m", "heart.runner.probe", "http://127.0.0.1:8000/healthz"]
CMD ["gunicorn", "heart.wsgi", "--bind=0.0.0.0:8000", "--worker-class=gthread", "--workers=2", "--threads=4", "--graceful-timeout=3", "--no-control-socket"]
