using System.Text.RegularExpressions;
using RiskMonitor.Deploy.Tests.Manifests;
using RiskMonitor.Deploy.Tests.Rules;

namespace RiskMonitor.Deploy.Tests;

/// <summary>The rules find what is wrong: manifests that are right are changed in one place, and the problem has to be named.</summary>
public sealed class MutationTests
{
    private const string Silo = "Deployment riskmonitor-silo";
    private const string Ingest = "Deployment riskmonitor-ingest";
    private const string Frontend = "Deployment riskmonitor-frontend";

    [TheoryWithKustomize]
    // Probes and the stop.
    [InlineData(Silo, @"        livenessProbe:\n(          .*\n)+", "", "has no livenessProbe")]
    [InlineData(Ingest, @"        readinessProbe:\n(          .*\n)+", "", "has no readinessProbe")]
    [InlineData(Frontend, @"        startupProbe:\n(          .*\n)+", "", "has no startupProbe")]
    [InlineData(Silo, @"path: /ready", "path: /health", "readinessProbe asks /health, not /ready")]
    [InlineData(Silo, @"failureThreshold: 60", "failureThreshold: 3", "has less than 2 minutes to start")]
    [InlineData(Frontend, @"path: /ready\n            port: http", "path: /ready\n            port: htpp", "readinessProbe asks port htpp")]
    [InlineData(Frontend, @"terminationGracePeriodSeconds: 30", "terminationGracePeriodSeconds: 20", "has 20 s to stop")]
    // Ports and selectors.
    [InlineData(Silo, @"containerPort: 11111", "containerPort: 11112", "port silo is 11112, and its option says 11111")]
    [InlineData(Frontend, @"containerPort: 8080", "containerPort: 80", "port http is 80, and its option says 8080")]
    [InlineData("Service riskmonitor", @"targetPort: http", "targetPort: 8081", "leads to port 8081")]
    [InlineData("Service riskmonitor", @"component: frontend\n    app.kubernetes.io/name: riskmonitor\n$", "component: frontends\n    app.kubernetes.io/name: riskmonitor\n", "selects no pod")]
    [InlineData(Silo, @"(?s)matchLabels:\n      app.kubernetes.io/component: silo", "matchLabels:\n      app.kubernetes.io/component: silos", "its selector does not match its own pods")]
    [InlineData("PodMonitor riskmonitor", @"port: http", "port: metrics", "scrapes port metrics")]
    [InlineData("PodMonitor riskmonitor", @"      - ingest\n", "", "does not scrape the ingests")]
    [InlineData("PodDisruptionBudget riskmonitor-silo", @"component: silo\n      app", "component: silos\n      app", "selects no pod")]
    [InlineData("PodDisruptionBudget riskmonitor-ingest", @"maxUnavailable: 1", "maxUnavailable: 0", "no PodDisruptionBudget lets one pod go at a time")]
    // Rights.
    [InlineData(Silo, @"runAsNonRoot: true", "runAsNonRoot: false", "runs as root")]
    [InlineData(Silo, @"readOnlyRootFilesystem: true", "readOnlyRootFilesystem: false", "can write to its image")]
    [InlineData(Ingest, @"allowPrivilegeEscalation: false", "allowPrivilegeEscalation: true", "may get more rights")]
    [InlineData(Ingest, @"            drop:\n            - ALL", "            add:\n            - NET_ADMIN", "has capabilities")]
    [InlineData(Frontend, @"          type: RuntimeDefault", "          type: Unconfined", "has no seccomp profile")]
    [InlineData(Frontend, @"automountServiceAccountToken: false", "automountServiceAccountToken: true", "mounts a token of its account")]
    [InlineData(Silo, @"      enableServiceLinks: false\n", "", "has variables of services")]
    [InlineData(Ingest, @"          limits:\n            memory: .*\n", "", "has no limit of memory")]
    [InlineData(Ingest, @"            cpu: .*\n", "", "requests no cpu")]
    [InlineData(Silo, @"image: .*", "image: registry.example/riskmonitor:latest", "has no fixed version")]
    // Secrets.
    [InlineData(Silo, @"        env:\n", "        env:\n        - name: RiskMonitor__MySql__ConnectionString\n          value: Server=db;Password=hunter2\n", "this option is secret")]
    [InlineData("ConfigMap riskmonitor-ingest-.*", @"data:\n", "data:\n  RiskMonitor__Kafka__SaslPassword: hunter2\n", "this option is secret")]
    [InlineData("ConfigMap riskmonitor-silo-.*", @"Webhook__Url: .*", "Webhook__Url: https://user:hunter2@risk.example/", "the value looks like a secret")]
    [InlineData("Service riskmonitor", @"\A", "apiVersion: v1\nkind: Secret\nmetadata:\n  name: riskmonitor-mysql\nstringData:\n  a: b\n---\n", "a manifest holds a secret")]
    [InlineData(Silo, @"name: riskmonitor-mysql", "name: riskmonitor-mysq", "there is no Secret riskmonitor-mysq")]
    // Names.
    [InlineData(Silo, @"serviceAccountName: riskmonitor-silo", "serviceAccountName: default", "account default is not there")]
    [InlineData(Ingest, @"name: riskmonitor-ingest-\w+", "name: riskmonitor-ingest", "there is no ConfigMap riskmonitor-ingest")]
    [InlineData(Ingest, @"mountPath: /tmp\n(\s+)name: tmp", "mountPath: /tmp\n$1name: temp", "mounts temp, which is no volume")]
    [InlineData("Ingress riskmonitor", @"name: riskmonitor\n(\s+)port", "name: riskmonitors\n$1port", "there is no port http of a Service riskmonitors")]
    [InlineData("Ingress riskmonitor", @"path: /metrics", "path: /metric", "opens /metrics")]
    [InlineData("Ingress riskmonitor", @"name: riskmonitor-closed", "name: riskmonitor", "opens /")]
    [InlineData("HorizontalPodAutoscaler riskmonitor-silo", @"    name: riskmonitor-silo\n", "    name: riskmonitor-silos\n", "there is no Deployment riskmonitor-silos")]
    [InlineData(Silo, @"  revisionHistoryLimit", "  replicas: 2\n  revisionHistoryLimit", "sets replicas too")]
    [InlineData("HorizontalPodAutoscaler riskmonitor-silo", @"stabilizationWindowSeconds: 3600", "stabilizationWindowSeconds: 60", "shrinks after less than half an hour")]
    // Options and commands.
    [InlineData("ConfigMap riskmonitor-silo-.*", @"data:\n", "data:\n  RiskMonitor__Sweep__Intervall: 00:00:05\n", "the silo knows no option Sweep:Intervall")]
    [InlineData("ConfigMap riskmonitor-silo-.*", @"data:\n", "data:\n  RiskMonitor__Ingest__MaxBatch: \"9\"\n", "the silo knows no option Ingest:MaxBatch")]
    [InlineData("ConfigMap riskmonitor-frontend-.*", @"data:\n", "data:\n  RiskMonitor__Webhook__Url: https://risk.example/\n", "the frontend knows no option Webhook:Url")]
    [InlineData(Ingest, @"- ingest\n", "- silo\n", "does not start as --role ingest")]
    [InlineData(Ingest, @"- --role\n", "- --roles\n", "--roles")]
    [InlineData("ConfigMap riskmonitor-silo-.*", @"SiloPort: ""11111""", @"SiloPort: ""11000""", "port silo is 11111, and its option says 11000")]
    [InlineData(Silo, @"mountPath: /secrets/tls", "mountPath: /secrets/certificates", "Orleans:Tls:CaPath is '/secrets/tls/ca.crt', where nothing is mounted")]
    // Network.
    [InlineData("NetworkPolicy riskmonitor-default-deny", @"  - Egress\n", "", "none refuses all that no other allows")]
    [InlineData("NetworkPolicy riskmonitor-silo", @"(?s)  - from:\n.*?ports:", "  - ports:", "lets in everybody")]
    [InlineData("NetworkPolicy riskmonitor-silo", @"(?s)          - ingest\n          - frontend", "          - ingest\n          - frontend\n          - silo", "opens the port gateway of silos to others")]
    [InlineData("NetworkPolicy riskmonitor-ingest", @"port: gateway", "port: silo", "the ingest cannot reach the port gateway of the silo")]
    [InlineData("NetworkPolicy riskmonitor-mysql-clients", @"      - frontend\n", "", "the frontend cannot reach MySQL")]
    [InlineData("NetworkPolicy riskmonitor-frontend", @"matchLabels:\n      app.kubernetes.io/component: frontend", "matchLabels:\n      app.kubernetes.io/component: frontends", "selects no pod")]
    [InlineData("NetworkPolicy riskmonitor-frontend", @"    - port: http\n", "    - port: https\n", "names port https")]
    // Availability.
    [InlineData(Silo, @"            app.kubernetes.io/component: silo\n", "            app.kubernetes.io/component: other\n", "is not spread by")]
    [InlineData(Frontend, @"maxUnavailable: 0", "maxUnavailable: 1", "takes a pod away before another is ready")]
    // Rights of containers, against what their pods say.
    [InlineData(Silo, @"          readOnlyRootFilesystem: true", "          readOnlyRootFilesystem: true\n          runAsUser: 0", "runs as root, against what its pod says")]
    [InlineData(Ingest, @"          readOnlyRootFilesystem: true", "          readOnlyRootFilesystem: true\n          seccompProfile: {type: Unconfined}", "has another seccomp profile")]
    [InlineData(Silo, @"runAsGroup: 1654", "runAsGroup: 0", "runs as root")]
    [InlineData(Silo, @"containerPort: 11111", "containerPort: 11111\n          hostPort: 11111", "reaches into its node")]
    [InlineData(Silo, @"      enableServiceLinks: false", "      enableServiceLinks: false\n      shareProcessNamespace: true", "reaches into its node")]
    [InlineData(Silo, @"      - args:", "      - command: [sleep]\n        args:", "has a command instead of arguments")]
    [InlineData(Silo, @"          sources:\n", "          sources:\n          - serviceAccountToken: {path: token}\n", "mounts a token of its account")]
    [InlineData(Frontend, @"      containers:\n", "      initContainers:\n      - name: wait\n        image: busybox:1.37\n      containers:\n", "container wait: has no limit of memory")]
    [InlineData("Namespace riskmonitor", @"enforce: restricted", "enforce: privileged", "does not enforce the restricted standard")]
    [InlineData(Silo, @"image: .*", "image: registry.example/riskmonitor@sha256:abc", "has no fixed version")]
    [InlineData(Ingest, @"image: .*", "image: registry.example/riskmonitor:0.0.9", "one version runs at a time")]
    [InlineData(Silo, @"        name: riskmonitor\n        ports", "        lifecycle: {preStop: {sleep: {seconds: 25}}}\n        name: riskmonitor\n        ports", "has a hook")]
    // Resources.
    [InlineData(Silo, @"            memory: 1536Mi", "            memory: 1536Mi\n            cpu: 500m", "has a limit of processor")]
    [InlineData(Frontend, @"            memory: 512Mi", "            memory: 64Mi", "requests less memory than two thirds")]
    [InlineData(Ingest, @"            memory: 768Mi(\n.*\n.*\n            memory: )512Mi", "            memory: 128Mi${1}96Mi", "may take less memory than a process needs")]
    [InlineData(Silo, @"cpu: 500m", "cpus: 500m", "there is no resource cpus")]
    [InlineData(Silo, @"mountPath: /tmp", "mountPath: /temp", "has no /tmp to write to")]
    [InlineData(Ingest, @"emptyDir:\n          sizeLimit: 64Mi", "emptyDir: {}", "may fill its node")]
    // Probes and the stop.
    [InlineData(Silo, @"(?s)(livenessProbe:.*?timeoutSeconds: )5", "${1}1", "has less than 3 s for one")]
    [InlineData(Silo, @"(readinessProbe:\n.*\n.*\n.*\n            port: http)", "$1\n            scheme: HTTPS", "asks otherwise than by HTTP")]
    [InlineData(Silo, @"(livenessProbe:\n.*\n.*\n.*\n            port: )http", "${1}silo", "asks port silo, where nobody answers HTTP")]
    [InlineData(Frontend, @"(?s)(readinessProbe:.*?periodSeconds: )2", "${1}60", "a pod that does not serve is out within 30 s")]
    [InlineData("ConfigMap riskmonitor-frontend-.*", @"DrainDelay: ""?00:00:05""?", "DrainDelay: 00:00:00", "before balancers have heard of it")]
    [InlineData("ConfigMap riskmonitor-frontend-.*", @"DrainDelay: ""?00:00:05""?", "DrainDelay: 00:00:25", "has 30 s to stop and needs DrainDelay (25 s)")]
    [InlineData(Silo, @"containerPort: 30000", "containerPort: 30000\n          protocol: UDP", "everything of ours is TCP")]
    // Selectors that take too much.
    [InlineData("Service riskmonitor", @"(selector:\n)    app.kubernetes.io/component: frontend\n", "$1", "a service has one workload")]
    [InlineData(Silo, @"(  selector:\n    matchLabels:\n)      app.kubernetes.io/component: silo\n", "$1", "its selector takes the pods of Deployment riskmonitor-ingest")]
    [InlineData("PodDisruptionBudget riskmonitor-silo", @"      app.kubernetes.io/component: silo\n", "", "one workload has one budget")]
    [InlineData("PodDisruptionBudget riskmonitor-silo", @"AlwaysAllow", "IfHealthyBudget", "no PodDisruptionBudget lets one pod go at a time")]
    [InlineData("Service riskmonitor", @"spec:\n", "spec:\n  type: NodePort\n", "is open past the Ingress")]
    [InlineData(Silo, @"maxSkew: 1", "maxSkew: 10", "is not spread by kubernetes.io/hostname")]
    [InlineData(Silo, @"maxSurge: 1", "maxSurge: 0", "set maxUnavailable: 0 and maxSurge")]
    [InlineData(Silo, @"minReadySeconds: 15", "minReadySeconds: 0", "a rollout goes on at once")]
    // Secrets and what is mounted.
    [InlineData(Silo, @"name: riskmonitor-mysql", "name: riskmonitor-mysql\n              optional: true", "Secret riskmonitor-mysql has to be there")]
    [InlineData(Silo, @"name: riskmonitor-llm\n              optional: true", "name: riskmonitor-llm", "Secret riskmonitor-llm may be left out")]
    [InlineData(Silo, @"          - secret:\n              name: riskmonitor-webhook\n              optional: true\n", "", "does not mount Secret riskmonitor-webhook")]
    [InlineData(Ingest, @"          - secret:\n              name: riskmonitor-kafka\n              optional: true\n", "", "does not mount Secret riskmonitor-kafka")]
    [InlineData(Silo, @"name: riskmonitor-mysql", "name: riskmonitor-mysql\n              items: [{key: connection, path: a}]", "Secret riskmonitor-mysql has no key connection")]
    [InlineData(Silo, @"        env:\n", "        env:\n        - name: RiskMonitor__Kafka__SaslPassword\n          valueFrom: {secretKeyRef: {name: riskmonitor-kafka, key: password}}\n", "there is no Secret riskmonitor-kafka with a key password")]
    [InlineData(Silo, @"defaultMode: 288", "defaultMode: 292", "others than its account may read volume settings")]
    [InlineData(Silo, @"readOnly: true", "readOnly: false", "mounts volume settings to write to it")]
    [InlineData(Silo, @"secretName: riskmonitor-tls", "secretName: riskmonitor-demo", "no Secret that is always there has /secrets/tls/tls.crt")]
    [InlineData(Frontend, @"(              name: riskmonitor-mysql\n)", "$1          - secret:\n              name: mysql-passwords\n", "mounts Secret mysql-passwords, of which the frontend reads nothing")]
    [InlineData(Silo, @"metadata:\n", "metadata:\n  annotations:\n    note: password=hunter2\n", "metadata.annotations.note: the value looks like a secret")]
    // Names, variables, values.
    [InlineData(Ingest, @"(name: riskmonitor-ingest-\w+)", "$1\n            optional: true", "or it may be missing")]
    [InlineData("ConfigMap riskmonitor-silo-.*", @"component: silo", "component: silos", "lacks the label app.kubernetes.io/component=silo")]
    [InlineData("Ingress riskmonitor", @"namespace: riskmonitor", "namespace: default", "documents are in several namespaces")]
    [InlineData(Silo, @"status.podIP", "status.hostIP", "take status.podIP")]
    [InlineData(Silo, @"        env:\n", "        env:\n        - {name: RiskMonitor__Orleans__SiloPort, value: '11111'}\n", "sets RiskMonitor__Orleans__SiloPort twice")]
    [InlineData("ConfigMap riskmonitor-silo-.*", @"data:\n", "data:\n  RiskMonitr__Sweep__Interval: 00:00:05\n", "nothing reads a variable RiskMonitr__Sweep__Interval")]
    [InlineData("ConfigMap riskmonitor-silo-.*", @"data:\n", "data:\n  OTEL_EXPORTER_OTLP_ENDPONT: http://collector:4317\n", "nothing reads a variable OTEL_EXPORTER_OTLP_ENDPONT")]
    [InlineData("ConfigMap riskmonitor-ingest-.*", @"ClusterId: riskmonitor", "ClusterId: other", "Orleans:ClusterId is ")]
    [InlineData("ConfigMap riskmonitor-frontend-.*", @"Kafka__Topic: .*", "Kafka__Topic: trading.other.positions", "Kafka:Topic is trading.other.positions and trading.trading.positions")]
    [InlineData("ConfigMap riskmonitor-silo-.*", @"data:\n", "data:\n  RiskMonitor__Orleans__AllowInsecure: 'true'\n", "lets silos be reached without certificates")]
    [InlineData("ConfigMap riskmonitor-frontend-.*", @"RequireUsers: ""true""", "RequireUsers: 'false'", "lets everybody in while there are no users")]
    // Numbers of pods.
    [InlineData("HorizontalPodAutoscaler riskmonitor-frontend", @"maxReplicas: 10", "maxReplicas: 1", "scales from 2 to 1")]
    [InlineData("HorizontalPodAutoscaler riskmonitor-silo", @"minReplicas: 3", "minReplicas: 1", "scales from 1 to 12")]
    [InlineData("HorizontalPodAutoscaler riskmonitor-silo", @"kind: Deployment", "kind: StatefulSet", "or it names another kind")]
    [InlineData("HorizontalPodAutoscaler riskmonitor-silo", @"averageUtilization: 70", "averageUtilization: 700", "which comes never or too late")]
    [InlineData("HorizontalPodAutoscaler riskmonitor-silo", @"(?s)(scaleDown:.*?value: )1", "${1}5", "or by several at once")]
    [InlineData("HorizontalPodAutoscaler riskmonitor-frontend", @"riskmonitor_calls_in_flight", "riskmonitor_requests_in_flight", "there is no metric or function riskmonitor_requests_in_flight")]
    [InlineData("HorizontalPodAutoscaler riskmonitor-frontend", @"    name: riskmonitor-frontend\n", "    name: riskmonitor-silo\n", "2 autoscalers change its number")]
    [InlineData(Ingest, @"replicas: 3", "replicas: 1", "runs once, and nothing scales it")]
    // Network.
    [InlineData("NetworkPolicy riskmonitor-frontend", @"(- namespaceSelector:)\n.*\n.*", "$1 {}", "names every namespace")]
    [InlineData("NetworkPolicy riskmonitor-frontend", @"- namespaceSelector:\n.*\n.*", "- ipBlock: {cidr: 0.0.0.0/0}", "names every namespace, or addresses that others may have")]
    [InlineData("NetworkPolicy riskmonitor-silo", @"  egress:\n", "  egress:\n  - {}\n", "opens every port, or a range of them")]
    [InlineData("NetworkPolicy riskmonitor-silo", @"- port: 465\n", "- port: 465\n      endPort: 65535\n", "opens every port, or a range of them")]
    [InlineData("NetworkPolicy riskmonitor-silo", @"- port: 465\n", "- port: 22\n", "lets pods out everywhere to port 443, 22")]
    [InlineData("NetworkPolicy riskmonitor-dns", @"protocol: UDP", "protocol: SCTP", "cannot resolve names")]
    [InlineData("NetworkPolicy riskmonitor-dns", @"name: kube-system", "name: kube-dns", "cannot resolve names")]
    [InlineData("NetworkPolicy riskmonitor-silo", @"- port: 443\n", "- port: 3306\n", "the silo cannot reach port 443 outside")]
    [InlineData("NetworkPolicy riskmonitor-ingest", @"- port: 9093\n", "- port: 3306\n", "cannot reach kafka-0.example:9093")]
    [InlineData("NetworkPolicy riskmonitor-ingest", @"  - Egress\n", "", "has rules of Egress, which policyTypes leaves out")]
    [InlineData("NetworkPolicy riskmonitor-metrics", @"name: monitoring", "name: default", "lets others than Prometheus reach")]
    [InlineData("NetworkPolicy riskmonitor-telemetry", @"port: 4317", "port: 4371", "no traces leave it")]
    // Monitoring.
    [InlineData("PodMonitor riskmonitor", @"scrapeTimeout: 10s", "scrapeTimeout: 60s", "scrapes each 15s for up to 60s")]
    [InlineData("PodMonitor riskmonitor", @"path: /metrics", "path: /metric", "scrapes /metric, not /metrics")]
    [InlineData("PodMonitor riskmonitor", @"riskmonitor-\$1", "monitor-$$1", "gives pods another job")]
    [InlineData("PrometheusRule riskmonitor", @"riskmonitor_storage_failing", "riskmontor_storage_failing", "alarm StorageFailing: there is no metric or function riskmontor_storage_failing")]
    [InlineData("PrometheusRule riskmonitor", @"severity: critical", "severity: page", "is neither critical nor a warning")]
    [InlineData("ConfigMap riskmonitor-dashboard-.*", @"dotnet_thread_pool_queue_length\{", "dotnet_threads{", "there is no metric or function dotnet_threads")]
    [InlineData("ConfigMap riskmonitor-dashboard-.*", @"""uid"": ""prometheus""", @"""uid"": ""prom""", "there is no source prom")]
    // The way in.
    [InlineData("Ingress riskmonitor", @"(hosts:\n    - )riskmonitor.example", "${1}other.example", "riskmonitor.example is served without TLS")]
    [InlineData("Ingress riskmonitor", @"(?s)riskmonitor\.example(.*)riskmonitor\.example", "risk.example$1risk.example", "frontends do not answer by the name risk.example")]
    [InlineData("Ingress riskmonitor", @"secretName: .*", "secretName: riskmonitor-frontend-cert", "there is no Secret riskmonitor-frontend-cert with a certificate")]
    [InlineData("Ingress riskmonitor", @"(path: /ready\n\s+pathType: )Exact", "${1}Prefix", "opens /ready")]
    // Secrets in odd places.
    [InlineData(Silo, @"(  template:\n    metadata:\n)", "$1      annotations:\n        note: password=hunter2\n", "template.metadata.annotations.note: the value looks like a secret")]
    [InlineData(Silo, @"(  template:\n    metadata:\n)", "$1      annotations:\n        vault-token: abcdef12345\n", "the name is that of a secret")]
    [InlineData(Silo, @"(      labels:\n)", "$1        token: abc123def\n", "the name is that of a secret")]
    [InlineData(Frontend, @"      containers:\n", "      initContainers:\n      - name: wait\n        image: busybox:1.37\n        env: [{name: DB_PASSWORD, value: hunter2}]\n      containers:\n", "initContainers[0].env[0].value: the name is that of a secret")]
    [InlineData(Frontend, @"      containers:\n", "      initContainers:\n      - name: wait\n        image: busybox:1.37\n        args: [--header, 'Authorization: Bearer abcdefghijk']\n      containers:\n", "initContainers[0].args[1]: the value looks like a secret")]
    [InlineData(Silo, @"(livenessProbe:\n.*\n          httpGet:\n)", "$1            httpHeaders: [{name: Cookie, value: 'session=0123456789abcdef0123456789abcdef'}]\n", "httpHeaders[0].value: the value looks like a secret")]
    [InlineData("ConfigMap riskmonitor-silo-.*", @"data:\n", "data:\n  OTEL_EXPORTER_OTLP_HEADERS: authorization=Basic abc\n", "the value looks like a secret")]
    [InlineData("ConfigMap riskmonitor-silo-.*", @"Webhook__Url: .*", "Webhook__Url: https://hooks.slack.com/services/T0/B0/X0", "the value looks like a secret")]
    [InlineData("ConfigMap riskmonitor-silo-.*", @"Webhook__Url: .*", "Webhook__Url: https://risk.example/hooks?token=abc", "the value looks like a secret")]
    [InlineData("ConfigMap riskmonitor-silo-.*", @"data:\n", "data:\n  notes.txt: The key is Ab3dEfGh1jKlMn0pQrStUvWx7z12345678.\n", "the value looks like a secret")]
    [InlineData("ConfigMap riskmonitor-silo-.*", @"data:\n", "data:\n  settings.json: '{\"db.password\": \"hunter2\"}'\n", "the value looks like a secret")]
    [InlineData("ConfigMap riskmonitor-silo-.*", @"data:\n", "binaryData:\n  a: aGk=\ndata:\n", "has binary data")]
    [InlineData("Ingress riskmonitor", @"(  annotations:\n)", "$1    nginx.ingress.kubernetes.io/auth-secret-value: Zm9v\n", "the name is that of a secret")]
    // Accounts and where a pod runs.
    [InlineData(Silo, @"      serviceAccountName: riskmonitor-silo\n", "", "runs as account default")]
    [InlineData(Silo, @"serviceAccountName: riskmonitor-silo", "serviceAccountName: riskmonitor-ingest", "its own is riskmonitor-silo")]
    [InlineData("Service riskmonitor", @"\A", "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: admin, namespace: riskmonitor}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: admin}\n---\n", "gives rights at the API server")]
    [InlineData(Silo, @"      enableServiceLinks: false", "      enableServiceLinks: false\n      nodeName: node-1", "is bound to a node")]
    [InlineData(Ingest, @"      enableServiceLinks: false", "      enableServiceLinks: false\n      priorityClassName: system-node-critical", "goes before the cluster's own pods")]
    [InlineData(Silo, @"        name: riskmonitor\n        ports", "        imagePullPolicy: Never\n        name: riskmonitor\n        ports", "runs only where somebody has brought its image")]
    [InlineData(Silo, @"terminationGracePeriodSeconds: 30", "terminationGracePeriodSeconds: 3600", "holds up a drain for 3600 s")]
    [InlineData("PodDisruptionBudget riskmonitor-silo", @"maxUnavailable: 1", "minAvailable: 3", "may hold up a drain for ever")]
    // Numbers of pods, and what they follow.
    [InlineData("HorizontalPodAutoscaler riskmonitor-frontend", @"averageValue: ""64""", "averageValue: '6400'", "another frontend comes after those that run refuse calls")]
    [InlineData("HorizontalPodAutoscaler riskmonitor-silo", @"maxReplicas: 12", "maxReplicas: 120", "connections, and docs/kubernetes.md has MySQL take 1080")]
    [InlineData(Ingest, @"replicas: 3", "replicas: 40", "connections, and docs/kubernetes.md has MySQL take 1080")]
    // Network, and the way in.
    [InlineData("NetworkPolicy riskmonitor-frontend", @"(?s)  egress:\n.*(  ingress:)", "  egress: []\n$1", "the frontend cannot reach the port gateway of the silo")]
    [InlineData("NetworkPolicy riskmonitor-ingest", @"    - port: 9093\n", "", "cannot reach kafka-0.example:9093")]
    [InlineData("Ingress riskmonitor", @"(path: )/\n(\s+pathType: Prefix)", "${1}/api\n$2", "leaves out a part of the frontend")]
    [InlineData("Ingress riskmonitor", @"proxy-read-timeout: ""3700""", "proxy-read-timeout: '60'", "streams of MCP end before")]
    [InlineData("Ingress riskmonitor", @"  ingressClassName: nginx\n", "", "names no class")]
    public async Task A_change_for_the_worse_is_found(string document, string pattern, string replacement, string problem)
    {
        var yaml = await Kustomize.BuildAsync("deploy/k8s/overlays/production");

        var problems = ManifestRules.ProblemsOf(ManifestSet.Parse(Mutated(yaml, document, pattern, replacement)));

        Assert.Contains(problems, found => found.Contains(problem, StringComparison.Ordinal));
    }

