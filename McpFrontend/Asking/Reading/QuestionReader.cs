using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace RiskMonitor.McpFrontend.Asking.Reading;

/// <summary>
/// Reads a question in English or Chinese by fixed rules: names first, which are then out of the way, so that a desk called "Limits and Breaches"
/// asks for neither; then words. It does not guess what it does not know.
/// </summary>
internal sealed partial class QuestionReader(IOptions<FrontendOptions> options)
{
    public QuestionReading Read(string question, IReadOnlyList<string> desks, DateTimeOffset now)
    {
        var text = FoldedText.Of(question);
        var alert = Take(text, AlertId());
        var named = DeskFinder.In(text, question, desks);
        var asOf = Instant(text);
        var trader = TakeGroup(text, Trader(), question);
        var security = TakeGroup(text, Security(), question);
        var currency = CurrencyCode().Match(question) is { Success: true } code && text.Find(code.Value.ToLowerInvariant()) is var at and >= 0 ? Strike(text, at, code.Value) : null;
        var horizon = Horizon(text);
        var rest = text.Rest;
        var topic = alert is not null ? Topic.OneAlert : TopicOf(rest, named.Desks.Count, trader, security);

        var unknown = Vocabulary.Unknown(rest);
        var near = unknown.Count == 0 ? new FoundDesks([], [], null) : DeskFinder.Near(unknown, desks);
        IReadOnlyList<string> all = [.. named.Desks.Concat(near.Desks).Distinct()];
        if (topic == Topic.Unknown && all.Count > 0 && near.Unknown is null && !HasVerb().IsMatch(rest))
        {
            // A name alone asks how the desk stands.
            topic = Topic.Exposure;
        }

        if (topic == Topic.Overview && currency is not null)
        {
            topic = Topic.Contributors;
        }

        if (topic is Topic.Overview or Topic.Utilisation or Topic.Ranking && all.Count > 0)
        {
            topic = all.Count > 1 ? Topic.Comparison : Topic.Exposure;
        }
        else if (topic == Topic.Comparison && all.Count < 2 && near.Unknown is null)
        {
            topic = all.Count == 1 ? Topic.Exposure : Topic.Overview;
        }

        var reading = new QuestionReading
        {
            Topic = topic,
            Language = HasChinese().IsMatch(rest) ? Language.Chinese : Language.English,
            Desks = all,
            UnknownDesk = topic is Topic.Unknown or Topic.Action or Topic.OneAlert ? null : named.Unknown ?? AsWritten(UnknownDesk(rest, topic, all, near.Unknown), question),
            AsOf = asOf,
            Horizon = horizon,
            GroupBy = BySecurity().IsMatch(rest) ? "security" : ByCurrency().IsMatch(rest) || (currency is not null && !Contributor().IsMatch(rest)) ? "currency" : "trader",
            TraderId = trader,
            SecurityId = security,
            Currency = currency,
            Severity = Critical().IsMatch(rest) ? "CRITICAL" : WarningWord().IsMatch(rest) ? "WARNING" : null,
            IsOpenOnly = Open().IsMatch(rest),
            AlertId = alert is null ? null : Guid.Parse(alert),
            Guesses = [.. named.Guesses, .. near.Guesses],
        };
        string[] ignored = near.Unknown is null || (reading.UnknownDesk is not null && named.Unknown is null) ? [] : near.Unknown.Split(' ');
        // Only positions are asked for by currency; sums by currency show all of them.
        var isFiltered = currency is null || topic == Topic.Positions || reading.GroupBy == "currency";
        return WithDays(reading with { Ignored = isFiltered ? ignored : [.. ignored, currency!] }, rest, now);
    }

    /// <summary>What stands for a desk and is none. Where no desk need be named, only what stands in a desk's place.</summary>
    private static string? UnknownDesk(string rest, Topic topic, IReadOnlyList<string> desks, string? unknown) =>
        unknown is null ? null
        : Vocabulary.StandsForDesk(rest, unknown) || (desks.Count == 0 && topic is Topic.Exposure or Topic.Contributors or Topic.Comparison) ? unknown
        : null;

    private static string? AsWritten(string? words, string question) =>
        words is not null && question.IndexOf(words, StringComparison.OrdinalIgnoreCase) is var at and >= 0 ? question.Substring(at, words.Length) : words;

