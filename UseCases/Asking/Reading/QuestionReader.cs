using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using RiskMonitor.UseCases.Asking.Reading.Quantities;
using RiskMonitor.UseCases.Asking.Reading.Times;

namespace RiskMonitor.UseCases.Asking.Reading;

/// <summary>
/// Reads a question in English or Chinese by fixed rules. It reads and strikes out names first, so that a desk called "Limits and Breaches"
/// does not select a topic; then times, exclusions and amounts; then words. It does not guess, and reports the words that it could not use.
/// </summary>
public sealed partial class QuestionReader(IOptions<UseCaseOptions> options)
{
    public QuestionReading Read(string question, IReadOnlyList<string> desks, DateTimeOffset now)
    {
        var text = FoldedText.Of(question);
        var names = DeskNames.Of(desks);
        var business = new BusinessTime(options.Value.BusinessZone ?? TimeZoneInfo.Utc, now);
        var times = new TimeReader(business);
        var problems = new List<NotUsed>();

        var alert = Cut(text, AlertId());
        var scanned = times.Scan(text.Rest);
        var named = DeskFinder.In(text, question, names, (at, length) => IsName(text, at, length, scanned, names, problems));
        var trader = CutGroup(text, Trader(), question);
        var security = CutGroup(text, Security(), question);
        var said = text.Rest;
        var (when, wrong) = times.Read(text, times.Scan(said));
        problems.AddRange(wrong);

        if (NotThisButThat().Match(text.Rest) is { Success: true } notButThat)
        {
            var written = text.Written(notButThat.Index, notButThat.Length);
            problems.Add(new NotUsed(written, $"'{written}' can be read in two ways; name the desks that are meant, or those that are left out", $"“{written}”有两种读法；请只说明要看的或要排除的交易台"));
        }

        var excludedAt = Excluded(text);
        var age = AgeReader.Read(text);
        var count = AgeReader.Count(text);
        var (bounds, amounts) = AmountReader.Read(text);
        problems.AddRange(amounts);
        var currencies = Currencies(text);
        var horizon = Horizon(text);
        var rest = text.Rest;

        // Words that change the meaning of a question (not, except, since) are never names.
        List<(int At, string Word)> unknown = [.. Vocabulary.Unknown(rest).Where(found => !IsOperator(found.Word) && !(found.Word == "may" && text.Written(found.At, 3) == "may"))];
        var topic = alert is not null ? Topic.OneAlert : TopicOf(rest, named.Mentions.Count - named.Mentions.Count(mention => excludedAt.Contains(mention.At)), trader, security, unknown.Count);
        var near = unknown.Count == 0 ? new FoundDesks([], [], null) : DeskFinder.Near(text, unknown, names);
        // A guessed name may follow "except", too.
        excludedAt.UnionWith(Excluded(text));
        var mentions = named.Mentions.Concat(near.Mentions).ToList();
        List<string> all = [.. mentions.Where(mention => !excludedAt.Contains(mention.At)).Select(mention => mention.Desk).Distinct()];
        List<string> excluded = [.. mentions.Where(mention => excludedAt.Contains(mention.At)).Select(mention => mention.Desk).Distinct().Except(all)];

        var isInBreach = InBreach(rest);
        if (topic == Topic.Unknown && all.Count > 0 && near.Unknown is null && !HasVerb().IsMatch(rest))
        {
            // A question that is only a name asks for the exposure of the desk.
            topic = Topic.Exposure;
        }

        var isByCurrency = ByCurrency().IsMatch(rest) || (currencies.Count > 0 && !Contributor().IsMatch(rest));
        if (topic is Topic.Unknown && excluded.Count > 0 && all.Count == 0)
        {
            topic = Topic.Overview;
        }

        if (topic == Topic.Overview && currencies.Count > 0)
        {
            topic = Topic.Contributors;
        }

        if (topic is Topic.Overview or Topic.Utilisation or Topic.Ranking && all.Count > 0)
        {
            topic = all.Count > 1 ? Topic.Comparison : Topic.Exposure;
        }
        else if (topic == Topic.Comparison && all.Count < 2 && near.Unknown is null)
        {
            if (when is { Kind: not TimeKind.Now })
            {
                problems.Add(new NotUsed(
                    when.Written,
                    $"comparing with '{when.Written}' is not possible; ask for the figures of one time, and then of the other",
                    $"无法与“{when.Written}”比较；请分别询问两个时点的数字"));
            }

            topic = all.Count == 1 ? Topic.Exposure : Topic.Overview;
        }

        var unknownDesk = UnknownDesk(rest, topic, all, near.Unknown);
        if (unknownDesk is not null && named.Unknown is null && topic is not (Topic.Unknown or Topic.Action or Topic.OneAlert) && StandsForTime(rest, unknownDesk, isDeskNamed: all.Count > 0))
        {
            var written = AsWritten(unknownDesk, question)!;
            problems.Add(new NotUsed(
                written,
                $"'{written}' is no desk that you may see, and no time or amount that is read here; write a day as 2026-05-04 and a time as 14:30",
                $"“{written}”不是您可见的交易台，也不是此处能读取的时间或金额；请把日期写作 2026-05-04，时间写作 14:30"));
            unknownDesk = null;
        }

        var reading = new QuestionReading
        {
            Topic = topic,
            Language = HasChinese().IsMatch(said) ? Language.Chinese : Language.English,
            Desks = all,
            Excluded = excluded,
            UnknownDesk = topic is Topic.Unknown or Topic.Action or Topic.OneAlert ? null : named.Unknown ?? AsWritten(unknownDesk, question),
            When = when,
            Bounds = bounds,
            IsInBreach = isInBreach,
            Count = count,
            Horizon = horizon,
            GroupBy = BySecurity().IsMatch(rest) ? "security" : isByCurrency ? "currency" : "trader",
            TraderId = trader,
            SecurityId = security,
            Currency = currencies.Count > 0 ? currencies[0].Code : null,
            Severity = Critical().IsMatch(rest) ? "CRITICAL" : WarningWord().IsMatch(rest) ? "WARNING" : null,
            IsOpenOnly = Open().IsMatch(said) && !CuredWord().IsMatch(rest),
            IsCuredOnly = CuredWord().IsMatch(rest),
            Status = DeadLetterWord().IsMatch(rest) ? "dead_letter" : NotAcked().IsMatch(rest) ? null : AckedWord().IsMatch(rest) ? "consumed" : DeliveredWord().IsMatch(rest) ? "delivered" : null,
            AlertId = alert is null ? null : Guid.Parse(alert),
            Guesses = [.. named.Guesses, .. near.Guesses],
            Ignored = near.Unknown is null ? [] : near.Unknown.Split(' '),
            NotUsed = problems,
            IsTimeUnclear = wrong.Count > 0,
        };
        if (reading.UnknownDesk is not null && named.Unknown is null)
        {
            reading = reading with { Ignored = [] };
        }

        return Fitted(reading, new Parts(text, rest, business, age, currencies));
    }

