FROM python:3.12-slim-bookworm
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1
RUN apt-get update \
 && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 900 --home-dir /app chibo
WORKDIR /app
COPY requirements.txt .
RUN pip install --require-hashes -r requirements.txt
COPY . .
RUN install -d -o chibo -m 0750 /app/var
USER chibo
VOLUME /app/var
EXPOSE 8000
CMD ["sh", "-c", "exec gunicorn chibo.wsgi --bind 0.0.0.0:${PORT:-8000} --workers 2 --threads 4 --log-level warning"]
