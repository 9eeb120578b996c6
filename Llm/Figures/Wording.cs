using System.Text.RegularExpressions;

namespace RiskMonitor.Llm.Figures;

/// <summary>What the words beside a figure say of it.</summary>
/// <param name="Direction">1 long, −1 short, 0 neither.</param>
/// <param name="Movement">That something has moved by the figure: 1 up, −1 down, 0 either way; null where the words say no such thing.</param>
internal sealed partial record Wording(int Direction, bool SaysNet, bool SaysGross, bool SaysRule, int? Movement)
{
    public static Wording Of(string rest, IReadOnlyList<Figure> figures, int index)
    {
        var figure = figures[index];
        var before = rest[(index == 0 ? 0 : figures[index - 1].End)..figure.Start];
        before = before[(Break().Matches(before).LastOrDefault() is { } last ? last.Index + last.Length : 0)..];
        var after = rest[figure.End..(index + 1 < figures.Count ? figures[index + 1].Start : rest.Length)];
        after = after[..(Break().Match(after) is { Success: true } first ? first.Index : after.Length)];

        // Words before a figure belong to it; those behind it do where there are none before, as in "400,000 short".
        var near = Word().IsMatch(before) ? before : after;
        return new Wording(DirectionIn(near), Net().IsMatch(near), Gross().IsMatch(near), Rule().IsMatch(before) || Rule().IsMatch(after), MovementIn(before));
    }

    private static int DirectionIn(string words) => Word().Matches(words).LastOrDefault(word => word.Groups["short"].Success || word.Groups["long"].Success) is { } said
        ? said.Groups["short"].Success ? -1 : 1
        : 0;

    /// <summary>What must or would move has not moved.</summary>
    private static int? MovementIn(string words) => Conditional().IsMatch(words) || Moved().Matches(words).LastOrDefault() is not { } moved ? null
        : moved.Groups["up"].Success ? 1
        : moved.Groups["down"].Success ? -1
        : 0;

    [GeneratedRegex(@"\b(?:must|should|would|could|can|may|might|will|shall|needs?|ha(?:s|ve|d)\sto|to\sbe|if|unless|until)\b|须|需|应|如果|若", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Conditional();

    [GeneratedRegex(
        @"(?<up>\b(?:rose|risen|increased|grew|grown|climbed|jumped|gained|added|(?:went|gone|moved|came|up)\sup|up\sby)\b|增加了|上升了|增长了)"
        + @"|(?<down>\b(?:fell|fallen|decreased|dropped|declined|shrank|shrunk|(?:went|gone|moved|came|come)\sdown|down\sby)\b|减少了|下降了)"
        + @"|\b(?:changed|moved)\sby\b|\b(?:changes?|moves?|movements?)\sof\b|变动了",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Moved();

    [GeneratedRegex(@"[,.;:()（），。；：、\n—]|\b(?:and|but|against|versus|vs|while|with|of its|limit)\b|和|而|但|限额", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Break();

    [GeneratedRegex(@"(?<short>\b(?:short|negative|minus)\b|空头|净空|做空|空仓|负)|(?<long>\b(?:long|positive)\b|多头|净多|做多|多仓)|\bnet\b|净|\bgross\b|毛|总额", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Word();

    [GeneratedRegex(@"\bnet\b|净", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Net();

    [GeneratedRegex(@"\bgross\b|毛|总额", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Gross();

    [GeneratedRegex(@"\bwarn|\bcure|\bseverity|\bcritical|预警|警戒|恢复|严重", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Rule();
}
