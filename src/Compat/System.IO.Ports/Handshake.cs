namespace System.IO.Ports;

/// <summary>How the two ends of the line tell each other to pause.</summary>
public enum Handshake
{
    /// <summary>They do not.</summary>
    None = 0,

    /// <summary>With the characters XON (0x11) and XOFF (0x13); unfit for binary data.</summary>
    XOnXOff = 1,

    /// <summary>With the wires RTS and CTS.</summary>
    RequestToSend = 2,

    /// <summary>With both.</summary>
    RequestToSendXOnXOff = 3,
}
