using System.Globalization;
using System.Text;
using RiskMonitor.Risk.Texts;

namespace RiskMonitor.Risk.Access;

/// <summary>
/// The rules for the name of a user: it must not look like another one, because readers of the audit log and of acknowledgements see only the name.
/// </summary>
public static class UserName
{
    /// <summary>Names that the monitor gives itself; no user may have one, because the audit log would be ambiguous.</summary>
    public static readonly IReadOnlyList<string> Reserved = ["local-admin", "demo risk manager", "configuration"];

    /// <summary>Names that begin like this are of other kinds of callers: tokens, links in messages, PagerDuty, and commands on this machine.</summary>
    private static readonly string[] s_reservedPrefixes = [TokenPrefix, LinkPrefix, PagerPrefix, "cli:"];

    private const string TokenPrefix = "token:";
    private const string LinkPrefix = "link:";
    private const string PagerPrefix = "pagerduty:";

    /// <summary>Letters that look like others, each with what it looks like. Scripts whose letters are not mistaken for Latin are left out.</summary>
    private static readonly Dictionary<char, char> s_lookalikes = Pairs(
        // Cyrillic.
        "АВЕЅІЈКМНОРСТУХаеѕіјорсухһԁԛԝкмт", "ABESIJKMHOPCTYXaesijopcyxhdqwkmt",
        // Greek.
        "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαεικνορτυχγ", "ABEZHIKMNOPTYXaeikvoptuxy",
        // Latin, and digits.
        "ıɑɡĸ01|I", "iagkollI");

    /// <summary>Who a token's user is: a name of its own kind, because an identity provider may use the name of one of our users.</summary>
    public static string OfToken(string issuer, string name) => $"{TokenPrefix}{issuer}#{name}";

    /// <summary>Who holds the link of a message to an endpoint: whoever reads what is sent there.</summary>
    public static string OfLink(string endpoint) => $"{LinkPrefix}{endpoint}";

    /// <summary>A person whom PagerDuty names, by the endpoint whose incident it is.</summary>
    public static string OfPager(string endpoint) => $"{PagerPrefix}{endpoint}";

    /// <returns>What is wrong with the name and what to change; null when it is right.</returns>
    public static string? Problem(string name, int mostChars) =>
        string.IsNullOrWhiteSpace(name) || name.Length > mostChars || name != name.Trim() || name.Any(char.IsControl)
            ? $"{Shown(name, mostChars)} is no name of a user; give 1 to {mostChars.ToString(CultureInfo.InvariantCulture)} characters without line breaks and without blanks around them"
        : Reserved.FirstOrDefault(reserved => Resemble(reserved, name)) is not null || s_reservedPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            ? $"{Shown(name, mostChars)} is, or looks like, a name that the monitor gives itself; choose another"
        : Unclear(name) is { } unclear ? $"{Shown(name, mostChars)} is no name of a user: it has {unclear}, by which it can be taken for another; write it in plain letters of one script, composed, with single spaces"
        : null;

    /// <summary>Whether a reader can take one for the other: they differ at most in case, in blanks, or in letters that look alike.</summary>
    public static bool Resemble(string a, string b) =>
        string.Equals(Folded(a, asDrawn: false), Folded(b, asDrawn: false), StringComparison.Ordinal)
        || string.Equals(Folded(a, asDrawn: true), Folded(b, asDrawn: true), StringComparison.Ordinal);

    private static string Shown(string name, int mostChars) => VisibleText.QuotedUpTo(name, mostChars);

    /// <param name="asDrawn">A capital I is drawn like a small l; otherwise it is an i.</param>
    private static string Folded(string name, bool asDrawn)
    {
        var folded = new StringBuilder(name.Length);
        foreach (var character in name)
        {
            // Full-width forms stand for ASCII.
            var narrow = character is >= '\uFF01' and <= '\uFF5E' ? (char)(character - 0xFEE0) : character;
            if (char.IsWhiteSpace(narrow) || char.GetUnicodeCategory(narrow) is UnicodeCategory.Format or UnicodeCategory.Control)
            {
                continue;
            }

            var seen = s_lookalikes.GetValueOrDefault(narrow, narrow);
            folded.Append(seen == 'I' && asDrawn ? 'l' : char.ToLowerInvariant(seen));
        }

        return folded.ToString();
    }

