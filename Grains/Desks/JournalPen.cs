using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Journal;

namespace RiskMonitor.Grains.Desks;

/// <summary>
/// Writes a desk's journal from inside its grain. Inputs act on the working desk at once; those that come while a record is being written are
/// merged into the next one, so the desk runs ahead of its journal by at most one record, and records keep their order. After the first
/// failure it takes nothing more: what is durable is unknown, and the desk has to be loaded again.
/// </summary>
/// <remarks>Single-threaded: every member is called on the grain's own turns.</remarks>
internal sealed class JournalPen(
    DeskRisk desk,
    long foldedThrough,
    int foldAfterPositions,
    IDeskJournal journal,
    TimeProvider clock,
    Action<JournalRecord, DeskPicture> written,
    Action<Exception> failed)
{
    private Page? _open;
    private Task _lastPage = Task.CompletedTask;
    private bool _isWriting;
    private bool _isFolding;
    private long _foldedThrough = foldedThrough;
    private Exception? _failure;

    /// <summary>Nothing is open and nothing under way: working state and journal say the same.</summary>
    public bool IsIdle => _open is null && !_isWriting;

    /// <summary>Applies an input. The task ends when it is durable.</summary>
    public Task TakeAsync(DeskInput input) => TakeAsync([input]);

    /// <inheritdoc cref="TakeAsync(DeskInput)"/>
    public Task TakeAsync(ReadOnlySpan<DeskInput> inputs)
    {
        if (_failure is not null)
        {
            return Task.FromException(new DeskReloadingException(desk.Desk, _failure));
        }

        var page = _open ??= new Page(DeskStep.Begin(desk));
        try
        {
            foreach (var input in inputs)
            {
                page.Step.Take(input);
            }
        }
        catch (Exception exception)
        {
            // The working desk is half changed.
            Fail(exception);
            return page.Durable.Task;
        }

        if (!page.Step.HasSomethingToWrite)
        {
            // Known already. But "known" may still be on its way to the disk.
            _open = null;
            return _lastPage;
        }

        _lastPage = page.Durable.Task;
        if (!_isWriting)
        {
            _isWriting = true;
            _ = WriteAsync();
        }

        return page.Durable.Task;
    }

    /// <summary>Folds what changed since the last fold, if nothing is under way.</summary>
    public async Task FoldWhenIdleAsync()
    {
        if (IsIdle && !_isFolding && _failure is null && desk.Sequence > _foldedThrough)
        {
            await FoldAsync(desk.Fold(_foldedThrough));
        }
    }

    private async Task WriteAsync()
    {
        // Leaves the turn that brought the first input, so that calls already waiting join the record.
        await Task.Yield();
        while (_open is { } page && _failure is null)
        {
            _open = null;
            try
            {
                var record = page.Step.Seal(clock.GetUtcNow());
                var picture = desk.Picture(record.At);
                var fold = !_isFolding && desk.PositionsToFold >= foldAfterPositions ? desk.Fold(_foldedThrough) : null;
                await journal.AppendAsync(record, CancellationToken.None);
                written(record, picture);
                page.Durable.SetResult();
                if (fold is not null)
                {
                    await FoldAsync(fold);
                }
            }
            catch (Exception exception)
            {
                page.Durable.TrySetException(new DeskReloadingException(desk.Desk, exception));
                Fail(exception);
            }
        }

        _isWriting = false;
    }

    private async Task FoldAsync(DeskFold fold)
    {
        _isFolding = true;
        try
        {
            if (!await journal.FoldAsync(fold, CancellationToken.None))
            {
                throw new JournalConflictException(desk.Desk, fold.Checkpoint.Sequence);
            }

            _foldedThrough = fold.Checkpoint.Sequence;
        }
        catch (Exception exception)
        {
            // What was to be folded has left the working desk's list; a fresh activation finds it in the journal.
            Fail(exception);
        }
        finally
        {
            _isFolding = false;
        }
    }

    private void Fail(Exception exception)
    {
        if (_failure is not null)
        {
            return;
        }

        _failure = exception;
        _open?.Durable.TrySetException(new DeskReloadingException(desk.Desk, exception));
        _open = null;
        failed(exception);
    }

    /// <summary>A record in the making and those who wait for it.</summary>
    private sealed class Page(DeskStep step)
    {
        public DeskStep Step { get; } = step;

        public TaskCompletionSource Durable { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>A desk could not write its journal and loads it again. Repeat the call: what was durable will not be applied twice.</summary>
public sealed class DeskReloadingException(string desk, Exception cause)
    : Exception($"desk '{desk}' could not write its journal and is loading it again; repeat the call ({cause.Message})", cause);
