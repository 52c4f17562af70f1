using EcgFm.Core;
using EcgFm.Edge.Configuration;
using EcgFm.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace EcgFm.Edge.Tests;

/// <summary>Whoever asks hears whether the beds are recorded.</summary>
public sealed class RecordersTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ecgfm-recorders-");
    private readonly ManualTime _time = new(Interpretations.Start);

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_folder_that_takes_nothing_is_a_fault_until_every_bed_is_recorded_again()
    {
        // A file where the folder should be.
        var folder = Path.Combine(_folder.FullName, "recordings");
        await File.WriteAllTextAsync(folder, "");
        var recorders = new Recorders(new RecordingConfiguration(folder), _time);
        var beds = new[] { "bed-1", "bed-2" }.Select(bed => recorders.Add(bed, inStep: true, NullLogger.Instance)!).ToList();
        Assert.Null(recorders.Fault);

        foreach (var bed in beds) bed.Write(Second(0));
        Assert.Contains(folder, recorders.Fault, StringComparison.Ordinal);
        File.Delete(folder);
        _time.Advance(TimeSpan.FromMinutes(1));
        beds[0].Write(Second(1));
        Assert.NotNull(recorders.Fault);
        beds[1].Write(Second(1));
        Assert.Null(recorders.Fault);
        await recorders.CompleteAsync();
        Assert.Equal(2, Directory.GetFiles(folder, "*.dat").Length);
    }

    private static EcgBlock Second(int index) => new()
    {
        Channels = StandardLeads.Layout,
        SampleRate = 500,
        FirstSample = index * 500,
        Start = Interpretations.Start.AddSeconds(index),
        Samples = new float[StandardLeads.Count * 500],
    };
}
