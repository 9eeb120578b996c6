using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Limits;

namespace RiskMonitor.Risk.Tests.Desks;

public class FeedStateTests
{
    [Fact]
    public void A_limit_that_breaches_on_a_doubtful_feed_says_so_also_after_a_restart()
    {
        var desk = new TestDesk(netLimit: 1_000);
        desk.Apply(new ChangesInput(
            desk.Now, TestDesk.Feed, [new(desk.NextDelivery(), "A", TestDesk.Row("A", 900), null, null, null)], default, FeedState.Unproven, desk.Now));
        desk.Reload(desk.Desk.Checkpoint(), [.. desk.Desk.Positions]);

        var record = desk.Apply(new LimitsInput(desk.Now, new LimitSet(2, AlertingScope.Default, [TestDesk.NewLimit(500)])))!;

        Assert.Equal(FeedState.Unproven, Assert.Single(record.Outbox).Feed);
    }
}
