using System.Buffers.Binary;
using EcgFm.Acquisition.Transports;

namespace EcgFm.Acquisition.Bluetooth;

/// <summary>Packets as a stream of bytes. A packet that is longer than the reader's buffer is given in parts.</summary>
/// <param name="read">Gives the next packet; empty at the end.</param>
/// <param name="write">Sends bytes.</param>
/// <param name="lost">Says why the line has ended.</param>
/// <param name="close">Closes the line.</param>
/// <param name="prefixed">Whether each packet is preceded by its length, 16 bits little-endian, so that recorded bytes can be cut into packets again.</param>
internal sealed class PacketStream(
    Func<CancellationToken, ValueTask<ReadOnlyMemory<byte>>> read,
    Func<ReadOnlyMemory<byte>, CancellationToken, Task> write,
    Func<Task<DeviceException>> lost,
    Func<ValueTask> close,
    bool prefixed = false) : LineStream
{
    private readonly byte[] _packet = new byte[1024];
    private ReadOnlyMemory<byte> _rest;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty) return 0;
        if (_rest.IsEmpty)
        {
            var packet = await read(cancellationToken).ConfigureAwait(false);
            if (packet.IsEmpty) throw await lost().ConfigureAwait(false);
            _rest = prefixed ? Prefix(packet.Span) : packet;
        }

        var length = Math.Min(buffer.Length, _rest.Length);
        _rest[..length].CopyTo(buffer);
        _rest = _rest[length..];
        return length;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        await write(buffer, cancellationToken).ConfigureAwait(false);

    public override async ValueTask DisposeAsync()
    {
        await close().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    private ReadOnlyMemory<byte> Prefix(ReadOnlySpan<byte> packet)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(_packet, (ushort)packet.Length);
        packet.CopyTo(_packet.AsSpan(2));
        return _packet.AsMemory(0, packet.Length + 2);
    }
}
