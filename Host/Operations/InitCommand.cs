using System.CommandLine;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using RiskMonitor.Alerting.Webhooks;
using RiskMonitor.Demo;
using RiskMonitor.Host.CommandLine;
using RiskMonitor.Risk.Access;
using RiskMonitor.Risk.Texts;

namespace RiskMonitor.Host.Operations;

/// <summary>
/// Makes the secrets of a new cluster: passwords of the database, the webhook's secret, the key of the evidence, the first API keys, and the certificates of the silos.
/// What is there stays, so that it may run at every start. Nothing of it is printed.
/// </summary>
internal sealed partial class InitCommand(string directory, string mysqlServer, string? mysqlPort, string? mysqlCa, TextWriter output)
{
    private const string Product = "product";
    private const string Settings = Product + "/settings";
    private const string MySql = "mysql";
    private const string Debezium = "debezium";

    private const int EvidenceKeyBytes = 32;

    /// <summary>Certificates of silos; a cluster that runs for longer makes new ones in time.</summary>
    private static readonly TimeSpan s_certificatesLast = TimeSpan.FromDays(825);

    /// <summary>Other accounts may read these files, because the containers of the database and of the connector run under accounts of their own. No other container mounts their volumes.</summary>
    private const UnixFileMode ForAnotherAccount = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private const UnixFileMode ForThisAccount = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly Option<string> s_directory = CommandOption.Text("--secrets", "DIR", "where the secrets are made (needed)");
    private static readonly Option<string> s_mysqlServer = CommandOption.Text("--mysql-server", "HOST[:PORT]", "the database's host in the connection strings, and its port where that is not 3306", "mysql");

    private static readonly Option<string> s_mysqlCa = CommandOption.Text(
        "--mysql-ca", "FILE", "where the processes find the certificate of the authority that signed the database's; without it, connections are encrypted and the server is not verified");

    public static Command Create()
    {
        var command = new Command("init", "make the secrets of a new cluster: passwords, webhook secret, key of the evidence, first API keys, certificates; what is there stays");
        command.Add(s_directory);
        command.Add(s_mysqlServer);
        command.Add(s_mysqlCa);
        command.SetAction((arguments, _) =>
        {
            var directory = arguments.GetValue(s_directory) is { Length: > 0 } given ? given : throw new UsageException("--secrets is missing; give the directory for the secrets: --secrets DIR");
            var (server, port) = ParseServer(arguments.GetValue(s_mysqlServer)!);
            return new InitCommand(directory, server, port, arguments.GetValue(s_mysqlCa), arguments.InvocationConfiguration.Output).RunAsync();
        });
        return command;
    }

    public async Task RunAsync()
    {
        try
        {
            var made = MakePasswords() + MakeSettings() + MakeCertificates();
            await output.SayAsync($"{made} secrets made in {directory}; those that were there stay as they are");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--secrets is {directory}, which cannot be written ({exception.Message}); give a directory of this account", UsageException.NotPossible);
        }
    }

    private int MakePasswords()
    {
        var made = 0;
        foreach (var user in (string[])["root", "riskmonitor", "trader", "debezium"])
        {
            made += Make($"{MySql}/{user}", Password, ForAnotherAccount);
        }

        // The connector reads it by Kafka Connect's provider of files, as ${file:/secrets/debezium.properties:password}.
        return made + Make($"{Debezium}/debezium.properties", () => $"user=debezium\npassword={Read($"{MySql}/debezium")}", ForAnotherAccount);
    }

    private int MakeSettings() =>
        Make($"{Settings}/MySql__ConnectionString", () => Connection("riskmonitor"))
        + Make($"{Settings}/Demo__TradingConnectionString", () => Connection("trader", "trading"))
        + Make($"{Settings}/Webhook__Secret", StandardWebhook.NewSecret)
        + Make($"{Settings}/Evidence__Key", () => Convert.ToBase64String(RandomNumberGenerator.GetBytes(EvidenceKeyBytes)))
        + MakeUser(0, new RiskUser("admin", Role.Admin, Desks: null, Clearance.Trader), $"{Product}/admin.key")
        // The name of the demo's own user is reserved for the single process.
        + MakeUser(1, DemoRiskManager.User with { Name = "risk manager" }, $"{Product}/risk-manager.key");

