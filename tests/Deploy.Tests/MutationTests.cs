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
    [InlineData("NetworkPolicy riskmonitor-frontend", @"component: frontend", "component: frontends", "selects no pod")]
    [InlineData("NetworkPolicy riskmonitor-frontend", @"    - port: http\n", "    - port: https\n", "names port https")]
    // Availability.
    [InlineData(Silo, @"            app.kubernetes.io/component: silo\n", "            app.kubernetes.io/component: other\n", "is not spread by")]
    [InlineData(Frontend, @"maxUnavailable: 0", "maxUnavailable: 1", "takes a pod away before another is ready")]
    public async Task A_change_for_the_worse_is_found(string document, string pattern, string replacement, string problem)
    {
        var yaml = await Kustomize.BuildAsync("deploy/k8s/overlays/production");

        var problems = ManifestRules.ProblemsOf(ManifestSet.Parse(Mutated(yaml, document, pattern, replacement)));

        Assert.Contains(problems, found => found.Contains(problem, StringComparison.Ordinal));
    }

    [TheoryWithKustomize]
    [InlineData(Silo, "readinessProbe:", "readynessProbe:")]
    [InlineData(Silo, "terminationGracePeriodSeconds: 30", "terminationGracePeriodSeconds: soon")]
    [InlineData("HorizontalPodAutoscaler riskmonitor-silo", "maxReplicas:", "maxReplica:")]
    [InlineData("PodMonitor riskmonitor", "podMetricsEndpoints:", "podMetricEndpoints:")]
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
