using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Grains.Alerts;

/// <summary>One round: who takes part, how it ended, and the messages that its members have brought. Only turns of its grain touch it.</summary>
internal sealed class ListRound
{
    private readonly HashSet<Guid> _members = [];
    private readonly TaskCompletionSource<RoundTurn> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _allBrought = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private List<BroughtMessages> _brought = [];

    public Guid Id { get; } = Guid.NewGuid();

    public Task<RoundTurn> Ended => _end.Task;

    /// <summary>Every member has brought what it has.</summary>
    public Task AllBrought => _allBrought.Task;

    public void Add(Guid member) => _members.Add(member);

    public void End(RoundTurn turn) => _end.TrySetResult(turn);

    public BroughtMessages Bring(Guid member, IReadOnlyList<OutgoingMessage> messages)
    {
        var brought = new BroughtMessages(messages);
        if (messages.Count > 0)
        {
            _brought.Add(brought);
        }

        _members.Remove(member);
        if (_members.Count == 0)
        {
            _allBrought.TrySetResult();
        }

        return brought;
    }

    /// <summary>What has been brought since the last call.</summary>
    public List<BroughtMessages> Take()
    {
        var brought = _brought;
        _brought = [];
        return brought;
    }
}

/// <summary>The messages of one member, which are in one list.</summary>
internal sealed record BroughtMessages(IReadOnlyList<OutgoingMessage> Messages)
{
    public TaskCompletionSource<DeliveryResult> Result { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
