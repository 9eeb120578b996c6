using Orleans.Runtime;

namespace Orleans.Storage;

/// <summary>Storage has another version than the writer knows. The activation that lets it escape is deactivated.</summary>
[GenerateSerializer]
public class InconsistentStateException : OrleansException
{
    public InconsistentStateException()
    {
    }

    public InconsistentStateException(string message)
        : base(message)
    {
    }

    public InconsistentStateException(string message, Exception? innerException)
        : base(message, innerException!)
    {
    }

    public InconsistentStateException(string errorMsg, string? storedEtag, string? currentEtag)
        : this(errorMsg, storedEtag, currentEtag, null)
    {
    }

    public InconsistentStateException(string errorMsg, string? storedEtag, string? currentEtag, Exception? storageException)
        : base(errorMsg, storageException!)
    {
        StoredEtag = storedEtag;
        CurrentEtag = currentEtag;
    }

    public InconsistentStateException(string? storedEtag, string? currentEtag, Exception storageException)
        : this(storageException.Message, storedEtag, currentEtag, storageException)
    {
    }

    public string? StoredEtag { get; }

    public string? CurrentEtag { get; }

    internal bool IsSourceActivation { get; set; } = true;

    public override string ToString() => $"{base.ToString()} Stored ETag: {StoredEtag}, current ETag: {CurrentEtag}";
}
