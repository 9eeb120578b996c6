using RiskMonitor.UseCases.Inputs;

namespace RiskMonitor.UseCases.Tools;

/// <summary>The pages of a list that a model reads: whatever it asks for, a page has no more rows than it can take in.</summary>
/// <param name="Usual">Rows where the model names no number.</param>
/// <param name="Most">Rows at once; a larger page is cut to it and says that it is truncated.</param>
public sealed record PageParameters(int Usual, int Most)
{
    public InputParameter Size { get; } = CommonParameters.PageSize with { Description = $"default {Usual}, at most {Most} at once" };

    /// <summary>The same arguments with the size of the page to ask for; the use case refuses what is no page size at all.</summary>
    public IInputValues Of(IInputValues arguments) => new Paged(arguments, this);

    private sealed class Paged(IInputValues arguments, PageParameters page) : IInputValues
    {
        public string? Text(string name) => arguments.Text(name);

        public IReadOnlyList<string>? Texts(string name) => arguments.Texts(name);

        public string? Amount(string name) => arguments.Amount(name);

        public bool? Flag(string name) => arguments.Flag(name);

        public int? Whole(string name)
        {
            var given = arguments.Whole(name);
            if (name != CommonParameters.PageSize.Name)
            {
                return given;
            }

            // A list of the largest rows has no pages.
            return given is null && arguments.Whole("top") is not null ? null
                : given is > InputCheck.MostPageSize ? given
                : Math.Min(given ?? page.Usual, page.Most);
        }
    }
}
