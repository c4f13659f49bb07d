# Two images from one file: `web` for the server and beat, `train` for the workers.
FROM python:3.11-slim AS base
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PATHOS_HOME=/data
RUN useradd --create-home --uid 10001 pathos && install --directory --owner pathos /data
WORKDIR /app
COPY requirements requirements
RUN pip install --requirement requirements/web.txt

FROM base AS web
COPY . .
USER pathos
CMD ["python", "manage.py", "check", "--deploy"]

FROM base AS train
RUN pip install --requirement requirements/train.txt
COPY . .
USER pathos
CMD ["python", "manage.py", "check"]
