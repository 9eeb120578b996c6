using System.Globalization;
using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using RiskMonitor.CdcIngest.Decoding;

namespace RiskMonitor.CdcIngest.Tests.Decoding;

public sealed class DecimalTests
{
    [Theory]
    [InlineData("\"0.0000\"", "0")]
    [InlineData("\"-0.0001\"", "-0.0001")]
    [InlineData("\"99999999999999.9999\"", "99999999999999.9999")]
    [InlineData("\"-99999999999999.9999\"", "-99999999999999.9999")]
    [InlineData("\"123456789012345678.1234567890\"", "123456789012345678.1234567890")]
    [InlineData("\"1.00000000000000000000000000000000000000000000000000\"", "1")]
    [InlineData("\"0.0000000000000000000000000001\"", "0.0000000000000000000000000001")]
    [InlineData("4894.4058", "4894.4058")]
    [InlineData("-1.0E-4", "-0.0001")]
    [InlineData("9.99999999999999E13", "99999999999999.9")]
    [InlineData("1e17", "100000000000000000")]
    [InlineData("0", "0")]
    [InlineData("0e400", "0")]
    [InlineData("17", "17")]
    [InlineData("\"AQ==\"", "0.0001")]
    [InlineData("\"\\u0041Q==\"", "0.0001")]
    [InlineData("\"/w==\"", "-0.0001")]
    [InlineData("\"\\/w==\"", "-0.0001")]
    [InlineData("\"AA==\"", "0")]
    [InlineData("\"DeC2s6dj//8=\"", "99999999999999.9999")]
    [InlineData("\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB\"", "0.0001")]
    [InlineData("\"/////////////////////////////////////w==\"", "-0.0001")]
    public void A_decimal_is_read_exactly_as_it_was_written(string json, string expected)
    {
        var row = Read.Row(Read.Flat(("quantity", json), ("delta", "null")));

        Assert.Equal(decimal.Parse(expected, CultureInfo.InvariantCulture), row.After!.Quantity);
    }

    [Theory]
    [InlineData("\"\"")]
    [InlineData("\"-\"")]
    [InlineData("\".\"")]
    [InlineData("\"1.2.3\"")]
    [InlineData("\"1,5\"")]
    [InlineData("\"0x1\"")]
    [InlineData("\" 1.0\"")]
    [InlineData("\"1.0e\"")]
    [InlineData("\"NaN\"")]
    [InlineData("\"1000000000000000000.0\"")]
    [InlineData("\"-1000000000000000000.0\"")]
    [InlineData("\"1.00000000000000000000000000001\"")]
    [InlineData("1e18")]
    [InlineData("1e99999")]
    [InlineData("1e-30")]
    [InlineData("123456789012345678901234567890123456789012345")]
    [InlineData("\"AQ=\"")]
    [InlineData("\"fwAAAAAAAAAAAAAAAAAAAAAAAAA=\"")]
    [InlineData("true")]
    [InlineData("{}")]
    [InlineData("[1]")]
    public void What_no_decimal_column_can_hold_is_unreadable_and_the_reason_names_the_column(string json)
    {
        var unreadable = Read.Unreadable(Read.Flat(("quantity", json), ("delta", "null")));

        Assert.StartsWith("quantity: expected a decimal", unreadable.Reason, StringComparison.Ordinal);
        Assert.Equal("P1", unreadable.PositionId);
    }

    [Fact]
    public void A_delta_that_is_null_or_left_out_is_not_priced()
    {
        Assert.Null(Read.Row(Read.Flat(("delta", "null"))).After!.Delta);
        Assert.Null(Read.Row(Read.Flat(("delta", null))).After!.Delta);
    }

    [Theory]
    [InlineData("bytes", "1234", -265.8824)]
    [InlineData("string", "1234", 1234)]
    [InlineData("string", "1E+3", 1000)]
    public void A_schema_settles_whether_digits_are_a_number_or_base64(string type, string digits, double expected)
    {
        var value = $$"""{"schema":{"type":"struct","fields":[{"type":"{{type}}","field":"quantity"}]},"payload":{{Read.Flat(("quantity", $"\"{digits}\""))}}}""";

        Assert.Equal((decimal)expected, Read.Row(value).After!.Quantity);
    }

