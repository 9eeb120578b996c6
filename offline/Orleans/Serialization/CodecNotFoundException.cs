namespace Orleans.Serialization;

/// <summary>A value of a type that cannot cross a grain call: no [GenerateSerializer], no converter, no built-in codec.</summary>
public sealed class CodecNotFoundException(string message) : SerializerException(message);
