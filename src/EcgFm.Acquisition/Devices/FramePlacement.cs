namespace EcgFm.Acquisition.Devices;

/// <summary>What a frame's counter says of it.</summary>
public enum FramePlacement
{
    /// <summary>It follows on what came before, perhaps after a gap that its counter measures.</summary>
    InOrder,

    /// <summary>It has come before: it is to be dropped.</summary>
    Duplicate,

    /// <summary>A later one has come before it: it is to be dropped.</summary>
    Late,

    /// <summary>It is the first after the device restarted: how much was lost before it is known from the time only.</summary>
    Restart,
}