    /// <returns>What makes the name unclear; null where nothing does.</returns>
    private static string? Unclear(string name)
    {
        var scripts = new HashSet<Script>();
        Rune? before = null;
        foreach (var rune in name.EnumerateRunes())
        {
            if (!IsUsual(rune))
            {
                return $"the character U+{rune.Value:X4}";
            }

            if (rune.Value == ' ' && before?.Value == ' ')
            {
                return "more than one blank in a row";
            }

            scripts.Add(ScriptOf(rune));
            before = rune;
        }

        scripts.Remove(Script.Other);
        return scripts.Count > 1 ? "letters of several scripts that look alike" : null;
    }

    private static bool IsUsual(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.OtherLetter => !IsVariant(rune.Value),
        // Needed by scripts that write vowels as marks; accents of Latin, Greek and Cyrillic have composed letters.
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark => rune.Value is not ((>= 0x0300 and <= 0x036F) or (>= 0x180B and <= 0x180F) or (>= 0x1AB0 and <= 0x1AFF)
            or (>= 0x1DC0 and <= 0x1DFF) or (>= 0x20D0 and <= 0x20FF) or (>= 0xFE00 and <= 0xFE2F) or 0x17B4 or 0x17B5 or >= 0xE0100),
        UnicodeCategory.DecimalDigitNumber => rune.Value is not ((>= 0xFF10 and <= 0xFF19) or (>= 0x1D7CE and <= 0x1D7FF) or (>= 0x1FBF0 and <= 0x1FBF9)),
        // Marks of repetition and length, usual in Chinese and Japanese names.
        UnicodeCategory.ModifierLetter => rune.Value is 0x3005 or 0x30FC,
        _ => rune.Value is >= ' ' and <= '~',
    };

    /// <summary>Letters that are another way to write others (compatibility forms, phonetic letters, fillers).</summary>
    private static bool IsVariant(int letter) => letter is 0x00AA or 0x00BA or 0x0149 or 0x017F or (>= 0x01C0 and <= 0x01CC) or (>= 0x01F1 and <= 0x01F3) or (>= 0x0250 and <= 0x02AF)
        or 0x115F or 0x1160 or (>= 0x1D00 and <= 0x1DBF) or (>= 0x2100 and <= 0x218F) or (>= 0x3131 and <= 0x318E) or (>= 0xF900 and <= 0xFDFF) or (>= 0xFE70 and <= 0xFFEF)
        or (>= 0x1D400 and <= 0x1EEFF) or (>= 0x2F800 and <= 0x2FA1F);

    /// <summary>Of the scripts whose letters look alike.</summary>
    private static Script ScriptOf(Rune rune) => rune.Value switch
    {
        _ when !Rune.IsLetter(rune) => Script.Other,
        <= 0x024F or (>= 0x1E00 and <= 0x1EFF) or (>= 0x2C60 and <= 0x2C7F) or (>= 0xA720 and <= 0xA7FF) or (>= 0xAB30 and <= 0xAB6F) => Script.Latin,
        (>= 0x0370 and <= 0x03FF) or (>= 0x1F00 and <= 0x1FFF) or (>= 0x2C80 and <= 0x2CFF) => Script.Greek,
        (>= 0x0400 and <= 0x052F) or (>= 0x1C80 and <= 0x1C8F) or (>= 0x2DE0 and <= 0x2DFF) or (>= 0xA640 and <= 0xA69F) => Script.Cyrillic,
        >= 0x0530 and <= 0x058F => Script.Armenian,
        (>= 0x10A0 and <= 0x10FF) or (>= 0x1C90 and <= 0x1CBF) or (>= 0x2D00 and <= 0x2D2F) => Script.Georgian,
        (>= 0x13A0 and <= 0x13FF) or (>= 0xAB70 and <= 0xABBF) => Script.Cherokee,
        (>= 0xA4D0 and <= 0xA4FF) or (>= 0x1400 and <= 0x167F) or (>= 0x10280 and <= 0x1044F) => Script.Rare,
        _ => Script.Other,
    };

    private static Dictionary<char, char> Pairs(params string[] written) => written.Chunk(2)
        .SelectMany(pair => pair[0].Zip(pair[1]))
        .ToDictionary(pair => pair.First, pair => pair.Second);

    private enum Script
    {
        Other,
        Latin,
        Greek,
        Cyrillic,
        Armenian,
        Georgian,
        Cherokee,
        Rare,
    }
}
