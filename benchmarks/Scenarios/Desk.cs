using RiskMonitor.Benchmarks.Load;
using RiskMonitor.Benchmarks.Measuring;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Benchmarks.Scenarios;

/// <summary>The domain alone: changes applied and judged, one journal record per batch, nothing written.</summary>
internal sealed class Desk : IScenario
{
    private const string TheDesk = "Desk 00";

    public string Name => "desk";

    public string Says => $"changes that one desk of {Trading.PositionsPerDesk} positions applies and judges on one thread, without storage";

    public async IAsyncEnumerable<Contest> PrepareAsync(Effort effort)
    {
        await Task.CompletedTask;
        var changes = Trading.Changes(effort.Of(200_000, 1_000), TheDesk);
        yield return new Contest("apply and judge", Contenders(changes, withPicture: false));
        yield return new Contest("and make the view that readers get, once per record", Contenders(Trading.Changes(effort.Of(20_000, 1_000), TheDesk), withPicture: true));
    }

    private static IReadOnlyList<Contender> Contenders(IReadOnlyList<PositionChange> changes, bool withPicture) =>
    [
        .. new[] { 1, 10, 100, 1_000 }.Select(batch =>
        {
            IReadOnlyList<ChangesInput> inputs = [.. Trading.Inputs(changes, batch)];
            return new Contender($"{batch} a record", () => Task.FromResult(Apply(inputs, changes.Count, withPicture)));
        }),
    ];

    private static IReadOnlyList<Reading> Apply(IReadOnlyList<ChangesInput> inputs, int changes, bool withPicture)
    {
        var desk = new DeskRisk(TheDesk);
        var opening = new DeskStep();
        desk.Apply(Trading.Limits(), opening);
        desk.Seal(opening, Trading.Opening);

        var applied = 0;
        var stretch = Stretch.Begin();
        foreach (var input in inputs)
        {
            var step = new DeskStep();
            desk.Apply(input, step);
            var record = desk.Seal(step, input.At);
            applied += step.Applied;
            if (withPicture && desk.ToView(record.At).Sequence != record.Sequence)
            {
                throw new InvalidOperationException("the view shows another record");
            }
        }

        var readings = stretch.End("changes", changes);
        return applied == changes ? readings : throw new InvalidOperationException($"only {applied} of {changes} changes altered the desk");
    }
}
