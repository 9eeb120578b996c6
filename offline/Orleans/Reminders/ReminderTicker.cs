using Orleans.Runtime;

namespace Orleans.Offline.Reminders;

/// <summary>Ticks one reminder; the next tick is set when the grain has answered. Ticks missed meanwhile are not made up for.</summary>
internal sealed class ReminderTicker : IDisposable
{
    private readonly ReminderService _service;
    private readonly ReminderEntry _entry;
    private readonly ITimer _timer;
    private DateTime _tick;
    private volatile bool _disposed;

    internal ReminderTicker(ReminderService service, ReminderEntry entry)
    {
        _service = service;
        _entry = entry;
        using (ExecutionContext.SuppressFlow())
        {
            _timer = service.Clock.CreateTimer(static ticker => _ = ((ReminderTicker)ticker!).TickAsync(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        _tick = NextTick();
        Wait();
    }

    internal string? ETag => _entry.ETag;

    private DateTime Now => _service.Clock.GetUtcNow().UtcDateTime;

    public void Dispose()
    {
        _disposed = true;
        _timer.Dispose();
    }

    private DateTime NextTick()
    {
        var now = Now;
        if (_entry.StartAt > now || _entry.Period <= TimeSpan.Zero)
        {
            return _entry.StartAt;
        }

        return now + _entry.Period - TimeSpan.FromTicks((now - _entry.StartAt).Ticks % _entry.Period.Ticks);
    }

    private void Wait()
    {
        // Timers reach 49 days; a wait beyond is cut and looked at again.
        var wait = TimeSpan.FromTicks(Math.Clamp((_tick - Now).Ticks, TimeSpan.TicksPerMillisecond, TimeSpan.FromDays(30).Ticks));
        if (!_disposed)
        {
            _timer.Change(wait, Timeout.InfiniteTimeSpan);
        }
    }

    private async Task TickAsync()
    {
        try
        {
            if (_disposed || Now < _tick)
            {
                Wait();
                return;
            }

            var grain = _service.Silo.Factory.GetGrain<IRemindable>(_entry.GrainId);
            await grain.ReceiveReminder(_entry.ReminderName, new TickStatus(_entry.StartAt, _entry.Period, Now));
        }
        catch (Exception exception)
        {
            _service.Silo.Log.ReminderFailed(exception, _entry.ReminderName, _entry.GrainId);
        }

        var next = NextTick();
        _tick = next > _tick ? next : _tick + _entry.Period;
        Wait();
    }
}
