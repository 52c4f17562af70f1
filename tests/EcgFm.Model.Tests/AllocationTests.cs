using EcgFm.Model.Conversion;
using EcgFm.Model.Inference;

namespace EcgFm.Model.Tests;

public sealed class AllocationTests
{
    [SkippableFact]
    public void AWindowAllocatesItsInterpretationAndNothingElse()
    {
        using var folder = new TemporaryFolder();
        _ = ModelConverter.Convert(ReferenceNetwork.Checkpoint, folder["package"]);
        using var model = EcgModel.Load(folder["package"]);
        var window = TestWindows.Window(0);
        for (var i = 0; i < 20; i++) _ = model.Interpret(window);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 20; i++) _ = model.Interpret(window);

        // 17 probabilities, 2 × 156 values of saliency and the record itself: about 1.6 kB.
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 20, 1000, 2500);
    }
}