    [TheoryWithKustomize]
    [InlineData("small", "NetworkPolicy kafka", @"component: ingest", "component: frontend", "Deployment riskmonitor-ingest cannot reach kafka:9092")]
    [InlineData("small", "NetworkPolicy riskmonitor-mysql-clients", @"      - trader\n", "", "Deployment trader cannot reach MySQL")]
    [InlineData("small", "NetworkPolicy silo-to-risk-manager", @"port: http", "port: 443", "Deployment riskmonitor-silo cannot reach risk-manager:8080")]
    [InlineData("small", "NetworkPolicy frontend-from-risk-manager", @"component: risk-manager", "component: trader", "Deployment risk-manager cannot reach riskmonitor:80")]
    [InlineData("small", "ConfigMap riskmonitor-silo-.*", @"BootstrapServers: kafka:9092", "BootstrapServers: kafka:9094", "cannot reach kafka:9094")]
    [InlineData("small", "StatefulSet mysql", @"          subPath: mysql\n", "", "a new file system is not empty")]
    [InlineData("small", "Deployment trader", @"(        - name: RiskMonitor__Secrets\n          value: .*\n)", "$1$1", "sets RiskMonitor__Secrets twice")]
    [InlineData("keda", "ScaledObject riskmonitor-ingest", @"minReplicaCount: 2", "minReplicaCount: 0", "scales from 0 to 6")]
    [InlineData("keda", "ScaledObject riskmonitor-ingest", @"    replicas: 3", "    replicas: 30", "has no number of pods while Prometheus does not answer")]
    [InlineData("keda", "ScaledObject riskmonitor-ingest", @"riskmonitor_cdc_partition_lag", "riskmonitor_cdc_lag", "there is no metric or function riskmonitor_cdc_lag")]
    [InlineData("keda", "ScaledObject riskmonitor-ingest", @"monitoring.svc", "default.svc", "asks no Prometheus of the namespace monitoring")]
    [InlineData("keda", "ScaledObject riskmonitor-ingest", @"threshold: .*", "threshold: many", "has no threshold")]
    [InlineData("keda", "Certificate riskmonitor-tls", @"  - client auth\n", "", "is not for both sides of a connection")]
    [InlineData("keda", "Certificate riskmonitor-tls", @"kind: Issuer", "kind: ClusterIssuer", "is not signed by an authority of this cluster alone")]
    [InlineData("keda", "Certificate riskmonitor-tls", @"renewBefore: 720h", "renewBefore: 24h", "is renewed less than two weeks before it ends")]
    [InlineData("keda", "Certificate riskmonitor-tls", @"secretName: riskmonitor-tls", "secretName: riskmonitor-certificates", "is in a Secret that nobody mounts")]
    [InlineData("keda", "Issuer riskmonitor-authority", @"secretName: riskmonitor-authority", "secretName: authority", "nothing makes the authority authority")]
    [InlineData("migrate", "Job riskmonitor-migrate", @"  activeDeadlineSeconds: 3600\n", "", "may run for ever")]
    [InlineData("migrate", "Job riskmonitor-migrate", @"- migrate\n", "- migrates\n", "migrates")]
    [InlineData("restore", "Job riskmonitor-restore", @"backoffLimit: 0", "backoffLimit: 3", "begins again by itself after it failed")]
    [InlineData("restore", "Job riskmonitor-restore", @"/scripts/restore.sh", "/scripts/restor.sh", "runs /scripts/restor.sh, which ConfigMap")]
    [InlineData("restore", "Job riskmonitor-restore", @"claimName: riskmonitor-backups", "claimName: riskmonitor-backup", "there is no claim riskmonitor-backup")]
    [InlineData("backup", "CronJob riskmonitor-backup", @"concurrencyPolicy: Forbid", "concurrencyPolicy: Allow", "runs beside itself")]
    [InlineData("backup", "CronJob riskmonitor-backup", @"readOnlyRootFilesystem: true", "readOnlyRootFilesystem: false", "can write to its image")]
    [InlineData("backup", "CronJob riskmonitor-backup", @"image: mysql:8.4", "image: mysql", "has no fixed version")]
    [InlineData("small", "StatefulSet mysql", @"(        env:\n)", "$1        - {name: MYSQL_PASSWORD, value: hunter2}\n", "the name is that of a secret")]
    [InlineData("small", "StatefulSet mysql", @"\A", "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: mysql, namespace: riskmonitor-trial}\nspec: {minAvailable: 1, selector: {matchLabels: {app.kubernetes.io/name: mysql}}}\n---\n", "may hold up a drain for ever")]
    [InlineData("keda", "ScaledObject riskmonitor-ingest", @"maxReplicaCount: 6", "maxReplicaCount: 60", "connections, and docs/kubernetes.md has MySQL take 1080")]
    [InlineData("keda", "ScaledObject riskmonitor-ingest", @"threshold: .*", "threshold: '0.5'", "adds a pod for changes that are done within the second")]
    [InlineData("keda", "ScaledObject riskmonitor-ingest", @"sum\(riskmonitor_cdc_partition_lag\)", "max(riskmonitor_cdc_last_heard_age_seconds)", "does not follow the lag of all partitions")]
    [InlineData("keda", "ScaledObject riskmonitor-ingest", @"(?s)  advanced:.*?(  fallback:)", "$1", "shrinks after less than five minutes")]
    [InlineData("keda", "ScaledObject riskmonitor-ingest", @"pollingInterval: 15", "pollingInterval: 3600", "looks each 3600 s")]
    [InlineData("keda", "ScaledObject riskmonitor-ingest", @"(      threshold: .*)", "$1\n      customHeaders: authorization=abc", "the value looks like a secret")]
    [InlineData("migrate", "Job riskmonitor-migrate", @"- migrate\n", "- migrate\n        - --connection=db\n", "'--connection' is not an option")]
    [InlineData("migrate", "Job riskmonitor-migrate", @"- migrate\n", "- --role\n        - silo\n", "does not run the command migrate")]
    [InlineData("migrate", "Job riskmonitor-migrate", @"(        env:\n)", "$1        - {name: RiskMonitor__MySql__Connection, value: a}\n", "there is no option MySql:Connection")]
    [InlineData("migrate", "Job riskmonitor-migrate", @"value: /secrets/settings", "value: /secrets/other", "Secrets is '/secrets/other', where nothing is mounted")]
    [InlineData("migrate", "Job riskmonitor-migrate", @"name: riskmonitor-mysql", "name: riskmonitor-llm", "does not mount Secret riskmonitor-mysql")]
    [InlineData("migrate", "Job riskmonitor-migrate", @"(?s)        securityContext:\n.*?(        volumeMounts:)", "$1", "may get more rights")]
    [InlineData("restore", "Job riskmonitor-restore", @"(        env:\n)", "$1        - {name: FORCE, value: 'true'}\n", "restores while silos live")]
    [InlineData("restore", "Job riskmonitor-restore", @"name: COPY", "name: COPIE", "restore.sh reads no variable COPIE")]
    [InlineData("restore", "Job riskmonitor-restore", @"activeDeadlineSeconds: 14400", "activeDeadlineSeconds: 5", "is ended after less than an hour")]
    [InlineData("restore", "Job riskmonitor-restore", @"(?s)        securityContext:\n.*?(        volumeMounts:)", "$1", "may get more rights")]
    [InlineData("backup", "CronJob riskmonitor-backup", @"schedule: .*", "schedule: 15 3 1 * *", "does not copy every six hours")]
    [InlineData("backup", "CronJob riskmonitor-backup", @"schedule: .*", "schedule: '* * * * *'", "does not copy every six hours")]
    [InlineData("backup", "CronJob riskmonitor-backup", @"schedule: .*", "schedule: 75 */6 * * *", "does not copy every six hours")]
    [InlineData("backup", "CronJob riskmonitor-backup", @"schedule: .*", "schedule: 15 */1 * * *", "a copy may take until the next one is due")]
    [InlineData("backup", "CronJob riskmonitor-backup", @"startingDeadlineSeconds: 3600", "startingDeadlineSeconds: 5", "a copy that cannot begin at once is left out")]
    [InlineData("backup", "CronJob riskmonitor-backup", @"failedJobsHistoryLimit: 3", "failedJobsHistoryLimit: 0", "BackupFailed cannot ring")]
    [InlineData("backup", "CronJob riskmonitor-backup", @"suspend: false|  timeZone", "  suspend: true\n  timeZone", "not at the hours that it names")]
    [InlineData("backup", "CronJob riskmonitor-backup", @"name: KEEP", "name: KEPT", "backup.sh reads no variable KEPT")]
    [InlineData("backup", "CronJob riskmonitor-backup", @"value: ""28""", "value: '2'", "keeps copies of less than a week")]
    [InlineData("backup", "CronJob riskmonitor-backup", @"(name: DATABASE\n\s+value: )riskmonitor", "${1}risk", "the monitor's database is riskmonitor")]
    [InlineData("backup", "CronJob riskmonitor-backup", @"mountPath: /backups", "mountPath: /backup", "its copies at /backups do not outlast the pod")]
    [InlineData("backup", "CronJob riskmonitor-backup", @"persistentVolumeClaim:\n.*", "emptyDir: {sizeLimit: 1Gi}", "its copies at /backups do not outlast the pod")]
    [InlineData("backup", "CronJob riskmonitor-backup", @"/scripts/backup.sh", "/scripts/restore.sh", "does not run backup.sh")]
    [InlineData("backup", "CronJob riskmonitor-backup", @"secretName: riskmonitor-backup", "secretName: riskmonitor-mysql", "no Secret that is always there has /secrets/backup/my.cnf")]
    [InlineData("backup", "CronJob riskmonitor-backup", @"(          labels:\n            app.kubernetes.io/component: )backup", "${1}copy", "by which the policies let it reach MySQL")]
    [InlineData("backup", "CronJob riskmonitor-backup", @"(            env:\n)", "$1            - {name: MYSQL_PWD, value: hunter2}\n", "the name is that of a secret")]
    [InlineData("backup", "CronJob riskmonitor-backup", @"- bash\n.*", "- bash\n            - -c\n            - mysqldump --all -phunter2", "the value looks like a secret")]
    [InlineData("backup", "PersistentVolumeClaim riskmonitor-backups", @"ReadWriteOnce", "ReadOnlyMany", "nobody can write to it")]
    public async Task A_change_of_another_part_is_found(string part, string document, string pattern, string replacement, string problem)
    {
        var (folder, isPart) = part switch
        {
            "small" => ("deploy/k8s/overlays/small", false),
            "keda" => ("tests/Deploy.Tests/Overlays/keda", false),
            _ => ($"deploy/k8s/jobs/{part}", true),
        };
        var yaml = await Kustomize.BuildAsync(folder);

        var problems = ManifestRules.ProblemsOf(ManifestSet.Parse(Mutated(yaml, document, pattern, replacement)), isPart);

        Assert.Contains(problems, found => found.Contains(problem, StringComparison.Ordinal));
    }

