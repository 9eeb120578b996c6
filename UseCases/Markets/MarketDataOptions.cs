using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using RiskMonitor.Settings;

namespace RiskMonitor.UseCases.Markets;

/// <summary>Where prices and exchange rates come from, and the currency in which figures are also reported (<c>MarketData:…</c>).</summary>
public sealed class MarketDataOptions : IValidatableObject
{
    public const string Section = "MarketData";

    /// <summary>The currency, ISO 4217, in which answers also report figures; empty: they do not.</summary>
    public string ReportingCurrency { get; set; } = "";

    /// <summary>The address that returns a market snapshot to a GET; empty: there are no prices or rates.</summary>
    public Uri? Url { get; set; }

    /// <summary>The bearer token of the request; empty: the request has none.</summary>
    public string Token { get; set; } = "";

    /// <summary>Time from one snapshot to the next.</summary>
    [Bounds(Min = "00:00:00.010", Max = "1.00:00:00", Usual = "00:00:30")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The timeout of one attempt.</summary>
    [Bounds(Min = "00:00:00.010", Max = "1.00:00:00", Usual = "00:00:05")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Attempts for one snapshot.</summary>
    [Bounds(Min = "1", Max = "10", Usual = "3")]
    public int Attempts { get; set; } = 3;

    /// <summary>The number of failed snapshots in a row after which the source is not called for <see cref="BreakFor"/>.</summary>
    [Bounds(Min = "1", Usual = "5")]
    public int BreakAfter { get; set; } = 5;

    [Bounds(Min = "00:00:00.010", Max = "1.00:00:00", Usual = "00:02:00")]
    public TimeSpan BreakFor { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>A price or rate older than this is stale: still used, and listed.</summary>
    [Bounds(Min = "00:00:00.010", Max = "1.00:00:00", Usual = "00:05:00")]
    public TimeSpan StaleAfter { get; set; } = TimeSpan.FromMinutes(5);

    internal bool HasReporting => ReportingCurrency.Length > 0;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var problems = new OptionProblems(Section);
        problems.Require(
            !HasReporting || MarketDocument.IsCurrency(ReportingCurrency), nameof(ReportingCurrency), $"'{ReportingCurrency}'", "give three capital letters, such as USD");
        if (Url is not null)
        {
            problems.Require(
                Url.IsAbsoluteUri && (Url.Scheme == Uri.UriSchemeHttp || Url.Scheme == Uri.UriSchemeHttps),
                nameof(Url),
                $"'{Url}'",
                "give an http or https address, such as https://market.example/snapshot");
            problems.Require(
                HasReporting, nameof(ReportingCurrency), "''", "a market source is of use only with a currency to convert to; give one, such as USD");
        }

        return problems.Results();
    }
}

[OptionsValidator]
public sealed partial class MarketDataOptionsValidator : IValidateOptions<MarketDataOptions>;
