# One image for web, worker, beat and the migration; docker-compose.yml says which is which.

FROM node:24-bookworm-slim AS front-end
WORKDIR /portal
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM python:3.11-slim-bookworm
# Pango draws the text of the PDF reports; fontconfig, which comes with it, wants one font to fall
# back on and finds DejaVu.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --no-create-home --home-dir /tmp portal \
    && install --directory --mode 0700 --owner portal /files
WORKDIR /portal
COPY requirements.txt ./
RUN pip install --no-cache-dir --require-hashes --requirement requirements.txt
COPY --from=front-end /portal/node_modules node_modules
COPY . .
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 STATIC_MANIFEST=1 XDG_CACHE_HOME=/tmp/cache
# The settings want these three; collecting files uses none of them, and none stays in the image.
RUN SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(64))')" \
    DATABASE_URL=postgres://nobody@nowhere/none \
    REDIS_URL=redis://nowhere/0 \
    python manage.py collectstatic --noinput --verbosity 0
USER portal
EXPOSE 8000
# The log names no query and no referrer: secret addresses and what people searched stand there.
CMD ["gunicorn", "best_portal.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "4", \
     "--worker-tmp-dir", "/dev/shm", "--no-control-socket", "--access-logfile", "-", \
     "--access-logformat", "%(h)s %(t)s \"%(m)s %(U)s %(H)s\" %(s)s %(b)s"]
