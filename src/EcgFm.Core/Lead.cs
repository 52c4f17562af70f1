namespace EcgFm.Core;

/// <summary>The twelve standard leads, numbered in the order in which ECG-FM takes them.</summary>
public enum Lead
{
    /// <summary>Left arm minus right arm.</summary>
    I,

    /// <summary>Left leg minus right arm.</summary>
    II,

    /// <summary>Left leg minus left arm: II − I.</summary>
    III,

    /// <summary>Augmented right arm: −(I + II) / 2.</summary>
    AVR,

    /// <summary>Augmented left arm: I − II / 2.</summary>
    AVL,

    /// <summary>Augmented foot: II − I / 2.</summary>
    AVF,

    /// <summary>Precordial, fourth intercostal space, right sternal border.</summary>
    V1,

    /// <summary>Precordial, fourth intercostal space, left sternal border.</summary>
    V2,

    /// <summary>Precordial, between V2 and V4.</summary>
    V3,

    /// <summary>Precordial, fifth intercostal space, midclavicular line.</summary>
    V4,

    /// <summary>Precordial, anterior axillary line at the level of V4.</summary>
    V5,

    /// <summary>Precordial, midaxillary line at the level of V4.</summary>
    V6,
}
