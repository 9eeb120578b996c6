using System.Globalization;

namespace RiskMonitor.CdcIngest.Sqlite;

/// <summary>What amount a floating-point number stands for.</summary>
internal static class RealText
{
    private const double Limit = 1e18;

    /// <summary>
    /// The shortest decimal that is this number: what a client wrote comes back, to 16 digits. Only a number that needs 17 may be a result of
    /// arithmetic whose last bit is noise (100 * 1.1 is 110.00000000000001): where the next number beside it is a decimal of at most 15 digits,
    /// that one is taken. What lies beyond 28 places is rounded.
    /// </summary>
    /// <returns>False at 10^18 and beyond, and for infinities.</returns>
    public static bool TryDecimal(double real, out decimal amount)
    {
        amount = 0;
        if (!(Math.Abs(real) < Limit))
        {
            return false;
        }

        var exact = real.ToString("R", CultureInfo.InvariantCulture);
        if (Digits(exact) > 16)
        {
            var rounded = real.ToString("E14", CultureInfo.InvariantCulture);
            var neighbour = double.Parse(rounded, NumberStyles.Float, CultureInfo.InvariantCulture);
            exact = neighbour == Math.BitIncrement(real) || neighbour == Math.BitDecrement(real) ? rounded : exact;
        }

        return decimal.TryParse(exact, NumberStyles.Float, CultureInfo.InvariantCulture, out amount);
    }

    private static int Digits(string number)
    {
        var digits = number.Split('E')[0].Replace("-", "", StringComparison.Ordinal).Replace(".", "", StringComparison.Ordinal);
        return digits.Trim('0').Length;
    }
}
