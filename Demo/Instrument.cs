namespace RiskMonitor.Demo;

/// <summary>Something that a demo desk trades.</summary>
/// <param name="SecurityId">E.g. <c>SPX-CALL-6200-20261218</c> or <c>EURUSD-FWD-20270115</c>.</param>
/// <param name="Currency">ISO 4217 code of the cash delta: the price's currency.</param>
/// <param name="UnitCashDelta">Cash delta of one unit bought: unit delta × multiplier × price of the underlying; negative for puts and protection.</param>
/// <param name="Lot">Least quantity traded.</param>
public sealed record Instrument(string SecurityId, string Currency, decimal UnitCashDelta, int Lot)
{
    /// <summary>The signed quantity, in whole lots and at least one, whose cash delta comes nearest to <paramref name="cashDelta"/>.</summary>
    public decimal QuantityFor(decimal cashDelta)
    {
        var quantity = Math.Round(cashDelta / UnitCashDelta / Lot, MidpointRounding.AwayFromZero) * Lot;
        return quantity != 0 ? quantity : Lot * Math.Sign(cashDelta) * Math.Sign(UnitCashDelta);
    }

    public decimal CashDelta(decimal quantity) => Math.Round(quantity * UnitCashDelta, 4);
}
