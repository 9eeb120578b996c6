using System.Text.Json;

namespace RiskMonitor.Storage.Database;

/// <summary>Separates a row that cannot be read from a database that cannot be read now. What a driver throws is never a fault of the row here.</summary>
internal static class Unreadable
{
    /// <summary>The fault is in what is stored: reading it again gives the same.</summary>
    public static bool IsOfTheRow(Exception error) => error switch
    {
        JsonException or InvalidDataException or FormatException or InvalidCastException or OverflowException or ArgumentException => true,
        // What the driver says of a NULL, and the domain of records that do not follow each other.
        InvalidOperationException => error is not ObjectDisposedException,
        IndexOutOfRangeException or NullReferenceException or KeyNotFoundException => true,
        _ => false,
    };

    /// <summary>Reads something of a row.</summary>
    /// <returns>False where it cannot be read.</returns>
    public static bool TryRead<T>(Func<T> read, out T value, out string problem)
    {
        try
        {
            (value, problem) = (read(), "");
            return true;
        }
        catch (Exception error) when (IsOfTheRow(error))
        {
            (value, problem) = (default!, error.Message);
            return false;
        }
    }
}
