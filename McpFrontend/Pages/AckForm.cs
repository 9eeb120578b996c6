using RiskMonitor.Risk.Alerts;
using RiskMonitor.UseCases.Alerts;

namespace RiskMonitor.McpFrontend.Pages;

/// <summary>The form by which the holder of a link acknowledges.</summary>
internal static class AckForm
{
    public const string Name = "name";
    public const string Comment = "comment";
    public const string Disposition = "disposition";

    private const int MostNameChars = 200;
    private const int MostCommentChars = 4_000;

    public static PageWriter AddTo(PageWriter page, string button, string token) => page.Form(
        button,
        PageWriter.Hidden(AlertLinks.TokenParameter, token),
        PageWriter.Input(Name, "Your name", MostNameChars),
        PageWriter.Choice(Disposition, "What you do about it", AckAlert.Dispositions),
        PageWriter.Input(Comment, "Comment", MostCommentChars));
}
