using YamlDotNet.RepresentationModel;

namespace RiskMonitor.Host.Tests.Deploy;

/// <summary>The compose file of the repository, with its anchors resolved.</summary>
internal sealed class ComposeFile
{
    private readonly YamlMappingNode _root;

    private ComposeFile(YamlMappingNode root) => _root = root;

    /// <summary>The root of the repository.</summary>
    public static string Root { get; } = FindRoot();

    public IReadOnlyCollection<string> Services => [.. Map(_root, "services").Children.Keys.Select(Text)];

    public IReadOnlyCollection<string> Volumes => [.. Map(_root, "volumes").Children.Keys.Select(Text)];

    public static ComposeFile Read()
    {
        using var text = new StreamReader(Path.Combine(Root, "docker-compose.yml"));
        var yaml = new YamlStream();
        yaml.Load(text);
        return new ComposeFile((YamlMappingNode)yaml.Documents[0].RootNode);
    }

    /// <summary>The environment of a service; what it merges comes first.</summary>
    public IReadOnlyDictionary<string, string> Environment(string service) =>
        Merged(Service(service)).TryGetValue("environment", out var environment) && environment is YamlMappingNode map
            ? Merged(map).ToDictionary(entry => entry.Key, entry => Text(entry.Value))
            : new Dictionary<string, string>();

    public IReadOnlyList<string> Command(string service) => List(service, "command");

    public IReadOnlyList<string> Ports(string service) => List(service, "ports");

    /// <summary>Source and target of what a service mounts.</summary>
    public IReadOnlyList<(string Source, string Target)> Mounts(string service) => [.. List(service, "volumes").Select(mount => mount.Split(':')).Select(parts => (parts[0], parts[1]))];

    public IReadOnlyCollection<string> DependsOn(string service) => Merged(Service(service)).GetValueOrDefault("depends_on") switch
    {
        YamlMappingNode map => [.. map.Children.Keys.Select(Text)],
        YamlSequenceNode list => [.. list.Select(Text)],
        _ => [],
    };

    public bool Has(string service, string key) => Merged(Service(service)).ContainsKey(key);

    public string? Value(string service, string key) => Merged(Service(service)).GetValueOrDefault(key) is YamlScalarNode scalar ? scalar.Value : null;

    private List<string> List(string service, string key) => Merged(Service(service)).GetValueOrDefault(key) is YamlSequenceNode list ? [.. list.Select(Text)] : [];

    private YamlMappingNode Service(string service) => Map(Map(_root, "services"), service);

    private static Dictionary<string, YamlNode> Merged(YamlMappingNode map)
    {
        var merged = new Dictionary<string, YamlNode>(StringComparer.Ordinal);
        foreach (var (key, value) in map.Children.OrderBy(entry => Text(entry.Key) == "<<" ? 0 : 1))
        {
            foreach (var (name, node) in Text(key) == "<<" ? Merged((YamlMappingNode)value) : new Dictionary<string, YamlNode> { [Text(key)] = value })
            {
                merged[name] = node;
            }
        }

        return merged;
    }

    private static YamlMappingNode Map(YamlMappingNode map, string key) => (YamlMappingNode)map.Children[new YamlScalarNode(key)];

    private static string Text(YamlNode node) => ((YamlScalarNode)node).Value ?? "";

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory!.FullName, "docker-compose.yml")))
        {
            directory = directory.Parent;
        }

        return directory.FullName;
    }
}
