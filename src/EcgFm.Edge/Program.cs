using System.CommandLine;
using EcgFm.Edge;
using EcgFm.Edge.Commands;
using EcgFm.Edge.Commands.Evaluate;

var root = new RootCommand("""
    EcgFm.Edge: live ECG to alerts over MQTT, with ECG-FM.
    Research software, not a medical device, not a primary alarm.
    """)
{
    DemoCommand.Create(),
    RunCommand.Create(),
    ReplayCommand.Create(),
    SimulateCommand.Create(),
    DevicesCommand.Create(),
    EmulateCommand.Create(),
    ModelCommand.Create(),
    EvaluateCommand.Create(),
    DoctorCommand.Create(),
    BenchCommand.Create(),
};

var parsed = root.Parse(args);
var code = await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(10) }).ConfigureAwait(false);
return parsed.Errors.Count > 0 ? ExitCode.WrongUsage : code;
