using Bunit;
using Microsoft.Extensions.DependencyInjection;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.WebConsole.Parts;
using RiskMonitor.WebConsole.Shell;

namespace RiskMonitor.WebConsole.Tests.Components;

/// <summary>What a form sends, and what refused it.</summary>
public sealed class SubmissionTests : BunitContext
{
    public SubmissionTests()
    {
        Services.AddSingleton<TimeProvider>(new FakeTimeProvider());
        Services.AddScoped<Viewer>();
    }

    [Fact]
    public async Task Of_two_clicks_on_a_button_the_second_sends_nothing()
    {
        var (submission, answer, sent) = (new Submission(), new TaskCompletionSource(), 0);

        var first = submission.SendAsync(() => { sent++; return answer.Task; });
        Assert.True(submission.IsSending);
        await submission.SendAsync(() => { sent++; return Task.CompletedTask; });
        answer.SetResult();
        await first;

        Assert.Equal((1, false), (sent, submission.IsSending));
    }

    [Fact]
    public async Task A_refusal_names_the_fields_and_is_there_until_the_next_attempt()
    {
        var submission = new Submission();
        await submission.SendAsync(() => throw RequestException.Invalid([new InputProblem("role", "is missing", null), new InputProblem("desks", "must be given", null)]));
        Assert.Equal("role is missing; desks must be given", Shown());

        await submission.SendAsync(() => throw new RequestException(RequestError.Conflict, "read it again"));
        Assert.Equal("read it again", Shown());

        await submission.SendAsync(() => Task.CompletedTask);
        Assert.Null(Shown());
        await submission.SendAsync(() => throw new RequestException(RequestError.Forbidden, "no"));
        submission.Forget();
        Assert.Null(Shown());

        string? Shown() => Render<Refusal>(parameters => parameters.Add(part => part.Of, submission)).FindAll("[role=alert]").SingleOrDefault()?.TextContent;
    }

    [Fact]
    public async Task What_is_no_refusal_is_not_hidden_and_the_form_can_send_again()
    {
        var submission = new Submission();

        await Assert.ThrowsAsync<InvalidOperationException>(() => submission.SendAsync(() => throw new InvalidOperationException("a defect")));

        Assert.False(submission.IsSending);
    }
}
