using System.Buffers;

namespace RiskMonitor.CdcIngest.Feeds;

/// <summary>Reads lines from a stream, each as one piece of memory, with their numbers from 1. Blank lines count and are not returned.</summary>
internal sealed class LineReader(Stream content) : IDisposable
{
    private const int Block = 256 * 1024;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(Block);
    private int _start;
    private int _end;
    private bool _isAtEnd;

    /// <summary>Number of the line that was returned last.</summary>
    public long Number { get; private set; }

    /// <summary>The next line, where the memory that was read contains one. It is valid until the next call.</summary>
    /// <returns>False when <see cref="ReadAsync"/> has to read on.</returns>
    public bool TryNext(out ReadOnlySpan<byte> line)
    {
        while (true)
        {
            var rest = _buffer.AsSpan(_start, _end - _start);
            var length = rest.IndexOf((byte)'\n');
            if (length < 0 && (!_isAtEnd || rest.IsEmpty))
            {
                line = default;
                return false;
            }

            line = WithoutMark(length < 0 ? rest : rest[..length]);
            _start = length < 0 ? _end : _start + length + 1;
            Number++;
            if (line.ContainsAnyExcept(" \t\r"u8))
            {
                return true;
            }
        }
    }

    /// <summary>Reads more of the stream.</summary>
    /// <returns>False at its end, when all lines were returned.</returns>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        if (_isAtEnd)
        {
            return false;
        }

        MakeRoom();
        var read = await content.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += read;
        _isAtEnd = read == 0;
        return true;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    /// <summary>Moves the line that has begun to the front, and gives it more room when it fills the buffer.</summary>
    private void MakeRoom()
    {
        var begun = _buffer.AsSpan(_start, _end - _start);
        if (begun.Length > _buffer.Length / 2)
        {
            var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
            begun.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
        else
        {
            begun.CopyTo(_buffer);
        }

        (_start, _end) = (0, begun.Length);
    }

    /// <summary>Programs write a byte order mark at the beginning of a file, and files are put together.</summary>
    private static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> line) => line is [0xEF, 0xBB, 0xBF, ..] ? line[3..] : line;
}
