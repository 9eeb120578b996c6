using System.Text.Json;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Asking.Reading;
using RiskMonitor.UseCases.Asking.Writing;
using RiskMonitor.UseCases.Asking;
using RiskMonitor.UseCases.Exposures;

namespace RiskMonitor.WebConsole.Desks;

/// <summary>What an answer about a desk says in Chinese. The answer itself says it in English; questions are answered in both languages, by the same sentences.</summary>
public static class DeskConclusion
{
    public static string InChinese(DeskExposureAnswer answer)
    {
        var document = JsonSerializer.SerializeToElement(answer, RiskJson.Options);
        var result = new ToolResult(0, DeskExposure.Tool, document, [], answer.Desk, answer.AsOf);
        var text = new ConclusionBuilder(Language.Chinese, [result]);
        DeskText.ExposureAndLimits(text, ResultNode.Of(result));
        DataCaveats.Write(text);
        return text.ToDraft("").Conclusion;
    }
}
