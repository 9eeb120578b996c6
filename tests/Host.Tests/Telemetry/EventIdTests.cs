using System.Reflection;
using Microsoft.Extensions.Logging;
using RiskMonitor.Host.Tests.Deploy;

namespace RiskMonitor.Host.Tests.Telemetry;

/// <summary>Alarms and docs name log events by their number, so a number means one event.</summary>
public sealed class EventIdTests
{
    /// <summary>Smaller numbers are those of one class, and are named nowhere.</summary>
    private const int FirstPublic = 1_000;

    private static readonly List<(int Id, string? Name, string Method)> s_events =
    [
        .. Directory.GetFiles(AppContext.BaseDirectory, "RiskMonitor.*.dll").Append(Path.Combine(AppContext.BaseDirectory, "riskmonitor.dll"))
            .Where(file => File.Exists(file) && !file.Contains(".Tests.", StringComparison.Ordinal))
            .Select(Assembly.LoadFrom)
            .SelectMany(assembly => assembly.GetTypes())
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Select(method => (Method: method, Event: method.GetCustomAttribute<LoggerMessageAttribute>()))
            .Where(logged => logged.Event?.EventId >= FirstPublic)
            .Select(logged => (logged.Event!.EventId, logged.Event.EventName, $"{logged.Method.DeclaringType}.{logged.Method.Name}"))
            .Distinct(),
    ];

    [Fact]
    public void No_number_is_used_twice()
    {
        Assert.True(s_events.Count > 20);
        Assert.Empty(s_events.GroupBy(logged => logged.Id).Where(same => same.Count() > 1).Select(same => $"{same.Key}: {string.Join(", ", same.Select(logged => logged.Method))}"));
    }

    [Fact]
    public void The_docs_say_what_to_do_about_each()
    {
        var docs = File.ReadAllText(Path.Combine(ComposeFile.Root, "docs/operations.md"));

        Assert.All(s_events, logged => Assert.Contains($"| {logged.Id} {logged.Name} |", docs, StringComparison.Ordinal));
    }
}
