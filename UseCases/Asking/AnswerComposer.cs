using System.Globalization;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Asking.Reading;
using RiskMonitor.UseCases.Asking.Writing;

namespace RiskMonitor.UseCases.Asking;

/// <summary>
/// Answers one question by fixed rules: makes the tool calls that its topic needs, and writes the conclusion from their results. This file holds what the
/// answers to all topics share; the other files hold one kind of topic each.
/// </summary>
/// <param name="visible">The names of the desks that the caller may see.</param>
public sealed partial class AnswerComposer(QuestionReading reading, ToolCallSession session, IReadOnlyList<string> visible, CancellationToken cancellationToken)
{
    private const int MostDesks = 5;
    private const int MostContributors = 5;

    /// <summary>Page size of the lists that an answer reads in full if they fit.</summary>
    private const int Rows = 25;

    private readonly List<RequestException> _refused = [];
    private readonly List<ToolResult> _results = [];

    private bool IsChinese => reading.Language == Language.Chinese;

    private string Names => string.Join(IsChinese ? "、" : ", ", reading.Desks.Take(MostDesks).Select(NameText.Quoted));

    private string ExcludedNames => string.Join(IsChinese ? "、" : ", ", reading.Excluded.Select(NameText.Quoted));

    private string NamesOrAll => reading.Desks.Count > 0 ? Names
        : reading.Excluded.Count == 0 ? IsChinese ? "全部交易台" : "all desks"
        : IsChinese ? $"除 {ExcludedNames} 外的全部交易台" : $"all desks without {ExcludedNames}";

    private string InCurrency => reading.Currency is { } currency ? IsChinese ? $"（{currency}）" : $" in {currency}" : "";

    private string When => reading.AsOf is { } instant ? $"{(IsChinese ? "，截至 " : " as of ")}{instant}" : "";

    /// <summary>The number of rows of a ranking.</summary>
    private int Count => reading.Count ?? MostContributors;

    private (string Name, object? Value) Excluded => ("exclude_desks", reading.Excluded.Count == 0 ? null : reading.Excluded);

    private ConclusionBuilder NewConclusion() => new(reading.Language, [.. _results]);

    private AnswerDraft Complete(ConclusionBuilder text, string english, string chinese)
    {
        if (reading.Ignored.Count > 0 && reading.Topic is not (Topic.Unknown or Topic.Action or Topic.VaguePast) && reading.NotUsed.Count == 0)
        {
            var words = string.Join(IsChinese ? "、" : ", ", reading.Ignored.Select(NameText.Quoted));
            text.Write($"Not understood and left aside: {words}.", $"未理解而略去：{words}。");
        }

        foreach (var refused in _refused.Select(error => error.Message).Distinct())
        {
            text.Write($"{Capitalised(refused)}.", $"{refused}。");
        }

        if (reading.Topic != Topic.DeskNames)
        {
            DataCaveats.Write(text);
        }

        var understood = string.Join(
            IsChinese ? "；" : "; ",
            new[] { IsChinese ? chinese : english }
                .Concat(reading.Guesses)
                .Concat(reading.Desks.Count > MostDesks ? [string.Create(CultureInfo.InvariantCulture, $"{(IsChinese ? "只回答前" : "only the first")} {MostDesks}")] : Array.Empty<string>())
                .Concat(reading.Ignored.Count > 0 ? [$"{(IsChinese ? "未理解" : "not understood")}: {NameText.Escaped(string.Join(' ', reading.Ignored))}"] : Array.Empty<string>()));
        return text.ToDraft(understood);
    }

    /// <summary>Capitalises the first letter, unless the sentence begins with the name of a field.</summary>
    private static string Capitalised(string sentence) =>
        sentence.AsSpan(0, Math.Max(0, sentence.IndexOf(' ', StringComparison.Ordinal))).ContainsAny('_', ':') ? sentence : char.ToUpperInvariant(sentence[0]) + sentence[1..];
}
