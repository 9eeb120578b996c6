using Microsoft.Extensions.Logging.Abstractions;
using RiskMonitor.Silo.Clustering;

namespace RiskMonitor.Silo.Tests;

public sealed class DeclaredDeadTests
{
    [Fact]
    public void A_silo_that_was_declared_dead_says_so_and_ends_with_a_code_that_asks_to_be_started_again()
    {
        var (errors, codes) = (new StringWriter(), new List<int>());
        var handler = new DeclaredDead(NullLogger<DeclaredDead>.Instance, errors, codes.Add);

        handler.OnFatalException(this, "I have been told I am dead", null);
        handler.OnFatalException(this, "and once more", new InvalidOperationException("late"));

        Assert.Equal([75], codes);
        var line = Assert.Single(errors.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("riskmonitor: this silo cannot go on and ends with exit code 75, to be started again: I have been told I am dead", line);
        Assert.Contains("Orleans:ProbeTimeout", line);
    }
}
