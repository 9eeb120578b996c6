namespace Orleans.Runtime;

/// <summary>Something that has a grain id.</summary>
public interface IAddressable;
