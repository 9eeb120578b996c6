using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Options;
using RiskMonitor.Risk.Reports;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Limits;

namespace RiskMonitor.UseCases.Tools;

/// <summary>The limit table, or what of it binds one desk.</summary>
public sealed class GetLimitsTool(GetLimits useCase, IOptions<UseCaseOptions> options) : RiskTool<GetLimitsInput, LimitsAnswer>(
    useCase, GetLimits.Input.Allowing("profile", options.Value.ProfileNames()).Allowing("horizon", options.Value.HorizonNames()), new PageParameters(50, 100))
{
    public override string Title => "Limits";

    public override string Description =>
        "Risk limits with thresholds, warning and cure ratios, severity steps, validity, version and reason. With desk: what applies to it, "
        + "effective marking the one that binds now. Limits are changed over HTTP only.";

    public override JsonElement OutputSchema { get; } = AnswerSchema.OfList("""
        "limits": {"type": "array", "items": {"type": "object", "required": ["limit_id", "profile", "scope_key", "horizon", "version"], "properties": {
          "scope_kind": {"enum": ["desk", "default"]},
          "metric": {"enum": ["net_delta", "gross_delta"]},
          "threshold": {"$ref": "#/$defs/money"},
          "effective": {"$ref": "#/$defs/flag_or_null"}}}}
        """);

    protected override void Write(LimitsAnswer answer, AnswerText text)
    {
        text.Page(answer, "limits");
        foreach (var limit in answer.Limits)
        {
            var whose = limit.ScopeKind == "desk" ? $"desk {AnswerText.Quoted(limit.ScopeKey)}" : "default";
            text.Line(string.Create(
                CultureInfo.InvariantCulture,
                $"- {whose} {limit.Profile} {limit.Horizon} {limit.Metric}: {FigureText.Amount(limit.Threshold.Amount, limit.Currency ?? "")}, "
                + $"limit {AnswerText.Quoted(limit.LimitId)} version {limit.Version}{(limit.Effective == true ? ", in force" : "")}"));
        }
    }
}
