namespace EcgFm.Edge.Doctor;

/// <summary>The processor's governor: one that saves power makes windows late.</summary>
/// <param name="box">The box.</param>
internal sealed class ProcessorCheck(BoxFiles box) : Check("processor")
{
    private const string Folder = "/sys/devices/system/cpu/cpu0/cpufreq";

    protected override IEnumerable<Finding> Look()
    {
        var governor = box.Read(Folder + "/scaling_governor");
        // These drivers' powersave is a balanced one: https://docs.kernel.org/admin-guide/pm/intel_pstate.html
        var balanced = box.Read(Folder + "/scaling_driver") is "intel_pstate" or "amd-pstate-epp";
        yield return governor switch
        {
            null => Ok($"{Environment.ProcessorCount} cores; the kernel does not govern their frequency"),
            "powersave" when !balanced => Warning("the governor powersave keeps the processor at its lowest frequency", "echo schedutil | sudo tee /sys/devices/system/cpu/cpu*/cpufreq/scaling_governor"),
            _ => Ok($"{Environment.ProcessorCount} cores, governor {governor}"),
        };
    }
}
