using Orleans.Runtime;

namespace Orleans
{
    /// <summary>Gives a grain class its name in grain ids, instead of the class name without "Grain" in lower case.</summary>
    [AttributeUsage(AttributeTargets.Class)]
    public sealed class GrainTypeAttribute(string grainType) : Attribute
    {
        internal GrainType Type { get; } = GrainType.Create(grainType);
    }

    /// <summary>An activation of this class is never collected for being idle.</summary>
    [AttributeUsage(AttributeTargets.Class)]
    public class KeepAliveAttribute : Attribute;

    /// <summary>How long an activation of this class may be idle.</summary>
    [AttributeUsage(AttributeTargets.Class)]
    public class CollectionAgeLimitAttribute : Attribute
    {
        public static readonly TimeSpan MinAgeLimit = TimeSpan.FromMinutes(1);

        public CollectionAgeLimitAttribute()
        {
        }

        public CollectionAgeLimitAttribute(string inactivityPeriod) =>
            Minutes = TimeSpan.Parse(inactivityPeriod, System.Globalization.CultureInfo.InvariantCulture).TotalMinutes;

        public bool AlwaysActive { get; set; }

        public double Days { get; set; }

        public double Hours { get; set; }

        public double Minutes { get; set; }

        public TimeSpan AgeLimit => AlwaysActive
            ? TimeSpan.MaxValue
            : TimeSpan.FromDays(Days) + TimeSpan.FromHours(Hours) + TimeSpan.FromMinutes(Minutes);
    }
}

namespace Orleans.CodeGeneration
{
    /// <summary>The version of a grain interface; one process has one version, so the stand-in reads nothing from it.</summary>
    [AttributeUsage(AttributeTargets.Interface)]
    public sealed class VersionAttribute(ushort version) : Attribute
    {
        public ushort Version { get; } = version;
    }
}

namespace Orleans.Placement
{
    /// <summary>Where activations of a grain class are made.</summary>
    [AttributeUsage(AttributeTargets.Class)]
    public abstract class PlacementAttribute : Attribute;

    /// <summary>On the silo of the caller.</summary>
    [AttributeUsage(AttributeTargets.Class)]
    public sealed class PreferLocalPlacementAttribute : PlacementAttribute;

    /// <summary>On any silo.</summary>
    [AttributeUsage(AttributeTargets.Class)]
    public sealed class RandomPlacementAttribute : PlacementAttribute;

    /// <summary>On a silo chosen by the grain id.</summary>
    [AttributeUsage(AttributeTargets.Class)]
    public sealed class HashBasedPlacementAttribute : PlacementAttribute;

    /// <summary>On the silo with the fewest activations.</summary>
    [AttributeUsage(AttributeTargets.Class)]
    public sealed class ActivationCountBasedPlacementAttribute : PlacementAttribute;

    /// <summary>On the silo with the most room.</summary>
    [AttributeUsage(AttributeTargets.Class)]
    public sealed class ResourceOptimizedPlacementAttribute : PlacementAttribute;
}
