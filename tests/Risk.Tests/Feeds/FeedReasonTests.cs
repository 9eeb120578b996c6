using RiskMonitor.Risk.Feeds;

namespace RiskMonitor.Risk.Tests.Feeds;

public sealed class FeedReasonTests
{
    [Theory]
    [InlineData("\"/var/lib/risk desk/positions.db\" was made anew: nobody has read it", "\"positions.db\" was made anew: nobody has read it")]
    [InlineData("the changes of \"/srv/a \\\"b\\\"/positions.db\" from 1 to 7 are no longer there", "the changes of \"positions.db\" from 1 to 7 are no longer there")]
    [InlineData("/var/lib/risk/positions.db was made anew", "positions.db was made anew")]
    [InlineData("cannot read '/var/lib/risk/positions.db'", "cannot read 'positions.db'")]
    [InlineData("C:\\risk\\data\\positions.db was made anew", "positions.db was made anew")]
    [InlineData("a change could not be read; see the dead letters (positions_cdc/0/12)", "a change could not be read; see the dead letters (positions_cdc/0/12)")]
    [InlineData("the \"Rates/EU\" and/or n/a stay", "the \"Rates/EU\" and/or n/a stay")]
    [InlineData("nothing heard since 2026-05-04T12:00:00Z", "nothing heard since 2026-05-04T12:00:00Z")]
    public void A_reason_names_the_file_of_a_path_and_not_its_directories(string reason, string told) => Assert.Equal(told, FeedReason.WithoutPaths(reason));
}
