using System.Text.Json;
using RiskMonitor.UseCases.Alerts;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Asking.Writing;
using RiskMonitor.UseCases.Exposures;

namespace RiskMonitor.UseCases.Asking;

/// <summary>The tool calls that answers make.</summary>
public sealed partial class AnswerComposer
{
    private async Task<IReadOnlyList<ResultNode>> DeskExposuresAsync()
    {
        var answers = new List<ResultNode>();
        foreach (var desk in reading.Desks.Take(MostDesks))
        {
            if (await CallAsync(DeskExposure.Tool, ("desk", desk), ("as_of", reading.AsOf), ("horizon", reading.Horizon)) is { } answer)
            {
                answers.Add(answer);
            }
        }

        return answers;
    }

    private async Task<AnswerDraft> ListAsync(string tool, Action<ConclusionBuilder, ResultNode, string?> write, string english, string chinese, params (string Name, object? Value)[] filters)
    {
        var desks = reading.Desks.Count == 0 ? [null] : reading.Desks.Take(MostDesks).ToArray<string?>();
        var answers = new List<(string? Desk, ResultNode Answer)>();
        foreach (var desk in desks)
        {
            if (await CallAsync(tool, [("desk", desk), .. filters]) is { } answer)
            {
                answers.Add((desk, answer));
            }
        }

        var text = NewConclusion();
        foreach (var (desk, answer) in answers)
        {
            write(text, answer, desk);
        }

        return Complete(text, english, chinese);
    }

    /// <returns>Null if the call was refused because of its arguments or the caller's rights; the answer then contains the reason.</returns>
    /// <exception cref="RequestException">The call failed for another reason, so the question fails too.</exception>
    private async Task<ResultNode?> CallAsync(string tool, params (string Name, object? Value)[] arguments)
    {
        if (!session.Has(tool))
        {
            Refuse(RequestError.Forbidden, IsChinese ? $"您的权限不包括 {tool}" : $"{tool} is not among what you may call");
            return null;
        }

        var given = arguments.Where(argument => argument.Value is not null).ToDictionary(argument => argument.Name, argument => JsonSerializer.SerializeToElement(argument.Value));
        var (result, error) = await session.CallAsync(tool, given, cancellationToken);
        if (result is not null)
        {
            _results.Add(result);
            return ResultNode.Of(result);
        }

        if (error!.Code is not (RequestError.NotFound or RequestError.InvalidInput or RequestError.Forbidden))
        {
            throw error;
        }

        _refused.Add(IsChinese && tool != GetAlert.Tool && error.Code == RequestError.NotFound ? InChinese(error, given) : error);
        return null;
    }

    private static RequestException InChinese(RequestException error, Dictionary<string, JsonElement> given)
    {
        var near = error.Details.SelectMany(detail => detail.Allowed ?? []).Select(name => $"'{name}'").ToList();
        var name = given.TryGetValue("desk", out var desk) ? desk.GetString() : "";
        return new RequestException(error.Code, $"没有名为 '{name}' 的交易台{(near.Count == 0 ? "" : $"；是否指 {string.Join(" 或 ", near)}")}");
    }

    private void Refuse(RequestError code, string why) => _refused.Add(new RequestException(code, why));
}
