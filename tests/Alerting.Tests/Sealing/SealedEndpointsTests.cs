using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Alerting.Tests.Sealing;

/// <summary>The settings of endpoints in their table: sealed by a key of the configuration.</summary>
public sealed class SealedEndpointsTests
{
    private const string Settings = """{"kind":"slack","url":"https://hooks.slack.example/geheim"}""";
    private static readonly string s_key = Key(1);
    private readonly Table _table = new();
    private readonly LogRecorder _log = new();

    [Fact]
    public async Task The_table_shows_nothing_and_whoever_has_the_key_reads_all()
    {
        await using var services = Services(("Key", s_key));
        var put = await Store(services).PutAsync(Endpoint("ops"), default);
        Assert.Equal((Settings, 1), (put.Settings, put.Version));
        Assert.DoesNotContain("geheim", _table.Row("ops").Settings, StringComparison.Ordinal);
        Assert.DoesNotContain("slack", _table.Row("ops").Settings, StringComparison.Ordinal);
        Assert.Equal(put, Assert.Single(await Store(services).ListAsync(default)));

        // Two of the same text are not stored alike.
        await Store(services).PutAsync(Endpoint("two"), default);
        Assert.NotEqual(_table.Row("ops").Settings, _table.Row("two").Settings);
    }

    [Fact]
    public async Task Rows_from_before_the_key_are_sealed_when_they_are_read_as_their_next_version()
    {
        await _table.PutAsync(Endpoint("ops"), default);
        await using (var without = Services())
        {
            Assert.Equal(Settings, Assert.Single(await Store(without).ListAsync(default)).Settings);
            Assert.Contains("endpoint_settings_readable", _log.Events);
        }

        await using var services = Services(("Key", s_key));
        var read = Assert.Single(await Store(services).ListAsync(default));
        Assert.Equal((Settings, 2, "ann"), (read.Settings, read.Version, read.ChangedBy));
        Assert.DoesNotContain("geheim", _table.Row("ops").Settings, StringComparison.Ordinal);
        Assert.Equal(2, _table.Row("ops").Version);
        var stored = _table.Row("ops").Settings;
        await Store(services).ListAsync(default);
        Assert.Equal(stored, _table.Row("ops").Settings);
    }

    [Fact]
    public async Task A_new_key_seals_what_the_one_before_had_sealed()
    {
        await using (var before = Services(("Key", s_key)))
        {
            await Store(before).PutAsync(Endpoint("ops"), default);
        }

        await using (var both = Services(("Key", Key(2)), ("PreviousKey", s_key)))
        {
            Assert.Equal(Settings, Assert.Single(await Store(both).ListAsync(default)).Settings);
        }

        await using var after = Services(("Key", Key(2)));
        Assert.Equal(Settings, Assert.Single(await Store(after).ListAsync(default)).Settings);
    }

    [Fact]
    public async Task What_cannot_be_opened_is_not_used_and_does_not_hide_the_others()
    {
        await using var services = Services(("Key", s_key));
        await Store(services).PutAsync(Endpoint("ops"), default);
        await Store(services).PutAsync(Endpoint("other"), default);
        // Under another name, altered, and by a key that is not here.
        await _table.PutAsync(Endpoint("moved") with { Settings = _table.Row("ops").Settings }, default);
        await _table.PutAsync(Endpoint("altered") with { Settings = _table.Row("ops").Settings[..^4] + "A\"}" }, default);
        await using (var foreign = Services(("Key", Key(3))))
        {
            Assert.All(await Store(foreign).ListAsync(default), endpoint => Assert.DoesNotContain("geheim", endpoint.Settings, StringComparison.Ordinal));
        }

        var read = (await Store(services).ListAsync(default)).ToDictionary(endpoint => endpoint.Name, endpoint => endpoint.Settings);
        Assert.Equal((Settings, Settings), (read["ops"], read["other"]));
        Assert.All(new[] { "moved", "altered" }, name => Assert.DoesNotContain("geheim", read[name], StringComparison.Ordinal));
        var rules = AlertingServices.EndpointRules;
        Assert.DoesNotContain("1.", rules.Shown(read["moved"]).GetRawText(), StringComparison.Ordinal);
        var (settings, problems) = rules.Read("moved", System.Text.Json.JsonDocument.Parse("{}").RootElement, read["moved"]);
        Assert.Null(settings);
        Assert.Contains("EndpointSettings:Key", Assert.Single(problems).Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Key", "c2hvcnQ=", "EndpointSettings:Key is no key")]
    [InlineData("Key", "geheim", "EndpointSettings:Key is no key")]
    [InlineData("PreviousKey", "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=", "EndpointSettings:Key is not set although")]
    public async Task A_key_that_is_none_stops_the_start_and_is_not_repeated(string name, string value, string problem)
    {
        await using var services = Services((name, value));
        var failure = Assert.Throws<OptionsValidationException>(() => Store(services));
        Assert.Contains(problem, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(value, failure.Message, StringComparison.Ordinal);
    }

    private static string Key(byte of) => Convert.ToBase64String(Enumerable.Repeat(of, 32).ToArray());

    private static StoredEndpoint Endpoint(string name) => new(name, 0, Settings, "new desk", "ann", Breaches.Noon);

    private static IEndpointStore Store(ServiceProvider services) => services.GetRequiredService<IEndpointStore>();

    private ServiceProvider Services(params (string Key, string Value)[] settings) => new ServiceCollection()
        .AddLogging(logging => logging.AddProvider(_log))
        .AddSingleton<IEndpointStore>(_table)
        .AddSealedEndpoints(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create($"EndpointSettings:{setting.Key}", (string?)setting.Value))).Build())
        .BuildServiceProvider();

    /// <summary>The table as it is stored.</summary>
    private sealed class Table : IEndpointStore
    {
        private readonly Dictionary<string, StoredEndpoint> _rows = [];

        public StoredEndpoint Row(string name) => _rows[name];

        public Task<IReadOnlyList<StoredEndpoint>> ListAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<StoredEndpoint>>([.. _rows.Values]);

        public Task<StoredEndpoint> PutAsync(StoredEndpoint endpoint, CancellationToken cancellationToken) =>
            (_rows.GetValueOrDefault(endpoint.Name)?.Version ?? 0) == endpoint.Version
                ? Task.FromResult(_rows[endpoint.Name] = endpoint with { Version = endpoint.Version + 1 })
                : throw new EndpointConflictException(endpoint.Name, endpoint.Version);

        public Task RemoveAsync(string name, int version, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
