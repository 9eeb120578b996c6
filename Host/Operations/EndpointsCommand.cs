using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using RiskMonitor.Alerting;
using RiskMonitor.Host.CommandLine;
using RiskMonitor.Risk.Access;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Texts;

namespace RiskMonitor.Host.Operations;

/// <summary>Shows and changes the endpoints that are set at run time, whether or not a host is running on the same data; running silos use them within seconds.</summary>
internal sealed class EndpointsCommand(IEndpointStore endpoints, IEndpointRules rules, IAuditLog audit, TimeProvider clock, TextWriter output)
{
    private static readonly Argument<string> s_name = new("NAME") { Description = "the endpoint's name" };
    private static readonly Option<string> s_settings = CommandOption.Text("--settings", "FILE", "its settings, a JSON object; what is left out stays, a null empties (needed)");
    private static readonly Option<string> s_reason = CommandOption.Text("--reason", "TEXT", "why; kept beside the endpoint (needed)");

    private static readonly Option<int?> s_expectedVersion = CommandOption.Parsed<int>(
        "--expected-version",
        "N",
        "the version that you have seen; needed to change or remove an endpoint that exists",
        text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : null,
        "the version that ./run endpoints list shows");

    public static Command Create()
    {
        var command = Operation.Command("endpoints", "show and change the endpoints that are set at run time; alone it is endpoints list", [], List);
        command.Add(Operation.Command("list", "show them, without their secrets", [], List));
        command.Add(Operation.Command(
            "set",
            "add or change an endpoint",
            [s_settings, s_reason, s_expectedVersion],
            (operation, cancellationToken) => In(operation).SetAsync(operation.Arguments, cancellationToken),
            mayCreate: true,
            operand: s_name));
        command.Add(Operation.Command(
            "remove",
            "remove an endpoint; what is still to be sent to it waits",
            [s_expectedVersion],
            (operation, cancellationToken) => In(operation).RemoveAsync(operation.Arguments, cancellationToken),
            operand: s_name));
        return command;

        static Task List(Operation operation, CancellationToken cancellationToken) => In(operation).ListAsync(cancellationToken);
    }

    public async Task ListAsync(CancellationToken cancellationToken)
    {
        var stored = await endpoints.ListAsync(cancellationToken);
        var table = new TextTable("name", "version", "changed", "by", "reason", "settings");
        foreach (var endpoint in stored)
        {
            table.Add(
                endpoint.Name,
                endpoint.Version.ToString(CultureInfo.InvariantCulture),
                AlertDocument.Time(endpoint.ChangedAt),
                endpoint.ChangedBy,
                endpoint.Reason,
                rules.Shown(endpoint.Settings).GetRawText());
        }

        await output.WriteLineAsync(stored.Count == 0 ? "no endpoint is set at run time; those of the configuration are in the configuration" : table.ToString());
    }

    public async Task SetAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var name = arguments.GetValue(s_name)!;
        var reason = arguments.GetValue(s_reason) is { } why && !string.IsNullOrWhiteSpace(why)
            ? why
            : throw new UsageException("--reason is missing; say why the endpoint changes, e.g. --reason \"new channel of the FX desk\"");
        var current = (await endpoints.ListAsync(cancellationToken)).FirstOrDefault(endpoint => endpoint.Name == name);
        var (settings, problems) = rules.Read(name, await SettingsAsync(arguments, cancellationToken), current?.Settings);
        if (settings is null)
        {
            throw new UsageException(string.Join('\n', problems.Select(problem => VisibleText.Escaped($"{problem.Field} {problem.Problem}"))));
        }

        var expected = arguments.GetValue(s_expectedVersion) ?? 0;
        var version = await AuditedAsync("set_endpoint", name, async () => (await endpoints.PutAsync(
            new StoredEndpoint(name, expected, settings, reason, MonitorDatabase.Caller, clock.GetUtcNow()), cancellationToken)).Version);
        await output.SayAsync($"endpoint {name} is set, version {version.ToString(CultureInfo.InvariantCulture)}");
    }

    public async Task RemoveAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var name = arguments.GetValue(s_name)!;
        await AuditedAsync("remove_endpoint", name, async () =>
        {
            await endpoints.RemoveAsync(name, arguments.GetValue(s_expectedVersion) ?? 0, cancellationToken);
            return true;
        });
        await output.SayAsync($"endpoint {name} is removed");
    }

    private static async Task<JsonElement> SettingsAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var path = arguments.GetValue(s_settings) ?? throw new UsageException("--settings is missing; give a file with a JSON object, such as {\"kind\":\"slack\",\"url\":\"https://…\"}");
        try
        {
            using var json = JsonDocument.Parse(await File.ReadAllBytesAsync(path, cancellationToken));
            return json.RootElement.ValueKind == JsonValueKind.Object
                ? json.RootElement.Clone()
                : throw new UsageException($"--settings {path} is no JSON object");
        }
        catch (Exception unreadable) when (unreadable is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--settings {path} cannot be read: {unreadable.Message}");
        }
    }

    /// <summary>A change leaves an entry in the audit log, refused or not.</summary>
    private async Task<T> AuditedAsync<T>(string tool, string name, Func<Task<T>> change)
    {
        var (at, outcome) = (clock.GetUtcNow(), "ok");
        try
        {
            return await change();
        }
        catch (EndpointConflictException conflict)
        {
            outcome = "conflict";
            throw new UsageException(
                $"{conflict.Message} (./run endpoints list shows the version; give it with --expected-version, or leave that out for a new endpoint)", UsageException.NotPossible);
        }
        finally
        {
            await audit.AddAsync(
                [new AuditEntry(at, MonitorDatabase.Caller, null, "cli", tool, RiskUser.AllDesks, Clearance.Trader.Name(), outcome, $"cli_{Guid.NewGuid():N}", clock.GetUtcNow() - at, $"name={VisibleText.Escaped(name)}", null)],
                CancellationToken.None);
        }
    }

    private static EndpointsCommand In(Operation operation) => new(
        operation.Database.Get<IEndpointStore>(), AlertingServices.EndpointRules, operation.Database.Get<IAuditLog>(), TimeProvider.System, operation.Output);
}
