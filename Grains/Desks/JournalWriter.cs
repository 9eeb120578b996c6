using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Journal;

namespace RiskMonitor.Grains.Desks;

/// <summary>
/// Writes a desk's journal from inside its grain. Inputs act on the working desk at once; those that come while a record is being written are
/// merged into the next one, so the desk runs ahead of its journal by at most one record, and records keep their order. After the first
/// failure it takes nothing more: what is durable is unknown, and the desk has to be loaded again.
/// </summary>
/// <remarks>Single-threaded: every member is called on the grain's own turns.</remarks>
internal sealed class JournalWriter(
    DeskRisk desk,
    long foldedThrough,
    int foldAfterPositions,
    IDeskJournalWriter journal,
    TimeProvider clock,
    Action<JournalRecord, DeskView> written,
    Action<Exception> failed)
{
    private PendingRecord? _open;
    private Task _lastDurable = Task.CompletedTask;
    private bool _isWriting;
    private bool _isAppending;
    private long _foldedThrough = foldedThrough;
    private Folding? _folding;
    private TaskCompletionSource? _nextFold;
    private Exception? _failure;

    /// <summary>Nothing is open and nothing under way: working state and journal say the same.</summary>
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

        var pending = _open ??= new PendingRecord(DeskStep.Begin(desk));
        try
        {
            foreach (var input in inputs)
            {
                pending.Step.Apply(input);
            }
        }
        catch (Exception exception)
        {
            // The working desk is half changed.
            Fail(exception);
            return pending.Durable.Task;
        }

        if (!pending.Step.HasSomethingToWrite)
        {
            // Known already. But "known" may still be on its way to the disk.
            _open = null;
            return _lastDurable;
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
    /// Folds what is durable now. Ends when the rows show it. While records are being written, the fold is taken together with the next one and
    /// written beside those that follow.
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
        // Leaves the turn that brought the first input, so that calls already waiting join the record.
        await Task.Yield();
        while (_open is { } pending && _failure is null)
        {
            _open = null;
            try
            {
                var record = pending.Step.Seal(clock.GetUtcNow());
                _isAppending = true;
                var view = desk.Picture(record.At);
                var fold = _folding is null && (_nextFold is not null || desk.PositionsToFold >= foldAfterPositions) ? BeginFold() : null;
                await journal.AppendAsync(record, CancellationToken.None);
                _isAppending = false;
                written(record, view);
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

    /// <summary>Only true between steps.</summary>
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
            // What was to be folded has left the working desk's list; a fresh activation finds it in the journal.
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
        failed(exception);
    }

    /// <summary>A record in the making and those who wait for it.</summary>
    private sealed class PendingRecord(DeskStep step)
    {
        public DeskStep Step { get; } = step;

        public TaskCompletionSource Durable { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>A fold that was taken from the desk and is not in the rows yet.</summary>
    private sealed record Folding(long Through, TaskCompletionSource Done);
}

/// <summary>A desk could not write its journal and loads it again. Repeat the call: what was durable will not be applied twice.</summary>
public sealed class DeskReloadingException(string desk, Exception cause)
    : Exception($"desk '{desk}' could not write its journal and is loading it again; repeat the call ({cause.Message})", cause);
