namespace Orleans.Runtime;

/// <summary>Something a silo does when it starts; the start fails with it.</summary>
public interface IStartupTask
{
    Task Execute(CancellationToken cancellationToken);
}
