using Microsoft.Extensions.Options;

namespace RiskMonitor.UseCases.Markets;

/// <summary>Where prices and exchange rates come from, and the currency in which figures are also reported (<c>MarketData:…</c>).</summary>
public sealed class MarketDataOptions
{
    public const string Section = "MarketData";

    /// <summary>The currency, ISO 4217, in which answers also report figures; empty: they do not.</summary>
    public string ReportingCurrency { get; set; } = "";

    /// <summary>The address that returns a market snapshot to a GET; empty: there are no prices or rates.</summary>
    public Uri? Url { get; set; }

    /// <summary>The bearer token of the request; empty: the request has none.</summary>
    public string Token { get; set; } = "";

    /// <summary>Time from one snapshot to the next.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The timeout of one attempt.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Attempts for one snapshot.</summary>
    public int Attempts { get; set; } = 3;

    /// <summary>The number of failed snapshots in a row after which the source is not called for <see cref="BreakFor"/>.</summary>
    public int BreakAfter { get; set; } = 5;

    public TimeSpan BreakFor { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>A price or rate older than this is stale: still used, and listed.</summary>
    public TimeSpan StaleAfter { get; set; } = TimeSpan.FromMinutes(5);

    internal bool HasReporting => ReportingCurrency.Length > 0;
}

public sealed class MarketDataOptionsValidator : IValidateOptions<MarketDataOptions>
{
    public ValidateOptionsResult Validate(string? name, MarketDataOptions options)
    {
        var problems = new List<string>();
        if (options.HasReporting && !MarketDocument.IsCurrency(options.ReportingCurrency))
        {
            Refuse(nameof(options.ReportingCurrency), options.ReportingCurrency, "give three capital letters, such as USD");
        }

        if (options.Url is { } url)
        {
            if (!url.IsAbsoluteUri || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps))
            {
                Refuse(nameof(options.Url), url, "give an http or https address, such as https://market.example/snapshot");
            }

            if (!options.HasReporting)
            {
                Refuse(nameof(options.ReportingCurrency), "", "a market source is of use only with a currency to convert to; give one, such as USD");
            }
        }

        CheckTime(nameof(options.Interval), options.Interval, "00:00:30");
        CheckTime(nameof(options.Timeout), options.Timeout, "00:00:05");
        CheckTime(nameof(options.BreakFor), options.BreakFor, "00:02:00");
        CheckTime(nameof(options.StaleAfter), options.StaleAfter, "00:05:00");
        if (options.Attempts is < 1 or > 10)
        {
            Refuse(nameof(options.Attempts), options.Attempts, "give 1 to 10 (usual: 3)");
        }

        if (options.BreakAfter < 1)
        {
            Refuse(nameof(options.BreakAfter), options.BreakAfter, "give 1 or more (usual: 5)");
        }

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);

        void CheckTime(string key, TimeSpan value, string usual)
        {
            if (value < TimeSpan.FromMilliseconds(10) || value > TimeSpan.FromDays(1))
            {
                Refuse(key, value, $"give a time from 10 ms to a day (usual: {usual})");
            }
        }

        void Refuse(string key, object value, string remedy) => problems.Add($"{MarketDataOptions.Section}:{key} is '{value}'; {remedy}");
    }
}