    /// <summary>Whether characters that spell a desk's name mean the desk and not a time.</summary>
    private static bool IsName(FoldedText text, int at, int length, IReadOnlyList<TimeExpression> times, DeskNames names, List<NotUsed> problems)
    {
        var (rest, end) = (text.Rest, at + length);
        // "May" is a month, and "may" is a verb, as in: which desks may breach?
        if (rest.Substring(at, length) == "may" && text.Written(at, length) == "may" && !names.Named("may", "may").Contains("may") && !DeskBehind().IsMatch(rest, end))
        {
            return false;
        }

        var isCalledDesk = DeskBehind().IsMatch(rest, end) || DeskAhead().IsMatch(rest[..at]);
        var folded = rest.Substring(at, length);
        if (isCalledDesk)
        {
            return true;
        }

        if (times.FirstOrDefault(expression => expression.At < end && at < expression.End) is { } time)
        {
            var expression = text.Rest[time.At..time.End];
            if (length > expression.Length || !(time.At <= at && time.End >= end))
            {
                return true;
            }

            if (expression.Length > length || TimeAhead().IsMatch(rest[..at]))
            {
                // "3 May 2026" and "last Friday" contain more than the name, so they are times.
                return false;
            }

            var written = text.Written(at, length);
            problems.Add(new NotUsed(
                written,
                $"'{written}' is a desk and a time; say \"the {written} desk\", or give a date",
                $"“{written}”既是交易台名称又是时间；请说“{written} 交易台”，或给出日期"));
            return false;
        }

        if (CurrencyWords.Any().Match(folded) is { Success: true } code && code.Length == length && CurrencyAhead().IsMatch(rest[..at]))
        {
            var written = text.Written(at, length);
            problems.Add(new NotUsed(
                written, $"'{written}' is a desk and a currency; say \"the {written} desk\", or leave it out", $"“{written}”既是交易台名称又是货币；请说“{written} 交易台”，或去掉它"));
        }

        return true;
    }

    /// <summary>The positions of excluded desks. Strikes out the words that exclude them.</summary>
    private static HashSet<int> Excluded(FoldedText text)
    {
        var excluded = new HashSet<int>();
        foreach (Match match in Exclusion().Matches(text.Rest))
        {
            excluded.UnionWith(Enumerable.Range(match.Index, match.Length).Where(at => text.Rest[at] == FoldedText.Desk));
            for (var at = match.Index; at < match.Index + match.Length; at++)
            {
                if (text.Rest[at] != FoldedText.Desk)
                {
                    text.Strike(at, 1);
                }
            }
        }

        return excluded;
    }

    private static List<(string? Code, string Written)> Currencies(FoldedText text)
    {
        var found = new List<(string? Code, string Written)>();
        foreach (Match match in CurrencyWords.Any().Matches(text.Rest))
        {
            if (text.StandsAlone(match.Index, match.Length) && !(match.Value == "try"))
            {
                found.Add((CurrencyWords.Code(match.Value), text.Written(match.Index, match.Length)));
                text.Strike(match.Index, match.Length);
            }
        }

        return [.. found.DistinctBy(entry => entry.Code)];
    }

