using System.Collections;
using System.Globalization;
using System.Text;

namespace RiskMonitor.Grains.Interfaces.Tests;

/// <summary>
/// A value as text, down to its leaves: equal texts mean equal values. Records compare their lists by reference, and comparing by members
/// would miss the scale of a decimal and the offset of a time.
/// </summary>
internal static class ValueText
{
    public static string Of(object? value)
    {
        var text = new StringBuilder();
        Write(value, "\n");
        return text.ToString();

        void Write(object? part, string indent)
        {
            switch (part)
            {
                case null:
                    text.Append("null");
                    break;
                case string characters:
                    text.Append('"').Append(characters).Append('"');
                    break;
                case DateTimeOffset time:
                    text.Append(time.ToString("O", CultureInfo.InvariantCulture));
                    break;
                case IDictionary entries:
                    foreach (DictionaryEntry entry in entries)
                    {
                        text.Append(indent).Append("= ");
                        Write(entry.Key, indent + "  ");
                        text.Append(" : ");
                        Write(entry.Value, indent + "  ");
                    }

                    break;
                case IEnumerable items:
                    text.Append("[]");
                    foreach (var item in items)
                    {
                        text.Append(indent).Append("- ");
                        Write(item, indent + "  ");
                    }

                    break;
                case IFormattable leaf when part.GetType().Namespace == nameof(System) || part is Enum:
                    text.Append(leaf.ToString(null, CultureInfo.InvariantCulture));
                    break;
                case bool flag:
                    text.Append(flag);
                    break;
                default:
                    text.Append(part.GetType().Name);
                    foreach (var member in WireModel.State(part.GetType()))
                    {
                        text.Append(indent).Append(member.Name).Append(": ");
                        Write(WireModel.ValueOf(member, part), indent + "  ");
                    }

                    break;
            }
        }
    }
}
