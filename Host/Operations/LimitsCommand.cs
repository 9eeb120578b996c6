using System.CommandLine;
using System.Globalization;
using RiskMonitor.Host.CommandLine;
using RiskMonitor.Risk.Figures;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Risk.Texts;

namespace RiskMonitor.Host.Operations;

/// <summary>Shows and changes limits, whether or not a host is running on the same data; a running one judges by them within seconds.</summary>
internal sealed class LimitsCommand(ILimitStore limits, TimeProvider clock, TextWriter output)
{
    private static readonly string[] s_horizons = ["intraday", "overnight"];

    private static readonly Option<string> s_desk = CommandOption.Text("--desk", "NAME", "the desk that the limit binds");
    private static readonly Option<bool> s_default = CommandOption.Switch("--default", "the limit of desks without their own, instead of --desk");
    private static readonly Option<decimal?> s_threshold = Amount("--threshold", "AMOUNT", "the size that the figure may have, 0 or more (needed)");

    private static readonly Option<RiskMetric?> s_metric = CommandOption.Parsed(
        "--metric", "NAME", "net_delta (default) or gross_delta", RiskMetrics.Parse, $"one of {string.Join(", ", RiskMetrics.All.Select(known => known.Name()))}");

    private static readonly Option<string> s_profile = CommandOption.Text("--profile", "NAME", "limit profile", AlertingScope.Default.Profile);
    private static readonly Option<string> s_horizon = CommandOption.Text("--horizon", "NAME", "intraday or overnight", AlertingScope.Default.Horizon);
    private static readonly Option<decimal?> s_warningRatio = Amount("--warning-ratio", "R", "share of the threshold from which it warns (default 0.8)");
    private static readonly Option<decimal?> s_cureRatio = Amount("--cure-ratio", "R", "share of the threshold at which a breach is over (default 1)");
    private static readonly Option<DateTimeOffset?> s_validFrom = Instant("--valid-from", "first instant at which it holds, e.g. 2027-01-04T08:00:00Z (default: at once)");
    private static readonly Option<DateTimeOffset?> s_validTo = Instant("--valid-to", "first instant at which it no longer holds (default: for ever)");
    private static readonly Option<string> s_reason = CommandOption.Text("--reason", "TEXT", "why; kept in the limit's history (needed)");

    private static readonly Option<int?> s_expectedVersion = CommandOption.Parsed<int>(
        "--expected-version",
        "N",
        "the version that you have seen; needed to change a limit that exists",
        text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : null,
        "the version that ./run limits list shows");

    public static Command Create()
    {
        var command = Operation.Command("limits", "show and change limits; alone it is limits list", [], List);
        command.Add(Operation.Command("list", "show the limits in force", [], List));
        command.Add(Operation.Command(
            "set",
            "add or change a limit",
            [s_desk, s_default, s_threshold, s_metric, s_profile, s_horizon, s_warningRatio, s_cureRatio, s_validFrom, s_validTo, s_reason, s_expectedVersion],
            (operation, cancellationToken) => In(operation).SetAsync(operation.Arguments, cancellationToken),
            mayCreate: true));
        command.Add(Operation.Command(
            "remove",
            "end a limit now; its history stays",
            [s_desk, s_default, s_metric, s_profile, s_horizon, s_reason, s_expectedVersion],
            (operation, cancellationToken) => In(operation).RemoveAsync(operation.Arguments, cancellationToken)));
        return command;

        static Task List(Operation operation, CancellationToken cancellationToken) => In(operation).ListAsync(cancellationToken);
    }

    public async Task ListAsync(CancellationToken cancellationToken)
    {
        var rows = await limits.ListAsync(cancellationToken);
        var table = new TextTable("scope", "desk", "metric", "profile", "horizon", "threshold", "warning", "cure", "valid from", "valid to", "version", "reason");
        foreach (var row in rows.OrderBy(row => row.Scope).ThenBy(row => row.ScopeKey, StringComparer.Ordinal).ThenBy(row => row.Metric))
        {
            table.Add(
                row.Scope == LimitScope.Default ? "default" : "desk",
                row.ScopeKey,
                row.Metric.Name(),
                row.Profile,
                row.Horizon,
                row.Threshold.ToString("N2", CultureInfo.InvariantCulture),
                Text(row.WarningRatio),
                Text(row.CureRatio),
                Text(row.ValidFrom),
                Text(row.ValidTo),
                Text(row.Version),
                row.Reason);
        }

        await output.WriteLineAsync(rows.Count == 0 ? "no limits: no desk can be in breach (add one: ./run limits set --help)" : table.ToString());
    }

