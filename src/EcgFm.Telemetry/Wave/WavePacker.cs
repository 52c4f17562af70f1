using System.Buffers.Binary;
using EcgFm.Core;
using EcgFm.Telemetry.Messages;

namespace EcgFm.Telemetry.Wave;

/// <summary>Packs the samples of one bed into blocks of 200 ms for live views; <c>device/mqtt/wave.md</c> has the layout.</summary>
internal sealed class WavePacker
{
    /// <summary>What a block is.</summary>
    public const string ContentType = "application/vnd.ecgfm.wave";

    /// <summary>Bytes before the samples.</summary>
    public const int HeaderLength = 32;

    private const byte Version = 1;

    private readonly short[] _samples = new short[StandardLeads.Count * EcgWindow.SampleRate];
    private int _length;
    private int _target;
    private long _first;
    private DateTimeOffset _start;
    private double _rate;
    private uint _absent;
    private uint _leadOff;

    /// <summary>Takes a block of standard leads and hands on each wave block that is complete. A gap, or a lead that comes or goes, ends one before its time.</summary>
    public void Add(EcgBlock block, Action<byte[]> complete)
    {
        if (_length > 0 && (block.FirstSample != _first + _length || block.Absent != _absent || block.SampleRate != _rate)) complete(Take());
        for (var i = 0; i < block.Length; i++)
        {
            if (_length == 0) Begin(block, i);
            for (var lead = 0; lead < StandardLeads.Count; lead++) _samples[lead * _target + _length] = SnippetMessage.Microvolts(block.Samples[lead * block.Length + i]);
            _leadOff |= block.LeadOff;
            if (++_length == _target) complete(Take());
        }
    }

    private void Begin(EcgBlock block, int at)
    {
        (_first, _absent, _rate, _leadOff) = (block.FirstSample + at, block.Absent, block.SampleRate, 0);
        _start = block.Start + TimeSpan.FromSeconds(at / block.SampleRate);
        _target = Math.Clamp((int)(block.SampleRate / 5), 1, EcgWindow.SampleRate);
    }

    private byte[] Take()
    {
        var carried = ~_absent & LeadSet.All.Bits;
        var bytes = new byte[HeaderLength + System.Numerics.BitOperations.PopCount(carried) * _length * 2];
        "ECGW"u8.CopyTo(bytes);
        (bytes[4], bytes[5]) = (Version, HeaderLength);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(6), (ushort)carried);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8), (ushort)(_leadOff & LeadSet.All.Bits));
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(10), (ushort)_length);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(12), (uint)Math.Round(_rate * 1000));
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(16), (_start - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(24), _first);
        var at = HeaderLength;
        for (var lead = 0; lead < StandardLeads.Count; lead++)
        {
            if ((carried >> lead & 1) == 0) continue;
            for (var i = 0; i < _length; i++, at += 2) BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(at), _samples[lead * _target + i]);
        }

        _length = 0;
        return bytes;
    }
}
