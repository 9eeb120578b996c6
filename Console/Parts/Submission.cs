using RiskMonitor.UseCases.Answers;

namespace RiskMonitor.WebConsole.Parts;

/// <summary>A change that a form or a button sends: one at a time, and what refused it is on the screen until the next one.</summary>
public sealed class Submission
{
    public bool IsSending { get; private set; }

    /// <summary>Why the last one was refused; null when it was not.</summary>
    public RequestException? Refused { get; private set; }

    /// <param name="send">Sends the change, and shows what came of it.</param>
    public async Task SendAsync(Func<Task> send)
    {
        if (IsSending)
        {
            return;
        }

        (IsSending, Refused) = (true, null);
        try
        {
            await send();
        }
        catch (RequestException refused)
        {
            Refused = refused;
        }
        finally
        {
            IsSending = false;
        }
    }

    /// <summary>Another change is begun.</summary>
    public void Forget() => Refused = null;
}
