using EcgFm.Acquisition.Simulation;
using EcgFm.Acquisition.Wfdb;
using EcgFm.Core;
using EcgFm.Edge.Commands.Evaluate;
using EcgFm.Testing;

namespace EcgFm.Edge.Tests;

public sealed class WindowTruthTests : IDisposable
{
    private const string Sinus = "Sinus rhythm", Fibrillation = "Atrial fibrillation", Flutter = "Atrial flutter", Premature = "Premature ventricular contraction";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ecgfm-truth-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void No_more_is_said_of_a_window_than_its_annotations_say()
    {
        var path = Path.Combine(_folder.FullName, "a");
        SimulatedRecord.Write(path, RhythmScript.Parse("sinus@70:60s"));
        var record = WfdbRecord.Open(path + ".hea");
        Annotation At(double seconds, byte code, string? aux = null) => new((long)(seconds * record.SampleRate), code, aux);
        new WfdbAnnotations
        {
            Items =
            [
                At(0, AnnotationCode.Rhythm, "(N"), At(10, AnnotationCode.Rhythm, "(AFIB"), At(25, AnnotationCode.Rhythm, "(AFL"), At(40, AnnotationCode.Rhythm, ")"),
                At(45, AnnotationCode.Fusion), At(55, AnnotationCode.VentricularPremature), At(56, AnnotationCode.Fusion),
            ],
        }.Write(path + ".atr");

        var truth = new WindowTruth(record, new[] { Sinus, Fibrillation, Flutter, Premature }.Select(name => new Label(name)));
        Assert.Equal(
            [
                "Atrial fibrillation no, Atrial flutter no, Premature ventricular contraction no, Sinus rhythm yes",
                "Atrial fibrillation yes, Atrial flutter no, Premature ventricular contraction no, Sinus rhythm no",
                "Premature ventricular contraction no, Sinus rhythm no", // Half fibrillation, half flutter.
                "Atrial flutter yes, Premature ventricular contraction no, Sinus rhythm no",
                "Atrial fibrillation no", // A fusion beat, and nobody says which rhythm.
                "Atrial fibrillation no, Premature ventricular contraction yes",
            ],
            Enumerable.Range(0, 6).Select(window => string.Join(", ", truth.Of(Interpretations.Window(window, 0.5f)).Truth
                .OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key} {(pair.Value ? "yes" : "no")}"))));
    }
}
