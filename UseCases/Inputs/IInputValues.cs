namespace RiskMonitor.UseCases.Inputs;

/// <summary>The parameters of one call, as a protocol brought them: read strictly, and known to the use case. Each is null when it was left out.</summary>
public interface IInputValues
{
    string? Text(string name);

    IReadOnlyList<string>? Texts(string name);

    /// <summary>An amount, as it was written.</summary>
    string? Amount(string name);

    int? Whole(string name);

    bool? Flag(string name);

    /// <summary>A required text. Reading the parameters has refused a call without it.</summary>
    sealed string Demand(string name) => Text(name) ?? throw new InvalidOperationException($"'{name}' is read as required and was not declared so");
}
