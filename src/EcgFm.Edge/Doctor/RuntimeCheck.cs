using System.Runtime.InteropServices;

namespace EcgFm.Edge.Doctor;

/// <summary>What the program runs on.</summary>
/// <param name="box">The box.</param>
internal sealed class RuntimeCheck(BoxFiles box) : Check("runtime")
{
    protected override IEnumerable<Finding> Look()
    {
        var model = box.Read("/proc/device-tree/model");
        yield return Ok($"EcgFm.Edge {Daemon.Version}, {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.ProcessArchitecture}, {RuntimeInformation.OSDescription}{(model is null ? "" : ", " + model)}");
    }
}
