using System.Text.Json;
using System.Text.Json.Serialization;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Pipeline;

/// <summary>
/// The checkpoint of one partition as JSON, which operators can read in the database. A version is in it: a new one is added beside the old ones.
/// </summary>
internal static class CheckpointCodec
{
    private const int Version = 1;

    public static byte[] Write(PartitionCheckpoint checkpoint) =>
        JsonSerializer.SerializeToUtf8Bytes(checkpoint with { Version = Version }, CheckpointJson.Default.PartitionCheckpoint);

    /// <exception cref="InvalidDataException">The bytes are not a checkpoint that this program reads.</exception>
    public static PartitionCheckpoint Read(ReadOnlySpan<byte> bytes)
    {
        PartitionCheckpoint? checkpoint;
        try
        {
            checkpoint = JsonSerializer.Deserialize(bytes, CheckpointJson.Default.PartitionCheckpoint);
        }
        catch (JsonException damaged)
        {
            throw new InvalidDataException($"the stored checkpoint cannot be read: {damaged.Message}", damaged);
        }

        return checkpoint is { Version: >= 1 and <= Version }
            ? checkpoint
            : throw new InvalidDataException($"a stored checkpoint has format {checkpoint?.Version}, and this program reads 1 to {Version}: run the version that wrote it, or a newer one");
    }
}

/// <summary>How far a partition is, and what its next owner needs to go on.</summary>
/// <param name="Progress">Offsets and source positions.</param>
/// <param name="TopicId">The identity of the topic, where the broker tells one: a topic that is made anew gets another.</param>
/// <param name="TopicPartitions">How many partitions the topic had.</param>
internal sealed record PartitionCheckpoint(
    PartitionRecord Progress,
    DateTimeOffset? AppliedThrough,
    bool? TombstonesAccompanyDeletes,
    IReadOnlyList<DeletedPosition> Deleted,
    SourcePosition? DeletesForgotten,
    string? TopicId,
    int TopicPartitions)
{
    public int Version { get; init; }
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PartitionCheckpoint))]
internal sealed partial class CheckpointJson : JsonSerializerContext;