    private static Topic TopicOf(string rest, int desks, string? trader, string? security)
    {
        if (Action().IsMatch(rest))
        {
            return Topic.Action;
        }

        var isAboutDesks = DeskWord().IsMatch(rest);
        return AlertWord().IsMatch(rest) ? Topic.Alerts
            : Compare().IsMatch(rest) || (desks > 1 && More().IsMatch(rest)) ? Topic.Comparison
            : PositionWord().IsMatch(rest) && !ExposureWord().IsMatch(rest) ? Topic.Positions
            : trader is not null && (ExposureWord().IsMatch(rest) || Contributor().IsMatch(rest)) ? Topic.Trader
            : security is not null ? Topic.Positions
            : By().IsMatch(rest) || Contributor().IsMatch(rest) || (Largest().IsMatch(rest) && !isAboutDesks && (desks > 0 || BySecurity().IsMatch(rest))) ? Topic.Contributors
            : BreachWord().IsMatch(rest) ? Topic.Breaches
            : LimitWord().IsMatch(rest) ? desks > 0 && Within().IsMatch(rest) ? Topic.Exposure : Within().IsMatch(rest) ? Topic.Utilisation : Topic.Limits
            : trader is not null ? Topic.Positions
            : Largest().IsMatch(rest) && isAboutDesks ? Topic.Ranking
            : OverviewWord().IsMatch(rest) ? Topic.Overview
            : ExposureWord().IsMatch(rest) ? desks > 0 ? Topic.Exposure : Vocabulary.Unknown(rest).Count > 0 ? Topic.Exposure : Topic.Overview
            : desks > 0 && How().IsMatch(rest) ? Topic.Exposure
            : isAboutDesks && ListWord().IsMatch(rest) ? Topic.DeskNames
            : Topic.Unknown;
    }

    private static QuestionReading WithDays(QuestionReading reading, string rest, DateTimeOffset now)
    {
        var today = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
        if (reading.Topic == Topic.Alerts && Today().IsMatch(rest))
        {
            return reading with { OpenedFrom = today };
        }

        if (!VaguePast().IsMatch(rest) || reading.AsOf is not null)
        {
            return reading;
        }

        return reading.Topic == Topic.Alerts && Yesterday().IsMatch(rest) ? reading with { OpenedFrom = today.AddDays(-1), OpenedTo = today }
            : reading.Topic is Topic.Unknown or Topic.Action or Topic.OneAlert ? reading
            : reading with { Topic = Topic.VaguePast };
    }

    private string? Horizon(FoldedText text)
    {
        foreach (var name in options.Value.HorizonNames)
        {
            if (text.Find(FoldedText.Fold(name)) is var at and >= 0)
            {
                return Strike(text, at, FoldedText.Fold(name)) is null ? null : name;
            }
        }

        var chinese = text.Rest.Contains("隔夜", StringComparison.Ordinal) ? "overnight" : text.Rest.Contains("日内", StringComparison.Ordinal) ? "intraday" : null;
        return options.Value.HorizonNames.FirstOrDefault(name => name == chinese);
    }

    private static string? Instant(FoldedText text)
    {
        if (Take(text, IsoInstant()) is { } iso)
        {
            var written = iso.ToUpperInvariant().Replace(' ', 'T');
            // Seconds may be left out of a question.
            return WithoutSeconds().Replace(written, "$1:00$2");
        }

        var match = ChineseDate().Match(text.Rest);
        if (!match.Success)
        {
            return null;
        }

        text.Strike(match.Index, match.Length);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{match.Groups["y"].Value}-{int.Parse(match.Groups["m"].Value, CultureInfo.InvariantCulture):00}-{int.Parse(match.Groups["d"].Value, CultureInfo.InvariantCulture):00}");
    }

    private static string? Take(FoldedText text, Regex pattern)
    {
        var match = pattern.Match(text.Rest);
        return match.Success ? Strike(text, match.Index, match.Value) : null;
    }

    private static string Strike(FoldedText text, int at, string found)
    {
        text.Strike(at, found.Length);
        return found;
    }

    /// <summary>An id after its noun, as it is written in the question: ids tell case.</summary>
    private static string? TakeGroup(FoldedText text, Regex pattern, string question)
    {
        var match = pattern.Match(text.Rest);
        if (!match.Success)
        {
            return null;
        }

        var id = match.Groups["id"];
        text.Strike(id.Index, id.Length);
        var at = question.IndexOf(id.Value, StringComparison.OrdinalIgnoreCase);
        return at < 0 ? id.Value : question.Substring(at, id.Length);
    }
}
