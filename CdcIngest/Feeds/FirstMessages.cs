using RiskMonitor.CdcIngest.Decoding;

namespace RiskMonitor.CdcIngest.Feeds;

/// <summary>Finds out from the first messages of a file which topic it is about.</summary>
/// <param name="decoder">Separates changes of positions from other messages.</param>
internal sealed class FirstMessages(DebeziumDecoder decoder)
{
    private string? _change;
    private string? _aboutPositions;
    private string? _first;

    /// <summary>The topic of the first change of a position; else of the first message that may be about positions, else of the first message. Null: there is none.</summary>
    public string? Topic => _change ?? _aboutPositions ?? _first;

    /// <summary>What was wrong with the first line that could not be read; null: nothing.</summary>
    public string? Problem { get; private set; }

    /// <returns>True for a change of a position: no more messages are needed.</returns>
    public bool IsChange(in FeedMessage message)
    {
        Problem ??= message.Problem;
        if (message.Delivery.Partition < 0)
        {
            return false;
        }

        var topic = message.Delivery.Topic;
        var decoded = decoder.Decode(message);
        if (decoded is DecodedMessage.Row)
        {
            _change = topic;
            return true;
        }

        var isAboutPositions = message.Key.Span.IndexOf("position_id"u8) >= 0 || message.Value.Span.IndexOf("position_id"u8) >= 0;
        _aboutPositions ??= isAboutPositions && decoded is not DecodedMessage.OtherTable ? topic : null;
        _first ??= topic;
        return false;
    }
}
