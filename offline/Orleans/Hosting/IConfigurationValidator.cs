namespace Orleans;

/// <summary>Checks configuration when the silo starts.</summary>
public interface IConfigurationValidator
{
    void ValidateConfiguration();
}
