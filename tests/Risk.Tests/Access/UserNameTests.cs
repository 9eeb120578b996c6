using RiskMonitor.Risk.Access;

namespace RiskMonitor.Risk.Tests.Access;

public sealed class UserNameTests
{
    [Theory]
    [InlineData("ann")]
    [InlineData("Ann Lee")]
    [InlineData("Žofie 王")]
    [InlineData("Иван Петров")]
    [InlineData("Ελένη")]
    [InlineData("佐々木 ー")]
    [InlineData("ops+risk@bank.example")]
    [InlineData("auth0|5f7c8ec7c33c6c004bbafe82")]
    [InlineData("O'Neil, J. (FX)")]
    [InlineData("आदित्य")]
    public void Names_of_people_and_programs_are_taken(string name) => Assert.Null(UserName.Problem(name, 100));

    [Theory]
    [InlineData(" ")]
    [InlineData(" ann")]
    [InlineData("ann\u00A0")]
    [InlineData("ann  lee")]
    [InlineData("ann\u200Blee")]
    [InlineData("\u202Enna")]
    [InlineData("ann\u2066")]
    [InlineData("ａｎｎ")]
    [InlineData("аnn")]
    [InlineData("αnn")]
    [InlineData("𝐚𝐧𝐧")]
    [InlineData("ﬁona")]
    [InlineData("ⅰan")]
    [InlineData("a\u0301nn")]
    [InlineData("two\nlines")]
    [InlineData("\e[2J")]
    [InlineData("half \uD83D")]
    [InlineData("ann\u3000lee")]
    [InlineData("ann🐙")]
    [InlineData("a\uE000")]
    [InlineData("token:https://login.example#ann")]
    [InlineData("TOKEN:x")]
    [InlineData("cli:root")]
    [InlineData("Local-Admin")]
    [InlineData("locaI-admin")]
    [InlineData("demo riskmanager")]
    public void A_name_that_can_be_taken_for_another_is_refused_with_what_to_change(string name)
    {
        var problem = UserName.Problem(name, 100);

        Assert.NotNull(problem);
        Assert.Matches("give 1 to 100 characters|choose another|write it in plain letters", problem);
        Assert.DoesNotContain(problem, char.IsControl);
    }

    [Theory]
    [InlineData("ann", "ANN")]
    [InlineData("ann lee", "annlee")]
    [InlineData("alice", "aIice")]
    [InlineData("user1", "userl")]
    [InlineData("bob0", "BOBO")]
    [InlineData("асе", "ace")]
    [InlineData("ΑΒΕ", "ABE")]
    public void Names_that_look_alike_resemble_each_other(string a, string b)
    {
        Assert.True(UserName.Resemble(a, b));
        Assert.True(UserName.Resemble(b, a));
    }

    [Theory]
    [InlineData("ian", "lan")]
    [InlineData("ann", "anne")]
    [InlineData("Žofie", "Zofie")]
    [InlineData("ops-1", "ops1")]
    public void Names_that_differ_to_a_reader_do_not(string a, string b) => Assert.False(UserName.Resemble(a, b));
}
