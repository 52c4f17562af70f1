namespace System.IO.Ports;

/// <summary>The parity bit after each character.</summary>
public enum Parity
{
    /// <summary>There is none.</summary>
    None = 0,

    /// <summary>It makes the number of set bits odd.</summary>
    Odd = 1,

    /// <summary>It makes the number of set bits even.</summary>
    Even = 2,

    /// <summary>It is always 1.</summary>
    Mark = 3,

    /// <summary>It is always 0.</summary>
    Space = 4,
}