    [TheoryWithKustomize]
    [InlineData(Silo, "readinessProbe:", "readynessProbe:")]
    [InlineData(Silo, "terminationGracePeriodSeconds: 30", "terminationGracePeriodSeconds: soon")]
    [InlineData("HorizontalPodAutoscaler riskmonitor-silo", "maxReplicas:", "maxReplica:")]
    [InlineData("PodMonitor riskmonitor", "podMetricsEndpoints:", "podMetricEndpoints:")]
    // Numbers and truth values where the API wants texts.
    [InlineData(Silo, "        env:\n", "        env:\n        - {name: RiskMonitor__DrainDelay, value: 5}\n")]
    [InlineData("ConfigMap riskmonitor-silo-.*", @"SiloPort: ""11111""", "SiloPort: 11111")]
    [InlineData(Silo, @"      labels:\n", "      labels:\n        critical: true\n")]
    [InlineData(Silo, @"        - silo\n", "        - 8080\n")]
    public async Task A_field_that_the_api_does_not_know_is_refused(string document, string pattern, string replacement)
    {
        var yaml = await Kustomize.BuildAsync("deploy/k8s/overlays/production");

        Assert.ThrowsAny<YamlDotNet.Core.YamlException>(() => ManifestSet.Parse(Mutated(yaml, document, pattern, replacement)));
    }

    /// <param name="document">Kind and name; the name is a pattern.</param>
    private static string Mutated(string yaml, string document, string pattern, string replacement)
    {
        var (kind, name) = (document.Split(' ')[0], document.Split(' ')[1]);
        var documents = yaml.Split("\n---\n");
        var found = Array.FindIndex(documents, text => Regex.IsMatch(text, $"(?m)^kind: {kind}$") && Regex.IsMatch(text, $"(?m)^  name: {name}$"));
        Assert.True(found >= 0, $"there is no {document}");
        var mutated = new Regex(pattern).Replace(documents[found] + "\n", replacement, 1);
        Assert.NotEqual(documents[found] + "\n", mutated);
        documents[found] = mutated;
        return string.Join("\n---\n", documents);
    }
}
