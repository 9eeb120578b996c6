using Microsoft.Data.Sqlite;
using RiskMonitor.CdcIngest.Decoding;
using RiskMonitor.CdcIngest.Sqlite;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Tests.Feeds;

/// <summary>Entries that are read as values must mean what the message means that would be written of them.</summary>
public sealed class OutboxRowTests : IDisposable
{
    private const long Log = 3;
    private static readonly FeedPartition s_partition = new("positions_cdc", 0);

    /// <summary>By column: usual values first, which are drawn more often.</summary>
    private static readonly string[][] s_values =
    [
        ["1793606400308", "1793606400000", "NULL", "'soon'", "9e18"],
        ["'c'", "'u'", "'d'", "'r'", "'t'", "'x'", "NULL"],
        ["NULL", "NULL", "'first'", "'true'", "'last'", "'reconcile:7'", "'other'", "1"],
        ["NULL", "17", "'18'"],
        ["NULL", "1", "2"],
        ["'P1'", "'P-2'", "'a\"b'", "'é'", "''", "'  '", "7", "NULL", "x'00'", "CAST(x'ff' AS TEXT)", "replace(hex(zeroblob(26)), '00', 'x') || 'yyyyyyyyyyyyyyyyyyyyyyyyyy'"],
        ["'t1'", "'trader'", "1", "NULL", "' '", "'a\tb'", "hex(zeroblob(26))"],
        ["'Rates'", "'FX'", "'汇率'", "NULL", "2.5", "hex(zeroblob(51))"],
        ["'ESZ6'", "'ISIN-US1'", "NULL", "x'41'"],
        ["1", "'1.50'", "2.5", "'-0.00'", "NULL", "'much'", "'1e3'", "1e18", "9223372036854775807", "100 * 1.1", "'1234'", "'abcd'"],
        ["'10.5'", "-3", "NULL", "0.1", "-0.0", "'1e30'", "'12345678901234567890.1'", "'0.0000000000000000000000000001'", "9e999", "'.5'", "' 1'"],
        ["'2026-05-02'", "'2026-05-02Z'", "'2026-02-30'", "'2026-05-02 00:00:00'", "20260502", "20575", "NULL", "'20260502'"],
        ["'USD'", "'EUR'", "'usd'", "'DOLLAR'", "NULL", "840"],
        ["'2026-05-02 10:00:00'", "NULL", "'never'"],
        ["'2026-05-02T10:11:12.123456789Z'", "'2026-05-02 10:00:00'", "'2026-05-02 10:00'", "'2026-05-02'", "1793606400", "'1793606400'", "NULL", "'2026-05-02T10:00:00+02:00'", "'9999-12-31T23:59:59-10:00'", "'x'"],
        ["NULL", "'Rates'", "'FX'", "' '", "3", "hex(zeroblob(51))"],
    ];

    private readonly SqliteConnection _connection = new("Data Source=:memory:");
    private readonly DebeziumDecoder _decoder = new(new DebeziumOptions());
    private readonly OutboxRow _values = new(s_partition, OutboxEntry.Beginning(Log), new Utf8StringPool(64));
    private readonly OutboxJson _written = new();

    public OutboxRowTests()
    {
        _connection.Open();
        _connection.Execute(OutboxSchema.Outbox);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Values_mean_what_the_message_means(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 10_000; i++)
        {
            // Mostly usual values, so that many entries are read as values although one unusual value is enough to prevent it.
            Insert([.. s_values.Select(values => values[random.Next(random.Next(12) == 0 ? values.Length : Math.Min(values.Length, 2))])]);
        }

        var asValues = 0;
        Each((entry, number) =>
        {
            var expected = _decoder.Decode(OutboxEntry.Read(entry, s_partition, OutboxEntry.File(Log), _written));
            if (_values.TryRead(entry, out var message))
            {
                asValues++;
                Assert.Equal(expected, _decoder.Decode(message));
                Assert.Equal(new Delivery(s_partition.Topic, 0, number), message.Delivery);
            }
        });

        Assert.InRange(asValues, 2_000, 9_900);
    }

    [Fact]
    public void Every_usual_entry_is_read_as_values()
    {
        string[][] usual =
        [
            ["1793606400308", "'c'", "NULL", "NULL", "NULL", "'P1'", "'t1'", "'Rates'", "'ESZ6'", "1", "'10.5'", "'2026-05-02'", "'USD'", "'2026-05-02 10:00:00'", "'2026-05-02 10:00:00'", "NULL"],
            ["1793606400308", "'u'", "NULL", "NULL", "NULL", "'P1'", "'t1'", "'FX'", "'ESZ6'", "1.5", "NULL", "'2026-05-02'", "'USD'", "NULL", "NULL", "'Rates'"],
            ["1793606400308", "'d'", "NULL", "NULL", "NULL", "'P1'", "NULL", "NULL", "NULL", "NULL", "NULL", "NULL", "NULL", "NULL", "NULL", "'FX'"],
            ["1793606400308", "'r'", "'first'", "9", "1", "'P1'", "'t1'", "'Rates'", "'ESZ6'", "1", "'10.5'", "'2026-05-02'", "'USD'", "NULL", "'2026-05-02T10:00:00.000Z'", "NULL"],
        ];
        foreach (var entry in usual)
        {
            Insert(entry);
        }

        Each((entry, number) => Assert.True(_values.TryRead(entry, out _), $"entry {number}"));
    }

    [Fact]
    public void The_fingerprint_is_of_every_value()
    {
        string[] entry = ["1", "'u'", "NULL", "NULL", "NULL", "'P1'", "'t1'", "'Rates'", "'ESZ6'", "1", "2", "'2026-05-02'", "'USD'", "NULL", "'2026-05-02 10:00:00'", "NULL"];
        Insert(entry);
        Insert(entry);
        foreach (var (column, value) in new[] { (0, "2"), (1, "'c'"), (3, "5"), (5, "'P2'"), (6, "'t2'"), (7, "'FX'"), (8, "'s'"), (9, "3"), (10, "NULL"), (11, "'2026-05-03'"), (12, "'EUR'"), (14, "NULL"), (15, "'FX'") })
        {
            Insert([.. entry[..column], value, .. entry[(column + 1)..]]);
        }

        var fingerprints = new List<long>();
        Each((found, _) => fingerprints.Add(_values.TryRead(found, out var message) ? message.Change!.Fingerprint : 0));

        Assert.Equal(fingerprints[0], fingerprints[1]);
        Assert.Equal(14, fingerprints.Distinct().Count());
    }

    public void Dispose()
    {
        _written.Dispose();
        _connection.Dispose();
    }

    private void Insert(string[] values) =>
        _connection.Execute($"INSERT INTO positions_outbox (at, op, mark, pos, copies, {OutboxSchema.Columns}, was_desk) VALUES ({string.Join(", ", values)})");

    private void Each(Action<SQLitePCL.sqlite3_stmt, long> check)
    {
        using var command = _connection.Command($"SELECT {OutboxEntry.Columns} FROM positions_outbox ORDER BY id");
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            check(reader.Handle!, reader.GetInt64(0));
        }
    }
}
