using System.Globalization;
using System.Text;

namespace RiskMonitor.Grains.Interfaces.Tests;

/// <summary>The wire contract as text, for a review to read.</summary>
internal static class WireContractText
{
    public static string Write()
    {
        var text = new StringBuilder();
        foreach (var type in WireModel.GrainInterfaces)
        {
            text.Append(CultureInfo.InvariantCulture, $"interface {WireModel.Alias(type)}\n");
            foreach (var method in type.GetMethods().OrderBy(method => WireModel.Alias(method), StringComparer.Ordinal))
            {
                var parameters = string.Join(", ", method.GetParameters().Select(parameter => Name(parameter.ParameterType)));
                text.Append(CultureInfo.InvariantCulture, $"  {WireModel.Alias(method)}({parameters}): {Name(method.ReturnType)}\n");
            }

            text.Append('\n');
        }

        foreach (var type in WireModel.Marked)
        {
            text.Append(CultureInfo.InvariantCulture, $"type {WireModel.Alias(type)} = {type.FullName}\n");
            foreach (var member in WireModel.State(type).OrderBy(WireModel.Id))
            {
                text.Append(CultureInfo.InvariantCulture, $"  {WireModel.Id(member)} {member.Name}: {Name(WireModel.TypeOf(member))}\n");
            }

            text.Append('\n');
        }

        foreach (var type in WireModel.Reachable(out _).Where(type => type.IsEnum).OrderBy(type => type.Name, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"enum {type.FullName}: {Name(Enum.GetUnderlyingType(type))}\n");
            foreach (var value in Enum.GetValues(type))
            {
                text.Append(CultureInfo.InvariantCulture, $"  {Convert.ToInt64(value, CultureInfo.InvariantCulture)} {value}\n");
            }

            text.Append('\n');
        }

        return text.ToString().TrimEnd() + '\n';
    }

    private static string Name(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return $"{Name(underlying)}?";
        }

        return type.IsGenericType
            ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GenericTypeArguments.Select(Name))}>"
            : type.Name;
    }
}
