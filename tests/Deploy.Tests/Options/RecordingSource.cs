using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;

namespace RiskMonitor.Deploy.Tests.Options;

/// <summary>Values of a configuration that notes which keys are asked for.</summary>
internal sealed class RecordingSource(IEnumerable<KeyValuePair<string, string?>> values) : IConfigurationSource
{
    private readonly ConcurrentDictionary<string, byte> _asked = new(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyCollection<string> Asked => [.. _asked.Keys];

    public void Forget() => _asked.Clear();

    public IConfigurationProvider Build(IConfigurationBuilder builder) => new Provider(this, values);

    private sealed class Provider : ConfigurationProvider
    {
        private readonly RecordingSource _source;

        public Provider(RecordingSource source, IEnumerable<KeyValuePair<string, string?>> values)
        {
            _source = source;
            foreach (var (key, value) in values)
            {
                Data[key] = value;
            }
        }

        public override bool TryGet(string key, out string? value)
        {
            _source._asked[key] = 0;
            return base.TryGet(key, out value);
        }
    }
}
