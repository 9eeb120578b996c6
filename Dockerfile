# One image for every role. Built for the platform it runs on, so that its code is compiled ahead of time (ReadyToRun).
# A release gives both images by digest (.github/workflows/release.yml).
ARG SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0
ARG RUNTIME_IMAGE=mcr.microsoft.com/dotnet/aspnet:10.0

# The compiler runs on the machine that builds, whatever platform it compiles for.
FROM --platform=$BUILDPLATFORM ${SDK_IMAGE} AS build
ARG TARGETARCH=amd64
WORKDIR /source
COPY . .
RUN arch=$([ "$TARGETARCH" = arm64 ] && echo arm64 || echo x64) \
 && dotnet publish Host/RiskMonitor.Host.csproj -c Release -r "linux-$arch" --self-contained false -p:DebugType=none -p:PublishDocumentationFiles=false -p:PublishReferencesDocumentationFiles=false -o /app

FROM ${RUNTIME_IMAGE}
ARG RUNTIME_IMAGE
ARG VERSION=development
ARG REVISION=
ARG SOURCE=
LABEL org.opencontainers.image.title="RiskMonitor" \
    org.opencontainers.image.description="Watches the risk of trading desks while trades happen" \
    org.opencontainers.image.version="$VERSION" \
    org.opencontainers.image.revision="$REVISION" \
    org.opencontainers.image.source="$SOURCE" \
    org.opencontainers.image.base.name="$RUNTIME_IMAGE"
# The account that the base image has for applications.
ARG APP_UID=1654
WORKDIR /app
COPY --from=build /app .
# Volumes that are mounted here take their owner from these directories, so that the init container can write its secrets, and frontends the keys of the console.
RUN mkdir -p /secrets/product /secrets/mysql /secrets/debezium /data /keys && chown -R $APP_UID:$APP_UID /secrets /data /keys && chmod 700 /keys
USER $APP_UID
# Nothing is written outside of the volumes: run it with a read-only file system. DOTNET_EnableDiagnostics=0 because the runtime would write to /tmp.
ENV DOTNET_EnableDiagnostics=0 \
    DOTNET_GCgen0size=4000000 \
    RiskMonitor__Listen=0.0.0.0:8080 \
    RiskMonitor__Data=/data
EXPOSE 8080 11111 30000
# The image has no curl. The process asks itself, which needs no shell either.
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s --retries=3 CMD ["dotnet", "/app/riskmonitor.dll", "check", "--url", "http://127.0.0.1:8080/health"]
ENTRYPOINT ["dotnet", "/app/riskmonitor.dll"]
