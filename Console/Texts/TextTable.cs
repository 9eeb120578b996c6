using RiskMonitor.WebConsole.Shell;

namespace RiskMonitor.WebConsole.Texts;

/// <summary>The words of the console in one language. The English text is the key, so that a page can be read in its source.</summary>
public sealed class TextTable
{
    private static readonly TextTable s_english = new(new Dictionary<string, string>());
    private static readonly TextTable s_chinese = new(ChineseTexts.All);

    private readonly IReadOnlyDictionary<string, string> _texts;

    private TextTable(IReadOnlyDictionary<string, string> texts) => _texts = texts;

    /// <summary>The English text itself where there is no other.</summary>
    public string this[string english] => _texts.GetValueOrDefault(english, english);

    public bool Has(string english) => _texts.ContainsKey(english);

    /// <summary>A text with values in the places {0}, {1}…</summary>
    public string Of(string english, params object[] values) => string.Format(System.Globalization.CultureInfo.InvariantCulture, this[english], values);

    /// <summary>A name of the API for a reader: net_delta is "Net delta".</summary>
    public string Name(string apiName) => this[Names.Readable(apiName)];

    public static TextTable Of(string language) => language == Preferences.Chinese ? s_chinese : s_english;
}
