namespace System.IO.Ports;

/// <summary>The number of stop bits after each character.</summary>
public enum StopBits
{
    /// <summary>None; <see cref="SerialPort.StopBits"/> does not accept it.</summary>
    None = 0,

    /// <summary>One.</summary>
    One = 1,

    /// <summary>Two.</summary>
    Two = 2,

    /// <summary>One and a half; Linux knows it only together with five data bits.</summary>
    OnePointFive = 3,
}
