using System.Security.Cryptography;
using System.Text;
using ModelContextProtocol;

namespace RiskMonitor.Conformance.Host;

/// <summary>State that travels through the client and back, with a signature: what the client changed is refused.</summary>
internal sealed class RequestStateSeal
{
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    internal string Seal(string state) => $"{state}.{Signature(state)}";

    /// <exception cref="McpProtocolException">The state is not one that was sealed here.</exception>
    internal string Open(string sealedState)
    {
        var end = sealedState.LastIndexOf('.');
        var state = end < 0 ? "" : sealedState[..end];
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Seal(state)), Encoding.UTF8.GetBytes(sealedState))
            ? state
            : throw new McpProtocolException("requestState is not what this server gave out; repeat the request without it", McpErrorCode.InvalidParams);
    }

    private string Signature(string state) => Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(state)));
}
