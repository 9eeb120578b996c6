using System.Globalization;
using RiskMonitor.Host.CommandLine;
using RiskMonitor.Risk.Figures;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Risk.Texts;

namespace RiskMonitor.Host.Operations;

/// <summary>Shows and changes limits, whether or not a host is running on the same data; a running one judges by them within seconds.</summary>
internal sealed class LimitsCommand(ILimitStore limits, TimeProvider clock, TextWriter output)
{
    private static readonly string[] Horizons = ["intraday", "overnight"];

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

    public async Task SetAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        var identity = Identity(arguments);
        var threshold = Amount(arguments, "--threshold")
            ?? throw new UsageException("--threshold is missing; give the size that the figure may have, e.g. --threshold 5000000");
        var reason = Reason(arguments);
        var current = await CurrentAsync(identity, arguments, cancellationToken);
        var row = (current ?? identity.NewLimit(threshold, reason, MonitorDatabase.Caller)) with { Threshold = threshold, Reason = reason, ChangedBy = MonitorDatabase.Caller };
        row = row with
        {
            WarningRatio = Amount(arguments, "--warning-ratio") ?? row.WarningRatio,
            CureRatio = Amount(arguments, "--cure-ratio") ?? row.CureRatio,
            ValidFrom = Instant(arguments, "--valid-from") ?? row.ValidFrom,
            // A limit that was ended and is set again holds again.
            ValidTo = Instant(arguments, "--valid-to") ?? (row.ValidTo <= clock.GetUtcNow() ? null : row.ValidTo),
        };
        await StoreAsync(row, "is set", cancellationToken);
    }

    public async Task RemoveAsync(Arguments arguments, CancellationToken cancellationToken)
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
    private async Task<RiskLimit?> CurrentAsync(LimitIdentity identity, Arguments arguments, CancellationToken cancellationToken)
    {
        var rows = await limits.ListAsync(cancellationToken);
        var current = rows.Where(identity.IsOf).MaxBy(row => row.Version);
        if (current is { IsConfigured: true })
        {
            throw new UsageException("this limit comes from the configuration; change RiskMonitor__Limits__DefaultNetDelta and start again", UsageException.NotPossible);
        }

        var found = current?.Version ?? 0;
        var expected = arguments["--expected-version"] is { } text
            ? int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
                ? version
                : throw new UsageException($"--expected-version is '{text}'; give the version that ./run limits list shows")
            : 0;
        if (expected == found)
        {
            return current;
        }

        throw new UsageException(
            found == 0 ? $"there is no limit {VisibleText.Escaped(identity.NewId)} yet; leave --expected-version out"
            : $"limit {VisibleText.Escaped(current!.LimitId)} is at version {found} ({current.Threshold.ToString("N2", CultureInfo.InvariantCulture)}, {VisibleText.Escaped(current.Reason)}); to change it, add --expected-version {found}",
            UsageException.NotPossible);
    }

    private static LimitIdentity Identity(Arguments arguments)
    {
        var isDefault = arguments["--default"] is not null;
        var desk = arguments["--desk"];
        if (isDefault == (desk is not null) || desk is "")
        {
            throw new UsageException("name what the limit binds: either --desk NAME, or --default for desks without their own");
        }

        var metric = arguments["--metric"] ?? RiskMetric.NetDelta.Name();
        var horizon = arguments["--horizon"] ?? AlertingScope.Default.Horizon;
        return new LimitIdentity(
            desk,
            RiskMetrics.Parse(metric) ?? throw new UsageException(
                $"--metric is '{metric}'; give one of {string.Join(", ", RiskMetrics.All.Select(known => known.Name()))}"),
            arguments["--profile"] ?? AlertingScope.Default.Profile,
            Horizons.Contains(horizon) ? horizon : throw new UsageException($"--horizon is '{horizon}'; give one of {string.Join(", ", Horizons)}"));
    }

    private static string Reason(Arguments arguments) => arguments["--reason"] is { } reason && !string.IsNullOrWhiteSpace(reason)
        ? reason
        : throw new UsageException("--reason is missing; a limit's history says why it changed, e.g. --reason \"mandate of 12 January\"");

    private static decimal? Amount(Arguments arguments, string option)
    {
        if (arguments[option] is not { } text)
        {
            return null;
        }

        return Amounts.TryParse(text, mayHaveExponent: false, out var amount)
            ? amount
            : throw new UsageException($"{option} is '{text}'; give a plain number such as 5000000 or 0.85");
    }

    private static DateTimeOffset? Instant(Arguments arguments, string option)
    {
        if (arguments[option] is not { } text)
        {
            return null;
        }

        var hasZone = text.EndsWith('Z') || (text.Length > 6 && text[^3] == ':' && text[^6] is '+' or '-');
        return hasZone && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var instant)
            ? instant
            : throw new UsageException($"{option} is '{text}'; give a time with its zone, such as 2027-01-04T08:00:00Z");
    }

    private static string Text(decimal value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private static string Text(DateTimeOffset? instant) => instant?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "";
}
