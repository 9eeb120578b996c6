namespace Orleans.Offline;

/// <summary>The requests of an activation that wait, or those that run; linked through the requests themselves.</summary>
internal sealed class RequestList
{
    internal GrainRequest? First { get; private set; }

    internal int Count { get; private set; }

    private GrainRequest? Last { get; set; }

    internal void Add(GrainRequest request)
    {
        request.List = this;
        request.Next = null;
        request.Previous = Last;
        if (Last is null)
        {
            First = request;
        }
        else
        {
            Last.Next = request;
        }

        Last = request;
        Count++;
    }

    /// <summary>False when the request is not in this list.</summary>
    internal bool Remove(GrainRequest request)
    {
        if (request.List != this)
        {
            return false;
        }

        if (request.Previous is null)
        {
            First = request.Next;
        }
        else
        {
            request.Previous.Next = request.Next;
        }

        if (request.Next is null)
        {
            Last = request.Previous;
        }
        else
        {
            request.Next.Previous = request.Previous;
        }

        request.List = null;
        request.Next = request.Previous = null;
        Count--;
        return true;
    }

    internal GrainRequest[] TakeAll()
    {
        var all = ToArray();
        foreach (var request in all)
        {
            Remove(request);
        }

        return all;
    }

    internal GrainRequest[] ToArray()
    {
        var all = new GrainRequest[Count];
        var index = 0;
        for (var request = First; request is not null; request = request.Next)
        {
            all[index++] = request;
        }

        return all;
    }
}
