using System.Globalization;
using System.Net;

namespace Orleans.Runtime;

/// <summary>The address of one life of a silo: its endpoint and a generation that differs after a restart.</summary>
[Immutable]
public sealed class SiloAddress : IEquatable<SiloAddress>, IComparable<SiloAddress>
{
    private static int s_generation = (int)(DateTime.UtcNow.Ticks / TimeSpan.TicksPerSecond % int.MaxValue);

    private SiloAddress(IPEndPoint endpoint, int generation)
    {
        Endpoint = endpoint;
        Generation = generation;
    }

    public static SiloAddress Zero { get; } = new(new IPEndPoint(IPAddress.Any, 0), 0);

    public IPEndPoint Endpoint { get; }

    public int Generation { get; }

    public static SiloAddress New(IPEndPoint ep, int gen) => new(ep, gen);

    public static SiloAddress New(IPAddress address, int port, int generation) => new(new IPEndPoint(address, port), generation);

    public static int AllocateNewGeneration() => Interlocked.Increment(ref s_generation);

    public static SiloAddress FromParsableString(string addr)
    {
        var at = addr.LastIndexOf('@');
        return new(IPEndPoint.Parse(addr[..at]), int.Parse(addr.AsSpan(at + 1), CultureInfo.InvariantCulture));
    }

    public string ToParsableString() => string.Create(CultureInfo.InvariantCulture, $"{Endpoint}@{Generation}");

    public bool Equals(SiloAddress? other) => other is not null && Generation == other.Generation && Endpoint.Equals(other.Endpoint);

    public override bool Equals(object? obj) => Equals(obj as SiloAddress);

    public override int GetHashCode() => HashCode.Combine(Endpoint, Generation);

    public int CompareTo(SiloAddress? other) => string.CompareOrdinal(ToParsableString(), other?.ToParsableString());

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"S{Endpoint}:{Generation}");
}
