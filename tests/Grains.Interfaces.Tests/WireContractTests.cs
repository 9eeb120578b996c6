using Orleans;

namespace RiskMonitor.Grains.Interfaces.Tests;

public class WireContractTests
{
    [Fact]
    public void Every_argument_and_every_answer_of_a_grain_can_cross_the_wire()
    {
        var reachable = WireModel.Reachable(out var refused);

        Assert.Empty(refused);
        Assert.Contains(typeof(DeskBatch), reachable);
        Assert.Contains(typeof(Risk.Positions.SourceTime), reachable);
    }

    [Fact]
    public void Nothing_is_prepared_for_the_wire_that_never_crosses_it()
    {
        var reachable = WireModel.Reachable(out _);

        // No signature names an exception.
        Assert.All(WireModel.Marked.Where(type => !type.IsSubclassOf(typeof(Exception))), type => Assert.Contains(type, reachable));
    }

    [Fact]
    public void Grain_interfaces_and_their_methods_have_names_of_their_own_on_the_wire()
    {
        Assert.NotEmpty(WireModel.GrainInterfaces);
        Assert.All(WireModel.GrainInterfaces, type =>
        {
            Assert.NotNull(WireModel.Alias(type));
            Assert.All(type.GetMethods(), method => Assert.True(WireModel.Alias(method) is not null, $"{type.Name}.{method.Name} has no [Alias]"));
            Assert.Distinct(type.GetMethods().Select(WireModel.Alias));
        });
    }

    [Fact]
    public void Types_have_names_of_their_own_on_the_wire()
    {
        Assert.All(WireModel.Marked, type => Assert.True(WireModel.Alias(type) is not null, $"{type.Name} has no [Alias]"));
        Assert.Distinct(WireModel.Marked.Concat(WireModel.GrainInterfaces).Select(WireModel.Alias));
    }

    [Fact]
    public void Every_member_of_a_type_has_a_number_of_its_own_on_the_wire() =>
        Assert.All(WireModel.Marked, type =>
        {
            Assert.NotEmpty(WireModel.State(type));
            Assert.All(WireModel.State(type), member => Assert.True(WireModel.Id(member) is not null, $"{type.Name}.{member.Name} has no [Id]"));
            Assert.Distinct(WireModel.State(type).Select(WireModel.Id));
        });

    [Fact]
    public void Records_of_the_domain_never_change_and_are_handed_on_within_a_silo_without_being_copied() =>
        Assert.All(
            WireModel.Marked.Where(type => type.Assembly == typeof(Risk.Positions.Position).Assembly).Append(typeof(DeskBatch)),
            type => Assert.True(type.IsDefined(typeof(ImmutableAttribute), inherit: false), $"{type.Name} is not [Immutable]"));

    /// <summary>
    /// Silos of two versions talk to each other during an upgrade. Adding a member under a new id is safe; renaming an alias, giving an id to
    /// something else, or renumbering an enum is not.
    /// </summary>
    [Fact]
    public void The_wire_contract_is_the_reviewed_one()
    {
        var reviewed = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "wire-contract.txt"));
        var actual = WireContractText.Write();
        if (actual != reviewed)
        {
            var path = Path.Combine(AppContext.BaseDirectory, "wire-contract.actual.txt");
            File.WriteAllText(path, actual);
            Assert.Fail($"the wire contract changed; if that is meant, replace wire-contract.txt of this test project by {path}:\n{FirstDifference(reviewed, actual)}");
        }
    }

    private static string FirstDifference(string reviewed, string actual)
    {
        var (before, after) = (reviewed.Split('\n'), actual.Split('\n'));
        var line = before.Zip(after).TakeWhile(pair => pair.First == pair.Second).Count();
        return $"line {line + 1}: reviewed '{before.ElementAtOrDefault(line)}', now '{after.ElementAtOrDefault(line)}'";
    }
}
