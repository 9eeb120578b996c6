using Orleans.Runtime;

namespace Orleans;

/// <summary>A grain interface.</summary>
public interface IGrain : IAddressable;

/// <summary>A grain whose key is a string.</summary>
public interface IGrainWithStringKey : IGrain;

/// <summary>A grain whose key is an integer.</summary>
public interface IGrainWithIntegerKey : IGrain;

/// <summary>A grain whose key is a GUID.</summary>
public interface IGrainWithGuidKey : IGrain;

/// <summary>A grain whose key is an integer and a text.</summary>
public interface IGrainWithIntegerCompoundKey : IGrain;

/// <summary>A grain whose key is a GUID and a text.</summary>
public interface IGrainWithGuidCompoundKey : IGrain;
