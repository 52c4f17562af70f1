using System.CommandLine;
using EcgFm.Chaos;

var kills = new Option<int>("--kills") { Description = "How often broker and daemon are killed, each.", DefaultValueFactory = _ => 50 };
var seed = new Option<int>("--seed") { Description = "Which moments.", DefaultValueFactory = _ => Environment.TickCount };
var chaos = new Command("delivery", "Kills broker and daemon and cuts the line between them while alerts flow, and counts what arrives.") { kills, seed };
chaos.SetAction(async (parsed, _) =>
{
    var report = await DeliveryRun.RunAsync(new DeliveryOptions { Kills = parsed.GetValue(kills), Seed = parsed.GetValue(seed) }, Console.Error.WriteLine);
    Console.WriteLine(report);
    return report.Holds ? 0 : 1;
});

var steps = new Option<int>("--steps") { Description = "How many alert steps.", DefaultValueFactory = _ => 200 };
var speed = new Option<double>("--speed") { Description = "How much faster than real time the patient lives.", DefaultValueFactory = _ => 20 };
var latency = new Command("latency", "Measures the time from the last sample of a window on the line to the alert at a subscriber.") { steps, speed };
latency.SetAction(async (parsed, _) =>
{
    var report = await LatencyRun.RunAsync(parsed.GetValue(steps), parsed.GetValue(speed));
    Console.WriteLine(report);
    return report.Holds ? 0 : 1;
});

return await new RootCommand("What the promises of delivery are worth: a run can fail, and says so by its exit code.") { chaos, latency }.Parse(args).InvokeAsync();
