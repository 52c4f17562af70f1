using BenchmarkDotNet.Running;
using EcgFm.Benchmarks;

// dotnet run -c Release --project tests/EcgFm.Benchmarks -- --filter '*' [--job short]
BenchmarkSwitcher.FromAssembly(typeof(SignalPath).Assembly).Run(args);
