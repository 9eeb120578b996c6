using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Hosting;
using Orleans.Reminders;
using Orleans.Runtime;

namespace Orleans.Offline.Reminders;

/// <summary>
/// Ticks the reminders of the grains that fall to its silo. Reads the table when the silo starts, now and then, and
/// when silos come or go.
/// </summary>
internal sealed class ReminderService : ILifecycleParticipant<ISiloLifecycle>
{
    private readonly Silo _silo;
    private readonly IReminderTable? _table;
    private readonly ReminderOptions _options;
    private readonly Lock _gate = new();
    private readonly Dictionary<(GrainId Grain, string Name), ReminderTicker> _tickers = [];
    private ITimer? _refresh;
    private int _refreshing;
    private bool _stopped;

    public ReminderService(IServiceProvider services, Silo silo, IOptions<ReminderOptions> options)
    {
        _silo = silo;
        _table = services.GetService<IReminderTable>();
        _options = options.Value;
        Clock = silo.Clock(ReminderTimeProviderNames.Reminders);
    }

    internal bool HasTable => _table is not null;

    internal TimeProvider Clock { get; }

    internal Silo Silo => _silo;

    public void Participate(ISiloLifecycle lifecycle)
    {
        if (_table is not null)
        {
            lifecycle.Subscribe(nameof(ReminderService), ServiceLifecycleStage.RuntimeGrainServices, StartTableAsync, token => _table.StopAsync(token));
            lifecycle.Subscribe(nameof(ReminderService), ServiceLifecycleStage.Active, StartTickingAsync, StopTicking);
        }
    }

    internal async Task<IGrainReminder> RegisterAsync(GrainId grainId, string name, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dueTime, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(period, TimeSpan.Zero);
        if (period < _options.MinimumReminderPeriod)
        {
            throw new ArgumentException($"Cannot register reminder {name} as requested period ({period}) is less than minimum allowed reminder period ({_options.MinimumReminderPeriod})");
        }

        var entry = new ReminderEntry { GrainId = grainId, ReminderName = name, StartAt = Clock.GetUtcNow().UtcDateTime + dueTime, Period = period };
        entry.ETag = await _table!.UpsertRow(entry) ?? throw new ReminderException($"Could not register reminder {entry} to reminder table due to a race. Please try again later.");
        Owner(grainId)?.Track(entry);
        return new Reminder(grainId, name, entry.ETag);
    }

    internal async Task UnregisterAsync(Reminder reminder)
    {
        if (!await _table!.RemoveRow(reminder.GrainId, reminder.ReminderName, reminder.ETag))
        {
            throw new ReminderException($"Could not unregister reminder {reminder} from the reminder table, due to tag mismatch. You can retry.");
        }

        Owner(reminder.GrainId)?.Forget(reminder.GrainId, reminder.ReminderName);
    }

    internal async Task<IGrainReminder?> GetAsync(GrainId grainId, string name) =>
        await _table!.ReadRow(grainId, name) is { } entry ? new Reminder(grainId, name, entry.ETag!) : null;

    internal async Task<List<IGrainReminder>> GetAllAsync(GrainId grainId) =>
        [.. (await _table!.ReadRows(grainId)).Reminders.Select(e => new Reminder(grainId, e.ReminderName, e.ETag!))];

    /// <summary>Reads the table again, in the background.</summary>
    internal void Refresh()
    {
        if (Interlocked.Exchange(ref _refreshing, 1) == 0)
        {
            _ = Task.Run(RefreshAsync);
        }
    }

    /// <summary>Stops ticking at once: the silo was killed.</summary>
    internal void Abandon() => StopTicking(CancellationToken.None);

    private async Task StartTableAsync(CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(_options.InitializationTimeout);
        await _table!.StartAsync(timeout.Token);
    }

    private async Task StartTickingAsync(CancellationToken cancellationToken)
    {
        _silo.Cluster.SilosChanged += Refresh;
        using (ExecutionContext.SuppressFlow())
        {
            _refresh = Clock.CreateTimer(_ => Refresh(), null, _options.RefreshReminderListPeriod, _options.RefreshReminderListPeriod);
        }

        await ReadTableAsync();
    }

    private Task StopTicking(CancellationToken cancellationToken)
    {
        _silo.Cluster.SilosChanged -= Refresh;
        _refresh?.Dispose();
        lock (_gate)
        {
            _stopped = true;
            foreach (var ticker in _tickers.Values)
            {
                ticker.Dispose();
            }

            _tickers.Clear();
        }

        return Task.CompletedTask;
    }

    private async Task RefreshAsync()
    {
        Volatile.Write(ref _refreshing, 0);
        try
        {
            await ReadTableAsync();
        }
        catch (Exception exception)
        {
            _silo.Log.ReminderTableFailed(exception);
        }
    }

    private async Task ReadTableAsync()
    {
        (GrainId, string)[] before;
        lock (_gate)
        {
            before = [.. _tickers.Keys];
        }

        // The whole ring; which silo ticks which grain is decided here.
        var rows = (await _table!.ReadRows(0, 0)).Reminders.Where(r => Owner(r.GrainId) == this).ToDictionary(r => (r.GrainId, r.ReminderName));
        foreach (var row in rows.Values)
        {
            Track(row);
        }

        foreach (var (grain, name) in before.Where(key => !rows.ContainsKey(key)))
        {
            Forget(grain, name);
        }
    }

    private void Track(ReminderEntry entry)
    {
        lock (_gate)
        {
            var key = (entry.GrainId, entry.ReminderName);
            if (_stopped || (_tickers.TryGetValue(key, out var ticker) && ticker.ETag == entry.ETag))
            {
                return;
            }

            ticker?.Dispose();
            _tickers[key] = new ReminderTicker(this, entry);
        }
    }

    private void Forget(GrainId grainId, string name)
    {
        lock (_gate)
        {
            if (_tickers.Remove((grainId, name), out var ticker))
            {
                ticker.Dispose();
            }
        }
    }

    private ReminderService? Owner(GrainId grainId)
    {
        var silos = _silo.Cluster.Silos.Where(s => s.TakesActivations).ToArray();
        return silos.Length == 0 ? null : silos[grainId.GetUniformHashCode() % (uint)silos.Length].Services.GetService<ReminderService>();
    }
}
