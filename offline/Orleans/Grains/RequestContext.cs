namespace Orleans.Runtime;

/// <summary>Values that travel with a call and the calls it makes.</summary>
public static class RequestContext
{
    // Copied on write, so that a callee's additions do not flow back and a request can keep the dictionary it was sent with.
    private static readonly AsyncLocal<Dictionary<string, object>?> s_values = new();

    public static IEnumerable<string> Keys => s_values.Value?.Keys ?? Enumerable.Empty<string>();

    public static IEnumerable<KeyValuePair<string, object>> Entries => s_values.Value ?? Enumerable.Empty<KeyValuePair<string, object>>();

    internal static Dictionary<string, object>? Current
    {
        get => s_values.Value;
        set
        {
            if (!ReferenceEquals(s_values.Value, value))
            {
                s_values.Value = value;
            }
        }
    }

    public static object? Get(string key) => s_values.Value is { } values && values.TryGetValue(key, out var value) ? value : null;

    public static void Set(string key, object value)
    {
        ArgumentNullException.ThrowIfNull(value);
        s_values.Value = s_values.Value is { } values ? new(values) { [key] = value } : new() { [key] = value };
    }

    public static bool Remove(string key)
    {
        if (s_values.Value is not { } values || !values.ContainsKey(key))
        {
            return false;
        }

        var rest = new Dictionary<string, object>(values);
        rest.Remove(key);
        s_values.Value = rest.Count > 0 ? rest : null;
        return true;
    }

    public static void Clear() => s_values.Value = null;
}
