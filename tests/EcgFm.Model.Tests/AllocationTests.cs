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
        // The least of several rounds: a collection that another test causes can cost a round what is left of the thread's allocation buffer.
        var least = long.MaxValue;
        for (var round = 0; round < 5; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 20; i++) _ = model.Interpret(window);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        // 17 probabilities, 2 × 156 values of saliency and the record itself: about 1.6 kB.
        Assert.InRange(least / 20, 1000, 2500);
    }
}
