using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Journal;

namespace RiskMonitor.Grains.Desks;

/// <summary>
/// Writes a desk's journal from inside its grain, and passes each durable record on to the publisher. Inputs act on the working desk at once; those that
/// come while a record is being written are merged into the next one, so the desk is ahead of its journal by at most one record, and records keep
/// their order. After the first failure the writer refuses every call: what is durable is unknown, and the desk has to be loaded again.
/// </summary>
/// <remarks>Single-threaded: every member is called on the grain's own turns.</remarks>
internal sealed class JournalWriter(
    DeskRisk desk,
    long foldedThrough,
    int foldAfterPositions,
    IDeskJournalWriter journal,
    DeskPublisher publisher,
    TimeProvider clock)
{
    private readonly TaskCompletionSource<Exception> _failed = new();
    private PendingRecord? _open;
    private Task _lastDurable = Task.CompletedTask;
    private bool _isWriting;
    private bool _isAppending;
    private long _foldedThrough = foldedThrough;
    private Folding? _folding;
    private TaskCompletionSource? _nextFold;
    private Exception? _failure;

    /// <summary>Ends with the first failure to write or to fold; never while there is none.</summary>
    public Task<Exception> Failed => _failed.Task;

    /// <summary>True when no record is open or being written: the working desk equals its journal.</summary>
    private bool IsIdle => _open is null && !_isWriting;

    private long DurableThrough => _isAppending ? desk.Sequence - 1 : desk.Sequence;

    /// <summary>Applies an input. The task ends when it is durable.</summary>
    public Task ApplyAsync(DeskInput input) => ApplyAsync([input]);

    /// <inheritdoc cref="ApplyAsync(DeskInput)"/>
    public Task ApplyAsync(ReadOnlySpan<DeskInput> inputs)
    {
        if (_failure is not null)
        {
            return Task.FromException(new DeskReloadingException(desk.Desk, _failure));
        }

        var pending = _open ??= new PendingRecord();
        var before = pending.Step.Inputs.Count;
        try
        {
            foreach (var input in inputs)
            {
                desk.Apply(input, pending.Step);
            }
        }
        catch (Exception exception)
        {
            // The working desk may have applied a part of the input.
            Fail(exception);
            return pending.Durable.Task;
        }

        if (pending.Step.Inputs.Count == before)
        {
            // The desk has applied all of it before.
            _open = before == 0 ? null : pending;
            return AreDurable(inputs) ? Task.CompletedTask : _lastDurable;
        }

        _lastDurable = pending.Durable.Task;
        if (!_isWriting)
        {
            _isWriting = true;
            _ = WriteAsync();
        }

        return pending.Durable.Task;
    }

    /// <summary>
    /// Whether inputs that changed nothing are in a record that is durable. Their caller may have got no answer in time; to let it wait for the records of
    /// others that came since would have it run out of time again, as long as these keep coming.
    /// </summary>
    private bool AreDurable(ReadOnlySpan<DeskInput> inputs)
    {
        var durable = publisher.Summary.Offsets;
        foreach (var input in inputs)
        {
            if (input is not ChangesInput { Changes.Count: > 0 } repeated
                || repeated.Changes.Any(change => durable.GetValueOrDefault(change.Delivery.FeedPartition, -1) < change.Delivery.Offset))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// Folds what is durable now. Ends when the rows show it. While records are being written, the fold is taken from the desk together with the next
    /// record and written at the same time as the records after it.
    /// </summary>
    public Task FoldAsync()
    {
        if (_failure is not null)
        {
            return Task.FromException(new DeskReloadingException(desk.Desk, _failure));
        }

        if (_foldedThrough >= DurableThrough)
        {
            return Task.CompletedTask;
        }

        if (_folding is { } folding && folding.Through >= DurableThrough)
        {
            return folding.Done.Task;
        }

        var next = _nextFold ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        FoldWhenIdle();
        return next.Task;
    }

    private async Task WriteAsync()
    {
        // Leave the turn of the first input, so that calls that wait already join the record.
        await Task.Yield();
        while (_open is { } pending && _failure is null)
        {
            _open = null;
            try
            {
                var record = desk.Seal(pending.Step, clock.GetUtcNow());
                _isAppending = true;
                var view = desk.ToView(record.At);
                var fold = _folding is null && (_nextFold is not null || desk.PositionsToFold >= foldAfterPositions) ? BeginFold() : null;
                await journal.AppendAsync(record, CancellationToken.None);
                _isAppending = false;
                publisher.Publish(record, view);
                pending.Durable.SetResult();
                if (fold is not null)
                {
                    _ = FoldAsync(fold);
                }
            }
            catch (Exception exception)
            {
                pending.Durable.TrySetException(new DeskReloadingException(desk.Desk, exception));
                Fail(exception);
            }
        }

        _isWriting = false;
        FoldWhenIdle();
    }

    private void FoldWhenIdle()
    {
        if (_nextFold is not null && _folding is null && IsIdle && _failure is null)
        {
            _ = FoldAsync(BeginFold());
        }
    }

    /// <summary>To be called between two steps: within one, the desk is ahead of the record that the fold names.</summary>
    private DeskFold BeginFold()
    {
        var fold = desk.Fold(_foldedThrough);
        _folding = new Folding(fold.Checkpoint.Sequence, _nextFold ?? new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        _nextFold = null;
        return fold;
    }

    private async Task FoldAsync(DeskFold fold)
    {
        try
        {
            if (!await journal.FoldAsync(fold, CancellationToken.None))
            {
                throw new JournalConflictException(desk.Desk, fold.Checkpoint.Sequence);
            }

            _foldedThrough = fold.Checkpoint.Sequence;
            _folding!.Done.TrySetResult();
            _folding = null;
            FoldWhenIdle();
        }
        catch (Exception exception)
        {
            // The working desk no longer lists what was to be folded; the next activation finds it in the journal.
            Fail(exception);
        }
    }

    private void Fail(Exception exception)
    {
        if (_failure is not null)
        {
            return;
        }

        _failure = exception;
        foreach (var waiting in new[] { _open?.Durable, _folding?.Done, _nextFold })
        {
            waiting?.TrySetException(new DeskReloadingException(desk.Desk, exception));
        }

        _open = null;
        _failed.SetResult(exception);
    }

    /// <summary>A record that still takes inputs, and the task that ends when it is durable.</summary>
    private sealed class PendingRecord
    {
        public DeskStep Step { get; } = new();

        public TaskCompletionSource Durable { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>A fold that was taken from the desk and that the rows do not show yet.</summary>
    private sealed record Folding(long Through, TaskCompletionSource Done);
}
