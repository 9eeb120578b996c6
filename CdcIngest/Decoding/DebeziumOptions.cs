using Microsoft.Extensions.Options;

namespace RiskMonitor.CdcIngest.Decoding;

/// <summary>What the messages of a connector do not say themselves.</summary>
public sealed class DebeziumOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Feed:Debezium";

    /// <summary>
    /// The prefix of the fields that <c>ExtractNewRecordState</c> adds to a flattened row (<c>add.fields.prefix</c>): <c>__</c> by default,
    /// possibly empty. Null: <c>__</c>, and where a row has no such fields, none; right unless the table has columns named like them.
    /// </summary>
    public string? MetadataPrefix { get; set; }

    /// <summary>Digits after the point of decimals that come as bytes without a schema: the table's own scale, 4.</summary>
    public int DecimalScale { get; set; } = 4;

    /// <summary>The table whose rows are positions (<c>source.table</c>); rows of others are not applied. Empty: whatever the table.</summary>
    public string Table { get; set; } = "positions";

    /// <summary>The database of that table (<c>source.db</c>); null or empty: any.</summary>
    public string? Database { get; set; }

    /// <exception cref="OptionsValidationException">A value is unusable; the message names key, value and remedy.</exception>
    public void Validate()
    {
        if (DecimalScale is < 0 or > 28)
        {
            throw Unusable($"{Section}:{nameof(DecimalScale)} is {DecimalScale}; give the scale of the decimal columns, from 0 to 28.");
        }

        if (MetadataPrefix is not null && MetadataPrefix.Any(char.IsWhiteSpace))
        {
            throw Unusable(
                $"{Section}:{nameof(MetadataPrefix)} is '{MetadataPrefix}'; give the connector's add.fields.prefix, which holds no white space, or leave it out.");
        }

        Name(nameof(Table), Table, "the table's name alone, as the connector's source.table tells it (usual: positions)");
        Name(nameof(Database), Database, "the database's name alone, as the connector's source.db tells it, or leave it out");
    }

    private static void Name(string key, string? name, string remedy)
    {
        if (name is not null && (name != name.Trim() || name.Any(character => char.IsControl(character) || character is '.' or '`' or '"')))
        {
            throw Unusable($"{Section}:{key} is '{name}'; give {remedy}.");
        }
    }

    private static OptionsValidationException Unusable(string problem) => new(Section, typeof(DebeziumOptions), [problem]);
}
