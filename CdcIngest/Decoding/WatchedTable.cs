using System.Text;
using System.Text.Json;

namespace RiskMonitor.CdcIngest.Decoding;

/// <summary>
/// Separates rows of the watched table from those of others that share a file or a merged topic: by what the message says of its table, else by
/// the topic, where it is named as connectors name topics (<c>prefix.db.table</c>). The name of a topic that a transform renamed says nothing.
/// </summary>
internal sealed class WatchedTable(string table, string? database)
{
    private readonly byte[] table = Encoding.UTF8.GetBytes(table);
    private readonly byte[] database = Encoding.UTF8.GetBytes(database ?? "");
    private Topic? last;

    /// <summary>Null for a row of the watched table, or where the message does not say.</summary>
    public DecodedMessage.OtherTable? Foreign(in MetadataSlots metadata, string topic)
    {
        if (metadata.Table.IsMissing)
        {
            return ForeignTopic(topic);
        }

        if (metadata.Table.Kind != JsonTokenType.String)
        {
            throw ColumnReader.Unexpected("", "source.table", "the name of a table", metadata.Table);
        }

        if (metadata.Database.IsPresent && !metadata.Database.IsMissing && metadata.Database.Kind != JsonTokenType.String)
        {
            throw ColumnReader.Unexpected("", "source.db", "the name of a database", metadata.Database);
        }

        var isTable = table.Length == 0 || metadata.Table.Text().SequenceEqual(table);
        var isDatabase = database.Length == 0 || metadata.Database.IsMissing || metadata.Database.Text().SequenceEqual(database);
        if (isTable && isDatabase)
        {
            return null;
        }

        var name = Encoding.UTF8.GetString(metadata.Table.Text());
        return new(metadata.Database.IsMissing ? name : $"{Encoding.UTF8.GetString(metadata.Database.Text())}.{name}", IsKnownFromTopic: false);
    }

    /// <summary>Null for a topic of the watched table, and for one whose name says nothing.</summary>
    public DecodedMessage.OtherTable? ForeignTopic(string topic)
    {
        var known = Volatile.Read(ref last);
        if (known is null || !ReferenceEquals(known.Name, topic))
        {
            known = new Topic(topic, Judge(topic));
            Volatile.Write(ref last, known);
        }

        return known.Foreign;
    }

    private DecodedMessage.OtherTable? Judge(string topic)
    {
        // A default message has none.
        var parts = topic?.Split('.') ?? [];
        if (parts.Length < 3)
        {
            return null;
        }

        var isTable = table.Length == 0 || parts[^1] == Encoding.UTF8.GetString(table);
        var isDatabase = database.Length == 0 || parts[^2] == Encoding.UTF8.GetString(database);
        return isTable && isDatabase ? null : new(topic!, IsKnownFromTopic: true);
    }

    private sealed record Topic(string? Name, DecodedMessage.OtherTable? Foreign);
}
