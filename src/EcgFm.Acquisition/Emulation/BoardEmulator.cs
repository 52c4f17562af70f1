using System.Buffers;
using EcgFm.Acquisition.Profiles;
using EcgFm.Core;

namespace EcgFm.Acquisition.Emulation;

/// <summary>
/// A board as its maker's documents describe it: takes commands, answers them, and turns millivolts into its bytes. Written from those documents and without a
/// line of the decoders, so that a misreading shows.
/// </summary>
public abstract class BoardEmulator
{
    /// <summary>What the board sends is appended to this by <see cref="Receive"/> and <see cref="Sample"/>.</summary>
    private protected IBufferWriter<byte> Line { get; }

    private protected BoardEmulator(IBufferWriter<byte> line, int inputs, double sampleRate) => (Line, Inputs, SampleRate) = (line, inputs, sampleRate);

    /// <summary>How many inputs the board has.</summary>
    public int Inputs { get; }

    /// <summary>Samples per second and input.</summary>
    public double SampleRate { get; }

    /// <summary>Whether it sends samples.</summary>
    public bool Streaming { get; private protected set; }

    /// <summary>The board that a profile is for.</summary>
    /// <param name="profile">Its profile; channels and rate of a front end with the project's own frame are standard leads at 500 Hz.</param>
    /// <param name="line">Takes what the board sends.</param>
    /// <exception cref="NotSupportedException">No emulator is known for it.</exception>
    public static BoardEmulator Create(DeviceProfile profile, IBufferWriter<byte> line)
    {
        ArgumentNullException.ThrowIfNull(profile);
        return (profile.Framing.Kind, profile.Framing.PayloadLength) switch
        {
            ("ecgfm", _) => new EmulatedFrontEnd(line),
            ("openbci-cyton", _) => new EmulatedCyton(line, profile.Framing.Daisy),
            ("openview", EmulatedHealthyPi.PayloadLength) => new EmulatedHealthyPi(line),
            ("openview", EmulatedAds1293.PayloadLength) => new EmulatedAds1293(line),
            ("hackeeg-jsonl" or "hackeeg-messagepack", _) => new EmulatedHackEeg(line),
            _ => throw new NotSupportedException($"Profile {profile.Name}: there is no emulator for such a board."),
        };
    }

    /// <summary>Which of twelve standard leads each input of the board carries when it is wired as the profile says; -1 for none.</summary>
    public int[] Wiring(DeviceProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        if (profile.Channels.IsEmpty) return [.. Enumerable.Range(0, Inputs)];
        var wiring = Enumerable.Repeat(-1, Inputs).ToArray();
        foreach (var channel in profile.Channels)
            if (StandardLeads.TryParse(channel.Lead, out var lead))
                wiring[channel.Input] = (int)lead;
        return wiring;
    }

    /// <summary>Takes bytes that the host has written.</summary>
    public abstract void Receive(ReadOnlySpan<byte> bytes);

    /// <summary>Takes one sampling instant, and sends it when it is streaming.</summary>
    /// <param name="millivolts">One value for each input.</param>
    /// <param name="leadOff">Bit n is set when the electrode of input n is off.</param>
    public abstract void Sample(ReadOnlySpan<double> millivolts, uint leadOff = 0);

    /// <summary>A count of 24 bits, as a converter that saturates gives it.</summary>
    private protected static int Count24(double count) => (int)Math.Clamp(Math.Round(count), -8388608, 8388607);
}
