using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Inputs;
using RiskMonitor.UseCases.Limits;

namespace RiskMonitor.McpFrontend.Http;

/// <summary>The body that sets a limit. What is left out stays as it is; a null empties currency, valid_from or valid_to.</summary>
internal static class LimitBody
{
    private static readonly InputParameter[] s_fields =
    [
        new("profile", ParameterKind.Text, "the limit's profile"),
        new("scope_kind", ParameterKind.Text, "desk or default"),
        new("scope_key", ParameterKind.Text, "the desk"),
        new("metric", ParameterKind.Text, "net_delta or gross_delta"),
        new("horizon", ParameterKind.Text, "the limit's horizon"),
        new("threshold", ParameterKind.Amount, "an amount of 0 or more"),
        new("warning_ratio", ParameterKind.Amount, "a share of the threshold"),
        new("cure_ratio", ParameterKind.Amount, "a share of the threshold"),
        new("severity_warning", ParameterKind.Amount, "overshoot from which a breach is WARNING, as a share of the threshold"),
        new("severity_critical", ParameterKind.Amount, "overshoot from which a breach is CRITICAL"),
        new("currency", ParameterKind.Text, "not supported yet; null"),
        new("valid_from", ParameterKind.Text, "first instant (RFC 3339)"),
        new("valid_to", ParameterKind.Text, "first instant at which it no longer holds"),
        new("version", ParameterKind.Whole, "the version that was read; 0 for a new limit", IsRequired: true),
        new("reason", ParameterKind.Text, "why the limit changes", IsRequired: true),
    ];

    /// <exception cref="RequestException">It is not what it must be.</exception>
    public static LimitChange Read(HttpContext context)
    {
        var fields = JsonBody.Read(context, s_fields);
        return new LimitChange(
            fields.Text("profile"),
            fields.Text("scope_kind"),
            fields.Text("scope_key"),
            fields.Text("metric"),
            fields.Text("horizon"),
            fields.Amount("threshold"),
            fields.Decimal("warning_ratio"),
            fields.Decimal("cure_ratio"),
            fields.Decimal("severity_warning"),
            fields.Decimal("severity_critical"),
            fields.Text("currency"),
            fields.Text("valid_from"),
            fields.Text("valid_to"),
            fields.Whole("version"),
            fields.Text("reason"))
        {
            Emptied = fields.Empty,
        };
    }
}