    public async Task SetAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var identity = Identity(arguments);
        var threshold = arguments.GetValue(s_threshold)
            ?? throw new UsageException("--threshold is missing; give the size that the figure may have, e.g. --threshold 5000000");
        var reason = Reason(arguments);
        var current = await CurrentAsync(identity, arguments, cancellationToken);
        var row = (current ?? identity.NewLimit(threshold, reason, MonitorDatabase.Caller)) with { Threshold = threshold, Reason = reason, ChangedBy = MonitorDatabase.Caller };
        row = row with
        {
            WarningRatio = arguments.GetValue(s_warningRatio) ?? row.WarningRatio,
            CureRatio = arguments.GetValue(s_cureRatio) ?? row.CureRatio,
            ValidFrom = arguments.GetValue(s_validFrom) ?? row.ValidFrom,
            // A limit that was ended and is set again holds again.
            ValidTo = arguments.GetValue(s_validTo) ?? (row.ValidTo <= clock.GetUtcNow() ? null : row.ValidTo),
        };
        await StoreAsync(row, "is set", cancellationToken);
    }

    public async Task RemoveAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var identity = Identity(arguments);
        var reason = Reason(arguments);
        var current = await CurrentAsync(identity, arguments, cancellationToken)
            ?? throw new UsageException($"there is no limit {VisibleText.Escaped(identity.NewId)}; ./run limits list shows those there are", UsageException.NotPossible);
        var now = clock.GetUtcNow();
        if (current.ValidTo <= now)
        {
            throw new UsageException($"limit {VisibleText.Escaped(current.LimitId)} has ended already, at {current.ValidTo:O}", UsageException.NotPossible);
        }

        // One that was to begin later must not end before its beginning.
        var validFrom = current.ValidFrom >= now ? now.AddTicks(-1) : current.ValidFrom;
        await StoreAsync(current with { ValidFrom = validFrom, ValidTo = now, Reason = reason, ChangedBy = MonitorDatabase.Caller }, "has ended", cancellationToken);
    }

    private async Task StoreAsync(RiskLimit row, string what, CancellationToken cancellationToken)
    {
        try
        {
            var stored = await limits.PutAsync(row, cancellationToken);
            await output.SayAsync($"{stored.LimitId} {what}: {stored.Threshold.ToString("N2", CultureInfo.InvariantCulture)}, version {stored.Version}");
        }
        catch (Exception conflict) when (conflict is LimitConflictException or LimitOverlapException)
        {
            throw new UsageException(VisibleText.Escaped(conflict.Message), UsageException.NotPossible);
        }
        catch (ArgumentException wrong)
        {
            throw new UsageException(VisibleText.Escaped(wrong.Message));
        }
    }

    /// <summary>The row as the caller has seen it; null when there is none and none was expected.</summary>
    private async Task<RiskLimit?> CurrentAsync(LimitIdentity identity, ParseResult arguments, CancellationToken cancellationToken)
    {
        var rows = await limits.ListAsync(cancellationToken);
        var current = rows.Where(identity.IsOf).MaxBy(row => row.Version);
        if (current is { IsConfigured: true })
        {
            throw new UsageException("this limit comes from the configuration; change RiskMonitor__Limits__DefaultNetDelta and start again", UsageException.NotPossible);
        }

        var found = current?.Version ?? 0;
        if ((arguments.GetValue(s_expectedVersion) ?? 0) == found)
        {
            return current;
        }

        throw new UsageException(
            found == 0 ? $"there is no limit {VisibleText.Escaped(identity.NewId)} yet; leave --expected-version out"
            : $"limit {VisibleText.Escaped(current!.LimitId)} is at version {found} ({current.Threshold.ToString("N2", CultureInfo.InvariantCulture)}, {VisibleText.Escaped(current.Reason)}); to change it, add --expected-version {found}",
            UsageException.NotPossible);
    }

    private static LimitIdentity Identity(ParseResult arguments)
    {
        var desk = arguments.GetValue(s_desk);
        if (arguments.Has(s_default) == (desk is not null) || desk is "")
        {
            throw new UsageException("name what the limit binds: either --desk NAME, or --default for desks without their own");
        }

        var horizon = arguments.GetValue(s_horizon)!;
        return new LimitIdentity(
            desk,
            arguments.GetValue(s_metric) ?? RiskMetric.NetDelta,
            arguments.GetValue(s_profile)!,
            s_horizons.Contains(horizon) ? horizon : throw new UsageException($"--horizon is '{horizon}'; give one of {string.Join(", ", s_horizons)}"));
    }

    private static string Reason(ParseResult arguments) => arguments.GetValue(s_reason) is { } reason && !string.IsNullOrWhiteSpace(reason)
        ? reason
        : throw new UsageException("--reason is missing; a limit's history says why it changed, e.g. --reason \"mandate of 12 January\"");

    private static Option<decimal?> Amount(string name, string valueName, string description) => CommandOption.Parsed<decimal>(
        name, valueName, description, text => Amounts.TryParse(text, mayHaveExponent: false, out var amount) ? amount : null, "a plain number such as 5000000 or 0.85");

    private static Option<DateTimeOffset?> Instant(string name, string description) =>
        CommandOption.Parsed<DateTimeOffset>(name, "TIME", description, ParseInstant, "a time with its zone, such as 2027-01-04T08:00:00Z");

    private static DateTimeOffset? ParseInstant(string text)
    {
        var hasZone = text.EndsWith('Z') || (text.Length > 6 && text[^3] == ':' && text[^6] is '+' or '-');
        return hasZone && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var instant) ? instant : null;
    }

    private static LimitsCommand In(Operation operation) => new(operation.Database.Get<ILimitStore>(), TimeProvider.System, operation.Output);

    private static string Text(decimal value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private static string Text(DateTimeOffset? instant) => instant?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "";
}
