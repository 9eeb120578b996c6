using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace RiskMonitor.CdcIngest.Tests.Publishing;

/// <summary>Makes instruments and listens to them.</summary>
internal sealed class ListeningMeters : IMeterFactory
{
    private readonly ConcurrentDictionary<(string Instrument, string Outcome), long> _sums = new();
    private readonly Dictionary<string, double> _observed = [];
    private readonly MeterListener _listener = new();

    public ListeningMeters()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, this))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            if (instrument.IsObservable)
            {
                _observed[instrument.Name] = value;
            }
            else
            {
                _sums.AddOrUpdate((instrument.Name, tags.Length > 0 ? (string)tags[0].Value! : ""), value, (_, sum) => sum + value);
            }
        });
        _listener.SetMeasurementEventCallback<double>((instrument, value, _, _) =>
        {
            if (instrument.IsObservable)
            {
                _observed[instrument.Name] = value;
            }
        });
        _listener.Start();
    }

    public Meter Create(MeterOptions options) => new(new MeterOptions(options.Name) { Scope = this });

    public long Sum(string counter, string outcome) => _sums.GetValueOrDefault((counter, outcome));

    /// <summary>What an observable instrument shows now; null: nothing.</summary>
    public double? Observed(string instrument)
    {
        _observed.Clear();
        _listener.RecordObservableInstruments();
        return _observed.TryGetValue(instrument, out var value) ? value : null;
    }

    public void Dispose() => _listener.Dispose();
}
