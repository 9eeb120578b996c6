using System.Reflection;
using Orleans.Concurrency;

namespace Orleans.Offline;

/// <summary>What the attributes of a grain method say.</summary>
internal sealed class GrainMethod
{
    internal GrainMethod(Type grainInterface, MethodInfo method)
    {
        Name = $"{grainInterface.FullName}.{method.Name}";
        AlwaysInterleave = method.IsDefined(typeof(AlwaysInterleaveAttribute), inherit: true);
        ReadOnly = method.IsDefined(typeof(ReadOnlyAttribute), inherit: true);
        OneWay = method.IsDefined(typeof(OneWayAttribute), inherit: true);
        Timeout = method.GetCustomAttribute<ResponseTimeoutAttribute>()?.Timeout;
        SharesResult = method.ReturnParameter.IsDefined(typeof(ImmutableAttribute), inherit: false);
    }

    internal GrainMethod(string name, bool alwaysInterleave)
    {
        Name = name;
        AlwaysInterleave = alwaysInterleave;
        OneWay = true;
    }

    internal string Name { get; }

    internal bool AlwaysInterleave { get; }

    internal bool ReadOnly { get; }

    internal bool OneWay { get; }

    internal TimeSpan? Timeout { get; }

    internal bool SharesResult { get; }
}
