namespace EcgFm.Acquisition.Wfdb;

/// <summary>One annotation of a record.</summary>
/// <param name="Sample">The sample that it stands at.</param>
/// <param name="Code">What it says: one of <see cref="AnnotationCode"/>.</param>
/// <param name="Aux">Free text, such as the rhythm <c>(AFIB</c> of a rhythm change.</param>
/// <param name="SubType">A meaning within the code, such as the degree of noise.</param>
/// <param name="Channel">The signal that it belongs to.</param>
/// <param name="Number">A number that means something to the annotator.</param>
public readonly record struct Annotation(long Sample, byte Code, string? Aux = null, sbyte SubType = 0, byte Channel = 0, sbyte Number = 0)
{
    /// <summary>The usual short form of the code: <c>N</c>, <c>V</c>, <c>+</c>.</summary>
    public string Symbol => AnnotationCode.Symbol(Code);

    /// <summary>Whether the annotation marks a heart beat.</summary>
    public bool IsBeat => AnnotationCode.IsBeat(Code);
}