    [Theory]
    [InlineData("\"10.0000\"", "\"5000\"", 5000)]
    [InlineData("\"AYag\"", "\"1234\"", -265.8824)]
    [InlineData("\"2000\"", "\"5000\"", 5000)]
    public void Digits_without_a_schema_are_what_the_rows_other_column_is(string quantity, string delta, double expected) =>
        Assert.Equal((decimal)expected, Read.Row(Read.Flat(("quantity", quantity), ("delta", delta))).After!.Delta);

    [Fact]
    public void A_word_among_numbers_is_no_base64() =>
        Assert.Contains("delta", Read.Unreadable(Read.Flat(("quantity", "\"10.0000\""), ("delta", "\"much\""))).Reason, StringComparison.Ordinal);

    [Fact]
    public void Digits_alone_are_what_the_row_before_was()
    {
        var decoder = new DebeziumDecoder(new DebeziumOptions());
        Assert.Equal(-265.8824m, new[] { ("AYag", "AeI="), ("1234", "1234") }.Select(row =>
        {
            var value = Read.Flat(("quantity", $"\"{row.Item1}\""), ("delta", $"\"{row.Item2}\""));
            return ((DecodedMessage.Row)decoder.Decode(new(default, default, System.Text.Encoding.UTF8.GetBytes(value), true))).After!.Quantity;
        }).ToList()[^1]);
    }

    [Fact]
    public void The_scale_comes_from_the_schema_and_else_from_the_options()
    {
        var flat = Read.Flat(("quantity", "\"AeI=\""), ("delta", "null"));
        var wrapped = $$"""{"schema":{"fields":[{"type":"bytes","name":"org.apache.kafka.connect.data.Decimal","parameters":{"scale":"2"},"field":"quantity"}]},"payload":{{flat}}}""";

        Assert.Equal(4.82m, Read.Row(wrapped).After!.Quantity);
        Assert.Equal(0.0482m, Read.Row(flat).After!.Quantity);
        Assert.Equal(482m, Read.Row(flat, options: new DebeziumOptions { DecimalScale = 0 }).After!.Quantity);
    }

    [Fact]
    public void A_change_of_the_schema_is_noticed_at_once()
    {
        var decoder = new DebeziumDecoder(new DebeziumOptions());

        Assert.Equal([4.82m, 0.482m, 4.82m], new[] { 2, 3, 2 }.Select(scale =>
        {
            var value = $$"""{"schema":{"fields":[{"type":"bytes","parameters":{"scale":"{{scale}}"},"field":"quantity"}]},"payload":{{Read.Flat(("quantity", "\"AeI=\""), ("delta", "null"))}}}""";
            return ((DecodedMessage.Row)decoder.Decode(new(default, default, System.Text.Encoding.UTF8.GetBytes(value), true))).After!.Quantity;
        }));
    }

    [Fact]
    public void Any_value_of_the_column_survives_each_of_its_forms() =>
        Prop.ForAll(ColumnValues(), value =>
        {
            var text = value.ToString("F4", CultureInfo.InvariantCulture);
            var unscaled = (long)(value * 10_000m);
            return Quantity($"\"{text}\"") == value
                && Quantity(text) == value
                && Quantity($"\"{Base64(unscaled, padding: 0)}\"") == value
                && Quantity($"\"{Base64(unscaled, padding: 3)}\"") == value;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_decimal_within_the_limit_survives_as_text_and_as_a_number() =>
        Prop.ForAll(ArbMap.Default.ArbFor<decimal>(), value =>
        {
            var text = value.ToString(CultureInfo.InvariantCulture);
            var isWithin = Math.Abs(value) < 1_000_000_000_000_000_000m;
            return isWithin
                ? Quantity(text) == value && (!text.Contains('.') || Quantity($"\"{text}\"") == value)
                : Read.Message(Read.Flat(("quantity", text), ("delta", "null"))) is DecodedMessage.Unreadable;
        }).QuickCheckThrowOnFailure();

    private static decimal Quantity(string json) => Read.Row(Read.Flat(("quantity", json), ("delta", "null"))).After!.Quantity;

    private static Arbitrary<decimal> ColumnValues() =>
        ArbMap.Default.ArbFor<long>().Generator.Select(number => number % 1_000_000_000_000_000_000L / 10_000m).ToArbitrary();

    /// <param name="padding">Bytes that only repeat the sign.</param>
    private static string Base64(long unscaled, int padding)
    {
        var bytes = new BigInteger(unscaled).ToByteArray(isBigEndian: true);
        return Convert.ToBase64String([.. Enumerable.Repeat(unscaled < 0 ? (byte)0xFF : (byte)0, padding), .. bytes]);
    }
}
