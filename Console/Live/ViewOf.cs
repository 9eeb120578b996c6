using Microsoft.AspNetCore.Components;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Live;
using RiskMonitor.WebConsole.Shell;
using RiskMonitor.WebConsole.Texts;

namespace RiskMonitor.WebConsole.Live;

/// <summary>
/// A page that shows one answer and keeps it fresh: read again as soon as desks or alerts change, at most twice a second, and at an interval, because
/// notifications may be lost and ages grow. A large book is read less often, so that a page takes at most a quarter of a connection's time. An answer that
/// fails later leaves the last one on the screen, beside the reason.
/// </summary>
public abstract class ViewOf<TAnswer> : ComponentBase, IAsyncDisposable
    where TAnswer : class
{
    private const int PausesOfReading = 3;

    private static readonly TimeSpan s_leastPause = TimeSpan.FromMilliseconds(400);

    private readonly CancellationTokenSource _end = new();
    private readonly SemaphoreSlim _changed = new(0, 1);
    private readonly SemaphoreSlim _reading = new(1, 1);
    private Task _following = Task.CompletedTask;
    private TimeSpan _took;

    [Inject]
    private protected Viewer Viewer { get; set; } = default!;

    [Inject]
    private protected LiveSwitch Live { get; set; } = default!;

    [Inject]
    private protected ConsoleCalls Calls { get; set; } = default!;

    [Inject]
    private LiveChanges Changes { get; set; } = default!;

    [Inject]
    private TimeProvider Time { get; set; } = default!;

    private protected TextTable Text => Viewer.Text;

    /// <summary>The last answer; null until the first one.</summary>
    protected TAnswer? Answer { get; private set; }

    /// <summary>Why the last reading failed; null when it did not.</summary>
    protected RequestException? Problem { get; private set; }

    /// <summary>How often it is read where nothing is known to have changed.</summary>
    protected virtual TimeSpan Interval => TimeSpan.FromSeconds(2);

    /// <summary>Whether it is read as soon as a desk or alert changes, too.</summary>
    private protected virtual bool FollowsChanges => true;

    /// <param name="isRefresh">The same question again.</param>
    private protected abstract Task<TAnswer> ReadAsync(bool isRefresh, CancellationToken cancellationToken);

    /// <summary>Another desk or filter was chosen: forgets the answer and asks anew.</summary>
    protected async Task ReadAnewAsync()
    {
        Answer = null;
        await ReadOnceAsync(isRefresh: false);
    }

    /// <summary>Another part of it is asked for: what is on the screen stays until that is there.</summary>
    protected Task ReadOnAsync() => ReadOnceAsync(isRefresh: false);

    /// <summary>Something was done that the answer will show.</summary>
    protected Task ReadNowAsync() => ReadOnceAsync(isRefresh: true);

    /// <summary>What was written into a field of a filter; null where it is blank and asks for nothing.</summary>
    private protected static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    /// <summary>The page is left.</summary>
    private protected virtual ValueTask LeaveAsync() => ValueTask.CompletedTask;

    protected override async Task OnInitializedAsync()
    {
        Viewer.Changed += Redraw;
        Live.Changed += OnChanged;
        Changes.DesksChanged += OnDesksChanged;
        Changes.AlertsChanged += OnAlertsChanged;
        await ReadOnceAsync(isRefresh: false);
        _following = FollowAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Viewer.Changed -= Redraw;
        Live.Changed -= OnChanged;
        Changes.DesksChanged -= OnDesksChanged;
        Changes.AlertsChanged -= OnAlertsChanged;
        await LeaveAsync();
        await _end.CancelAsync();
        await _following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
        GC.SuppressFinalize(this);
    }

    private async Task FollowAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            var pause = _took * PausesOfReading;
            await Task.Delay(pause > s_leastPause ? pause : s_leastPause, Time, _end.Token);
            await _changed.WaitAsync(Interval, _end.Token);
            if (!Live.IsPaused)
            {
                await InvokeAsync(async () =>
                {
                    await ReadOnceAsync(isRefresh: true);
                    StateHasChanged();
                });
            }
        }
    }

    private async Task ReadOnceAsync(bool isRefresh)
    {
        await _reading.WaitAsync(_end.Token);
        var begun = Time.GetTimestamp();
        try
        {
            Answer = await ReadAsync(isRefresh, _end.Token);
            Problem = null;
        }
        catch (RequestException problem)
        {
            Problem = problem;
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // The page is left.
        }
        finally
        {
            _took = Time.GetElapsedTime(begun);
            _reading.Release();
        }
    }

    private void Redraw() => _ = InvokeAsync(StateHasChanged);

    private void OnDesksChanged(IReadOnlyList<string> desks) => OnNews();

    private void OnAlertsChanged(IReadOnlyList<Guid> alerts) => OnNews();

    private void OnNews()
    {
        if (FollowsChanges)
        {
            OnChanged();
        }
    }

    /// <summary>Called within turns of desks, so it only leaves a mark.</summary>
    private void OnChanged()
    {
        if (_changed.CurrentCount == 0)
        {
            try
            {
                _changed.Release();
            }
            catch (SemaphoreFullException)
            {
                // Another change has left the mark meanwhile.
            }
        }
    }
}