    private static bool? InBreach(string rest)
    {
        // 有没有超限 asks whether a desk is in breach, so it is not a condition.
        rest = Harmless().Replace(rest, " ");
        return OutsideLimits().IsMatch(rest) ? true : WithinLimits().IsMatch(rest) ? false : BreachWord().IsMatch(rest) ? true : null;
    }

    /// <summary>The word used as a desk's name that is not one. If the topic needs no desk, only words in the position of a desk's name count.</summary>
    private static string? UnknownDesk(string rest, Topic topic, IReadOnlyList<string> desks, string? unknown) =>
        unknown is null ? null
        : Vocabulary.StandsForDesk(rest, unknown) || (desks.Count == 0 && topic is Topic.Exposure or Topic.Contributors or Topic.Comparison) ? unknown
        : null;

    private static bool IsOperator(string word) =>
        word is "non" or "ex" or "pre" or "post" or "mid" or "anti" || (Operator().Match(word) is { Success: true } match && match.Length == word.Length);

    /// <summary>
    /// Whether an unknown name is in the position of a time or an amount: "on 2026-W48", "at market open", "28号". The answer "no such desk"
    /// would then answer another question.
    /// </summary>
    private static bool StandsForTime(string rest, string words, bool isDeskNamed)
    {
        var at = rest.IndexOf(words, StringComparison.Ordinal);
        return TimeLike().IsMatch(words) || (isDeskNamed && at >= 0 && BeforeTime().IsMatch(rest[..at]));
    }

    private static string? AsWritten(string? words, string question) =>
        words is not null && question.IndexOf(words, StringComparison.OrdinalIgnoreCase) is var at and >= 0 ? question.Substring(at, words.Length) : words;

    private static Topic TopicOf(string rest, int desks, string? trader, string? security, int unknown)
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
            : WhoBreaches().IsMatch(rest) ? desks > 0 ? Topic.Exposure : Topic.Breaches
            : By().IsMatch(rest) || Contributor().IsMatch(rest) || (Largest().IsMatch(rest) && !isAboutDesks && (desks > 0 || BySecurity().IsMatch(rest))) ? Topic.Contributors
            : BreachWord().IsMatch(rest) || WithinLimits().IsMatch(rest) || OutsideLimits().IsMatch(rest) ? desks > 0 ? Topic.Exposure : Topic.Breaches
            : LimitWord().IsMatch(rest) ? desks > 0 && Within().IsMatch(rest) ? Topic.Exposure : Within().IsMatch(rest) ? Topic.Utilisation : Topic.Limits
            : trader is not null ? Topic.Positions
            : Largest().IsMatch(rest) && isAboutDesks ? Topic.Ranking
            : OverviewWord().IsMatch(rest) ? Topic.Overview
            : ExposureWord().IsMatch(rest) ? desks > 0 || unknown > 0 ? Topic.Exposure : Topic.Overview
            : desks > 0 && How().IsMatch(rest) ? Topic.Exposure
            : isAboutDesks && ListWord().IsMatch(rest) ? Topic.DeskNames
            : Topic.Unknown;
    }

    private string? Horizon(FoldedText text)
    {
        foreach (var name in options.Value.HorizonNames())
        {
            if (text.Find(FoldedText.Fold(name)) is var at and >= 0)
            {
                text.Strike(at, FoldedText.Fold(name).Length);
                return name;
            }
        }

        var (chinese, meant) = text.Rest.Contains("隔夜", StringComparison.Ordinal) ? ("隔夜", "overnight") : text.Rest.Contains("日内", StringComparison.Ordinal) ? ("日内", "intraday") : ("", "");
        if (chinese.Length > 0)
        {
            text.Strike(text.Rest.IndexOf(chinese, StringComparison.Ordinal), chinese.Length);
        }

        return options.Value.HorizonNames().FirstOrDefault(name => name == meant);
    }

    private static string? Cut(FoldedText text, Regex pattern)
    {
        var match = pattern.Match(text.Rest);
        if (!match.Success)
        {
            return null;
        }

        text.Strike(match.Index, match.Length);
        return match.Value;
    }

    /// <summary>An id after its noun, in the case of the question, because ids are case-sensitive.</summary>
    private static string? CutGroup(FoldedText text, Regex pattern, string question)
    {
        var match = pattern.Match(text.Rest);
        if (!match.Success)
        {
            return null;
        }

        var id = match.Groups["id"];
        var written = text.Written(id.Index, id.Length);
        text.Strike(id.Index, id.Length);
        return written.Length > 0 ? written : question;
    }

    /// <summary>Intermediate results of reading that the reading itself does not contain.</summary>
    /// <param name="Rest">The question after names, times and amounts were struck out.</param>
    private sealed record Parts(FoldedText Text, string Rest, BusinessTime Business, Age? Age, IReadOnlyList<(string? Code, string Written)> Currencies);
}
