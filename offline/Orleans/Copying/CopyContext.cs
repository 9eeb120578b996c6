using System.Diagnostics.CodeAnalysis;

namespace Orleans.Offline.Copying;

/// <summary>One copy of an object graph: remembers what was copied, so that cycles and repeated references stay what they are.</summary>
internal sealed class CopyContext
{
    private const int FewObjects = 8;

    [ThreadStatic]
    private static CopyContext? t_free;

    private readonly (object Original, object Copy)[] _first = new (object, object)[FewObjects];
    private readonly Dictionary<object, object> _more = new(ReferenceEqualityComparer.Instance);
    private int _count;

    /// <summary>Whether types need wire attributes: they do on calls, not in storage.</summary>
    internal bool MustBeMarked { get; private set; }

    internal static CopyContext Rent(bool mustBeMarked)
    {
        var context = t_free ?? new CopyContext();
        t_free = null;
        context.MustBeMarked = mustBeMarked;
        return context;
    }

    internal void Return()
    {
        Array.Clear(_first, 0, Math.Min(_count, FewObjects));
        if (_count > FewObjects)
        {
            _more.Clear();
        }

        _count = 0;
        t_free = this;
    }

    internal bool TryGet(object original, [NotNullWhen(true)] out object? copy)
    {
        for (var i = 0; i < Math.Min(_count, FewObjects); i++)
        {
            if (ReferenceEquals(_first[i].Original, original))
            {
                copy = _first[i].Copy;
                return true;
            }
        }

        copy = null;
        return _count > FewObjects && _more.TryGetValue(original, out copy);
    }

    internal void Record(object original, object copy)
    {
        if (_count < FewObjects)
        {
            _first[_count] = (original, copy);
        }
        else
        {
            _more[original] = copy;
        }

        _count++;
    }
}
