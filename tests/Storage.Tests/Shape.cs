using System.Collections;
using System.Globalization;
using System.Text;

namespace RiskMonitor.Storage.Tests;

/// <summary>Writes out everything that a value says: records compare their lists by reference, this compares them by content.</summary>
internal static class Shape
{
    public static string Of(object? value)
    {
        var text = new StringBuilder();
        Write(value, text);
        return text.ToString();
    }

    private static void Write(object? value, StringBuilder text)
    {
        switch (value)
        {
            case null:
                text.Append("null");
                break;
            case string known:
                text.Append('"').Append(known).Append('"');
                break;
            case DateTimeOffset instant:
                text.Append(instant.UtcTicks);
                break;
            case IFormattable simple:
                text.Append(simple.ToString(null, CultureInfo.InvariantCulture));
                break;
            case bool yes:
                text.Append(yes);
                break;
            case IEnumerable list:
                text.Append('[');
                foreach (var item in list)
                {
                    Write(item, text);
                    text.Append(", ");
                }

                text.Append(']');
                break;
            default:
                text.Append(value.GetType().Name).Append('{');
                foreach (var property in value.GetType().GetProperties().Where(property => property is { CanWrite: true, GetMethod.IsPublic: true, GetMethod.IsStatic: false }))
                {
                    text.Append(property.Name).Append('=');
                    Write(property.GetValue(value), text);
                    text.Append("; ");
                }

                text.Append('}');
                break;
        }
    }
}
