using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Orleans.Runtime;

namespace Orleans.Offline;

/// <summary>The grain classes of this process and the interfaces they implement.</summary>
internal static class GrainClassMap
{
    private static readonly Lazy<Dictionary<GrainType, GrainClass>> s_classes = new(Find);
    private static readonly ConcurrentDictionary<(Type Interface, string? Prefix), GrainClass> s_implementations = new();

    internal static GrainClass Get(GrainType type) =>
        s_classes.Value.TryGetValue(type, out var grainClass) ? grainClass : throw new ArgumentException($"Could not find an implementation for grain type '{type}'.");

    internal static GrainClass Implementing(Type grainInterface, string? prefix) =>
        s_implementations.GetOrAdd((grainInterface, prefix), static key => Choose(key.Interface, key.Prefix));

    private static GrainClass Choose(Type grainInterface, string? prefix)
    {
        var candidates = s_classes.Value.Values
            .Where(c => grainInterface.IsAssignableFrom(c.Type) && (prefix is null || c.Type.FullName!.StartsWith(prefix, StringComparison.Ordinal)))
            .ToArray();
        if (candidates.Length > 1 && ByConvention(grainInterface, candidates) is { } conventional)
        {
            return conventional;
        }

        return candidates.Length switch
        {
            1 => candidates[0],
            0 => throw new ArgumentException($"Could not find an implementation for interface {grainInterface}."),
            _ => throw new ArgumentException($"Unable to identify a single appropriate grain type for interface {grainInterface}. Candidates: {string.Join(", ", candidates.Select(c => c.GrainType))}."),
        };
    }

    // IFooGrain is FooGrain when several classes implement it.
    private static GrainClass? ByConvention(Type grainInterface, GrainClass[] candidates) =>
        candidates.FirstOrDefault(c => "I" + c.Type.Name == grainInterface.Name);

    private static Dictionary<GrainType, GrainClass> Find()
    {
        var classes = new Dictionary<GrainType, GrainClass>();
        foreach (var type in Assemblies().SelectMany(Types).Where(IsGrainClass))
        {
            var grainClass = new GrainClass(type);
            if (!classes.TryAdd(grainClass.GrainType, grainClass))
            {
                throw new InvalidOperationException($"{type} and {classes[grainClass.GrainType].Type} have the same grain type '{grainClass.GrainType}'; use [GrainType].");
            }
        }

        return classes;
    }

    private static bool IsGrainClass(Type type) =>
        type is { IsClass: true, IsAbstract: false, ContainsGenericParameters: false } && typeof(IGrainBase).IsAssignableFrom(type);

    private static IEnumerable<Type> Types(Assembly assembly)
    {
        try
        {
            return assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException exception)
        {
            return exception.Types.OfType<Type>();
        }
    }

    // An assembly of grains that nobody has touched yet is not loaded; it lies beside the application.
    internal static IEnumerable<Assembly> Assemblies()
    {
        var own = typeof(GrainClassMap).Assembly.GetName().Name!;
        var loaded = AppDomain.CurrentDomain.GetAssemblies()
            .Where(a => !a.IsDynamic && (a.GetName().Name == own || a.GetReferencedAssemblies().Any(r => r.Name == own)))
            .GroupBy(a => a.GetName().Name!)
            .ToDictionary(g => g.Key, g => g.First());
        foreach (var file in Directory.EnumerateFiles(AppContext.BaseDirectory, "*.dll"))
        {
            var name = Path.GetFileNameWithoutExtension(file);
            if (!loaded.ContainsKey(name) && References(file, own))
            {
                loaded[name] = Assembly.Load(new AssemblyName(name));
            }
        }

        return loaded.Values;
    }

    private static bool References(string file, string name)
    {
        try
        {
            using var image = new PEReader(File.OpenRead(file));
            if (!image.HasMetadata)
            {
                return false;
            }

            var metadata = image.GetMetadataReader();
            return metadata.AssemblyReferences.Any(r => metadata.GetString(metadata.GetAssemblyReference(r).Name) == name);
        }
        catch (BadImageFormatException)
        {
            return false;
        }
    }
}
