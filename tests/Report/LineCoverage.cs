using System.Globalization;
using System.Xml.Linq;

namespace RiskMonitor.TestReport;

/// <summary>Lines covered by any of the test runs, per assembly; format of Cobertura.</summary>
internal sealed class LineCoverage(IReadOnlyDictionary<string, Dictionary<(string File, int Line), bool>> assemblies)
{
    private const string AssemblyPrefix = "RiskMonitor.";

    public static LineCoverage Read(string folder)
    {
        var assemblies = new Dictionary<string, Dictionary<(string, int), bool>>();
        foreach (var file in Directory.EnumerateFiles(folder, "coverage.cobertura*.xml", SearchOption.AllDirectories))
        {
            foreach (var package in XDocument.Load(file).Descendants("package"))
            {
                var name = (string)package.Attribute("name")!;
                if (!assemblies.TryGetValue(name, out var lines))
                {
                    assemblies[name] = lines = [];
                }

                foreach (var type in package.Descendants("class"))
                {
                    var path = (string)type.Attribute("filename")!;
                    if (path.Contains("/obj/", StringComparison.Ordinal))
                    {
                        // Generated. (Told to leave out generated code by its attribute, coverlet leaves out every assembly that has some.)
                        continue;
                    }

                    // Each report cuts its paths in its own way; within an assembly the name tells files apart.
                    var source = Path.GetFileName(path);
                    foreach (var line in type.Descendants("line"))
                    {
                        var key = (source, int.Parse(line.Attribute("number")!.Value, CultureInfo.InvariantCulture));
                        lines[key] = lines.GetValueOrDefault(key) || line.Attribute("hits")!.Value != "0";
                    }
                }
            }
        }

        return new LineCoverage(assemblies);
    }

    /// <returns>0 for a room of which nothing was measured.</returns>
    public decimal Percent(string room) => assemblies.TryGetValue(AssemblyPrefix + room, out var lines) && lines.Count > 0
        ? 100m * lines.Values.Count(hit => hit) / lines.Count
        : 0;
}
