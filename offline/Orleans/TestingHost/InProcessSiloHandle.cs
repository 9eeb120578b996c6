using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Offline;

namespace Orleans.TestingHost;

/// <summary>A silo of a test cluster in this process.</summary>
public class InProcessSiloHandle : SiloHandle
{
    private bool _isActive = true;
    private bool _disposed;

    public IHost SiloHost { get; init; } = null!;

    public IServiceProvider ServiceProvider => SiloHost.Services;

    public override bool IsActive => _isActive;

    /// <summary>Stops the silo's host, or ends the silo as a crash would: no deactivation, no turn after this.</summary>
    public override async Task StopSiloAsync(bool stopGracefully)
    {
        if (stopGracefully)
        {
            await StopSiloAsync(CancellationToken.None);
            return;
        }

        if (!_isActive)
        {
            return;
        }

        _isActive = false;
        ServiceProvider.GetRequiredService<Silo>().Kill();
        try
        {
            await Task.Run(() => SiloHost.StopAsync(new CancellationToken(canceled: true)));
        }
        catch (Exception)
        {
            // The other services of a crashed host have nobody to complain to.
        }
    }

    public override async Task StopSiloAsync(CancellationToken ct)
    {
        if (!_isActive)
        {
            return;
        }

        try
        {
            await Task.Run(() => SiloHost.StopAsync(ct), CancellationToken.None);
        }
        finally
        {
            _isActive = false;
        }
    }

    public override async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        GC.SuppressFinalize(this);
        if (_isActive)
        {
            await StopSiloAsync(true);
        }

        if (SiloHost is IAsyncDisposable host)
        {
            await host.DisposeAsync();
        }
        else
        {
            SiloHost.Dispose();
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (!_disposed && disposing)
        {
            base.Dispose(disposing);
            _disposed = true;
            SiloHost.Dispose();
        }
    }
}
