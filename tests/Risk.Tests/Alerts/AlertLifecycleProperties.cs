using FsCheck;
using FsCheck.Fluent;

namespace RiskMonitor.Risk.Tests.Alerts;

/// <summary>
/// Whatever the order of reports, acks, attempts, lost processes and jumps of the clock: the alert's history is whole, an attempt is counted once,
/// something unfinished is always looked at again, and once everything works the alert is delivered.
/// </summary>
public class AlertLifecycleProperties
{
    private static Gen<(int What, int Which)[]> Lives =>
        from length in Gen.Choose(0, 80)
        from steps in Gen.ArrayOf(Gen.Choose(0, 16).Zip(Gen.Choose(0, 100)), length)
        select steps;

    [Theory]
    [InlineData(1_100, 1_300, 1_600, 0)]
    [InlineData(1_100, 1_700, 500, 0)]
    [InlineData(1_600, 1_700, 1_800, 1_900)]
    public void Nothing_that_may_happen_loses_an_alert_or_counts_an_attempt_twice(int first, int second, int third, int fourth) =>
        Prop.ForAll(Lives.ToArbitrary(), life =>
        {
            var world = new AlertWorld(first, second, third, fourth);
            foreach (var (what, which) in life)
            {
                world.Do(what, which);
            }

            world.Settle();
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
}
