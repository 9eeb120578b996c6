using RiskMonitor.WebConsole.Access;

namespace RiskMonitor.WebConsole.Tests.Components;

/// <summary>Where a sign-in returns to.</summary>
public sealed class ConsoleRouteTests
{
    [Theory]
    [InlineData("/inbox?state=open", "/inbox?state=open")]
    [InlineData("//evil.example/", "/")]
    [InlineData("/\\evil.example/", "/")]
    [InlineData("https://evil.example/", "/")]
    [InlineData("/signin?to=/", "/")]
    [InlineData(null, "/")]
    public void It_is_a_page_of_this_server(string? asked, string path) => Assert.Equal(path, ConsoleRoute.LocalPath(asked));
}
