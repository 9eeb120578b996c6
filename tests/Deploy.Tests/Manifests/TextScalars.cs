using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace RiskMonitor.Deploy.Tests.Manifests;

/// <summary>
/// Texts that have to be written as texts. The API server reads <c>value: 8080</c> and <c>value: true</c> as a number and a truth value and refuses them; the reader of
/// <c>KubernetesClient</c> takes them.
/// </summary>
internal static partial class TextScalars
{
    private static readonly string[] s_maps = ["data", "stringData", "labels", "annotations", "matchLabels", "nodeSelector", "selector"];
    private static readonly string[] s_lists = ["args", "command", "values"];

    /// <exception cref="YamlException">There is one that reads as something else.</exception>
    public static void Check(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        foreach (var document in stream.Documents)
        {
            Check(document.RootNode);
        }
    }

    private static void Check(YamlNode node)
    {
        switch (node)
        {
            case YamlMappingNode map:
                var isVariable = map.Children.ContainsKey("name") && map.Children.ContainsKey("value");
                foreach (var (key, value) in map.Children)
                {
                    var name = ((YamlScalarNode)key).Value!;
                    RequireText(name, s_maps.Contains(name) && value is YamlMappingNode texts ? texts.Children.Values
                        : s_lists.Contains(name) && value is YamlSequenceNode list ? list.Children
                        : isVariable && name == "value" ? [value]
                        : []);
                    Check(value);
                }

                break;
            case YamlSequenceNode list:
                foreach (var item in list)
                {
                    Check(item);
                }

                break;
        }
    }

    private static void RequireText(string name, IEnumerable<YamlNode> nodes)
    {
        foreach (var scalar in nodes.OfType<YamlScalarNode>().Where(scalar => scalar.Style == ScalarStyle.Plain && NoText().IsMatch(scalar.Value!)))
        {
            throw new YamlException(scalar.Start, scalar.End, $"{name}: {scalar.Value} is no text; put it in quotes");
        }
    }

    [GeneratedRegex("^(true|false|null|~||[-+]?[0-9][0-9_]*(\\.[0-9]*)?([eE][-+]?[0-9]+)?|0x[0-9a-fA-F]+)$", RegexOptions.IgnoreCase)]
    private static partial Regex NoText();
}
