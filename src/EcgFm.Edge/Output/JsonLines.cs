using System.Text.Json;
using EcgFm.Core;
using EcgFm.Telemetry;
using EcgFm.Telemetry.Messages;

namespace EcgFm.Edge.Output;

/// <summary>One JSON object per line, the same as over MQTT; <c>type</c> tells them apart.</summary>
/// <param name="output">Where the lines go.</param>
internal sealed class JsonLines(TextWriter output) : IMonitorOutput
{
    private readonly Lock _gate = new();

    public void Show(Interpretation interpretation, string bed) =>
        Write(JsonSerializer.Serialize(InterpretationMessage.From(interpretation, bed), TelemetryJson.Default.InterpretationMessage));

    public void Show(Alert alert) =>
        Write(JsonSerializer.Serialize(AlertMessage.From(alert), TelemetryJson.Default.AlertMessage));

    private void Write(string line)
    {
        lock (_gate) output.WriteLine(line);
    }
}
