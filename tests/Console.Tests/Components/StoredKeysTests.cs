using System.Collections.Concurrent;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RiskMonitor.Risk.Access;
using RiskMonitor.WebConsole.Access;

namespace RiskMonitor.WebConsole.Tests.Components;

/// <summary>Frontends read each other's cookies.</summary>
public sealed class StoredKeysTests
{
    [Fact]
    public async Task Frontends_that_start_at_once_protect_by_the_same_key()
    {
        var store = new Store();
        await using var first = await FrontendAsync(store);
        await using var second = await FrontendAsync(store);

        Assert.Single(await store.ListAsync(default));
        Assert.Equal("a session", Protector(second).Unprotect(Protector(first).Protect("a session")));
    }

    [Fact]
    public async Task A_frontend_that_lost_the_race_for_the_first_key_uses_that_of_the_other()
    {
        var store = new Store();
        await using var late = Services(store, out var clock);
        // The other one stores its key after this one has seen none.
        store.BeforeFirst = async () =>
        {
            store.BeforeFirst = () => Task.CompletedTask;
            await using var other = await FrontendAsync(store);
        };
        await late.GetRequiredService<StoredKeys>().StartAsync(default);
        await using var third = await FrontendAsync(store);

        Assert.Single(await store.ListAsync(default));
        Assert.Equal("a session", Protector(third).Unprotect(Protector(late).Protect("a session")));
    }

    [Fact]
    public async Task A_key_that_is_made_later_is_written_also_where_the_database_was_away()
    {
        var store = new Store();
        await using var frontend = Services(store, out var clock);
        await frontend.GetRequiredService<StoredKeys>().StartAsync(default);
        var keys = frontend.GetRequiredService<Microsoft.AspNetCore.DataProtection.KeyManagement.IKeyManager>();

        store.IsAway = true;
        keys.CreateNewKey(clock.GetUtcNow().AddDays(2), clock.GetUtcNow().AddDays(90));
        Assert.Equal(2, keys.GetAllKeys().Count);
        await Eventually.IsTrueAsync("a round has failed", () => { clock.Advance(StoredKeys.Interval); return store.Refused > 0; });
        store.IsAway = false;

        await Eventually.IsTrueAsync("the key is stored", async () => { clock.Advance(StoredKeys.Interval); return (await store.ListAsync(default)).Count == 2; });
        await using var other = await FrontendAsync(store);
        Assert.Equal(2, other.GetRequiredService<Microsoft.AspNetCore.DataProtection.KeyManagement.IKeyManager>().GetAllKeys().Count);
    }

    private static async Task<ServiceProvider> FrontendAsync(Store store)
    {
        var services = Services(store, out _);
        await services.GetRequiredService<StoredKeys>().StartAsync(default);
        return services;
    }

    private static ServiceProvider Services(Store store, out FakeTimeProvider clock)
    {
        clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        return new ServiceCollection()
            .AddSingleton<IProtectionKeyStore>(store)
            .AddSingleton<TimeProvider>(clock)
            .AddLogging(logging => logging.ClearProviders())
            .AddRiskConsole(keys: null)
            .BuildServiceProvider();
    }

    private static IDataProtector Protector(ServiceProvider services) => services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test");

    /// <summary>The table.</summary>
    private sealed class Store : IProtectionKeyStore
    {
        private readonly ConcurrentDictionary<string, ProtectionKey> _keys = new(StringComparer.Ordinal);

        public Func<Task> BeforeFirst { get; set; } = () => Task.CompletedTask;

        public bool IsAway { get; set; }

        public int Refused { get; private set; }

        public Task<IReadOnlyList<ProtectionKey>> ListAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<ProtectionKey>>([.. _keys.Values]);

        public Task AddAsync(ProtectionKey key, CancellationToken cancellationToken)
        {
            if (IsAway)
            {
                Refused++;
                throw new IOException("away");
            }

            _keys.TryAdd(key.Name, key);
            return Task.CompletedTask;
        }

        public async Task AddFirstAsync(ProtectionKey key, CancellationToken cancellationToken)
        {
            await BeforeFirst();
            if (_keys.IsEmpty)
            {
                _keys.TryAdd(key.Name, key);
            }
        }
    }
}