    /// <summary>A user of the configuration, so that the first key needs no database.</summary>
    private int MakeUser(int index, RiskUser user, string keyFile)
    {
        var prefix = $"{Settings}/Access__Users__{index}__";
        var made = Make(keyFile, () => ApiKey.New().Reveal());
        Make(prefix + "KeyHash", () => KeyHash.Of(ApiKey.Parse(Read(keyFile))!).ToString()!);
        Make(prefix + "Name", () => user.Name);
        Make(prefix + "Role", () => user.Role.Name());
        Make(prefix + "Desks__0", () => RiskUser.AllDesks);
        Make(prefix + "Clearance", () => user.Clearance.Name());
        return made;
    }

    /// <summary>Makes one certificate for all processes of the cluster, and the authority that signs it. The authority's key is not stored, so that no further certificate can be signed.</summary>
    private int MakeCertificates()
    {
        const string Certificate = Product + "/tls/node.pem";
        if (File.Exists(PathOf(Certificate)))
        {
            return 0;
        }

        var (from, until) = (DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow + s_certificatesLast);
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authorityRequest = new CertificateRequest("CN=RiskMonitor cluster", authorityKey, HashAlgorithmName.SHA256);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        authorityRequest.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        using var authority = authorityRequest.CreateSelfSigned(from, until);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=riskmonitor", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        using var certificate = request.Create(authority, from, until, RandomNumberGenerator.GetBytes(16));
        // The certificate comes last, because it says that all three are there.
        Write($"{Product}/tls/ca.pem", authority.ExportCertificatePem(), ForThisAccount);
        Write($"{Product}/tls/node.key", key.ExportPkcs8PrivateKeyPem(), ForThisAccount);
        Write(Certificate, certificate.ExportCertificatePem(), ForThisAccount);
        return 3;
    }

    /// <exception cref="UsageException">It is no host: no process would reach the database, and its message would name the connection string.</exception>
    private static (string Server, string? Port) ParseServer(string text)
    {
        if (IPAddress.TryParse(text, out _))
        {
            return (text, null);
        }

        var server = Server().Match(text);
        return server.Success && (!server.Groups["port"].Success || ushort.TryParse(server.Groups["port"].ValueSpan, out _))
            ? (server.Groups["host"].Value, server.Groups["port"].Success ? server.Groups["port"].Value : null)
            : throw new UsageException($"--mysql-server is '{text}'; give a host, and a port where it is not 3306, such as db.example:3307");
    }

    private string Connection(string user, string database = "riskmonitor") =>
        $"Server={mysqlServer};{(mysqlPort is null ? "" : $"Port={mysqlPort};")}Database={database};User ID={user};Password={Read($"{MySql}/{user}")};{Security()}";

    /// <summary>
    /// On the way to another machine nothing is sent in clear, and the password only inside of TLS: a server that is allowed to decline TLS could be anybody,
    /// and so could one whose key is taken as it comes.
    /// </summary>
    private string Security() =>
        mysqlCa is { Length: > 0 } ca ? $"SslMode=VerifyCA;SslCa={ca}"
        : mysqlServer is "localhost" || (IPAddress.TryParse(mysqlServer, out var address) && IPAddress.IsLoopback(address)) ? "SslMode=Preferred;AllowPublicKeyRetrieval=true"
        : "SslMode=Required";

    [GeneratedRegex(@"^(?<host>[A-Za-z0-9._-]+)(?::(?<port>[1-9][0-9]*))?$")]
    private static partial Regex Server();

    private static string Password() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));

    private int Make(string name, Func<string> make, UnixFileMode mode = ForThisAccount)
    {
        if (File.Exists(PathOf(name)))
        {
            return 0;
        }

        Write(name, make(), mode);
        return 1;
    }

    /// <summary>A file is there whole or not at all, so that a run that is ended halfway is completed by the next.</summary>
    private void Write(string name, string text, UnixFileMode mode)
    {
        var path = PathOf(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = mode;
        }

        using (var writer = new StreamWriter(path + ".new", options))
        {
            writer.Write(text);
        }

        File.Move(path + ".new", path, overwrite: true);
    }

    private string Read(string name) => File.ReadAllText(PathOf(name));

    private string PathOf(string name) => Path.Combine(directory, name);
}
