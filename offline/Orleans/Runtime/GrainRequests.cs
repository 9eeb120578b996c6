namespace Orleans.Offline;

/// <summary>A call of a method that returns <see cref="Task"/>.</summary>
internal abstract class TaskRequest(GrainMethod method) : GrainRequest(method)
{
    private readonly TaskCompletionSource _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal override bool IsAnswered => _answer.Task.IsCompleted;

    internal Task Send(Orleans.Runtime.GrainReference target)
    {
        target.Send(this);
        return Method.OneWay ? Task.CompletedTask : _answer.Task;
    }

    protected abstract Task Invoke(object grain);

    protected sealed override void Run(Activation activation)
    {
        Task task;
        try
        {
            task = Invoke(activation.Instance);
        }
        catch (Exception exception)
        {
            Failed(activation, exception);
            return;
        }

        if (task.IsCompletedSuccessfully)
        {
            _answer.TrySetResult();
            Succeeded(activation);
        }
        else
        {
            _ = Await(activation, task);
        }
    }

    protected sealed override void SetException(Exception exception) => _answer.Answer(exception);

    private async Task Await(Activation activation, Task task)
    {
        try
        {
            await task;
        }
        catch (Exception exception)
        {
            Failed(activation, exception);
            return;
        }

        _answer.TrySetResult();
        Succeeded(activation);
    }
}

/// <summary>A call of a method that returns <see cref="ValueTask"/>.</summary>
internal abstract class ValueTaskRequest(GrainMethod method) : TaskRequest(method)
{
    internal ValueTask SendValue(Orleans.Runtime.GrainReference target) => new(Send(target));

    protected sealed override Task Invoke(object grain) => InvokeValue(grain).AsTask();

    protected abstract ValueTask InvokeValue(object grain);
}

/// <summary>A call of a method that returns <see cref="Task{TResult}"/>.</summary>
internal abstract class TaskRequest<TResult>(GrainMethod method) : GrainRequest(method)
{
    private readonly TaskCompletionSource<TResult> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal override bool IsAnswered => _answer.Task.IsCompleted;

    internal Task<TResult> Send(Orleans.Runtime.GrainReference target)
    {
        target.Send(this);
        return Method.OneWay ? Task.FromResult<TResult>(default!) : _answer.Task;
    }

    protected abstract Task<TResult> Invoke(object grain);

    protected sealed override void Run(Activation activation)
    {
        try
        {
            var task = Invoke(activation.Instance);
            if (!task.IsCompletedSuccessfully)
            {
                _ = Await(activation, task);
                return;
            }

            SetResult(task.Result);
        }
        catch (Exception exception)
        {
            Failed(activation, exception);
            return;
        }

        Succeeded(activation);
    }

    protected sealed override void SetException(Exception exception) => _answer.Answer(exception);

    private async Task Await(Activation activation, Task<TResult> task)
    {
        try
        {
            SetResult(await task);
        }
        catch (Exception exception)
        {
            Failed(activation, exception);
            return;
        }

        Succeeded(activation);
    }

    private void SetResult(TResult result) =>
        _answer.TrySetResult(Method.SharesResult ? result : Copying.Copier.Copy(result));
}

/// <summary>A call of a method that returns <see cref="ValueTask{TResult}"/>.</summary>
internal abstract class ValueTaskRequest<TResult>(GrainMethod method) : TaskRequest<TResult>(method)
{
    internal ValueTask<TResult> SendValue(Orleans.Runtime.GrainReference target) => new(Send(target));

    protected sealed override Task<TResult> Invoke(object grain) => InvokeValue(grain).AsTask();

    protected abstract ValueTask<TResult> InvokeValue(object grain);
}

/// <summary>Ends a call with an exception.</summary>
internal static class Answers
{
    internal static void Answer(this TaskCompletionSource answer, Exception exception)
    {
        if (exception is OperationCanceledException cancelled)
        {
            answer.TrySetCanceled(cancelled.CancellationToken);
        }
        else if (answer.TrySetException(exception))
        {
            // A caller that does not look is no unobserved exception of the runtime.
            _ = answer.Task.Exception;
        }
    }

    internal static void Answer<TResult>(this TaskCompletionSource<TResult> answer, Exception exception)
    {
        if (exception is OperationCanceledException cancelled)
        {
            answer.TrySetCanceled(cancelled.CancellationToken);
        }
        else if (answer.TrySetException(exception))
        {
            _ = answer.Task.Exception;
        }
    }
}
