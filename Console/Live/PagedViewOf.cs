using Microsoft.AspNetCore.Components;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.WebConsole.Parts;

namespace RiskMonitor.WebConsole.Live;

/// <summary>A view of a list that is read a page at a time. It shows <see cref="Pages"/> below its rows.</summary>
public abstract class PagedViewOf<TAnswer> : ViewOf<TAnswer>
    where TAnswer : ListAnswer
{
    private protected const int PageSize = 25;

    /// <summary>The cursors of the pages before this one.</summary>
    private readonly Stack<string?> _before = [];

    /// <summary>Of the page on the screen; null: the first.</summary>
    private protected string? Cursor { get; private set; }

    /// <summary>Leads to the other pages; of the page on the screen says which rows it has.</summary>
    private protected RenderFragment Pages => builder =>
    {
        if (Answer is { } page)
        {
            builder.OpenComponent<Pager>(0);
            builder.AddComponentParameter(1, nameof(Pager.From), _before.Count * PageSize);
            builder.AddComponentParameter(2, nameof(Pager.Returned), page.Returned);
            builder.AddComponentParameter(3, nameof(Pager.Total), page.Total);
            builder.AddComponentParameter(4, nameof(Pager.HasNext), page.NextCursor is not null);
            builder.AddComponentParameter(5, nameof(Pager.Back), EventCallback.Factory.Create(this, BackAsync));
            builder.AddComponentParameter(6, nameof(Pager.Next), EventCallback.Factory.Create(this, NextAsync));
            builder.CloseComponent();
        }
    };

    /// <summary>Another list is asked for, which begins with its first page.</summary>
    private protected void Begin()
    {
        _before.Clear();
        Cursor = null;
    }

    /// <summary>A filter was chosen.</summary>
    private protected Task FilteredAsync()
    {
        Begin();
        return ReadAnewAsync();
    }

    private Task NextAsync()
    {
        _before.Push(Cursor);
        Cursor = Answer?.NextCursor;
        return ReadOnAsync();
    }

    private Task BackAsync()
    {
        Cursor = _before.TryPop(out var cursor) ? cursor : null;
        return ReadOnAsync();
    }
}
