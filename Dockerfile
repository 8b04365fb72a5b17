# Tonight's image. doc/image.md says what is in it, how it is run, and what was verified.
ARG BASE_IMAGE=python:3.13-slim-trixie

FROM ${BASE_IMAGE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /build
# pip stays in an environment of its own, which is left behind with this stage.
RUN python3 -m venv pip && python3 -m venv --without-pip /opt/tonight
COPY requirements.lock deploy/requirements-build.txt ./
RUN pip/bin/pip install --require-hashes -r requirements-build.txt \
    && pip/bin/pip --python /opt/tonight/bin/python install --no-compile --require-hashes -r requirements.lock \
    && find /opt/tonight -type d -name tests -path '*/scipy/*' -prune -exec rm -r {} +
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY src src
# The root is read-only later, so everything is compiled now; by hashes, which no clock changes.
RUN pip/bin/pip wheel --no-deps --no-index --no-build-isolation --wheel-dir wheels . \
    && pip/bin/pip --python /opt/tonight/bin/python install --no-compile --no-deps --no-index wheels/*.whl \
    && /opt/tonight/bin/python -m compileall -q --invalidation-mode unchecked-hash /opt/tonight/lib
RUN TONIGHT_DATA_DIR=/build/data OPENBLAS_NUM_THREADS=1 /opt/tonight/bin/tonight train \
    && cp -R data/models /opt/tonight/models \
    && chmod -R a+rX /opt/tonight/models

FROM ${BASE_IMAGE}
# Nobody installs anything in here: neither pip nor what would bring it back.
RUN rm -rf /usr/local/bin/pip* /usr/local/lib/python3*/site-packages/pip* \
        /usr/local/lib/python3*/ensurepip /usr/lib/python3*/ensurepip /usr/share/python-wheels \
    && useradd --system --uid 10001 --user-group --home-dir /data --no-create-home --shell /usr/sbin/nologin tonight \
    && install --directory --owner=10001 --group=10001 --mode=0700 /data
COPY --from=build /opt/tonight /opt/tonight
ENV PATH=/opt/tonight/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    HOME=/data \
    TONIGHT_DATA_DIR=/data \
    TONIGHT_DEFAULT_MODELS_DIR=/opt/tonight/models \
    PORT=8000 \
    WEB_CONCURRENCY=1
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=3s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import http.client, os, sys; c = http.client.HTTPConnection('127.0.0.1', int(os.environ['PORT']), timeout=2); c.request('GET', '/healthz'); sys.exit(c.getresponse().status != 200)"]
# "exec": the service is the first process, so that signals reach it.
CMD ["sh", "-c", "exec tonight serve --host 0.0.0.0 --port \"$PORT\" --workers \"$WEB_CONCURRENCY\""]

# Last, so that another commit leaves the layers above as they are.
ARG VERSION=
ARG COMMIT=
ARG SOURCE=
ARG BUILD=
ARG BASE_IMAGE
ENV TONIGHT_COMMIT=$COMMIT TONIGHT_SOURCE=$SOURCE TONIGHT_BUILD=$BUILD
LABEL org.opencontainers.image.title="Tonight" \
      org.opencontainers.image.description="One good film for this evening, with a true reason." \
      org.opencontainers.image.licenses="Apache-2.0 AND LicenseRef-MovieLens" \
      org.opencontainers.image.version=$VERSION \
      org.opencontainers.image.revision=$COMMIT \
      org.opencontainers.image.source=$SOURCE \
      tonight.build=$BUILD \
      org.opencontainers.image.base.name=$BASE_IMAGE
